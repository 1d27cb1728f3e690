// What IB's error messages mean for orders: for a new one, for a change or a cancel of a live one.
#include <utility>

#include "gateway/ib/orders.hpp"
#include "gateway/ib/wire/error_codes.hpp"

namespace janus::ib {
namespace {

using gateway::BrokerStatus;

std::string error_text(const wire::ErrorMessage& error) {
    return fmt::format("{} (IB {})", error.text, error.code);
}

}  // namespace

void Orders::on_error(const wire::ErrorMessage& error) {
    const auto found = own_.find(error.id);
    if (found == own_.end() && external_cancels_.contains(error.id))
        return on_external_error(error);
    if (found == own_.end()) {
        output_.count("error_for_unknown_order");
        return output_.say(LogLevel::Warning,
                           fmt::format("ib order number {}: {}", error.id, error_text(error)));
    }
    auto& own = found->second;
    if (refuses_change(own, error)) return on_modify_refused(own, error);
    switch (wire::order_reaction_of(error.code)) {
        case wire::OrderReaction::Reject:
            return on_refusal(own, error);
        case wire::OrderReaction::Cancelled:
            return on_cancelled(own, error);
        case wire::OrderReaction::CancelRefuse:
        case wire::OrderReaction::ModifyRefuse:
            return on_cancel_refused(own, error);
        case wire::OrderReaction::Notice:
            return notice(own, error, false);
        case wire::OrderReaction::Ask:
            return notice(own, error, true);
    }
}

bool Orders::on_bound_error(const wire::ErrorMessage& error) {
    if (!external_cancels_.contains(error.id)) return false;
    const auto reaction = wire::order_reaction_of(error.code);
    // -1 is the number of the system as well: only what can answer a cancel is taken for it.
    const bool answers =
        reaction == wire::OrderReaction::Cancelled || reaction == wire::OrderReaction::CancelRefuse;
    if (error.id == -1 && !answers) return false;
    on_external_error(error);
    return true;
}

/// The order's status says that it is cancelled; only a refusal has no other sign.
void Orders::on_external_error(const wire::ErrorMessage& error) {
    const auto cancel = external_cancels_.extract(error.id);
    if (wire::order_reaction_of(error.code) == wire::OrderReaction::Cancelled) return;
    output_.emit(gateway::CancelRefused{cancel.mapped().order, error_text(error)});
}

/// A code means the change, and not the order, while one is on its way: the order was answered
/// before a change could be sent.
bool Orders::refuses_change(const Own& own, const wire::ErrorMessage& error) const {
    const auto reaction = wire::order_reaction_of(error.code);
    return own.wanted && !own.final &&
           (reaction == wire::OrderReaction::ModifyRefuse ||
            reaction == wire::OrderReaction::Reject);
}

void Orders::on_modify_refused(Own& own, const wire::ErrorMessage& error) {
    constexpr std::int64_t rejected = 201;
    constexpr std::int64_t too_early = 2102;
    own.wanted.reset();
    // 201 may be about the order after all: then a dead status follows and has its reason.
    if (error.code == rejected) own.refusal = error_text(error);
    if (!own.order) return notice(own, error, true);
    const auto* hint = error.code == too_early ? "too early, try again: " : "";
    output_.emit(gateway::ModifyRefused{*own.order, hint + error_text(error)});
}

void Orders::notice(const Own& own, const wire::ErrorMessage& error, bool ask) {
    if (own.order) return output_.emit(gateway::OrderNotice{*own.order, error_text(error), ask});
    output_.say(LogLevel::Warning,
                fmt::format("ib order {}: {}", own.client_order_id, error_text(error)));
}

void Orders::on_refusal(Own& own, const wire::ErrorMessage& error) {
    constexpr std::int64_t rejected = 201;
    const auto text = error_text(error);
    if (own.unexplained) {
        own.refusal = text;
        return explain_cancel(own, text);
    }
    if (own.final) return output_.count("late_order_error");
    if (!own.answered && own.order) {
        own.answered = true;
        own.final = own.refused_unseen = true;
        own.refusal = text;
        return output_.emit(gateway::OrderRejected{*own.order, text});
    }
    if (own.cancel_asked && error.code != rejected) return on_cancel_refused(own, error);
    own.refusal = text;
    if (error.code != rejected && own.last_status != "Inactive") return notice(own, error, true);
    own.final = true;
    auto report = report_of(own);
    report.status = BrokerStatus::Rejected;
    report.reason = text;
    output_.emit(std::move(report));
}

void Orders::on_cancelled(Own& own, const wire::ErrorMessage& error) {
    own.answered = true;
    if (own.unexplained) return explain_cancel(own, error.text);
    if (own.final && own.last_status == "Filled") return output_.count("late_order_error");
    own.final = true;
    auto report = report_of(own);
    report.status = own.refusal.empty() ? BrokerStatus::Cancelled : BrokerStatus::Rejected;
    report.reason = own.refusal.empty() ? error.text : own.refusal;
    output_.emit(std::move(report));
}

void Orders::on_cancel_refused(Own& own, const wire::ErrorMessage& error) {
    if (!own.cancel_asked || !own.order) return notice(own, error, true);
    own.cancel_asked = false;
    output_.emit(gateway::CancelRefused{*own.order, error_text(error)});
}

}  // namespace janus::ib
