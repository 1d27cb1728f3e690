// Runs transcripts as written at every version, and at the newest in pieces and cut at every byte.
#include <cstdio>
#include <span>

#include "recorder.hpp"
#include "runs.hpp"

namespace janus::transcript {
namespace {

/// How often gateways were run, and how many transcripts failed.
struct Totals {
    std::size_t files{0};
    std::size_t runs{0};
    std::size_t failed{0};
};

void run_file(const Layouts& layouts, const std::filesystem::path& file, Totals& totals) {
    ++totals.files;
    const auto script = read_script(file);
    if (!script) {
        std::printf("%s\n", script.error().message.c_str());
        ++totals.failed;
        return;
    }
    Runs runs(layouts, *script, Bytes::Every);
    for (const auto& done : {runs.straight(), runs.split(), runs.cut(), runs.drop()}) {
        if (done) {
            totals.runs += *done;
            continue;
        }
        std::printf("%s\n", done.error().message.c_str());
        ++totals.failed;
        return;
    }
}

int main_of(std::span<char*> arguments) {
    const bool record = arguments.size() > 2 && std::string_view(arguments[2]) == "--record";
    if (arguments.size() < (record ? 4U : 3U)) {
        std::puts("transcript_run MESSAGES [--record] FILE-OR-FOLDER...");
        return 2;
    }
    const auto layouts = Layouts::parse(text_of(arguments[1]));
    if (!layouts) {
        std::printf("%s: %s\n", arguments[1], layouts.error().message.c_str());
        return 2;
    }
    Totals totals;
    for (const char* argument : arguments.subspan(record ? 3 : 2)) {
        const std::filesystem::path path = argument;
        const auto files =
            std::filesystem::is_directory(path) ? find_scripts(path) : std::vector{path};
        for (const auto& file : files) {
            if (!record) {
                run_file(*layouts, file, totals);
                continue;
            }
            if (const auto ok = rewrite(*layouts, file); !ok)
                std::printf("%s\n", ok.error().message.c_str());
        }
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
