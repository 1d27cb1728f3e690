#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ib/proto_message.hpp"

namespace janus::sim::ib {

/// A message is described once, in the order of its text form at server version 200, by a function
/// that walks over a form: each field with its type and its place in the protobuf form. One kind of
/// form turns text into protobuf (replies), the other protobuf into text (requests), so the desks
/// know text only. Every call returns the field's text, on which conditional blocks depend.
class Form {
 public:
    virtual ~Form() = default;

    /// A field of the text form only: the version of a message, or a constant.
    virtual void only_text(std::string_view value) = 0;
    /// Fields of the text form only that mean nothing any more.
    void dead(int count = 1) {
        for (; count > 0; --count) only_text({});
    }
    virtual std::string text(Path path) = 0;
    virtual std::string integer(Path path) = 0;
    /// A price or another measured number: a double in protobuf.
    virtual std::string number(Path path) = 0;
    virtual std::string flag(Path path) = 0;
    /// A size or position: decimal text in both forms.
    virtual std::string decimal(Path path) = 0;
    /// Whether there is a message at the path: a flag in text.
    virtual bool presence(Path path) = 0;
    /// A count, then so many rows; the paths of a row begin inside its message.
    virtual void rows(Path path, const std::function<void(Form&)>& row) = 0;
    /// A count, then so many texts or numbers.
    virtual void texts(Path path) = 0;
    virtual void integers(Path path) = 0;
    virtual void numbers(Path path) = 0;
    /// A count, then so many pairs of tag and value: a map.
    virtual void pairs(Path path) = 0;
    /// `tag=value;tag=value;` in one field: a map.
    virtual void options(Path path) = 0;
    /// A text that an earlier call has passed, once more.
    virtual std::string peek(Path path) const = 0;
    /// True while text turns into protobuf.
    virtual bool reads_text() const = 0;
};

/// How the two forms of one message correspond. `fields` names one field after the other, in the
/// order of the text form: a letter for the type and the number in protobuf, behind a dot the one
/// inside. `i` integer, `t` text, `n` number, `d` decimal, `b` flag; `q` and `c` are the twelve and
/// eleven fields of a contract in the message of that number; `=6` stands in the text form only.
/// What cannot be said so follows from a function.
struct Layout {
    std::string_view fields;
    void (*rest)(Form& form){nullptr};
};

/// Walks over the fields that are named so.
void describe_fields(Form& form, std::string_view fields);

/// Protobuf from the fields after the message id. Fields beyond the description become fields with
/// numbers that nobody knows; for each that is missing the protobuf loses a byte at its end.
std::string protobuf_from(const std::vector<std::string_view>& fields, const Layout& layout);

/// The text fields after the message id, each with its NUL.
/// Errors: `Malformed` for bytes that are no protobuf message.
Result<std::string> text_from(std::string_view protobuf, const Layout& layout);

}  // namespace janus::sim::ib
