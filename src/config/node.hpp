#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace janus::config {

/// A floating-point number in the file. No setting takes one: decimals are written in quotes.
struct Floating {};

/// One value of the file with its line, free of the parser's types.
struct Node {
    using List = std::vector<Node>;
    using Map = std::map<std::string, Node>;
    std::variant<std::string, std::int64_t, bool, Floating, List, Map> value;
    int line{0};
};

/// Reads a TOML file. Errors: `NotFound` when it cannot be read, `Malformed` with line and column.
Result<Node> read_toml_file(const std::filesystem::path& file);
/// The same for a text; `name` stands in the errors.
Result<Node> parse_toml(std::string_view text, std::string_view name);

}  // namespace janus::config
