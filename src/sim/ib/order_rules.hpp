#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ib/context.hpp"
#include "sim/ib/place_request.hpp"

namespace janus::sim::ib {

/// What the gateway has to say about an order, a refusal or a warning: IB's code and text.
struct Remark {
    int code{0};
    std::string text;
};

/// The exchange's type for IB's word; nothing for a word that this world does not trade.
std::optional<OrderType> find_order_type(std::string_view word);
std::string_view order_type_word_of(OrderType type);
std::string_view time_in_force_word_of(TimeInForce time_in_force);

/// Checks an order by itself, in the order in which a gateway does. Nothing when it may go on.
/// `contract` is the instrument that it means.
std::optional<Remark> find_refusal(const Context& context, Now now, const PlaceRequest& request,
                                   const ContractRow& contract);

/// Checks a modification against the order as it stands.
std::optional<Remark> find_modify_refusal(const PlaceRequest& old, const PlaceRequest& wanted);

/// What the gateway says about an order that it takes all the same.
std::vector<Remark> warnings_of(const PlaceRequest& request, const ContractRow& contract);
/// That an order waits for another time of the day.
Remark closed_warning_of(const PlaceRequest& request, const ContractRow& contract);

/// The order for the exchange, without parent and group. A sale of more than is held becomes a
/// short sale, as a margin account has it. Precondition: `find_refusal` had nothing.
ExchangeOrder exchange_order_of(const Context& context, const PlaceRequest& request,
                                const ContractRow& contract);

/// What a modification changes. Precondition: `find_modify_refusal` had nothing.
ExchangeChange exchange_change_of(const PlaceRequest& wanted);

}  // namespace janus::sim::ib
