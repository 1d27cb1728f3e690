#include "core/bracket.hpp"

namespace janus::core {
namespace {

bool rests(TimeInForce time) {
    return time == TimeInForce::Day || time == TimeInForce::GoodTillCancel ||
           time == TimeInForce::GoodTillDate;
}

OrderIntent exit_of(const OrderIntent& entry, std::string_view word) {
    auto exit = entry;
    exit.side = entry.side == Side::Buy ? Side::Sell : Side::Buy;
    set_values(exit, {.quantity = entry.quantity});
    exit.idempotency_key += word;
    return exit;
}

}  // namespace

std::vector<OrderIntent> intents_of(const BracketIntent& bracket) {
    auto profit = exit_of(bracket.entry, ":take_profit");
    profit.type = OrderType::Limit;
    profit.limit_price = bracket.take_profit;
    auto stop = exit_of(bracket.entry, ":stop_loss");
    stop.type = OrderType::Stop;
    stop.stop_price = bracket.stop_loss;
    return {bracket.entry, std::move(profit), std::move(stop)};
}

Result<void> check_bracket(const BracketIntent& bracket) {
    const auto& entry = bracket.entry;
    if (entry.side == Side::Sell)
        return fail(ErrorCode::Invalid,
                    "a bracket opens a position: its entry is BUY or SELL_SHORT, not SELL");
    if (!rests(entry.time_in_force))
        return fail(ErrorCode::Invalid, "a bracket is DAY, GTC or GTD, not {}",
                    to_text(entry.time_in_force));
    if (!entry.oca_group.empty())
        return fail(ErrorCode::Invalid, "a bracket makes its own OCA group");
    const bool buys = entry.side == Side::Buy;
    const auto above = [&](Price a, Price b) { return buys ? a > b : a < b; };
    const std::string_view far = buys ? "above" : "below";
    if (!above(bracket.take_profit, bracket.stop_loss))
        return fail(ErrorCode::Invalid, "take profit {} must lie {} stop loss {}",
                    bracket.take_profit, far, bracket.stop_loss);
    if (!entry.limit_price) return {};
    if (!above(bracket.take_profit, *entry.limit_price))
        return fail(ErrorCode::Invalid, "take profit {} must lie {} the entry's limit {}",
                    bracket.take_profit, far, *entry.limit_price);
    if (!above(*entry.limit_price, bracket.stop_loss))
        return fail(ErrorCode::Invalid, "stop loss {} must lie {} the entry's limit {}",
                    bracket.stop_loss, buys ? "below" : "above", *entry.limit_price);
    return {};
}

}  // namespace janus::core
