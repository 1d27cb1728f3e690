#include <array>
#include <span>

#include "domain/market_data.hpp"
#include "domain/order.hpp"
#include "domain/symbol.hpp"

namespace janus {
namespace {

template <typename Enum>
struct Word {
    Enum value;
    std::string_view text;
};

constexpr auto asset_classes = std::to_array<Word<AssetClass>>({
    {AssetClass::Equity, "EQUITY"},
    {AssetClass::Future, "FUTURE"},
    {AssetClass::Option, "OPTION"},
    {AssetClass::Forex,  "FOREX" },
    {AssetClass::Crypto, "CRYPTO"},
    {AssetClass::Bond,   "BOND"  },
    {AssetClass::Fund,   "FUND"  },
    {AssetClass::Other,  "OTHER" },
});
constexpr auto sides = std::to_array<Word<Side>>({
    {Side::Buy,       "BUY"       },
    {Side::Sell,      "SELL"      },
    {Side::SellShort, "SELL_SHORT"},
});
constexpr auto order_types = std::to_array<Word<OrderType>>({
    {OrderType::Market,            "MARKET"             },
    {OrderType::Limit,             "LIMIT"              },
    {OrderType::Stop,              "STOP"               },
    {OrderType::StopLimit,         "STOP_LIMIT"         },
    {OrderType::TrailingStop,      "TRAILING_STOP"      },
    {OrderType::TrailingStopLimit, "TRAILING_STOP_LIMIT"},
    {OrderType::MarketOnClose,     "MARKET_ON_CLOSE"    },
    {OrderType::LimitOnClose,      "LIMIT_ON_CLOSE"     },
});
constexpr auto times_in_force = std::to_array<Word<TimeInForce>>({
    {TimeInForce::Day,               "DAY"},
    {TimeInForce::GoodTillCancel,    "GTC"},
    {TimeInForce::ImmediateOrCancel, "IOC"},
    {TimeInForce::FillOrKill,        "FOK"},
    {TimeInForce::AtTheOpening,      "OPG"},
    {TimeInForce::GoodTillDate,      "GTD"},
});
constexpr auto sessions = std::to_array<Word<TradingSession>>({
    {TradingSession::Regular,   "REGULAR"  },
    {TradingSession::Extended,  "EXTENDED" },
    {TradingSession::Overnight, "OVERNIGHT"},
});
constexpr auto order_states = std::to_array<Word<OrderState>>({
    {OrderState::PendingNew,    "PENDING_NEW"   },
    {OrderState::Unknown,       "UNKNOWN"       },
    {OrderState::Held,          "HELD"          },
    {OrderState::Working,       "WORKING"       },
    {OrderState::PendingCancel, "PENDING_CANCEL"},
    {OrderState::Filled,        "FILLED"        },
    {OrderState::Cancelled,     "CANCELLED"     },
    {OrderState::Expired,       "EXPIRED"       },
    {OrderState::Rejected,      "REJECTED"      },
    {OrderState::NotSent,       "NOT_SENT"      },
});
constexpr auto order_events = std::to_array<Word<OrderEvent>>({
    {OrderEvent::NotSent,       "not_sent"       },
    {OrderEvent::NoAnswer,      "no_answer"      },
    {OrderEvent::Held,          "held"           },
    {OrderEvent::Accepted,      "accepted"       },
    {OrderEvent::CancelSent,    "cancel_sent"    },
    {OrderEvent::CancelRefused, "cancel_refused" },
    {OrderEvent::FoundAtBroker, "found_at_broker"},
    {OrderEvent::FilledInFull,  "filled_in_full" },
    {OrderEvent::Cancelled,     "cancelled"      },
    {OrderEvent::Expired,       "expired"        },
    {OrderEvent::Rejected,      "rejected"       },
});
constexpr auto tick_fields = std::to_array<Word<TickField>>({
    {TickField::Bid,      "bid"      },
    {TickField::Ask,      "ask"      },
    {TickField::Last,     "last"     },
    {TickField::BidSize,  "bid_size" },
    {TickField::AskSize,  "ask_size" },
    {TickField::LastSize, "last_size"},
    {TickField::Close,    "close"    },
    {TickField::Open,     "open"     },
    {TickField::High,     "high"     },
    {TickField::Low,      "low"      },
    {TickField::Volume,   "volume"   },
    {TickField::Mark,     "mark"     },
    {TickField::Halted,   "halted"   },
    {TickField::LastTime, "last_time"},
});
constexpr auto bar_sizes = std::to_array<Word<BarSize>>({
    {BarSize::Seconds5,  "5s" },
    {BarSize::Seconds10, "10s"},
    {BarSize::Seconds15, "15s"},
    {BarSize::Seconds30, "30s"},
    {BarSize::Minute1,   "1m" },
    {BarSize::Minutes2,  "2m" },
    {BarSize::Minutes3,  "3m" },
    {BarSize::Minutes5,  "5m" },
    {BarSize::Minutes10, "10m"},
    {BarSize::Minutes15, "15m"},
    {BarSize::Minutes20, "20m"},
    {BarSize::Minutes30, "30m"},
    {BarSize::Hour1,     "1h" },
    {BarSize::Hours2,    "2h" },
    {BarSize::Hours3,    "3h" },
    {BarSize::Hours4,    "4h" },
    {BarSize::Hours8,    "8h" },
    {BarSize::Day1,      "1d" },
    {BarSize::Week1,     "1w" },
    {BarSize::Month1,    "1mo"},
});
constexpr auto bar_sources = std::to_array<Word<BarSource>>({
    {BarSource::Trades,         "trades"         },
    {BarSource::Midpoint,       "midpoint"       },
    {BarSource::Bid,            "bid"            },
    {BarSource::Ask,            "ask"            },
    {BarSource::BidAsk,         "bid_ask"        },
    {BarSource::AdjustedTrades, "adjusted_trades"},
});
constexpr auto qualities = std::to_array<Word<DataQuality>>({
    {DataQuality::Live,          "live"          },
    {DataQuality::Frozen,        "frozen"        },
    {DataQuality::Delayed,       "delayed"       },
    {DataQuality::DelayedFrozen, "delayed_frozen"},
    {DataQuality::Stale,         "stale"         },
    {DataQuality::None,          "none"          },
});

template <typename Table>
constexpr bool follows_enum(const Table& table) {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (static_cast<std::size_t>(table[i].value) != i) return false;
    return true;
}
static_assert(follows_enum(asset_classes) && follows_enum(sides) && follows_enum(order_types) &&
                  follows_enum(times_in_force) && follows_enum(sessions) &&
                  follows_enum(order_states) && follows_enum(order_events) &&
                  follows_enum(tick_fields) && follows_enum(qualities) && follows_enum(bar_sizes) &&
                  follows_enum(bar_sources),
              "rows follow the enums' order");

template <typename Table, typename Enum>
constexpr std::string_view text_of(const Table& table, Enum value) {
    return table[static_cast<std::size_t>(value)].text;
}

template <typename Enum, std::size_t Size>
Result<Enum> parse_word(const std::array<Word<Enum>, Size>& table, std::string_view what,
                        std::string_view text) {
    std::string known;
    for (const auto& row : table) {
        if (row.text == text) return row.value;
        known += known.empty() ? "" : ", ";
        known += row.text;
    }
    return fail(ErrorCode::Invalid, "{} was '{}', not one of {}", what, text.substr(0, 40), known);
}

}  // namespace

std::string_view to_text(AssetClass value) {
    return text_of(asset_classes, value);
}
std::string_view to_text(Side value) {
    return text_of(sides, value);
}
std::string_view to_text(OrderType value) {
    return text_of(order_types, value);
}
std::string_view to_text(TimeInForce value) {
    return text_of(times_in_force, value);
}
std::string_view to_text(TradingSession value) {
    return text_of(sessions, value);
}
std::string_view to_text(OrderState value) {
    return text_of(order_states, value);
}
std::string_view to_text(OrderEvent value) {
    return text_of(order_events, value);
}
std::string_view to_text(TickField value) {
    return text_of(tick_fields, value);
}
std::string_view to_text(BarSize value) {
    return text_of(bar_sizes, value);
}
std::string_view to_text(BarSource value) {
    return text_of(bar_sources, value);
}
std::string_view to_text(DataQuality value) {
    return text_of(qualities, value);
}

Result<AssetClass> parse_asset_class(std::string_view text) {
    return parse_word(asset_classes, "asset class", text);
}
Result<Side> parse_side(std::string_view text) {
    return parse_word(sides, "side", text);
}
Result<OrderType> parse_order_type(std::string_view text) {
    return parse_word(order_types, "order type", text);
}
Result<TimeInForce> parse_time_in_force(std::string_view text) {
    return parse_word(times_in_force, "time in force", text);
}
Result<TradingSession> parse_trading_session(std::string_view text) {
    return parse_word(sessions, "session", text);
}
Result<OrderState> parse_order_state(std::string_view text) {
    return parse_word(order_states, "order state", text);
}

}  // namespace janus
