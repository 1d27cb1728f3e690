#pragma once

#include "domain/order.hpp"
#include "gateway/ib/instruments.hpp"
#include "gateway/ib/wire/place_order.hpp"

/// What IB takes of an order, as far as it can be said before IB sees it.
namespace janus::ib {

/// Everything that a check may lean on. Absent details are not checked: IB checks them again.
struct PlacingView {
    const wire::ContractData* data{nullptr};
    const Instruments& instruments;
    int server_version{0};  ///< 0 while not connected.
};

/// Errors: `Denied`, with what IB cannot do and what would be allowed.
Result<void> check_placing(const OrderIntent& intent, const PlacingView& view);

/// The details must be of the kind that the symbol names: a conid of a bond trades no share.
/// Errors: `Denied`.
Result<void> check_kind(const CanonicalSymbol& symbol, const wire::ContractData& data);

/// The order as IB wants it, for the account with this code.
wire::PlaceOrderRequest request_of(const gateway::PlaceOrder& command,
                                   const wire::ContractData& data, std::string_view account);
/// The same for a preview: nothing is placed.
wire::PlaceOrderRequest request_of(const gateway::PreviewOrder& command,
                                   const wire::ContractData& data, std::string_view account);

}  // namespace janus::ib
