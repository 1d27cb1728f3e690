#pragma once

#include <optional>
#include <string_view>

#include "domain/order.hpp"
#include "domain/symbol.hpp"
#include "gateway/event.hpp"

/// IB's words for Janus's values, one row each.
namespace janus::ib::wire {

std::string_view to_word(OrderType type);  ///< `LMT`
/// As the order types of contract details are written: `STPLMT`, `TRAILLMT`.
std::string_view to_details_word(OrderType type);
std::string_view to_word(TimeInForce time_in_force);  ///< `GTC`
/// `BUY` or `SELL`: IB retail has no own word for a short sale. Whether a sale may open a short
/// position was decided by the core before.
std::string_view to_word(Side side);

std::optional<OrderType> find_order_type(std::string_view word);
std::optional<TimeInForce> find_time_in_force(std::string_view word);
std::optional<Side> find_side(std::string_view word);  ///< `BUY`, `SELL`, `SSHORT`, `BOT`, `SLD`

/// `STK` is an equity, `FUT` a future, ...; kinds without a row are `Other`.
AssetClass asset_class_of(std::string_view security_type);

/// Whether a list that is separated by commas, as IB writes them, has this word.
constexpr bool lists(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (list.substr(0, comma) == word) return true;
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return false;
}
static_assert(lists("A,BC", "BC") && !lists("A,BC", "B"), "whole words, the last one too");

/// What an order status says, before its reason is looked at. `Inactive` reads as Held here.
gateway::BrokerStatus broker_status_of(std::string_view status);

}  // namespace janus::ib::wire
