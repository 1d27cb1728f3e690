// Bars, the past and the values of single accounts: what is asked, and what comes back.
#include "gateway/ib/ib_gateway.hpp"

namespace janus::ib {

void IbGateway::on_command(Now now, const gateway::SubscribeBars& command) {
    bars_.on_subscribe(now, command);
}

void IbGateway::on_command(Now, const gateway::UnsubscribeBars& command) {
    bars_.on_unsubscribe(command.subscription);
}

void IbGateway::on_command(Now now, const gateway::RequestHistory& command) {
    history_.on_request(now, command);
}

void IbGateway::on_command(Now now, const gateway::RequestHeadTimestamp& command) {
    history_.on_request(now, command);
}

void IbGateway::on_command(Now, const gateway::CancelHistory& command) {
    history_.on_cancel(command.request);
}

void IbGateway::on_message(Now, const wire::MarketRule& message) {
    instruments_.on_market_rule(message);
}

void IbGateway::on_message(Now, const wire::RealTimeBar& message) {
    bars_.on_bar(message);
}

void IbGateway::on_message(Now, const wire::HistoricalData& message) {
    history_.on_data(message);
}

void IbGateway::on_message(Now, const wire::HistoricalDataEnd& message) {
    history_.on_end(message);
}

void IbGateway::on_message(Now, const wire::HeadTimestamp& message) {
    history_.on_head_timestamp(message);
}

void IbGateway::on_message(Now now, const wire::ProfitAndLoss& message) {
    streams_.on_profit(now, message);
}

void IbGateway::on_message(Now now, const wire::AccountUpdate& message) {
    const auto account = streams_.find_account(message);
    if (!account) return check_balances(now);
    const auto ok = holdings_.on_account_value(*account, message);
    if (ok) return holdings_.note_change(now);
    output_.count("unreadable_balance");
    output_.say(LogLevel::Error, "ib balance was unreadable: " + ok.error().message);
}

void IbGateway::on_message(Now now, const wire::AccountUpdateEnd& message) {
    streams_.on_values_end(message.request);
    check_balances(now);
}

void IbGateway::on_message(Now now, const wire::AccountPosition& message) {
    if (!streams_.has_positions(message.request)) return output_.count("late_position");
    holdings_.on_position(
        now, {message.account, message.contract, message.quantity, message.average_cost});
}

void IbGateway::on_message(Now now, const wire::AccountPositionEnd& message) {
    const bool last = streams_.on_positions_end(message.request);
    if (last && in_stage(Stage::Positions)) end_stage(now);
}

/// The common lists serve an account whose own values IB refuses; without them a refusal leaves a
/// hole, and nothing is Ready with a hole.
bool IbGateway::on_account_error(Now now, const wire::ErrorMessage& error) {
    using Trouble = AccountStreams::Trouble;
    const auto trouble = streams_.on_error(error);
    if (trouble == Trouble::None) return false;
    const auto text = fmt::format("error {}: {}", error.code, error.text);
    output_.count("account_stream_refused");
    output_.say(LogLevel::Warning, "ib " + text);
    const bool needed =
        trouble == Trouble::Positions || (trouble == Trouble::Values && !has_common_lists());
    if (needed && round_)
        link_.fail(now, fmt::format("{}: {}", to_text(round_->stage()), text));
    else
        check_balances(now);
    return true;
}

}  // namespace janus::ib
