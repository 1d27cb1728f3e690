#include "gateway/ib/wire/words.hpp"

#include <array>

#include "gateway/word_table.hpp"

namespace janus::ib::wire {
namespace {

using gateway::BrokerStatus;
using gateway::find_value;
using gateway::first_word_of;
using gateway::Word;

constexpr auto order_types = std::to_array<Word<OrderType>>({
    {"MKT",         OrderType::Market           },
    {"LMT",         OrderType::Limit            },
    {"STP",         OrderType::Stop             },
    {"STP LMT",     OrderType::StopLimit        },
    {"STPLMT",      OrderType::StopLimit        },
    {"TRAIL",       OrderType::TrailingStop     },
    {"TRAIL LIMIT", OrderType::TrailingStopLimit},
    {"TRAILLIMIT",  OrderType::TrailingStopLimit},
    {"TRAIL LMT",   OrderType::TrailingStopLimit},
    {"TRAILLMT",    OrderType::TrailingStopLimit},
    {"MOC",         OrderType::MarketOnClose    },
    {"LOC",         OrderType::LimitOnClose     },
});
// What the order types of contract details are called there.
constexpr auto details_order_types = std::to_array<Word<OrderType>>({
    {"MKT",      OrderType::Market           },
    {"LMT",      OrderType::Limit            },
    {"STP",      OrderType::Stop             },
    {"STPLMT",   OrderType::StopLimit        },
    {"TRAIL",    OrderType::TrailingStop     },
    {"TRAILLMT", OrderType::TrailingStopLimit},
    {"MOC",      OrderType::MarketOnClose    },
    {"LOC",      OrderType::LimitOnClose     },
});
constexpr auto times_in_force = std::to_array<Word<TimeInForce>>({
    {"DAY", TimeInForce::Day              },
    {"GTC", TimeInForce::GoodTillCancel   },
    {"IOC", TimeInForce::ImmediateOrCancel},
    {"FOK", TimeInForce::FillOrKill       },
    {"OPG", TimeInForce::AtTheOpening     },
    {"GTD", TimeInForce::GoodTillDate     },
});
constexpr auto sides = std::to_array<Word<Side>>({
    {"BUY",    Side::Buy      },
    {"SELL",   Side::Sell     },
    {"BOT",    Side::Buy      },
    {"SLD",    Side::Sell     },
    {"SSHORT", Side::SellShort},
});
constexpr auto security_types = std::to_array<Word<AssetClass>>({
    {"STK",    AssetClass::Equity},
    {"FUT",    AssetClass::Future},
    {"OPT",    AssetClass::Option},
    {"CASH",   AssetClass::Forex },
    {"CRYPTO", AssetClass::Crypto},
    {"BOND",   AssetClass::Bond  },
    {"BILL",   AssetClass::Bond  },
    {"FUND",   AssetClass::Fund  },
});
constexpr auto statuses = std::to_array<Word<BrokerStatus>>({
    {"ApiPending",    BrokerStatus::Held         },
    {"PendingSubmit", BrokerStatus::Held         },
    {"PreSubmitted",  BrokerStatus::Held         },
    {"Submitted",     BrokerStatus::Working      },
    {"PendingCancel", BrokerStatus::PendingCancel},
    {"Filled",        BrokerStatus::Filled       },
    {"ApiCancelled",  BrokerStatus::Cancelled    },
    {"Cancelled",     BrokerStatus::Cancelled    },
    {"Inactive",      BrokerStatus::Held         },
});

static_assert(first_word_of(order_types, OrderType::StopLimit) == "STP LMT" &&
              first_word_of(order_types, OrderType::TrailingStopLimit) == "TRAIL LIMIT");
// Every value has a row: the enums' last ones and their places.
static_assert(first_word_of(order_types, OrderType::LimitOnClose) == "LOC" &&
              first_word_of(details_order_types, OrderType::LimitOnClose) == "LOC" &&
              details_order_types[static_cast<std::size_t>(OrderType::LimitOnClose)].value ==
                  OrderType::LimitOnClose);
static_assert(times_in_force[static_cast<std::size_t>(TimeInForce::GoodTillDate)].value ==
              TimeInForce::GoodTillDate);

}  // namespace

std::string_view to_word(OrderType type) {
    return first_word_of(order_types, type);
}

std::string_view to_details_word(OrderType type) {
    return first_word_of(details_order_types, type);
}

std::string_view to_word(TimeInForce time_in_force) {
    return first_word_of(times_in_force, time_in_force);
}

std::string_view to_word(Side side) {
    return side == Side::Buy ? "BUY" : "SELL";
}

std::optional<OrderType> find_order_type(std::string_view word) {
    return find_value(order_types, word);
}

std::optional<TimeInForce> find_time_in_force(std::string_view word) {
    return find_value(times_in_force, word);
}

std::optional<Side> find_side(std::string_view word) {
    return find_value(sides, word);
}

AssetClass asset_class_of(std::string_view security_type) {
    return find_value(security_types, security_type).value_or(AssetClass::Other);
}

gateway::BrokerStatus broker_status_of(std::string_view status) {
    return find_value(statuses, status).value_or(BrokerStatus::Unmapped);
}

}  // namespace janus::ib::wire
