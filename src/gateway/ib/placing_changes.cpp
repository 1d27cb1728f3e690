// Changes of orders and previews on their way out. A change goes out once, like the order itself;
// a preview is an order that IB is asked not to place.
#include <algorithm>
#include <utility>

#include "gateway/ib/ib_gateway.hpp"
#include "gateway/ib/naming.hpp"
#include "gateway/ib/placing_rules.hpp"
#include "gateway/ib/wire/place_order.hpp"

namespace janus::ib {
namespace {

using gateway::ModifyNotSent;

}  // namespace

/// Type, side and instrument of an order cannot change; the core asks for its numbers only.
Result<void> IbGateway::check_modify(const Order& order, const OrderIntent& wanted) {
    if (order.external || order.ref.number <= 0)
        return fail(ErrorCode::Denied, "IB lets only the client that placed an order change it");
    return check_order(wanted, order.native_id);
}

void IbGateway::on_command(Now now, const gateway::ModifyOrder& command) {
    const auto refuse = [&](std::string reason) {
        output_.emit(ModifyNotSent{command.order.order, std::move(reason)});
    };
    if (auto reason = why_not_ready(command.order.account); !reason.empty()) return refuse(reason);
    if (modifying_.size() >= placing_max) return refuse("too many changes are waiting");
    const bool waits = std::ranges::any_of(modifying_, [&](const gateway::ModifyOrder& change) {
        return change.order.order == command.order.order;
    });
    if (waits) return refuse("an earlier change of the order waits to be sent");
    instruments_.want(now, conid_of(command.order.native_id));
    modifying_.push_back(command);  // `settle` sends it.
}

bool IbGateway::try_modify(Now now, const gateway::ModifyOrder& command) {
    const auto refuse = [&](std::string reason) {
        output_.emit(ModifyNotSent{command.order.order, std::move(reason)});
        return true;
    };
    const auto& order = command.order;
    if (auto reason = why_not_ready(order.account); !reason.empty()) return refuse(reason);
    if (now.mono > order.send_before) return refuse("it waited longer than it is allowed to");
    const auto conid = conid_of(order.native_id);
    if (auto failure = instruments_.failure_of(conid); !failure.empty() || conid == 0)
        return refuse(fmt::format("no contract details of conid {}: {}", conid, failure));
    const auto* data = instruments_.find(conid);
    if (data == nullptr) return false;
    if (auto ok = orders_.check_modify(command); !ok) return refuse(ok.error().message);
    if (!link_.outbox().may_send(now, Lane::Place)) return false;
    send_modify(now, command, *data);
    return true;
}

/// IB takes a second place under the number of a live order as a change: the whole order again. A
/// trail whose distance changes starts anew from the market, any other one stays where it is.
void IbGateway::send_modify(Now now, const gateway::ModifyOrder& command,
                            const wire::ContractData& data) {
    const auto& order = command.order;
    auto request = request_of(order, data, gates_.code_of(order.account));
    request.order = command.ref.number;
    request.transmit = true;
    if (order.type == OrderType::TrailingStop && !orders_.keeps_trail(command))
        request.trail_stop_price.reset();
    const auto frame = wire::place_order(link_.server_version(), request);
    if (!frame) return output_.emit(ModifyNotSent{order.order, frame.error().message});
    if (!link_.try_send(now, Lane::Place, *frame))
        return output_.emit(ModifyNotSent{order.order, "the connection did not take it"});
    orders_.on_modify_sent(command);
}

void IbGateway::on_command(Now now, const gateway::PreviewOrder& command) {
    if (auto reason = why_not_ready(command.intent.account); !reason.empty())
        return previews_.fail_one(command.preview, std::move(reason));
    instruments_.want(now, conid_of(command.native_id));
    previews_.add(now, command);  // `settle` sends it.
}

bool IbGateway::try_preview(Now now, const gateway::PreviewOrder& command) {
    const auto refuse = [&](std::string reason) {
        previews_.fail_one(command.preview, std::move(reason));
        return true;
    };
    const auto conid = conid_of(command.native_id);
    if (auto failure = instruments_.failure_of(conid); !failure.empty() || conid == 0)
        return refuse(fmt::format("no contract details of conid {}: {}", conid, failure));
    const auto* data = instruments_.find(conid);
    if (data == nullptr) return false;
    if (auto ok = check_kind(command.intent.symbol, *data); !ok) return refuse(ok.error().message);
    if (auto ok = orders_.check_number(command.number); !ok) return refuse(ok.error().message);
    if (!link_.outbox().may_send(now, Lane::Place)) return false;
    const auto request = request_of(command, *data, gates_.code_of(command.intent.account));
    const auto frame = wire::place_order(link_.server_version(), request);
    if (!frame) return refuse(frame.error().message);
    if (!link_.try_send(now, Lane::Place, *frame)) return refuse("the connection did not take it");
    previews_.on_sent(now, command);
    return true;
}

void IbGateway::modify_waiting(Now now) {
    for (auto& command : std::exchange(modifying_, {}))
        if (!try_modify(now, command)) modifying_.push_back(std::move(command));
}

void IbGateway::preview_waiting(Now now) {
    auto waiting = std::exchange(previews_.waiting(), {});
    for (auto& command : waiting)
        if (!try_preview(now, command)) previews_.waiting().push_back(std::move(command));
}

void IbGateway::drop_changes(const std::string& reason) {
    for (const auto& command : std::exchange(modifying_, {}))
        output_.emit(ModifyNotSent{command.order.order, reason});
    previews_.on_closed(reason);
}

}  // namespace janus::ib
