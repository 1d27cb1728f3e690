#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace janus::transcript {

using Variables = std::map<std::string, std::string, std::less<>>;

/// One line of a transcript, cut into plain words and `name=value` pairs. A double quote begins and
/// ends a text that may hold blanks; in it `\"`, `\\`, `\n` and `\xHH` stand for one character.
struct Line {
    std::vector<std::string> words;
    std::vector<std::pair<std::string, std::string>> values;

    /// Nothing when the line does not name it. Lives as long as the line.
    const std::string* find(std::string_view name) const;
    std::string value_of(std::string_view name, std::string otherwise) const;
};

/// Errors: `Malformed` for an open quote or an unknown escape.
Result<Line> parse_line(std::string_view text);

/// The text as it stands in a line: quoted when it has to be.
std::string in_quotes(std::string_view text);

/// A `*` in the pattern stands for any text, also none.
bool matches(std::string_view pattern, std::string_view text);

/// Puts the variables' values where `$name` stands.
/// Errors: `Malformed` for a name that has no value.
Result<std::string> substituted(std::string_view text, const Variables& variables);

/// The name when the whole text is one `$name`.
std::optional<std::string> variable_of(std::string_view text);

}  // namespace janus::transcript
