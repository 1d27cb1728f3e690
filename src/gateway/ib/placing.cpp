// Orders and cancels on their way out. After its bytes were handed to the channel an order is never
// sent again; before that, every way out ends in OrderNotSent.
#include <algorithm>
#include <utility>

#include "gateway/ib/ib_gateway.hpp"
#include "gateway/ib/naming.hpp"
#include "gateway/ib/placing_rules.hpp"
#include "gateway/ib/wire/place_order.hpp"
#include "gateway/ib/wire/requests.hpp"

namespace janus::ib {
namespace {

using gateway::Gate;
using gateway::OrderNotSent;

}  // namespace

Result<std::int64_t> IbGateway::prepare_order(const OrderIntent& intent,
                                              const NativeId& native_id) {
    if (auto ok = check_order(intent, native_id); !ok) return std::unexpected(ok.error());
    return orders_.reserve_number();
}

Result<void> IbGateway::check_order(const OrderIntent& intent, const NativeId& native_id) const {
    const bool known = std::ranges::find(gates_.names(), intent.account) != gates_.names().end();
    if (!known) return fail(ErrorCode::Denied, "account '{}' is not on this login", intent.account);
    const auto conid = conid_of(native_id);
    if (conid == 0)
        return fail(ErrorCode::Denied, "IB's id of {} was '{}', not a conid", intent.symbol,
                    native_id);
    return check_placing(intent, {.data = instruments_.find(conid),
                                  .instruments = instruments_,
                                  .server_version = link_.server_version()});
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
    if (command.parent_number != 0 && !orders_.knows_number(command.parent_number)) {
        // A parent that still waits is in line before its children.
        const bool waits = std::ranges::find(placing_, command.parent_number,
                                             &gateway::PlaceOrder::number) != placing_.end();
        return waits ? false : refuse("its parent is not at IB");
    }
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

void IbGateway::on_command(Now, const gateway::CancelOrder& command) {
    const auto waiting = std::ranges::find(placing_, command.order, &gateway::PlaceOrder::order);
    if (waiting != placing_.end()) {
        placing_.erase(waiting);
        return output_.emit(OrderNotSent{command.order, "cancelled before it was sent"});
    }
    if (!link_.is_up())
        return output_.emit(gateway::CancelNotSent{command.order, "IB is not connected"});
    const auto number = orders_.cancel_number_of(command);
    if (!number) return output_.emit(gateway::CancelRefused{command.order, number.error().message});
    link_.request(wire::cancel_order(link_.server_version(), *number), Lane::Cancel);
    orders_.on_cancel_sent(command, *number);
}

}  // namespace janus::ib
