#include "gateway/ib/wire/request_writer.hpp"

#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {

RequestWriter::RequestWriter(int server_version, std::int64_t message_id)
    : server_version_(server_version),
      protobuf_(server_version >= gate::protobuf),
      message_id_(message_id),
      fields_(message_id) {}

RequestWriter& RequestWriter::integer(std::int64_t value) {
    if (!protobuf_) fields_.integer(value);
    return *this;
}

RequestWriter& RequestWriter::text(std::string_view value) {
    if (!protobuf_) fields_.text(value);
    return *this;
}

RequestWriter& RequestWriter::empty(int count) {
    if (!protobuf_) fields_.empty(count);
    return *this;
}

RequestWriter& RequestWriter::unset_integer() {
    if (!protobuf_) fields_.unset_integer();
    return *this;
}

RequestWriter& RequestWriter::integer(At at, std::int64_t value) {
    if (protobuf_)
        proto_.integer(at.field, value);
    else
        fields_.integer(value);
    return *this;
}

RequestWriter& RequestWriter::text(At at, std::string_view value) {
    fields_.text(value);
    if (protobuf_ && !value.empty()) proto_.text(at.field, value);
    return *this;
}

RequestWriter& RequestWriter::flag(At at, bool value) {
    if (!protobuf_)
        fields_.flag(value);
    else if (value)
        proto_.flag(at.field, true);
    return *this;
}

RequestWriter& RequestWriter::quantity(At at, const std::optional<Decimal>& value) {
    return text(at, value ? value->to_text() : std::string());
}

RequestWriter& RequestWriter::price(At at, const std::optional<Decimal>& value) {
    if (!protobuf_)
        fields_.optional_decimal(value);
    else if (value)
        proto_.binary(at.field, *value);
    return *this;
}

RequestWriter& RequestWriter::open(At at) {
    if (protobuf_) proto_.open(at.field);
    return *this;
}

RequestWriter& RequestWriter::close() {
    if (protobuf_) proto_.close();
    return *this;
}

RequestWriter& RequestWriter::contract(At at, const Contract& contract) {
    return open(at).contract_fields(contract).close();
}

RequestWriter& RequestWriter::contract_fields(const Contract& contract) {
    integer(At{1}, contract.conid).text(At{2}, contract.symbol);
    text(At{3}, contract.security_type).text(At{4}, contract.last_trade_date);
    if (contract.strike)
        price(At{5}, contract.strike);
    else
        text("0.0");
    text(At{6}, contract.right);
    // Protobuf has the multiplier as a number; a text that is none cannot be said there.
    if (const auto multiplier = Decimal::parse(contract.multiplier); protobuf_ && multiplier)
        price(At{7}, *multiplier);
    text(contract.multiplier);
    text(At{8}, contract.exchange).text(At{9}, contract.primary_exchange);
    text(At{10}, contract.currency).text(At{11}, contract.local_symbol);
    return text(At{12}, contract.trading_class);
}

Result<std::string> RequestWriter::finish() {
    JANUS_CHECK(proto_.depth() == 0);
    auto frame = fields_.finish();
    if (!frame || !protobuf_) return frame;
    return framed(binary_id_of(message_id_ + protobuf_id_offset) + proto_.bytes());
}

}  // namespace janus::ib::wire
