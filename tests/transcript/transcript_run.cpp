// Runs transcripts: IB's as written at every version, and at the newest in pieces and cut at every
// byte; Webull's as written, with every answer cut at every byte, and cut at every step.
#include <cstdio>
#include <span>

#include "recorder.hpp"
#include "runs.hpp"
#include "webull_runs.hpp"

namespace janus::transcript {
namespace {

/// How often gateways were run, and how many transcripts failed.
struct Totals {
    std::size_t files{0};
    std::size_t runs{0};
    std::size_t failed{0};
};

using Outcomes = std::vector<Result<std::size_t>>;

Outcomes outcomes_of(const Layouts& layouts, const Script& script) {
    Runs runs(layouts, script, Bytes::Every);
    return {runs.straight(), runs.split(), runs.cut(), runs.drop()};
}

Outcomes outcomes_of(const Bodies& bodies, const Script& script) {
    WebullRuns runs(bodies, script, Bytes::Every);
    return {runs.straight(), runs.truncated(), runs.cut(), runs.drop()};
}

void run_file(const auto& messages, const std::filesystem::path& file, Totals& totals) {
    ++totals.files;
    const auto script = read_script(file);
    if (!script) {
        std::printf("%s\n", script.error().message.c_str());
        ++totals.failed;
        return;
    }
    for (const auto& done : outcomes_of(messages, *script)) {
        if (done) {
            totals.runs += *done;
            continue;
        }
        std::printf("%s\n", done.error().message.c_str());
        ++totals.failed;
        return;
    }
}

/// A file, or all in a folder: run, or rewritten.
void take(const auto& messages, const std::filesystem::path& path, bool record, Totals& totals) {
    const auto files = std::filesystem::is_directory(path) ? find_scripts(path) : std::vector{path};
    for (const auto& file : files) {
        if (!record) {
            run_file(messages, file, totals);
            continue;
        }
        if (const auto ok = rewrite(messages, file); !ok)
            std::printf("%s\n", ok.error().message.c_str());
    }
}

int main_of(std::span<char*> arguments) {
    const bool record = arguments.size() > 2 && std::string_view(arguments[1]) == "--record";
    arguments = arguments.subspan(record ? 2 : 1);
    if (arguments.size() < 3) {
        std::puts(
            "transcript_run [--record] IB_MESSAGES WEBULL_BODIES FILE-OR-FOLDER...\n"
            "what lies in a folder `webull` is Webull's");
        return 2;
    }
    const auto layouts = Layouts::parse(text_of(arguments[0]));
    const auto bodies = Bodies::parse(text_of(arguments[1]));
    if (!layouts || !bodies) {
        std::puts((layouts ? bodies.error() : layouts.error()).message.c_str());
        return 2;
    }
    Totals totals;
    for (const std::filesystem::path path : arguments.subspan(2)) {
        const auto full = std::filesystem::weakly_canonical(path).generic_string() + "/";
        if (full.contains("/webull/"))
            take(*bodies, path, record, totals);
        else
            take(*layouts, path, record, totals);
    }
    if (record) return 0;
    std::printf("%zu transcripts, %zu runs\n", totals.files, totals.runs);
    std::printf("%zu passed, %zu failed\n", totals.files - totals.failed, totals.failed);
    return totals.failed == 0 && totals.files > 0 ? 0 : 1;
}

}  // namespace
}  // namespace janus::transcript

int main(int count, char** values) {
    return janus::transcript::main_of({values, static_cast<std::size_t>(count)});
}
