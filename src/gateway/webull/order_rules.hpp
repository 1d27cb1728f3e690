#pragma once

#include <string>
#include <vector>

#include "domain/order.hpp"
#include "gateway/command.hpp"

/// What Webull can express for US shares, and how a place is written. Source: reference 5.1, 5.3.
namespace janus::webull {

/// The parts of an order that the rules look at; both an intent and a command have them.
struct OrderTerms {
    AssetClass asset_class{AssetClass::Equity};
    Side side{Side::Buy};
    OrderType type{OrderType::Market};
    Quantity quantity;
    std::optional<Price> limit_price;
    std::optional<Price> stop_price;
    std::optional<Price> trail_amount;
    std::optional<Decimal> trail_percent;
    TimeInForce time_in_force{TimeInForce::Day};
    TradingSession session{TradingSession::Regular};
    std::string oca_group;
};
OrderTerms terms_of(const OrderIntent& intent);
OrderTerms terms_of(const gateway::PlaceOrder& place);

/// Errors: `Denied`, with what Webull cannot do and what would be allowed.
Result<void> check_terms(const OrderTerms& terms);

/// 20 to 32 letters and digits: what every environment of Webull accepts.
/// Errors: `Denied`.
Result<void> check_client_order_id(const ClientOrderId& client_order_id);

/// Whether an order may stand in a batch: market or limit, for the day, bought or sold, in the
/// regular session. Source: reference 5.2.
bool fits_batch(const gateway::PlaceOrder& place);

/// One order as places and batches write it.
std::string order_text(const gateway::PlaceOrder& place);
/// The body of a place with one order, and its header `category`.
std::string place_body(const gateway::PlaceOrder& place, const std::string& account_id);
inline constexpr std::string_view place_category = "US_EQUITY";
/// The body of a batch of orders of one account, each written by `order_text`.
std::string batch_body(const std::vector<std::string>& orders, const std::string& account_id);
/// The body of a replace with all values that the order shall have.
std::string replace_body(const gateway::PlaceOrder& wanted, const std::string& account_id);
std::string cancel_body(const ClientOrderId& client_order_id, const std::string& account_id);

/// The ticker as Webull spells it (`BRK.B`); nothing but for equities.
std::optional<NativeId> ticker_of(const CanonicalSymbol& symbol);

}  // namespace janus::webull
