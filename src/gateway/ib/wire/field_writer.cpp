#include "gateway/ib/wire/field_writer.hpp"

#include <algorithm>
#include <utility>

namespace janus::ib::wire {
namespace {

void write_prefix(std::string& frame) {
    const auto size = static_cast<std::uint32_t>(frame.size() - 4);
    for (unsigned i = 0; i < 4; ++i) frame[i] = static_cast<char>((size >> (24U - 8U * i)) & 0xFFU);
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7F;
}

}  // namespace

FieldWriter::FieldWriter(std::int64_t message_id) : frame_(4, '\0') {
    integer(message_id);
}

FieldWriter& FieldWriter::text(std::string_view field) {
    if (!problem_ && std::ranges::any_of(field, is_control))
        problem_ = "text for IB held a control character";
    if (!problem_ && field.size() > field_size_max)
        problem_ = fmt::format("text for IB had {} bytes, at most {} are allowed", field.size(),
                               field_size_max);
    if (problem_) return *this;
    frame_ += field;
    frame_ += '\0';
    return *this;
}

FieldWriter& FieldWriter::integer(std::int64_t value) {
    return text(fmt::format_int(value).c_str());
}

FieldWriter& FieldWriter::flag(bool value) {
    return text(value ? "1" : "0");
}

FieldWriter& FieldWriter::decimal(Decimal value) {
    return text(value.to_text());
}

FieldWriter& FieldWriter::optional_decimal(const std::optional<Decimal>& value) {
    return value ? decimal(*value) : empty();
}

FieldWriter& FieldWriter::empty(int count) {
    for (; count > 0; --count) text({});
    return *this;
}

FieldWriter& FieldWriter::unset_integer() {
    return text("2147483647");
}

Result<std::string> FieldWriter::finish() {
    if (problem_) return fail(ErrorCode::Invalid, "{}", *problem_);
    write_prefix(frame_);
    return std::move(frame_);
}

std::string framed(std::string_view payload) {
    std::string frame(4, '\0');
    frame += payload;
    write_prefix(frame);
    return frame;
}

}  // namespace janus::ib::wire
