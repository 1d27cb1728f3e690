// What comes in, message by message.
#include "gateway/ib/ib_gateway.hpp"

namespace janus::ib {

void IbGateway::on_payload(Now now, std::string_view payload) {
    const auto incoming = wire::decode(payload, link_.server_version());
    if (!incoming.message) return on_unreadable(now, incoming);
    if (incoming.row == nullptr) {
        output_.count(fmt::format("unknown_message_{}", incoming.id));
        if (said_.insert(fmt::format("unknown {}", incoming.id)).second)
            output_.say(LogLevel::Warning, fmt::format("ib message {} is unknown", incoming.id));
        return;
    }
    if (incoming.surplus > 0) output_.count(fmt::format("surplus_fields_{}", incoming.row->name));
    std::visit([&](const auto& message) { on_message(now, message); }, *incoming.message);
}

/// The failure stays with its message. When orders, fills or positions were in it, our picture has
/// a hole, and IB is asked for the whole once more.
void IbGateway::on_unreadable(Now now, const wire::Incoming& incoming) {
    const auto name = incoming.row != nullptr ? incoming.row->name : std::string_view("frame");
    output_.count(fmt::format("unreadable_{}", name));
    const bool orders =
        incoming.row == nullptr || incoming.row->bears_orders == wire::BearsOrders::Yes;
    output_.say(
        orders ? LogLevel::Error : LogLevel::Warning,
        fmt::format("ib message {} was unreadable: {}", name, incoming.message.error().message));
    if (!orders || !managed_) return;
    if (round_)
        round_->unreadable = true;
    else
        want_resync(now, true);
}

void IbGateway::on_message(Now, const wire::Ignored&) {}
void IbGateway::on_message(Now, const wire::CurrentTime&) {}

void IbGateway::on_message(Now, const wire::TickMessage& message) {
    quotes_.on_tick(message);
}
void IbGateway::on_message(Now, const wire::MarketDataType& message) {
    quotes_.on_market_data_type(message);
}

/// The id tells whom an error is for; what it means depends on that.
void IbGateway::on_message(Now now, const wire::ErrorMessage& error) {
    if (error.id < 0 && orders_.on_bound_error(error)) return;
    if (error.id <= 0) return on_system_error(now, error);
    if (error.id < request_id_min) {
        if (!previews_.on_error(error)) orders_.on_error(error);
        return;
    }
    if (instruments_.on_error(error) || lookups_.on_error(error) || quotes_.on_error(now, error))
        return;
    if (history_.on_error(now, error) || bars_.on_error(now, error) || on_account_error(now, error))
        return;
    if (round_ && round_->request == error.id)
        return link_.fail(
            now, fmt::format("{}: error {}: {}", to_text(round_->stage()), error.code, error.text));
    output_.count("late_request_error");
}

void IbGateway::on_message(Now now, const wire::NextValidId& message) {
    orders_.on_next_valid_id(message.number);
    have_number_ = true;
    maybe_started(now);
}

void IbGateway::on_message(Now now, const wire::ManagedAccounts& message) {
    if (managed_) return;
    managed_ = message.codes;
    gates_.bind(message.codes);
    maybe_started(now);
}

void IbGateway::on_message(Now now, const wire::PositionRow& message) {
    holdings_.on_position(now, message);
}
void IbGateway::on_message(Now now, const wire::PositionEnd&) {
    take_end(now, ends_due_.positions, in_stage(Stage::Positions));
}

void IbGateway::on_message(Now now, const wire::AccountSummary& message) {
    if (message.request != summary_request_) return output_.count("late_summary");
    const auto ok = holdings_.on_summary(message);
    if (ok) return holdings_.note_change(now);
    output_.count("unreadable_balance");
    output_.say(LogLevel::Error, "ib balance was unreadable: " + ok.error().message);
}
void IbGateway::on_message(Now now, const wire::AccountSummaryEnd& message) {
    const bool ours = in_stage(Stage::Balances) && message.request == summary_request_;
    if (!ours || !std::exchange(round_->summary_open, false)) return output_.count("late_end");
    check_balances(now);
}

void IbGateway::on_message(Now now, const wire::OrderStatus& message) {
    orders_.on_order_status(now, message);
}
void IbGateway::on_message(Now, const wire::OrderBound& message) {
    orders_.on_bound(message);
}
void IbGateway::on_message(Now now, const wire::OpenOrder& message) {
    if (message.row.what_if) {
        if (!previews_.on_answer(message.row)) output_.count("late_preview");
        return;
    }
    instruments_.want(now, message.row.contract.conid);
    orders_.on_open_order(now, message.row);
}
void IbGateway::on_message(Now now, const wire::CompletedOrder& message) {
    instruments_.want(now, message.row.contract.conid);
    orders_.on_completed_order(message.row);
}
void IbGateway::on_message(Now now, const wire::OpenOrderEnd&) {
    take_end(now, ends_due_.open_orders,
             in_stage(Stage::OpenOrders) || in_stage(Stage::AllOpenOrders));
}
void IbGateway::on_message(Now now, const wire::CompletedOrdersEnd&) {
    take_end(now, ends_due_.completed_orders, in_stage(Stage::CompletedOrders));
}

void IbGateway::on_message(Now now, const wire::ExecutionDetails& message) {
    instruments_.want(now, message.contract.conid);
    orders_.on_execution(now, message);
}
void IbGateway::on_message(Now now, const wire::ExecutionDetailsEnd& message) {
    const bool ours = in_stage(Stage::Executions) && message.request == round_->request;
    if (ours)
        end_stage(now);
    else
        output_.count("late_end");
}
void IbGateway::on_message(Now, const wire::CommissionReport& message) {
    orders_.on_commission(message);
}

void IbGateway::on_message(Now, const wire::ContractData& message) {
    const bool asked = instruments_.on_contract_data(message) || lookups_.on_contract_data(message);
    if (!asked) output_.count("late_contract");
}
void IbGateway::on_message(Now, const wire::ContractDataEnd& message) {
    const bool asked = instruments_.on_end(message.request) || lookups_.on_end(message.request);
    if (!asked) output_.count("late_end");
}

}  // namespace janus::ib
