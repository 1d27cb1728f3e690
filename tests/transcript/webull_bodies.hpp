#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "line.hpp"

namespace janus::transcript {

/// Named JSON texts with default values, as a file writes them: a line `NAME name=value ...`, and
/// under it, indented, the text with `$name` in it. A name alone on its line has no defaults.
class Bodies {
 public:
    /// Errors: `Malformed` for a text without a name.
    static Result<Bodies> parse(const std::string& text);

    /// The text with the given values over the defaults; `$client` and its like of `variables` too.
    /// Errors: `Malformed` for an unknown name, or one in the text that has no value.
    Result<std::string> build(const std::string& name, const Line& line,
                              const Variables& variables) const;

 private:
    struct Row {
        Variables defaults;
        std::string text;
    };
    std::map<std::string, Row> rows_;
};

}  // namespace janus::transcript
