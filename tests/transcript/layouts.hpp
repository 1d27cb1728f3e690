#pragma once

#include <climits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "line.hpp"

namespace janus::transcript {

using Fields = std::vector<std::string>;

/// One field of a message, at the server versions that have it.
struct LayoutField {
    std::string name;
    std::string otherwise;  ///< What it holds unless a transcript says something else.
    int version_min{0};
    int version_max{INT_MAX};
};

/// One message: its number on the wire (none for the handshake) and its fields in order.
struct Layout {
    std::string name;
    std::string id;
    std::vector<std::string> presets;
    std::vector<LayoutField> fields;
    bool open_ended{false};  ///< More fields may follow that have no name.
};

/// What a polite broker says to a request, as a line of a transcript.
struct PoliteAnswer {
    std::string request;
    Line reply;
};

/// The messages of one protocol by name, read from a file such as ib_messages.txt.
class Layouts {
 public:
    /// Errors: `Malformed` with the number of the line.
    static Result<Layouts> parse(const std::string& text);

    /// The fields of a message of the broker: defaults, then presets, then values, which may refer
    /// to each other by `$name`. `words` begins with the message's name.
    /// Errors: `Malformed` for an unknown name, field or preset.
    Result<Fields> build(const Line& line, int version, const Variables& variables) const;

    /// Names the fields of a message of ours.
    /// Errors: `Malformed` for an unknown id, or when the number of fields is not the layout's.
    Result<Line> read(const Fields& fields, int version) const;

    const Variables* find_preset(std::string_view name) const;
    /// The preset with this value under this name.
    std::optional<std::string> find_preset_by(std::string_view field, std::string_view value) const;
    const std::vector<PoliteAnswer>& answers() const { return answers_; }
    /// Every message of the broker.
    const std::map<std::string, Layout, std::less<>>& incoming() const { return incoming_; }

 private:
    friend class LayoutParser;
    Result<Variables> values_of(const Layout& layout, const Line& line) const;

    std::map<std::string, Layout, std::less<>> incoming_;
    std::map<std::string, Layout, std::less<>> outgoing_;  ///< By id.
    std::map<std::string, Variables, std::less<>> presets_;
    std::vector<PoliteAnswer> answers_;
};

}  // namespace janus::transcript
