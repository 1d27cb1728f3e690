#pragma once

#include <optional>
#include <string_view>

#include "domain/order.hpp"
#include "gateway/event.hpp"

/// Webull's words and what they mean to Janus: one row each.
namespace janus::webull::wire {

/// Nothing for a word Janus does not know.
std::optional<gateway::BrokerStatus> find_status(std::string_view word);
std::optional<OrderType> find_order_type(std::string_view word);
std::optional<Side> find_side(std::string_view word);
std::optional<TimeInForce> find_time_in_force(std::string_view word);
std::optional<TradingSession> find_session(std::string_view word);

std::string_view word_of(OrderType type);
std::string_view word_of(Side side);
std::string_view word_of(TimeInForce time_in_force);
std::string_view word_of(TradingSession session);

/// Why an event was sent, and whether it speaks of the order itself or of a refused request.
enum class SceneKind { Fill, Placement, Modified, ModifyRefused, Cancelled, CancelRefused };
std::optional<SceneKind> find_scene(std::string_view word);

/// What an error answer to a place proves.
enum class PlaceVerdict {
    Refused,    ///< The broker's definite no.
    Uncertain,  ///< It may have been accepted.
    Repeat,     ///< Its id is known there: an earlier copy got in.
};
/// What an error answer to a cancel proves.
enum class CancelVerdict {
    Refused,   ///< The order goes on, or is over.
    NotThere,  ///< Unknown there, perhaps not visible yet.
    Unclear,   ///< Ask for the order.
};

/// Whether an error is about one order, or about the key: its signature, clock or token.
enum class Concerns { Order, Key };

/// The meaning of one error code. Codes carry prefixes that differ per environment
/// (`OPENAPI_`, `OAUTH_OPENAPI_`), so rows match the END of the code.
struct ErrorRow {
    std::string_view ending;
    PlaceVerdict place;
    CancelVerdict cancel;
    Concerns concerns;
};
const ErrorRow* find_error(std::string_view error_code);

}  // namespace janus::webull::wire
