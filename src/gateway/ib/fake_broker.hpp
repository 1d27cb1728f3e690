#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/ib/ib_gateway.hpp"

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

struct ContractText {
    std::string conid{"265598"};
    std::string symbol{"AAPL"};
    std::string type{"STK"};
    std::string last_trade_date;
    std::string strike{"0"};
    std::string right{"?"};
    std::string exchange{"SMART"};
    std::string currency{"USD"};
    std::string local{"AAPL"};
    std::string trading_class{"NMS"};
    std::string tick_min{"0.01"};
    std::string multiplier;
    std::string name{"APPLE INC"};
    std::string primary{"NASDAQ"};
    std::string month;
};

inline ContractText nasdaq_future() {
    return {"620730920", "NQ",   "FUT", "20260320",          "0", "0",     "CME", "USD", "NQH6",
            "NQ",        "0.25", "20",  "E-mini NASDAQ 100", "",  "202603"};
}

inline ContractText apple_option() {
    return {"700000001", "AAPL", "OPT",
            "20260320",  "150",  "C",
            "SMART",     "USD",  "AAPL  260320C00150000",
            "AAPL",      "0.01", "100",
            "APPLE INC", "",     "202603"};
}

/// contractData, section 7.6.
inline Fields contract_data(const std::string& request, const ContractText& text,
                            int version = 200) {
    Fields out{"10", request, text.symbol, text.type, text.last_trade_date};
    if (version >= 182) out.push_back(text.last_trade_date);
    append(out, {text.strike,
                 text.right,
                 text.exchange,
                 text.currency,
                 text.local,
                 text.trading_class,
                 text.trading_class,
                 text.conid,
                 text.tick_min,
                 text.multiplier,
                 "LMT,MKT",
                 "SMART,NASDAQ",
                 "1",
                 "0",
                 text.name,
                 text.primary,
                 text.month,
                 "Technology",
                 "Computers",
                 "Computers",
                 "US/Eastern",
                 "hours",
                 "hours",
                 "",
                 "",
                 "1",
                 "ISIN",
                 "US0378331005",
                 "1",
                 "",
                 "",
                 "26,26",
                 "",
                 "COMMON",
                 "0.0001",
                 "0.0001",
                 "100"});
    if (version >= 179 && text.type == "FUND") append(out, Fields(17, ""));
    if (version >= 186) out.emplace_back("0");
    return out;
}

inline Fields contract_end(const std::string& request) {
    return {"52", "1", request};
}

inline Fields error(std::int64_t id, std::int64_t code, const std::string& text,
                    int version = 200) {
    if (version >= 194)
        return {"4", std::to_string(id), std::to_string(code), text, "", "1767623400123"};
    return {"4", "2", std::to_string(id), std::to_string(code), text, ""};
}

inline Fields position(const std::string& account, const ContractText& text,
                       const std::string& quantity, const std::string& cost) {
    return {"61",
            "3",
            account,
            text.conid,
            text.symbol,
            text.type,
            text.last_trade_date,
            text.strike,
            text.right,
            text.multiplier,
            text.primary,
            text.currency,
            text.local,
            text.trading_class,
            quantity,
            cost};
}

/// Drives one gateway: performs its effects in memory and keeps everything it said.
class Desk {
 public:
    explicit Desk(IbSettings settings = default_settings(), int version = 200)
        : random_(7), gateway(std::move(settings), random_), version_(version) {}

    static IbSettings default_settings() {
        IbSettings settings;
        settings.client_id = 7;
        settings.accounts = {
            {{"ib_main"}, "DU1000001"}
        };
        return settings;
    }

    // ---- the world ----
    void command(const gateway::Command& what) {
        gateway.on_command(now, what);
        take();
    }
    void feed_bytes(const std::string& bytes) {
        gateway.on_io(now, io::Received{channel, bytes});
        take();
    }
    void feed(const Fields& fields) { feed_bytes(frame(fields)); }
    void feed_all(const std::vector<Fields>& messages) {
        for (const auto& fields : messages) feed(fields);
    }
    void cut(const std::string& reason = "reset by peer") {
        gateway.on_io(now, io::Closed{channel, reason});
        take();
    }
    /// Moves time on, stopping at every deadline on the way.
    void wait(Duration span) {
        const auto end = now.mono + span;
        for (int steps = 0; steps < 100'000; ++steps) {
            const auto due = gateway.deadline();
            if (!due || *due > end) break;
            move_to(std::max(*due, now.mono));
            gateway.on_timeout(now);
            take();
        }
        move_to(end);
        gateway.on_timeout(now);
        take();
    }

    /// Moves time on to the next attempt to connect; false when there is none for two minutes.
    bool wait_for_connect() {
        const int before = connects;
        for (int i = 0; i < 1'200 && connects == before; ++i) wait(std::chrono::milliseconds(100));
        return connects == before + 1;
    }

    // ---- the broker ----
    void shake_hands() {
        gateway.on_io(now, io::Connected{channel});
        take();
        feed({std::to_string(version_), "20260105 09:30:00 EST"});
    }
    /// From nothing to the end of the start burst.
    void connect(const std::string& accounts = "DU1000001", const std::string& next_id = "41") {
        shake_hands();
        feed({"15", "1", accounts});
        feed({"9", "1", next_id});
    }
    void start(const std::string& accounts = "DU1000001", const std::string& next_id = "41") {
        command(gateway::Start{});
        connect(accounts, next_id);
    }
    void end_positions() { feed({"62", "1"}); }
    void end_balances() { feed({"64", "1", last_request("62", 2)}); }
    void end_open_orders() { feed({"53", "1"}); }
    void end_completed() { feed({"102"}); }
    void end_executions() { feed({"55", "1", last_request("7", 2)}); }
    /// Answers every stage with nothing but its end.
    void end_all() {
        end_positions();
        end_balances();
        end_open_orders();
        end_open_orders();
        end_completed();
        end_executions();
    }
    void become_ready() {
        start();
        end_all();
    }
    /// Answers the open question about contract details.
    void describe(const ContractText& text) {
        const auto request = last_request("9", 2);
        feed(contract_data(request, text, version_));
        feed(contract_end(request));
    }

    // ---- what was sent ----
    /// The field at `index` of the newest message with this id.
    std::string last_request(const std::string& id, std::size_t index) const {
        for (auto at = sent.rbegin(); at != sent.rend(); ++at)
            if (at->front() == id && at->size() > index) return (*at)[index];
        return {};
    }
    std::size_t count_sent(const std::string& id) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(sent, [&](const auto& fields) { return fields.front() == id; }));
    }
    const Fields* find_sent(const std::string& id) const {
        for (auto at = sent.rbegin(); at != sent.rend(); ++at)
            if (at->front() == id) return &*at;
        return nullptr;
    }

    // ---- what was said ----
    template <typename Event>
    std::vector<Event> all() const {
        std::vector<Event> out;
        for (const auto& event : events)
            if (const auto* found = std::get_if<Event>(&event)) out.push_back(*found);
        return out;
    }
    template <typename Event>
    std::size_t count() const {
        return all<Event>().size();
    }
    template <typename Event>
    Event last() const {
        const auto list = all<Event>();
        return list.empty() ? Event{} : list.back();
    }
    gateway::Gate gate() const { return last<gateway::GateChanged>().gate; }
    std::string reason() const { return last<gateway::GateChanged>().reason; }
    std::uint64_t counter(const std::string& name) const {
        const auto found = gateway.counters().find(name);
        return found != gateway.counters().end() ? found->second : 0;
    }
    void forget() {
        events.clear();
        sent.clear();
        ticks.clear();
        connects = closes = 0;
    }

    /// Hands an order to the gateway as the core does: prepared first.
    gateway::PlaceOrder place(std::uint64_t order, const std::string& reference,
                              std::int64_t number) {
        gateway::PlaceOrder out{{order},
                                {reference},
                                number,
                                {"ib_main"},
                                {"265598"},
                                *CanonicalSymbol::parse("AAPL"),
                                Side::Buy,
                                OrderType::Limit,
                                {Decimal::from_integer(10)},
                                Price{*Decimal::parse("180.5")},
                                std::nullopt,
                                TimeInForce::Day,
                                TradingSession::Regular,
                                now.mono + std::chrono::seconds(30)};
        return out;
    }

 private:
    void move_to(Instant at) {
        now.utc = now.utc + (at - now.mono);
        now.mono = at;
    }
    void take() {
        for (auto& effect : gateway.take_effects()) perform(effect);
        for (auto& event : gateway.take_events()) events.push_back(std::move(event));
        std::vector<Tick> fresh;
        gateway.take_ticks(fresh);
        ticks.insert(ticks.end(), fresh.begin(), fresh.end());
    }
    void perform(const io::Effect& effect) {
        if (const auto* connect = std::get_if<io::Connect>(&effect)) {
            channel = connect->channel;
            open = true;
            ++connects;
        } else if (std::holds_alternative<io::Close>(effect)) {
            open = false;
            ++closes;
        } else if (const auto* send = std::get_if<io::Send>(&effect)) {
            read(send->bytes);
        }
    }
    void read(std::string_view bytes) {
        if (bytes.starts_with(std::string_view("API\0", 4))) {
            hello = bytes;
            return;
        }
        while (bytes.size() >= 4) {
            std::size_t size = 0;
            for (int i = 0; i < 4; ++i)
                size = size << 8U | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
            sent.push_back(split(bytes.substr(4, size)));
            bytes.remove_prefix(4 + size);
        }
    }
    static Fields split(std::string_view text) {
        Fields out;
        while (!text.empty()) {
            const auto end = text.find('\0');
            out.emplace_back(text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        return out;
    }

    Random random_;

 public:
    IbGateway gateway;
    Now now{{std::chrono::seconds(100)}, {std::chrono::seconds(1'767'623'400)}};
    io::ChannelId channel;
    bool open{false};
    int connects{0};
    int closes{0};
    std::string hello;
    std::vector<Fields> sent;
    std::vector<gateway::Event> events;
    std::vector<Tick> ticks;

 private:
    int version_;
};

}  // namespace janus::ib::fake
