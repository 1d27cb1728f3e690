#pragma once

#include <iosfwd>
#include <string>

#include <google/protobuf/message.h>

#include "base/result.hpp"
#include "cli/table.hpp"

namespace janus::cli {

enum class Format { Text, Json, NdJson, Csv };

/// Where a command writes: data on `out`, everything else on `err`.
class Output {
 public:
    Output(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}

    Format format{Format::Text};

    /// A whole answer: as a table for people and for CSV, as the API's message for JSON. NDJSON
    /// prints each element of the message's first list on a line of its own.
    void show(const google::protobuf::Message& message, const Table& table);
    /// One message of a stream, as a line.
    void show_line(const google::protobuf::Message& message, const std::string& text);
    /// A remark for a person; on standard error, nothing in it is data.
    void say(const std::string& text);
    void complain(const Error& error);

 private:
    std::ostream& out_;
    std::ostream& err_;
};

/// One JSON document: names as in the .proto file, numbers and decimals as there, empty fields
/// included.
std::string to_json(const google::protobuf::Message& message, bool pretty);

}  // namespace janus::cli
