#include "cli/output.hpp"

#include <ostream>

#include <google/protobuf/util/json_util.h>

namespace janus::cli {
namespace {

const google::protobuf::FieldDescriptor* find_list(const google::protobuf::Message& message) {
    const auto* descriptor = message.GetDescriptor();
    for (int i = 0; i < descriptor->field_count(); ++i) {
        const auto* field = descriptor->field(i);
        if (field->is_repeated() && field->message_type()) return field;
    }
    return nullptr;
}

}  // namespace

std::string to_json(const google::protobuf::Message& message, bool pretty) {
    google::protobuf::util::JsonPrintOptions options;
    options.add_whitespace = pretty;
    options.always_print_primitive_fields = true;
    options.preserve_proto_field_names = true;
    std::string text;
    JANUS_CHECK(google::protobuf::util::MessageToJsonString(message, &text, options).ok());
    if (pretty) text.erase(text.find_last_not_of('\n') + 1);
    return text;
}

void Output::show(const google::protobuf::Message& message, const Table& table) {
    const auto* list = format == Format::NdJson ? find_list(message) : nullptr;
    if (format == Format::Text) {
        out_ << (table.empty() ? "" : table.to_text());
    } else if (format == Format::Csv) {
        out_ << table.to_csv();
    } else if (list) {
        const auto* reflection = message.GetReflection();
        for (int i = 0; i < reflection->FieldSize(message, list); ++i)
            out_ << to_json(reflection->GetRepeatedMessage(message, list, i), false) << "\n";
    } else {
        out_ << to_json(message, format == Format::Json) << "\n";
    }
    out_.flush();
}

void Output::show_line(const google::protobuf::Message& message, const std::string& text) {
    if (format == Format::Text || format == Format::Csv)
        out_ << printable(text) << "\n";
    else
        out_ << to_json(message, false) << "\n";
    out_.flush();
}

void Output::say(const std::string& text) {
    err_ << printable(text) << "\n";
}

void Output::complain(const Error& error) {
    err_ << "janus: " << printable(error.message) << "\n";
    err_.flush();
}

}  // namespace janus::cli
