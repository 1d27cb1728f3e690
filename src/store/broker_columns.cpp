#include "store/broker_columns.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace janus::store {
namespace {

constexpr std::size_t text_size_max = 64;

bool is_positive_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value > 0 && text[0] != '0';
}

bool is_printable_text(std::string_view text) {
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    return !text.empty() && text.size() <= text_size_max && text.front() != ' ' &&
           text.back() != ' ' && std::ranges::all_of(text, printable);
}

}  // namespace

Result<BrokerColumn> find_broker_column(std::string_view broker) {
    std::string known;
    for (const auto& row : broker_columns) {
        if (row.broker == broker) return row;
        known += known.empty() ? "" : ", ";
        known += row.broker;
    }
    return fail(ErrorCode::Invalid, "broker was '{}', not one of {}", broker.substr(0, 40), known);
}

Result<void> check_native_id(const BrokerColumn& column, std::string_view native_id) {
    const bool number = column.kind == NativeIdKind::Number;
    if (number ? is_positive_number(native_id) : is_printable_text(native_id)) return {};
    return fail(ErrorCode::Invalid, "{} was '{}', must be {}", column.column,
                native_id.substr(0, text_size_max),
                number ? "a positive whole number" : "1 to 64 printable characters");
}

}  // namespace janus::store
