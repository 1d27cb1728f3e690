#include "sim/webull/order_words.hpp"

#include <array>

namespace janus::sim::webull {
namespace {

template <typename Value>
struct Word {
    Value value;
    std::string_view text;
};

constexpr auto sides = std::to_array<Word<Side>>({
    {Side::Buy,       "BUY"  },
    {Side::Sell,      "SELL" },
    {Side::SellShort, "SHORT"},
});
constexpr auto order_types = std::to_array<Word<OrderType>>({
    {OrderType::Market,       "MARKET"            },
    {OrderType::Limit,        "LIMIT"             },
    {OrderType::Stop,         "STOP_LOSS"         },
    {OrderType::StopLimit,    "STOP_LOSS_LIMIT"   },
    {OrderType::TrailingStop, "TRAILING_STOP_LOSS"},
});
constexpr auto times_in_force = std::to_array<Word<TimeInForce>>({
    {TimeInForce::Day,            "DAY"},
    {TimeInForce::GoodTillCancel, "GTC"},
});
constexpr auto sessions = std::to_array<Word<TradingSession>>({
    {TradingSession::Regular,   "CORE" },
    {TradingSession::Extended,  "ALL"  },
    {TradingSession::Overnight, "NIGHT"},
});

/// How Webull files an asset class.
struct ClassWords {
    AssetClass asset_class;
    std::string_view instrument_type;
    std::string_view category;
};
constexpr auto class_words = std::to_array<ClassWords>({
    {AssetClass::Equity, "EQUITY",  "US_STOCK"  },
    {AssetClass::Future, "FUTURES", "US_FUTURES"},
    {AssetClass::Option, "OPTION",  "US_OPTION" },
    {AssetClass::Crypto, "CRYPTO",  "US_CRYPTO" },
});

template <typename Rows>
auto find_value(const Rows& rows, std::string_view text)
    -> std::optional<std::remove_cvref_t<decltype(rows.front().value)>> {
    for (const auto& row : rows)
        if (row.text == text) return row.value;
    return std::nullopt;
}

template <typename Rows, typename Value>
std::string_view text_of(const Rows& rows, Value value) {
    for (const auto& row : rows)
        if (row.value == value) return row.text;
    return {};
}

const ClassWords& words_of(const SimInstrument& instrument) {
    for (const auto& row : class_words)
        if (row.asset_class == instrument.asset_class) return row;
    return class_words.front();
}

}  // namespace

std::optional<Side> find_side(std::string_view word) {
    return find_value(sides, word);
}

std::optional<OrderType> find_order_type(std::string_view word) {
    return find_value(order_types, word);
}

std::optional<TimeInForce> find_time_in_force(std::string_view word) {
    return find_value(times_in_force, word);
}

std::optional<TradingSession> find_session(std::string_view word) {
    return find_value(sessions, word);
}

std::string_view word_of(Side side) {
    return text_of(sides, side);
}

std::string_view word_of(OrderType type) {
    return text_of(order_types, type);
}

std::string_view word_of(TimeInForce time_in_force) {
    return text_of(times_in_force, time_in_force);
}

std::string_view word_of(TradingSession session) {
    return text_of(sessions, session);
}

std::string_view status_of(const ExchangeOrder& order, ExpiredWord expired) {
    switch (order.state) {
        case ExchangeState::Held:
            return "PENDING";
        case ExchangeState::Working:
            return order.filled.value.is_positive() ? "PARTIAL_FILLED" : "SUBMITTED";
        case ExchangeState::Filled:
            return "FILLED";
        case ExchangeState::Cancelled:
            return order.expired && expired == ExpiredWord::Expired ? "EXPIRED" : "CANCELLED";
        case ExchangeState::Rejected:
            return "FAILED";
    }
    return "FAILED";
}

std::string_view instrument_type_of(const SimInstrument& instrument) {
    return words_of(instrument).instrument_type;
}

std::string_view category_of(const SimInstrument& instrument) {
    return words_of(instrument).category;
}

const std::string& ticker_of(const SimInstrument& instrument) {
    return instrument.webull_ticker.empty() ? instrument.symbol : instrument.webull_ticker;
}

}  // namespace janus::sim::webull
