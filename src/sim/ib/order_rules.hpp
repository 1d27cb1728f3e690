#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/ib/context.hpp"
#include "sim/ib/place_request.hpp"

namespace janus::sim::ib {

/// Why the gateway does not take an order: IB's code and text.
struct Refusal {
    int code{0};
    std::string text;
};

/// The exchange's type for IB's word; nothing for a word that this world does not trade.
std::optional<OrderType> find_order_type(std::string_view word);
std::string_view order_type_word_of(OrderType type);

/// Whether what is left of an order is cancelled when it did not fill at once.
bool is_immediate(const PlaceRequest& request);

/// Checks an order by itself, in the order in which a gateway does. Nothing when it may go on.
/// `contract` is the instrument that it means.
std::optional<Refusal> find_refusal(const Context& context, const PlaceRequest& request,
                                    const ContractRow& contract);

/// Checks a modification against the order as it stands.
std::optional<Refusal> find_modify_refusal(const PlaceRequest& old, const PlaceRequest& wanted);

/// The order for the exchange. A sale of more than is held becomes a short sale, as a margin
/// account has it. Precondition: `find_refusal` had nothing.
ExchangeOrder exchange_order_of(const Context& context, const PlaceRequest& request,
                                const ContractRow& contract);

}  // namespace janus::sim::ib
