#pragma once

#include <climits>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "line.hpp"

namespace janus::transcript {

/// One thing that happens to the gateway: a line that is neither an expectation nor a setting.
struct Input {
    std::string text;
    Line line;
};

/// One line that says what must have followed: `>`, `!` or `count`.
struct Expectation {
    int number{0};  ///< Of its line in the file.
    char kind{'!'};
    std::string text;
    Line line;
    int version_min{0};
    int version_max{INT_MAX};
};

/// An input (or `repeat` copies of it) and what must follow from it.
struct Step {
    int number{0};
    std::string text;
    int version_min{0};
    int version_max{INT_MAX};
    std::vector<Input> inputs;
    std::vector<Expectation> expected;
};

/// A transcript as written.
struct Script {
    std::filesystem::path file;
    std::vector<int> versions;
    std::vector<std::pair<std::string, std::string>> settings;
    std::vector<Step> steps;
};

/// The versions at which the layout of a message of ours changes, for transcripts that name none.
std::vector<int> usual_versions();

/// Errors: `Malformed` with the number of the line.
Result<Script> parse_script(const std::filesystem::path& file, const std::string& text);
Result<Script> read_script(const std::filesystem::path& file);

/// Every transcript in a folder and those below, sorted.
std::vector<std::filesystem::path> find_scripts(const std::filesystem::path& folder);

/// The whole file; empty when it cannot be read.
std::string text_of(const std::filesystem::path& file);

}  // namespace janus::transcript
