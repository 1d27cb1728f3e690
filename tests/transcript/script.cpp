#include "script.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace janus::transcript {
namespace {

int number_of(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(' ') + 1 - first));
}

std::string with_number(std::string text, int number) {
    for (auto at = text.find('%'); at != std::string::npos; at = text.find('%', at))
        text.replace(at, 1, std::to_string(number));
    return text;
}

/// Reads one file line by line.
class ScriptParser {
 public:
    explicit ScriptParser(const std::filesystem::path& file) { out_.file = file; }

    Result<Script> parse(const std::string& text) {
        std::istringstream in(text);
        std::string line;
        for (number_ = 1; std::getline(in, line); ++number_)
            if (auto ok = take(trimmed(line)); !ok)
                return fail(ErrorCode::Malformed, "{}:{}: {}", out_.file.string(), number_,
                            ok.error().message);
        if (out_.versions.empty()) out_.versions = usual_versions();
        return std::move(out_);
    }

 private:
    Result<void> take(std::string text) {
        if (text.empty() || text.starts_with('#')) return {};
        version_min_ = 0;
        version_max_ = INT_MAX;
        if (text.starts_with('[')) {
            const auto end = text.find(']');
            if (end == std::string::npos) return fail(ErrorCode::Malformed, "'[' has no end");
            take_gate(text.substr(1, end - 1));
            text = trimmed(std::string_view(text).substr(end + 1));
        }
        if (text.starts_with("> ") || text.starts_with("! ") || text.starts_with("count "))
            return take_expectation(text);
        auto line = parse_line(text);
        if (!line) return std::unexpected(line.error());
        if (text.starts_with("versions ")) return take_versions(*line);
        if (text.starts_with("setting ")) {
            for (const auto& pair : line->values) out_.settings.push_back(pair);
            return {};
        }
        return take_step(text, *line);
    }

    void take_gate(std::string_view text) {
        if (text.starts_with(">=")) version_min_ = number_of(text.substr(2));
        if (text.starts_with("<")) version_max_ = number_of(text.substr(1)) - 1;
    }

    Result<void> take_versions(const Line& line) {
        for (std::size_t i = 1; i < line.words.size(); ++i)
            out_.versions.push_back(number_of(line.words[i]));
        return {};
    }

    Result<void> take_expectation(const std::string& text) {
        if (out_.steps.empty()) return fail(ErrorCode::Malformed, "nothing has happened yet");
        const char kind = text.starts_with("count ") ? 'c' : text.front();
        auto line = parse_line(std::string_view(text).substr(text.find(' ') + 1));
        if (!line) return std::unexpected(line.error());
        if (line->words.empty()) return fail(ErrorCode::Malformed, "nothing is expected");
        out_.steps.back().expected.push_back(
            {number_, kind, text, std::move(*line), version_min_, version_max_});
        return {};
    }

    Result<void> take_step(const std::string& text, const Line& line) {
        Step step{number_, text, version_min_, version_max_, {}, {}};
        if (line.words.empty()) return fail(ErrorCode::Malformed, "'{}' says nothing", text);
        if (line.words.front() != "repeat") {
            step.inputs.push_back({text, line});
            out_.steps.push_back(std::move(step));
            return {};
        }
        const auto rest = trimmed(std::string_view(text).substr(text.find(' ')));
        const auto what = trimmed(std::string_view(rest).substr(rest.find(' ')));
        for (int i = 1; i <= number_of(rest); ++i) {
            auto copy = with_number(what, i);
            auto copied = parse_line(copy);
            if (!copied) return std::unexpected(copied.error());
            step.inputs.push_back({std::move(copy), std::move(*copied)});
        }
        out_.steps.push_back(std::move(step));
        return {};
    }

    Script out_;
    int number_{0};
    int version_min_{0};
    int version_max_{INT_MAX};
};

}  // namespace

std::vector<int> usual_versions() {
    return {176, 178, 187, 193, 200};
}

Result<Script> parse_script(const std::filesystem::path& file, const std::string& text) {
    return ScriptParser(file).parse(text);
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

Result<Script> read_script(const std::filesystem::path& file) {
    return parse_script(file, text_of(file));
}

std::vector<std::filesystem::path> find_scripts(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".txt") out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

}  // namespace janus::transcript
