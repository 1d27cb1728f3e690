#include "gateway/ib/previews.hpp"

#include <algorithm>
#include <utility>

#include "gateway/ib/wire/error_codes.hpp"

namespace janus::ib {
namespace {

using gateway::MarginChange;
using gateway::OrderPreview;
using gateway::PreviewResult;

std::optional<Money> money_of(const std::optional<Decimal>& value) {
    return value ? std::optional(Money{*value}) : std::nullopt;
}

MarginChange change_of(const wire::Margin& margin) {
    return {money_of(margin.before), money_of(margin.change), money_of(margin.after)};
}

OrderPreview preview_of(const wire::OrderEffect& effect) {
    OrderPreview out;
    out.initial = change_of(effect.initial);
    out.maintenance = change_of(effect.maintenance);
    out.equity_with_loan = change_of(effect.equity_with_loan);
    out.margin_currency = effect.margin_currency;
    out.commission = money_of(effect.commission);
    out.commission_min = money_of(effect.commission_min);
    out.commission_max = money_of(effect.commission_max);
    out.commission_currency = effect.commission_currency;
    out.warning = effect.warning;
    return out;
}

void append(std::string& text, std::string_view more) {
    if (!text.empty() && !more.empty()) text += "; ";
    text += more;
}

}  // namespace

void Previews::add(Now now, const gateway::PreviewOrder& command) {
    if (waiting_.size() + asked_.size() >= waiting_max)
        return fail_one(command.preview, "too many previews are waiting");
    waiting_.push_back(command);
    waiting_until_[command.preview] = now.mono + answer_wait;
}

void Previews::on_sent(Now now, const gateway::PreviewOrder& command) {
    waiting_until_.erase(command.preview);
    asked_[command.number] = {command.preview, now.mono + answer_wait, {}};
}

void Previews::fail_one(gateway::PreviewId preview, std::string reason) {
    waiting_until_.erase(preview);
    output_.emit(PreviewResult{preview, fail(ErrorCode::Unavailable, "{}", reason)});
}

void Previews::answer(std::int64_t number, Result<OrderPreview> outcome) {
    const auto found = asked_.find(number);
    const auto preview = found->second.preview;
    asked_.erase(found);
    output_.emit(PreviewResult{preview, std::move(outcome)});
}

bool Previews::on_answer(const wire::OrderRow& row) {
    const auto found = asked_.find(row.order);
    if (found == asked_.end()) return false;
    const auto& effect = row.effect;
    if (!effect.reject_reason.empty()) {
        answer(row.order, fail(ErrorCode::Rejected, "{}", effect.reject_reason));
        return true;
    }
    auto preview = preview_of(effect);
    append(preview.warning, found->second.notices);
    answer(row.order, std::move(preview));
    return true;
}

bool Previews::on_error(const wire::ErrorMessage& error) {
    const auto found = asked_.find(error.id);
    if (found == asked_.end()) return false;
    const auto reaction = wire::order_reaction_of(error.code);
    if (reaction == wire::OrderReaction::Reject || reaction == wire::OrderReaction::Cancelled)
        answer(error.id, fail(ErrorCode::Rejected, "{} (IB {})", error.text, error.code));
    else
        append(found->second.notices, error.text);
    return true;
}

void Previews::on_timeout(Now now) {
    std::vector<std::int64_t> late;
    for (const auto& [number, question] : asked_)
        if (now.mono >= question.deadline) late.push_back(number);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(answer_wait);
    for (const auto number : late)
        answer(number,
               fail(ErrorCode::Unavailable, "IB did not answer within {} s", seconds.count()));
    std::vector<gateway::PreviewId> unsent;
    for (const auto& [preview, deadline] : waiting_until_)
        if (now.mono >= deadline) unsent.push_back(preview);
    for (const auto preview : unsent) {
        std::erase_if(waiting_, [&](const auto& command) { return command.preview == preview; });
        fail_one(preview, "it waited longer than it is allowed to");
    }
}

std::optional<Instant> Previews::deadline() const {
    std::optional<Instant> due;
    const auto add = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    for (const auto& [number, question] : asked_) add(question.deadline);
    for (const auto& [preview, deadline] : waiting_until_) add(deadline);
    return due;
}

void Previews::on_closed(const std::string& reason) {
    for (const auto& command : std::exchange(waiting_, {})) fail_one(command.preview, reason);
    while (!asked_.empty())
        answer(asked_.begin()->first, fail(ErrorCode::Unavailable, "{}", reason));
}

}  // namespace janus::ib
