#pragma once

#include "core/bracket.hpp"
#include "core/views.hpp"
#include "janus/v1/janus.pb.h"

/// From what the core shows to the messages of the API, and back for an order intent.
namespace janus::api {

v1::Account to_message(const core::AccountView& account);
enum class Ids { Masked, Whole };
v1::UnconfiguredAccount to_message(const core::UnconfiguredAccount& account, Ids ids);
v1::Position to_message(const core::PositionView& position);
v1::Balance to_message(const Balance& balance);
v1::Portfolio to_message(const core::PortfolioView& portfolio);
v1::Order to_message(const Order& order);
v1::OrderDetail to_message(const core::OrderView& order);
v1::OrderPreview to_message(const gateway::OrderPreview& preview);
v1::Execution to_message(const Execution& execution);
v1::Symbol to_message(const core::SymbolRecord& record);
v1::SymbolChange to_message(const core::SymbolChange& change);
v1::HarmonyItem to_message(const core::HarmonyItem& item);
v1::HarmonyReport to_message(const core::HarmonyReport& report);
v1::Quote to_message(const core::QuoteView& quote);
v1::Event to_message(const core::FeedEvent& event);
v1::Component to_message(const core::ComponentHealth& component);

/// Errors: `Invalid`, naming the field.
Result<OrderIntent> parse_intent(const v1::PlaceOrderRequest& request);
Result<core::BracketIntent> parse_bracket(const v1::PlaceBracketRequest& request);
Result<OrderChanges> parse_changes(const v1::ModifyOrderRequest& request);

}  // namespace janus::api
