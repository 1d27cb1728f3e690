#include "recorder.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include "script.hpp"
#include "stage.hpp"
#include "webull_stage.hpp"

namespace janus::transcript {
namespace {

/// What goes under the last expectation line of each step, by the number of the step's line.
using Additions = std::map<int, std::vector<std::string>>;

/// Binds what the `>` lines bind; whatever else does not fit is what is being recorded.
Result<void> keep_sent(auto& stage, const Step& step) {
    Step only = step;
    std::erase_if(only.expected, [](const Expectation& one) { return one.kind != '>'; });
    return stage.check_messages(only);
}

/// What a gateway says to a script, on either broker's stage.
Result<Additions> additions_of(auto& stage, const Script& script, int version) {
    Additions out;
    for (const auto& step : script.steps) {
        if (version < step.version_min || version > step.version_max) continue;
        for (const auto& input : step.inputs)
            if (auto ok = stage.perform(input); !ok)
                return fail(ErrorCode::Invalid, "{}:{}: {}", script.file.string(), step.number,
                            ok.error().message);
        for (const auto& text : stage.said()) out[step.number].push_back("! " + text);
        if (auto ok = keep_sent(stage, step); !ok)
            return fail(ErrorCode::Invalid, "{}:{}: {}", script.file.string(), step.number,
                        ok.error().message);
    }
    return out;
}

bool is_event(const std::string& line) {
    return line.starts_with("! ");
}

/// Writes the additions into the text of a file, in the place of what stood there.
void write(const std::filesystem::path& file, const std::string& text, const Additions& additions) {
    std::istringstream in(text);
    std::string out;
    std::string line;
    std::vector<std::string> pending;
    const auto flush = [&] {
        for (const auto& added : pending) out += added + '\n';
        pending.clear();
    };
    for (int number = 1; std::getline(in, line); ++number) {
        if (is_event(line)) continue;
        if (!line.starts_with("> ")) flush();
        out += line + '\n';
        if (const auto found = additions.find(number); found != additions.end())
            pending = found->second;
    }
    flush();
    std::ofstream(file, std::ios::binary) << out;
}

}  // namespace

Result<void> rewrite(const Layouts& layouts, const std::filesystem::path& file) {
    const auto text = text_of(file);
    const auto script = parse_script(file, text);
    if (!script) return std::unexpected(script.error());
    const int version = script->versions.back();
    Stage stage(layouts, *script, version);
    const auto additions = additions_of(stage, *script, version);
    if (!additions) return std::unexpected(additions.error());
    write(file, text, *additions);
    return {};
}

Result<void> rewrite(const Bodies& bodies, const std::filesystem::path& file) {
    const auto text = text_of(file);
    const auto script = parse_script(file, text);
    if (!script) return std::unexpected(script.error());
    WebullStage stage(bodies);
    const auto additions = additions_of(stage, *script, 0);
    if (!additions) return std::unexpected(additions.error());
    write(file, text, *additions);
    return {};
}

}  // namespace janus::transcript
