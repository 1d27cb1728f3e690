#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/ib/naming.hpp"
#include "gateway/ib/placing_rules.hpp"
#include "gateway/ib/wire/versions.hpp"
#include "gateway/ib/wire/words.hpp"

/// For support_test.cpp: the tables about orders and instruments, as the rules answer.
namespace janus::ib::support {

using Names = std::vector<std::string>;

inline std::string joined(const Names& names, std::string_view between = ", ") {
    std::string text;
    for (const auto& name : names) text += fmt::format("{}{}", text.empty() ? "" : between, name);
    return text.empty() ? "none" : text;
}

inline std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

// ---- orders ----

inline constexpr auto order_types = std::to_array<OrderType>(
    {OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit,
     OrderType::TrailingStop, OrderType::TrailingStopLimit, OrderType::MarketOnClose,
     OrderType::LimitOnClose});
inline constexpr auto times_in_force = std::to_array<TimeInForce>(
    {TimeInForce::Day, TimeInForce::GoodTillCancel, TimeInForce::GoodTillDate,
     TimeInForce::ImmediateOrCancel, TimeInForce::FillOrKill, TimeInForce::AtTheOpening});
inline constexpr auto sessions = std::to_array<TradingSession>(
    {TradingSession::Regular, TradingSession::Extended, TradingSession::Overnight});

struct ClassRow {
    std::string_view name;
    std::string_view example;
};
inline constexpr auto class_rows = std::to_array<ClassRow>({
    {"shares",  "AAPL"             },
    {"futures", "NQ.2603"          },
    {"options", "AAPL.260320.C.150"},
    {"forex",   "EUR.USD"          },
    {"crypto",  "BTC.USD"          },
});

/// The rules without a connection.
class Rules {
 public:
    bool take(OrderType type, std::string_view symbol, TimeInForce time, TradingSession session,
              int version = wire::server_version_max) const {
        OrderIntent intent{.account = {"a"}, .symbol = CanonicalSymbol::parse(symbol).value()};
        const auto& rule = rule_of(type);
        intent.type = type;
        intent.quantity = {Decimal::from_integer(1)};
        if (rule.limit == NeedsLimit::Yes) intent.limit_price = one_;
        if (rule.stop != NeedsStop::No) intent.stop_price = one_;
        if (rule.trail == NeedsTrail::Yes) intent.trail_amount = one_;
        if (rule.offset == NeedsOffset::Yes) intent.limit_offset = one_;
        intent.time_in_force = time;
        if (time == TimeInForce::GoodTillDate) intent.good_till = Utc{};
        intent.session = session;
        return check_intent(intent) &&
               check_placing(intent, {.instruments = instruments_, .server_version = version});
    }

 private:
    const Price one_{Decimal::from_integer(1)};
    IbSettings settings_;
    Random random_{1};
    Output output_;
    RequestIds ids_;
    Link link_{settings_, random_, output_};
    Instruments instruments_{settings_, link_, ids_, output_};
};

inline std::string times_of(const Rules& rules, OrderType type, std::string_view symbol) {
    Names names;
    for (const auto time : times_in_force)
        if (rules.take(type, symbol, time, TradingSession::Regular))
            names.emplace_back(to_text(time));
    return joined(names);
}

inline std::string sessions_of(const Rules& rules, OrderType type, std::string_view symbol) {
    Names names;
    for (const auto session : sessions) {
        int since = wire::server_version_max + 1;
        for (int version = wire::server_version_max; version >= wire::server_version_min; --version)
            if (rules.take(type, symbol, TimeInForce::Day, session, version)) since = version;
        if (since > wire::server_version_max) continue;
        const bool always = since == wire::server_version_min;
        names.push_back(lower(to_text(session)) + (always ? "" : fmt::format(" from {}", since)));
    }
    return joined(names);
}

/// The classes of which the same can be said stand together; alone when it is said of all.
inline std::string by_class(const std::function<std::string(std::string_view)>& said_of) {
    std::vector<std::pair<std::string, Names>> groups;
    for (const auto& row : class_rows) {
        const auto what = said_of(row.example);
        const auto same = std::ranges::find(groups, what, &std::pair<std::string, Names>::first);
        if (same != groups.end())
            same->second.emplace_back(row.name);
        else
            groups.push_back({what, {std::string(row.name)}});
    }
    if (groups.size() == 1) return groups.front().first;
    Names parts;
    for (const auto& [what, names] : groups) parts.push_back(joined(names) + ": " + what);
    return joined(parts, "; ");
}

inline std::string order_table() {
    const Rules rules;
    std::string text =
        "| order type | IB's word | times in force | sessions (DAY) |\n|---|---|---|---|\n";
    for (const auto type : order_types)
        text += fmt::format(
            "| {} | {} | {} | {} |\n", to_text(type), wire::to_word(type),
            by_class([&](std::string_view symbol) { return times_of(rules, type, symbol); }),
            by_class([&](std::string_view symbol) { return sessions_of(rules, type, symbol); }));
    return text + "\n";
}

// ---- asset classes ----

/// Contract details as IB sends them for one of its security types.
struct KindRow {
    std::string_view type;
    std::string_view symbol;
    std::string_view currency;
};
inline constexpr auto kind_rows = std::to_array<KindRow>({
    {"STK",    "BRK B", "USD"},
    {"STK",    "SAP",   "EUR"},
    {"FUT",    "NQ",    "USD"},
    {"OPT",    "AAPL",  "USD"},
    {"CASH",   "EUR",   "USD"},
    {"CRYPTO", "BTC",   "USD"},
    {"FOP",    "NQ",    "USD"},
    {"IND",    "SPX",   "USD"},
    {"CFD",    "AAPL",  "USD"},
    {"BOND",   "T",     "USD"},
    {"FUND",   "VFIAX", "USD"},
    {"WAR",    "XYZ",   "USD"},
    {"CMDTY",  "XAU",   "USD"},
    {"BAG",    "AAPL",  "USD"},
});

inline wire::ContractData details_of(const KindRow& row) {
    wire::ContractData data;
    data.contract = {.conid = 1,
                     .symbol = std::string(row.symbol),
                     .security_type = std::string(row.type),
                     .currency = std::string(row.currency)};
    data.contract.last_trade_date = "20260320";
    data.contract_month = "202603";
    if (row.type == "OPT" || row.type == "FOP") {
        data.contract.strike = Decimal::from_integer(150);
        data.contract.right = "C";
    }
    return data;
}

inline std::string kind_table() {
    const Rules rules;
    std::string text =
        "| at IB | asset class | named, here as an example | orders, ticks, bars |\n"
        "|---|---|---|---|\n";
    for (const auto& row : kind_rows) {
        const auto instrument = instrument_of(details_of(row));
        const auto name = instrument.symbol ? instrument.symbol->text() : std::string();
        const bool orders =
            instrument.symbol &&
            rules.take(OrderType::Limit, name, TimeInForce::Day, TradingSession::Regular);
        text += fmt::format("| {} {} {} | {} | {} | {} |\n", row.type, row.symbol, row.currency,
                            lower(to_text(instrument.asset_class)),
                            name.empty() ? "no: IB's own text" : name, orders ? "yes" : "no");
    }
    return text + "\n";
}

}  // namespace janus::ib::support
