// Orders as messages of the API, and back.
#include "api/convert.hpp"

namespace janus::api {
namespace {

template <typename Set>
void set_if(const std::optional<Decimal>& value, Set set) {
    if (value) set(value->to_text());
}
template <typename Value, typename Set>
void set_if(const std::optional<Value>& value, Set set) {
    if (value) set(value->value.to_text());
}

/// Sets what orders and their values have in common.
template <typename Message, typename Values>
void set_values(Message& message, const Values& values) {
    message.set_quantity(values.quantity.value.to_text());
    set_if(values.limit_price, [&](auto text) { message.set_limit_price(text); });
    set_if(values.stop_price, [&](auto text) { message.set_stop_price(text); });
    set_if(values.trail_amount, [&](auto text) { message.set_trail_amount(text); });
    set_if(values.trail_percent, [&](auto text) { message.set_trail_percent(text); });
    set_if(values.limit_offset, [&](auto text) { message.set_limit_offset(text); });
}

v1::MarginChange to_change(const gateway::MarginChange& change) {
    v1::MarginChange message;
    set_if(change.before, [&](auto text) { message.set_before(text); });
    set_if(change.change, [&](auto text) { message.set_change(text); });
    set_if(change.after, [&](auto text) { message.set_after(text); });
    return message;
}

Result<Decimal> parse_number(const std::string& text, std::string_view field) {
    const auto number = Decimal::parse(text);
    if (!number) return fail(ErrorCode::Invalid, "{}: {}", field, number.error().message);
    return *number;
}

/// Reads optional decimals one after the other; remembers the first that cannot be read.
class NumberReader {
 public:
    /// Leaves `into` alone when the field is absent or empty.
    template <typename Value>
    void read(bool present, const std::string& text, std::string_view field,
              std::optional<Value>& into) {
        if (!present || text.empty() || error_) return;
        if (const auto number = parse_number(text, field))
            into = Value{*number};
        else
            error_ = number.error();
    }
    Result<void> finish() const {
        if (error_) return std::unexpected(*error_);
        return {};
    }

 private:
    std::optional<Error> error_;
};

/// The prices that a request for an order or for its change may carry.
template <typename Request, typename Prices>
Result<void> read_prices(const Request& request, Prices& prices) {
    NumberReader in;
    in.read(request.has_limit_price(), request.limit_price(), "limit price", prices.limit_price);
    in.read(request.has_stop_price(), request.stop_price(), "stop price", prices.stop_price);
    in.read(request.has_trail_amount(), request.trail_amount(), "trail amount",
            prices.trail_amount);
    in.read(request.has_trail_percent(), request.trail_percent(), "trail percent",
            prices.trail_percent);
    in.read(request.has_limit_offset(), request.limit_offset(), "limit offset",
            prices.limit_offset);
    return in.finish();
}

/// `text`, or `otherwise` where the client left the field empty.
std::string_view word_or(const std::string& text, std::string_view otherwise) {
    return text.empty() ? otherwise : std::string_view(text);
}

Result<void> read_words(const v1::PlaceOrderRequest& request, OrderIntent& intent) {
    const auto side = parse_side(request.side());
    if (!side) return std::unexpected(side.error());
    const auto type = parse_order_type(request.type());
    if (!type) return std::unexpected(type.error());
    const auto time_in_force = parse_time_in_force(word_or(request.time_in_force(), "DAY"));
    if (!time_in_force) return std::unexpected(time_in_force.error());
    const auto session = parse_trading_session(word_or(request.session(), "REGULAR"));
    if (!session) return std::unexpected(session.error());
    intent.side = *side;
    intent.type = *type;
    intent.time_in_force = *time_in_force;
    intent.session = *session;
    return {};
}

}  // namespace

v1::Order to_message(const Order& order) {
    v1::Order message;
    message.set_id(order.id.value);
    message.set_client_order_id(order.client_order_id.value);
    message.set_external(order.external);
    message.set_account(order.account.value);
    message.set_symbol(order.symbol);
    message.set_side(std::string(to_text(order.side)));
    message.set_type(order.type_text.empty() ? std::string(to_text(order.type)) : order.type_text);
    set_values(message, order);
    message.set_time_in_force(std::string(to_text(order.time_in_force)));
    message.set_session(std::string(to_text(order.session)));
    message.set_state(std::string(to_text(order.state)));
    message.set_filled(order.filled.value.to_text());
    set_if(order.average_price, [&](auto text) { message.set_average_price(text); });
    message.set_note(order.note);
    for (const auto& flag : order.flags) message.add_flags(flag);
    message.set_broker_order_id(order.ref.permanent);
    message.set_created(to_iso_text(order.created));
    message.set_changed(to_iso_text(order.changed));
    message.set_final(is_final(order.state));
    if (order.good_till) message.set_good_till(to_iso_text(*order.good_till));
    message.set_oca_group(order.oca_group);
    message.set_parent(order.parent.value);
    if (order.wanted) set_values(*message.mutable_wanted(), *order.wanted);
    return message;
}

v1::OrderDetail to_message(const core::OrderView& view) {
    v1::OrderDetail message;
    *message.mutable_order() = to_message(view.order);
    for (const auto& line : view.history) {
        auto* added = message.add_history();
        added->set_at(to_iso_text(line.at));
        added->set_event(line.event);
        added->set_detail(line.detail);
    }
    for (const auto& execution : view.executions) *message.add_executions() = to_message(execution);
    return message;
}

v1::OrderPreview to_message(const gateway::OrderPreview& preview) {
    v1::OrderPreview message;
    *message.mutable_initial_margin() = to_change(preview.initial);
    *message.mutable_maintenance_margin() = to_change(preview.maintenance);
    *message.mutable_equity_with_loan() = to_change(preview.equity_with_loan);
    message.set_margin_currency(preview.margin_currency);
    set_if(preview.commission, [&](auto text) { message.set_commission(text); });
    set_if(preview.commission_min, [&](auto text) { message.set_commission_min(text); });
    set_if(preview.commission_max, [&](auto text) { message.set_commission_max(text); });
    message.set_commission_currency(preview.commission_currency);
    message.set_warning(preview.warning);
    return message;
}

Result<OrderIntent> parse_intent(const v1::PlaceOrderRequest& request) {
    auto symbol = CanonicalSymbol::parse(request.symbol());
    if (!symbol) return std::unexpected(symbol.error());
    OrderIntent intent{.account = {request.account()}, .symbol = std::move(*symbol)};
    if (auto words = read_words(request, intent); !words) return std::unexpected(words.error());
    const auto quantity = parse_number(request.quantity(), "quantity");
    if (!quantity) return std::unexpected(quantity.error());
    intent.quantity = Quantity{*quantity};
    if (auto prices = read_prices(request, intent); !prices) return std::unexpected(prices.error());
    if (!request.good_till().empty()) {
        const auto good_till = parse_iso(request.good_till());
        if (!good_till) return fail(ErrorCode::Invalid, "good till: {}", good_till.error().message);
        intent.good_till = *good_till;
    }
    intent.oca_group = request.oca_group();
    intent.idempotency_key = request.idempotency_key();
    return intent;
}

Result<core::BracketIntent> parse_bracket(const v1::PlaceBracketRequest& request) {
    auto entry = parse_intent(request.entry());
    if (!entry) return std::unexpected(entry.error());
    const auto take_profit = parse_number(request.take_profit(), "take profit");
    if (!take_profit) return std::unexpected(take_profit.error());
    const auto stop_loss = parse_number(request.stop_loss(), "stop loss");
    if (!stop_loss) return std::unexpected(stop_loss.error());
    return core::BracketIntent{std::move(*entry), {*take_profit}, {*stop_loss}};
}

Result<OrderChanges> parse_changes(const v1::ModifyOrderRequest& request) {
    OrderChanges changes;
    if (request.has_quantity()) {
        const auto quantity = parse_number(request.quantity(), "quantity");
        if (!quantity) return std::unexpected(quantity.error());
        changes.quantity = Quantity{*quantity};
    }
    if (auto prices = read_prices(request, changes); !prices)
        return std::unexpected(prices.error());
    if (changes.trail_amount && changes.trail_percent)
        return fail(ErrorCode::Invalid, "trail is an amount or a percent, not both");
    return changes;
}

}  // namespace janus::api
