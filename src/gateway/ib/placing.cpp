// Orders and cancels on their way out. After its bytes were handed to the channel an order is never
// sent again; before that, every way out ends in OrderNotSent.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "gateway/ib/ib_gateway.hpp"
#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/place_order.hpp"
#include "gateway/ib/wire/requests.hpp"
#include "gateway/ib/wire/words.hpp"

namespace janus::ib {
namespace {

using gateway::Gate;
using gateway::OrderNotSent;

/// 0 when the text is no conid.
std::int64_t conid_of(const NativeId& id) {
    std::int64_t conid = 0;
    const auto* end = id.value.data() + id.value.size();
    const auto parsed = std::from_chars(id.value.data(), end, conid);
    return parsed.ec == std::errc{} && parsed.ptr == end && conid > 0 ? conid : 0;
}

Result<void> check_quantity(const OrderIntent& intent, const wire::ContractData* data) {
    const auto quantity = intent.quantity.value;
    if (intent.symbol.asset_class() != AssetClass::Equity && !quantity.is_whole())
        return fail(ErrorCode::Denied, "quantity was {}; IB takes whole contracts of {}", quantity,
                    intent.symbol);
    const bool fractions = data != nullptr && data->size_increment &&
                           data->size_increment->is_positive() &&
                           quantity.is_multiple_of(*data->size_increment);
    if (!quantity.is_whole() && !fractions)
        return fail(ErrorCode::Denied, "quantity was {}; IB takes whole shares of {} here",
                    quantity, intent.symbol);
    return {};
}

Result<void> check_grid(std::string_view what, const std::optional<Price>& price,
                        const wire::ContractData* data) {
    if (!price || data == nullptr || !data->tick_min || !data->tick_min->is_positive()) return {};
    if (price->value.is_multiple_of(*data->tick_min)) return {};
    return fail(ErrorCode::Denied, "{} price {} is no multiple of the smallest step {}", what,
                *price, *data->tick_min);
}

Result<void> check_sign(std::string_view what, const std::optional<Price>& price,
                        AssetClass asset_class) {
    // Futures have traded below zero; shares and options cannot.
    if (!price || price->value.is_positive() || asset_class == AssetClass::Future) return {};
    return fail(ErrorCode::Denied, "{} price was {}, must be above zero", what, *price);
}

Result<void> check_prices(const OrderIntent& intent, const wire::ContractData* data) {
    const auto asset_class = intent.symbol.asset_class();
    if (auto ok = check_sign("limit", intent.limit_price, asset_class); !ok) return ok;
    if (auto ok = check_sign("stop", intent.stop_price, asset_class); !ok) return ok;
    if (auto ok = check_grid("limit", intent.limit_price, data); !ok) return ok;
    return check_grid("stop", intent.stop_price, data);
}

Result<void> check_session(const OrderIntent& intent) {
    if (intent.session == TradingSession::Regular) return {};
    const auto asset_class = intent.symbol.asset_class();
    if (asset_class == AssetClass::Option)
        return fail(ErrorCode::Denied, "IB trades options in the regular session only");
    if (asset_class == AssetClass::Equity && intent.type == OrderType::Market)
        return fail(ErrorCode::Denied,
                    "IB trades MARKET orders in the regular session only; use LIMIT");
    return {};
}

constexpr auto types = std::to_array<OrderType>(
    {OrderType::Market, OrderType::Limit, OrderType::Stop, OrderType::StopLimit});
constexpr auto times = std::to_array<TimeInForce>({TimeInForce::Day, TimeInForce::GoodTillCancel});

Result<void> check_words(const OrderIntent& intent) {
    if (std::ranges::find(types, intent.type) == types.end())
        return fail(ErrorCode::Denied,
                    "{} orders are not supported at IB yet; MARKET, LIMIT, STOP and STOP_LIMIT are",
                    to_text(intent.type));
    if (std::ranges::find(times, intent.time_in_force) == times.end())
        return fail(ErrorCode::Denied, "{} is not supported at IB yet; DAY and GTC are",
                    to_text(intent.time_in_force));
    if (intent.session == TradingSession::Overnight)
        return fail(ErrorCode::Denied,
                    "OVERNIGHT is not supported at IB yet; REGULAR and EXTENDED are");
    if (!intent.oca_group.empty())
        return fail(ErrorCode::Denied, "OCA groups are not supported at IB yet");
    return {};
}

/// The details must be of the kind that the symbol names: a conid of a bond trades no share.
Result<void> check_kind(const CanonicalSymbol& symbol, const wire::ContractData& data) {
    const auto kind = wire::asset_class_of(data.contract.security_type);
    if (kind == symbol.asset_class()) return {};
    return fail(ErrorCode::Denied, "conid {} is a {} at IB, {} names a {}", data.contract.conid,
                data.contract.security_type, symbol, to_text(symbol.asset_class()));
}

wire::PlaceOrderRequest request_of(const gateway::PlaceOrder& command,
                                   const wire::ContractData& data, std::string_view account) {
    wire::PlaceOrderRequest out;
    out.order = command.number;
    out.contract = tradable_contract_of(data);
    out.action = wire::to_word(command.side);
    out.quantity = command.quantity.value;
    out.type = wire::to_word(command.type);
    if (command.limit_price) out.limit_price = command.limit_price->value;
    if (command.stop_price) out.auxiliary_price = command.stop_price->value;
    out.time_in_force = wire::to_word(command.time_in_force);
    out.account = account;
    out.reference = command.client_order_id.value;
    out.outside_regular_hours = command.session == TradingSession::Extended;
    return out;
}

}  // namespace

Result<std::int64_t> IbGateway::prepare_order(const OrderIntent& intent,
                                              const NativeId& native_id) {
    const bool known = std::ranges::find(gates_.names(), intent.account) != gates_.names().end();
    if (!known) return fail(ErrorCode::Denied, "account '{}' is not on this login", intent.account);
    const auto conid = conid_of(native_id);
    if (conid == 0)
        return fail(ErrorCode::Denied, "IB's id of {} was '{}', not a conid", intent.symbol,
                    native_id);
    const auto* data = instruments_.find(conid);
    if (data != nullptr)
        if (auto ok = check_kind(intent.symbol, *data); !ok) return std::unexpected(ok.error());
    if (auto ok = check_words(intent); !ok) return std::unexpected(ok.error());
    if (auto ok = check_quantity(intent, data); !ok) return std::unexpected(ok.error());
    if (auto ok = check_prices(intent, data); !ok) return std::unexpected(ok.error());
    if (auto ok = check_session(intent); !ok) return std::unexpected(ok.error());
    return orders_.reserve_number();
}

Result<void> IbGateway::check_modify(const Order&, const OrderIntent&) {
    return fail(ErrorCode::Denied,
                "orders are not modified at IB yet; cancel the order and place a new one");
}

void IbGateway::on_command(Now, const gateway::ModifyOrder& command) {
    output_.emit(gateway::ModifyNotSent{command.order.order, "not supported at IB yet"});
}

void IbGateway::on_command(Now, const gateway::PreviewOrder& command) {
    output_.emit(gateway::PreviewResult{
        command.preview, fail(ErrorCode::Unavailable, "previews are not supported at IB yet")});
}

std::string IbGateway::why_not_ready(const AccountName& account) const {
    if (link_.is_up() && ready_ && gates_.gate_of(account) == Gate::Ready) return {};
    const auto reason = gates_.reason_of(account);
    return fmt::format("account is {}{}{}", gateway::to_text(gates_.gate_of(account)),
                       reason.empty() ? "" : ": ", reason);
}

void IbGateway::on_command(Now now, const gateway::PlaceOrder& command) {
    const bool waits = std::ranges::any_of(
        placing_, [&](const auto& place) { return place.order == command.order; });
    if (waits || orders_.was_placed(command.order)) {
        // Saying "not sent" would be a lie about the first one.
        output_.count("place_repeated");
        return output_.say(
            LogLevel::Error,
            fmt::format("ib order {} was given twice; it goes out once", command.order));
    }
    if (auto reason = why_not_ready(command.account); !reason.empty())
        return output_.emit(OrderNotSent{command.order, std::move(reason)});
    if (placing_.size() >= placing_max)
        return output_.emit(OrderNotSent{command.order, "too many orders are waiting"});
    instruments_.want(now, conid_of(command.native_id));
    placing_.push_back(command);  // In line behind those that wait; `settle` sends it.
}

bool IbGateway::has_details(const gateway::PlaceOrder& command) const {
    return instruments_.find(conid_of(command.native_id)) != nullptr;
}

bool IbGateway::try_place(Now now, const gateway::PlaceOrder& command) {
    const auto refuse = [&](std::string reason) {
        output_.emit(OrderNotSent{command.order, std::move(reason)});
        return true;
    };
    if (auto reason = why_not_ready(command.account); !reason.empty()) return refuse(reason);
    if (now.mono > command.send_before) return refuse("it waited longer than it is allowed to");
    const auto conid = conid_of(command.native_id);
    if (conid == 0) return refuse(fmt::format("'{}' is no conid", command.native_id));
    const auto* data = instruments_.find(conid);
    if (data == nullptr) return false;
    if (auto ok = check_kind(command.symbol, *data); !ok) return refuse(ok.error().message);
    if (auto ok = orders_.check_number(command.number); !ok) return refuse(ok.error().message);
    if (!link_.outbox().may_send(now, Lane::Place)) return false;
    send_place(now, command, *data);
    return true;
}

void IbGateway::send_place(Now now, const gateway::PlaceOrder& command,
                           const wire::ContractData& data) {
    const auto request = request_of(command, data, gates_.code_of(command.account));
    const auto frame = wire::place_order(link_.server_version(), request);
    if (!frame) return output_.emit(OrderNotSent{command.order, frame.error().message});
    if (!link_.try_send(now, Lane::Place, *frame))
        return output_.emit(OrderNotSent{command.order, "the connection did not take it"});
    orders_.on_placed(command, instrument_of(data));
}

void IbGateway::place_waiting(Now now) {
    auto waiting = std::exchange(placing_, {});
    for (auto& command : waiting) {
        const auto conid = conid_of(command.native_id);
        const auto failure = instruments_.failure_of(conid);
        if (!failure.empty())
            output_.emit(OrderNotSent{
                command.order, fmt::format("no contract details of conid {}: {}", conid, failure)});
        else if (!try_place(now, command))
            placing_.push_back(std::move(command));
    }
}

void IbGateway::drop_waiting(const std::string& reason) {
    for (const auto& command : std::exchange(placing_, {}))
        output_.emit(OrderNotSent{command.order, reason});
}

void IbGateway::refuse_cancel(OrderId order, std::string reason) {
    output_.emit(gateway::CancelRefused{order, std::move(reason)});
}

void IbGateway::on_command(Now, const gateway::CancelOrder& command) {
    const auto waiting = std::ranges::find(placing_, command.order, &gateway::PlaceOrder::order);
    if (waiting != placing_.end()) {
        placing_.erase(waiting);
        return output_.emit(OrderNotSent{command.order, "cancelled before it was sent"});
    }
    if (!link_.is_up())
        return refuse_cancel(command.order, "IB is not connected: the cancel was not sent");
    const auto number = orders_.cancel_number_of(command);
    if (!number) return refuse_cancel(command.order, number.error().message);
    link_.request(wire::cancel_order(link_.server_version(), *number), Lane::Cancel);
    orders_.on_cancel_sent(*number);
}

}  // namespace janus::ib
