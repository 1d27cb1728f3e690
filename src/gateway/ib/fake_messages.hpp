#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// For tests: the broker's side of the wire, written by hand from the field lists of the protocol
/// and not with the gateway's codec, so that a mistake in the codec cannot hide in its test.
namespace janus::ib::fake {

using Fields = std::vector<std::string>;

inline std::string payload(const Fields& fields) {
    std::string out;
    for (const auto& field : fields) (out += field) += '\0';
    return out;
}

inline std::string frame_of(const std::string& payload) {
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((size >> shift) & 0xFFU);
    return out + payload;
}

inline std::string frame(const Fields& fields) {
    return frame_of(payload(fields));
}

inline void append(Fields& to, const Fields& more) {
    to.insert(to.end(), more.begin(), more.end());
}

/// The message with other texts in some fields; the id has index 0.
inline Fields with(Fields fields, const std::map<std::size_t, std::string>& changes) {
    for (const auto& [index, text] : changes) fields.at(index) = text;
    return fields;
}

inline const std::string unset_price = "1.7976931348623157E308";

/// The instrument fields of positions, orders and executions.
inline Fields apple() {
    return {"265598", "AAPL", "STK", "", "0", "?", "", "SMART", "USD", "AAPL", "NMS"};
}

struct OrderText {
    std::string order{"41"};
    Fields contract{apple()};
    std::string action{"BUY"};
    std::string quantity{"10"};
    std::string type{"LMT"};
    std::string limit{"180.5"};
    std::string auxiliary{"0.0"};
    std::string time_in_force{"DAY"};
    std::string account{"DU1000001"};
    std::string reference{"ref00000000000000001"};
    std::string client{"7"};
    std::string permanent{"900001"};
    std::string status{"Submitted"};
    std::string reason;
    std::string filled{"10"};
    std::string what_if{"0"};
    std::string completed_status{"Filled Size: 10"};
};

/// openOrder as a gateway sends it for a plain order, section 8.4 of the protocol reference.
inline Fields open_order(const OrderText& order, int version = 200) {
    Fields out{"5", order.order};
    append(out, order.contract);
    append(out, {order.action,
                 order.quantity,
                 order.type,
                 order.limit,
                 order.auxiliary,
                 order.time_in_force,
                 "",
                 order.account,
                 "",
                 "0",
                 order.reference,
                 order.client,
                 order.permanent,
                 "0",
                 "0",
                 "0",
                 "",
                 "900001.0/DU1000001/100",
                 "",
                 "",
                 ""});
    if (version < 177) out.emplace_back();
    append(out, {"",
                 "",
                 "",
                 "",
                 "",
                 "0",
                 "",
                 "-1",
                 "0",
                 "",
                 "",
                 "",
                 "",
                 "",
                 "2147483647",
                 "0",
                 "0",
                 "0",
                 "",
                 "3",
                 "0",
                 "0",
                 "",
                 "0",
                 "0",
                 "",
                 "0",
                 "None",
                 "",
                 "0",
                 "",
                 "",
                 "",
                 "?",
                 "0",
                 "0",
                 "",
                 "0",
                 "0",
                 "",
                 "",
                 "",
                 "",
                 "",
                 "0",
                 "0",
                 "0",
                 "2147483647",
                 "2147483647",
                 "",
                 "",
                 "0",
                 "",
                 "IB",
                 "0",
                 "0",
                 "",
                 "0",
                 order.what_if,
                 order.status});
    append(out, Fields(9, unset_price));
    append(out, Fields(4, ""));
    if (version >= 195) {
        out.emplace_back();
        append(out, Fields(9, unset_price));
        append(out, {"-9223372036854775808", order.reason, "0"});
    }
    append(out, {version >= 195 ? "" : order.reason,
                 "0",
                 "0",
                 "0",
                 "None",
                 unset_price,
                 unset_price,
                 unset_price,
                 unset_price,
                 unset_price,
                 unset_price,
                 "0",
                 "",
                 "",
                 "",
                 "0",
                 "1",
                 "0",
                 "0",
                 "0",
                 "",
                 "",
                 "0",
                 "",
                 "",
                 "",
                 "",
                 ""});
    if (version >= 183) out.emplace_back();
    if (version >= 184) out.emplace_back("0");
    if (version >= 185) out.emplace_back();
    if (version >= 189) out.emplace_back("0");
    if (version >= 193) append(out, {"", "2147483647"});
    if (version >= 198) out.emplace_back("login");
    if (version >= 199) out.emplace_back("0");
    return out;
}

/// completedOrder, section 8.5.
inline Fields completed_order(const OrderText& order, int version = 200) {
    Fields out{"101"};
    append(out, order.contract);
    append(out, {order.action, order.quantity, order.type, order.limit, order.auxiliary,
                 order.time_in_force, "", order.account, "", "0", order.reference, order.permanent,
                 "0", "0", "0", "", "", "", ""});
    if (version < 177) out.emplace_back();
    append(out, {"",
                 "",
                 "",
                 "",
                 "",
                 "0",
                 "",
                 "-1",
                 "",
                 "",
                 "",
                 "",
                 "",
                 "2147483647",
                 "0",
                 "0",
                 "",
                 "3",
                 "0",
                 "",
                 "0",
                 "None",
                 "",
                 "0",
                 "0",
                 "0",
                 "",
                 "0",
                 "0",
                 "",
                 "",
                 "",
                 "0",
                 "0",
                 "0",
                 "2147483647",
                 "2147483647",
                 "",
                 "",
                 "",
                 "IB",
                 "0",
                 "0",
                 "",
                 "0",
                 order.status,
                 "0",
                 "0",
                 "0",
                 unset_price,
                 unset_price,
                 "0",
                 "1",
                 "0",
                 "",
                 order.filled,
                 "2147483647",
                 "0",
                 "Not an insider",
                 "0",
                 "0",
                 "9223372036854775807",
                 "20260105 10:00:00 US/Eastern",
                 order.completed_status,
                 "",
                 "",
                 "",
                 "",
                 ""});
    if (version >= 183) out.emplace_back();
    if (version >= 184) out.emplace_back("0");
    if (version >= 198) out.emplace_back("login");
    return out;
}

inline Fields order_status(const OrderText& order, const std::string& filled,
                           const std::string& remaining, const std::string& why_held = "") {
    return {"3", order.order, order.status, filled,   remaining, "180.5", order.permanent,
            "0", "180.5",     order.client, why_held, "0"};
}

struct ExecutionText {
    std::string request{"-1"};
    std::string id{"0001f4e8.65a1.01.01"};
    std::string quantity{"10"};
    std::string price{"180.5"};
    std::string side{"BOT"};
    std::string time{"20260105-15:30:00"};
};

inline Fields execution(const OrderText& order, const ExecutionText& text, int version = 200) {
    Fields out{"11", text.request, order.order};
    append(out, order.contract);
    append(out, {text.id, text.time, order.account, "NASDAQ", text.side, text.quantity, text.price,
                 order.permanent, order.client, "0", text.quantity, text.price, order.reference, "",
                 "", "", "1"});
    if (version >= 178) out.emplace_back("0");
    if (version >= 198) out.emplace_back("login");
    return out;
}

inline Fields commission(const std::string& id, const std::string& amount = "1.25") {
    return {"59", "1", id, amount, "USD", unset_price, unset_price, ""};
}

inline Fields error(std::int64_t id, std::int64_t code, const std::string& text,
                    int version = 200) {
    if (version >= 194)
        return {"4", std::to_string(id), std::to_string(code), text, "", "1767623400123"};
    return {"4", "2", std::to_string(id), std::to_string(code), text, ""};
}

}  // namespace janus::ib::fake
