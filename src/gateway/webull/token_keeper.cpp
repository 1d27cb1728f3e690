#include "gateway/webull/token_keeper.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using gateway::TokenState;
using wire::Call;
using wire::TokenStatus;

constexpr Duration renew_again = 6h;      ///< After the broker's no.
constexpr Duration renew_soon = 1min;     ///< When the request has not left.
constexpr Duration renew_later = 10min;   ///< When nobody knows: it may have asked a person.
constexpr Duration approval_poll = 5s;    ///< Of a renewed token that waits for a person.
constexpr Duration approval_time = 300s;  ///< The broker's own limit for the confirmation.

/// Whether the broker has said no to this token, and not to the signature, the clock or the haste
/// of the request.
bool is_refusal(const Answer& answer) {
    return answer.outcome == Outcome::Refused && answer.status < 500 &&
           answer.status != unauthorized && answer.status != too_many_requests;
}

}  // namespace

TokenKeeper::TokenKeeper(const WebullSettings& settings, Outbox& out, RestClient& rest,
                         Random& random)
    : settings_(settings),
      out_(out),
      rest_(rest),
      random_(random),
      login_(login_of(settings)),
      text_(settings.token),
      confirmed_(settings.token),
      issued_(settings.token_issued) {}

std::string TokenKeeper::body() const {
    return text_ ? wire::JsonObject().text("token", text_->reveal()).done() : "{}";
}

void TokenKeeper::adopt(Now now, const wire::TokenRow& row) {
    out_.hide(row.token, "***");
    text_ = Secret(row.token);
    const bool fresh = confirmed_ != text_;
    if (fresh || !issued_) issued_ = now.utc;
    if (fresh) issued_tokens_.push_back({token_name_of(settings_), *text_, *issued_});
    confirmed_ = text_;
    expires_ = row.expires;
    rest_.set_token(text_);
    fresh_.reset();
    check_at_.reset();
    plan_renewal(now);
    show(TokenState::Normal, "");
}

/// A token whose end the broker puts into the past but calls normal is used until it is refused.
void TokenKeeper::plan_renewal(Now now) {
    const auto left = *expires_ - now.utc;
    renew_at_ = now.mono + std::max(left - settings_.token_renewal, Duration{});
    end_at_ = left > Duration{} ? std::optional(now.mono + left) : std::nullopt;
}

void TokenKeeper::await_approval(const wire::TokenRow& row, const std::string& reason) {
    out_.hide(row.token, "***");
    text_ = Secret(row.token);
    issued_.reset();
    expires_ = row.expires;
    renew_at_.reset();
    end_at_.reset();
    fresh_.reset();
    check_at_.reset();
    show(TokenState::Pending, reason);
}

void TokenKeeper::drop(const std::string& reason) {
    text_.reset();
    issued_.reset();
    expires_.reset();
    renew_at_.reset();
    end_at_.reset();
    fresh_.reset();
    check_at_.reset();
    show(TokenState::Refused, reason);
}

void TokenKeeper::submit(Now now, Call call, const Secret& token) {
    Request request;
    request.ticket.call = call;
    request.attempts_max = 1;
    request.body = wire::JsonObject().text("token", token.reveal()).done();
    rest_.submit(now, std::move(request));
}

void TokenKeeper::renew(Now now) {
    if (!text_ || fresh_) return;
    // Whatever comes of it, the next try is planned before this one is answered.
    plan_retry(now, renew_again);
    out_.count("token_renewals");
    submit(now, Call::TokenRefresh, *text_);
}

void TokenKeeper::plan_retry(Now now, Duration wait) {
    renew_at_ = now.mono + wait * static_cast<std::int64_t>(90 + random_.below(21)) / 100;
}

void TokenKeeper::on_answer(Now now, const Answer& answer) {
    if (!text_) return;
    if (answer.ticket.call == Call::TokenCheck && !fresh_) return;
    const bool lost = answer.outcome != Outcome::Good;
    const auto row =
        lost ? Result<wire::TokenRow>(fail(ErrorCode::Unavailable, "{}", answer.reason()))
             : wire::decode_token(answer.body);
    if (row) return on_renewed(now, *row);
    if (!fresh_ && !is_refusal(answer))
        plan_retry(now, answer.outcome == Outcome::NotSent ? renew_soon : renew_later);
    if (fresh_ && now.mono < *fresh_since_ + approval_time) {
        check_at_ = now.mono + approval_poll;  // The reply was lost, not the token.
        return;
    }
    on_not_renewed(now, row.error().message);
}

void TokenKeeper::on_renewed(Now now, const wire::TokenRow& row) {
    switch (row.status) {
        case TokenStatus::Normal: {
            const bool longer = !expires_ || row.expires > *expires_;
            const auto next = renew_at_;
            adopt(now, row);
            if (longer) return;
            renew_at_ = next;
            return on_not_renewed(now, "Webull did not extend it");
        }
        case TokenStatus::Pending:
            out_.hide(row.token, "***");
            if (!fresh_) fresh_since_ = now.mono;
            fresh_ = Secret(row.token);
            if (now.mono >= *fresh_since_ + approval_time)
                return on_not_renewed(now, "nobody confirmed the new one in the Webull app");
            check_at_ = now.mono + approval_poll;
            return show(TokenState::Expiring,
                        "webull_2fa: open the Webull app on your phone and confirm the new access "
                        "token with the SMS code");
        case TokenStatus::Invalid:
        case TokenStatus::Expired:
            return on_not_renewed(now, "Webull refused to renew it");
    }
}

void TokenKeeper::on_not_renewed(Now now, const std::string& reason) {
    fresh_.reset();
    check_at_.reset();
    const bool near = expires_ && *expires_ - now.utc <= settings_.token_renewal;
    if (!near) return;  // It was asked for early; there is time.
    const auto next = now.utc + (renew_at_ ? *renew_at_ - now.mono : Duration{});
    show(TokenState::Expiring,
         fmt::format("its end is near and it was not renewed: {}; the next try is at {}; restart "
                     "janusd when someone can confirm a new one in the Webull app",
                     out_.scrubbed(reason), to_iso_seconds_text(next)));
}

void TokenKeeper::on_timeout(Now now) {
    if (end_at_ && now.mono >= *end_at_) {
        end_at_.reset();
        renew_at_.reset();
        ended_ = true;
    }
    if (check_at_ && now.mono >= *check_at_) {
        check_at_.reset();
        submit(now, Call::TokenCheck, *fresh_);
    }
    if (renew_at_ && now.mono >= *renew_at_) renew(now);
}

std::optional<Instant> TokenKeeper::deadline() const {
    return earlier(earlier(renew_at_, end_at_), check_at_);
}

void TokenKeeper::stop() {
    renew_at_.reset();
    end_at_.reset();
    check_at_.reset();
}

void TokenKeeper::show(TokenState state, std::string reason) {
    if (shown_ == state && reason_ == reason && state != TokenState::Normal) return;
    shown_ = state;
    reason_ = std::move(reason);
    out_.tell(gateway::TokenChanged{login_, state, issued_, expires_, reason_});
}

}  // namespace janus::webull
