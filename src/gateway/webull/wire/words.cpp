#include "gateway/webull/wire/words.hpp"

#include <algorithm>
#include <array>

#include "gateway/word_table.hpp"

namespace janus::webull::wire {
namespace {

using gateway::BrokerStatus;
using gateway::find_value;
using gateway::first_word_of;
using gateway::Word;

// Source: reference 8.1. Some spellings were only seen in clients of others.
constexpr auto statuses = std::to_array<Word<BrokerStatus>>({
    {"PENDING",          BrokerStatus::Held     },
    {"SUBMITTED",        BrokerStatus::Working  },
    {"WORKING",          BrokerStatus::Working  },
    {"PARTIAL_FILLED",   BrokerStatus::Working  },
    {"PARTIALLY_FILLED", BrokerStatus::Working  },
    {"PARTIAL FILLED",   BrokerStatus::Working  },
    {"FILLED",           BrokerStatus::Filled   },
    {"CANCELLED",        BrokerStatus::Cancelled},
    {"CANCELED",         BrokerStatus::Cancelled},
    {"EXPIRED",          BrokerStatus::Expired  },
    {"FAILED",           BrokerStatus::Rejected },
    {"REJECTED",         BrokerStatus::Rejected },
});
static_assert(find_value(statuses, "PARTIAL_FILLED") == BrokerStatus::Working,
              "a status never makes a fill; only quantities do");

constexpr auto order_types = std::to_array<Word<OrderType>>({
    {"MARKET",             OrderType::Market       },
    {"LIMIT",              OrderType::Limit        },
    {"STOP_LOSS",          OrderType::Stop         },
    {"STOP_LOSS_LIMIT",    OrderType::StopLimit    },
    {"STOP",               OrderType::Stop         },
    {"STOP_LIMIT",         OrderType::StopLimit    },
    {"TRAILING_STOP_LOSS", OrderType::TrailingStop },
    {"MARKET_ON_CLOSE",    OrderType::MarketOnClose},
});
static_assert(first_word_of(order_types, OrderType::Stop) == "STOP_LOSS");
static_assert(first_word_of(order_types, OrderType::StopLimit) == "STOP_LOSS_LIMIT");

constexpr auto sides = std::to_array<Word<Side>>({
    {"BUY",   Side::Buy      },
    {"SELL",  Side::Sell     },
    {"SHORT", Side::SellShort},
});

constexpr auto times_in_force = std::to_array<Word<TimeInForce>>({
    {"DAY", TimeInForce::Day              },
    {"GTC", TimeInForce::GoodTillCancel   },
    {"GTD", TimeInForce::GoodTillDate     },
    {"IOC", TimeInForce::ImmediateOrCancel},
    {"FOK", TimeInForce::FillOrKill       },
});

constexpr auto sessions = std::to_array<Word<TradingSession>>({
    {"CORE",  TradingSession::Regular  },
    {"ALL",   TradingSession::Extended },
    {"NIGHT", TradingSession::Overnight},
    {"N",     TradingSession::Regular  },
    {"Y",     TradingSession::Extended },
});

// Source: reference 6.3. FILLED is a partial fill, in spite of its name.
constexpr auto scenes = std::to_array<Word<SceneKind>>({
    {"FILLED",         SceneKind::Fill         },
    {"FINAL_FILLED",   SceneKind::Fill         },
    {"PLACE_FAILED",   SceneKind::Placement    },
    {"MODIFY_SUCCESS", SceneKind::Modified     },
    {"MODIFY_FAILED",  SceneKind::ModifyRefused},
    {"CANCEL_SUCCESS", SceneKind::Cancelled    },
    {"CANCEL_FAILED",  SceneKind::CancelRefused},
});

constexpr auto no = PlaceVerdict::Refused;
constexpr auto maybe = PlaceVerdict::Uncertain;
constexpr auto again = PlaceVerdict::Repeat;
constexpr auto refused = CancelVerdict::Refused;
constexpr auto absent = CancelVerdict::NotThere;
constexpr auto unclear = CancelVerdict::Unclear;
constexpr auto order = Concerns::Order;
constexpr auto key = Concerns::Key;

// Source: reference 7. A code without a row leaves a place uncertain: unknown is not no.
constexpr auto errors = std::to_array<ErrorRow>({
    {"ILLEGAL_PARAMETER",                                           no,    refused, order},
    {"INVALID_PARAMETER",                                           no,    refused, order},
    {"PARAM_ERR",                                                   no,    refused, order},
    {"UNAUTHORIZED",                                                no,    unclear, key  },
    {"MISSING_APP_KEY",                                             no,    unclear, key  },
    {"INVALID_TOKEN",                                               no,    unclear, key  },
    {"ACCOUNT_ACCESS_DENIED",                                       no,    refused, order},
    {"ORDER_NOT_FOUND",                                             maybe, absent,  order},
    {"TRADE_PLACE_ORDER_REPEAT",                                    again, unclear, order},
    {"DUPLICATE_ORDER_CHECK",                                       no,    unclear, order},
    {"ORDER_CAN_NOT_BE_CANCEL",                                     no,    refused, order},
    {"ORDER_STATUS_NOT_ALLOW_CANCEL",                               no,    refused, order},
    {"ORDER_STATUS_NOT_ALLOW_MODIFY",                               no,    unclear, order},
    {"DAY_BUYING_POWER_INSUFFICIENT",                               no,    unclear, order},
    {"SELL_QTY_EXCEED_AVAILABLE_QTY",                               no,    unclear, order},
    {"INSUFFICIENT_POSITION",                                       no,    unclear, order},
    {"ORDER_SIDE_NOT_MATCH_WITH_POSITION",                          no,    unclear, order},
    {"OPEN_ORDER_HAS_BOX_ORDER",                                    no,    unclear, order},
    {"NEW_NO_POSITION_MARGIN_ACCOUNT_CAN_NOT_SELL_SHORT_FOR_LT_2K", no,    unclear, order},
    {"NO_TRADING_TIME",                                             no,    unclear, order},
    {"NO_NIGHT_TRADING_TIME",                                       no,    unclear, order},
    {"DAY_ORDER_NOT_ALLOWED_AFT_CORE_TIME_LIMIT",                   no,    unclear, order},
    {"OPTION_CAN_NOT_TRADING_FOR_NON_TRADING_HOURS",                no,    unclear, order},
    {"CANT_TRADE_FOR_PRICE_BETWEEN_0099_AND_0999",                  no,    unclear, order},
    {"OPTION_PRICE_STEP_GTE",                                       no,    unclear, order},
    {"OPTION_MULTI_ORDER_BUY_NOT_NEGATIVE",                         no,    unclear, order},
    {"FRACT_TICKER_DONT_SUPPORT_TRADE",                             no,    unclear, order},
    {"FRACT_VERSION2_ACCOUNT_NOT_TRADE",                            no,    unclear, order},
    {"FRACT_ONLT_CORE_TIME",                                        no,    unclear, order},
    {"TRADE_ORDER_NO_PERMISSION",                                   no,    refused, order},
    {"CAN_NOT_CREATE_A_OPEN_ORDER",                                 no,    unclear, order},
    {"UNSUPPORTED_CATEGORY",                                        no,    unclear, order},
    {"TOO_MANY_REQUESTS",                                           no,    unclear, order},
    {"SYSTEM_ERROR",                                                maybe, unclear, order},
    {"INTERNAL_ERROR",                                              maybe, unclear, order},
    {"SERVICE_NOT_AVAILABLE",                                       maybe, unclear, order},
    {"GATEWAY_TIMEOUT",                                             maybe, unclear, order},
});
static_assert(std::ranges::count(errors, PlaceVerdict::Repeat, &ErrorRow::place) == 1);

/// True when the code is the row's text, alone or after a prefix with an underscore.
bool ends_with_code(std::string_view code, std::string_view ending) {
    if (!code.ends_with(ending)) return false;
    return code.size() == ending.size() || code[code.size() - ending.size() - 1] == '_';
}

}  // namespace

std::optional<BrokerStatus> find_status(std::string_view word) {
    return find_value(statuses, word);
}
std::optional<OrderType> find_order_type(std::string_view word) {
    return find_value(order_types, word);
}
std::optional<Side> find_side(std::string_view word) {
    return find_value(sides, word);
}
std::optional<TimeInForce> find_time_in_force(std::string_view word) {
    return find_value(times_in_force, word);
}
std::optional<TradingSession> find_session(std::string_view word) {
    return find_value(sessions, word);
}
std::optional<SceneKind> find_scene(std::string_view word) {
    return find_value(scenes, word);
}

std::string_view word_of(OrderType type) {
    return first_word_of(order_types, type);
}
std::string_view word_of(Side side) {
    return first_word_of(sides, side);
}
std::string_view word_of(TimeInForce time_in_force) {
    return first_word_of(times_in_force, time_in_force);
}
std::string_view word_of(TradingSession session) {
    return first_word_of(sessions, session);
}

const ErrorRow* find_error(std::string_view error_code) {
    // The longest ending wins, so that NO_NIGHT_TRADING_TIME is not read as a shorter code.
    const ErrorRow* best = nullptr;
    for (const auto& row : errors)
        if (ends_with_code(error_code, row.ending) &&
            (best == nullptr || row.ending.size() > best->ending.size()))
            best = &row;
    return best;
}

}  // namespace janus::webull::wire
