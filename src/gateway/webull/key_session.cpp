#include "gateway/webull/key_session.hpp"

#include <array>

#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using gateway::Gate;
using wire::Call;

constexpr Duration retry_first = 500ms;
constexpr Duration retry_longest = 30s;
constexpr Duration approval_poll = 5s;
constexpr Duration approval_poll_slow = 30s;
constexpr Duration approval_time = 300s;  ///< The broker's own limit for the confirmation.
constexpr Duration operator_poll = 30s;   ///< When a person must act: look again now and then.
constexpr Duration approval_again = 1h;   ///< A confirmation that nobody gave is asked for anew.
constexpr int pages_max = 20;
constexpr int not_found = 404;

struct StepRow {
    KeyStep step;
    std::string_view name;
    std::optional<Call> call;
};
constexpr auto steps = std::to_array<StepRow>({
    {KeyStep::Idle,               "idle",                 std::nullopt     },
    {KeyStep::ReadingConfig,      "reading config",       Call::Config     },
    {KeyStep::CreatingToken,      "creating token",       Call::TokenCreate},
    {KeyStep::WaitingForApproval, "waiting for approval", Call::TokenCheck },
    {KeyStep::ListingAccounts,    "listing accounts",     Call::AccountList},
    {KeyStep::Up,                 "up",                   std::nullopt     },
    {KeyStep::Stopped,            "stopped",              std::nullopt     },
});
static_assert(steps[static_cast<std::size_t>(KeyStep::Stopped)].step == KeyStep::Stopped);

const StepRow& row_of(KeyStep step) {
    return steps[static_cast<std::size_t>(step)];
}

bool is_authentication(const Answer& answer) {
    const auto* row = wire::find_error(answer.code);
    return answer.outcome == Outcome::Refused &&
           (answer.status == unauthorized ||
            (row != nullptr && row->concerns == wire::Concerns::Key));
}

}  // namespace

std::string_view to_text(KeyStep step) {
    return row_of(step).name;
}

KeySession::KeySession(const WebullSettings& settings, Outbox& out, RestClient& rest,
                       Random& random)
    : settings_(settings),
      out_(out),
      rest_(rest),
      random_(random),
      backoff_(retry_first, retry_longest),
      tokens_(settings, out, rest, random) {}

void KeySession::show(Gate gate, std::string reason) {
    gate_ = gate;
    reason_ = std::move(reason);
}

void KeySession::start(Now now) {
    if (step_ != KeyStep::Idle) return;
    show(Gate::Connecting, "");
    go(now, KeyStep::ReadingConfig);
}

void KeySession::go(Now now, KeyStep step) {
    step_ = step;
    ask_at_.reset();
    page_key_.clear();
    page_rows_.clear();
    pages_ = 0;
    ask(now);
}

void KeySession::ask(Now now) {
    ask_at_.reset();
    const auto call = row_of(step_).call;
    if (!call) return;
    if (*call == Call::AccountList) return ask_accounts(now);
    Request request;
    request.ticket.call = *call;
    request.attempts_max = 1;
    if (*call != Call::Config) request.body = tokens_.body();
    rest_.submit(now, std::move(request));
}

void KeySession::ask_accounts(Now now) {
    Request request;
    request.ticket.call = Call::AccountList;
    request.attempts_max = 1;
    if (!page_key_.empty()) request.query.emplace_back("pagination_key", page_key_);
    rest_.submit(now, std::move(request));
}

void KeySession::retry_later(Now now, const std::string& reason) {
    ask_at_ = now.mono + backoff_.next(random_);
    if (gate_ != Gate::NeedsOperator)
        show(Gate::Connecting, fmt::format("webull_rest: {} failed: {}", to_text(step_), reason));
}

void KeySession::need_operator(Now now, std::string reason, Duration wait) {
    ask_at_ = now.mono + wait;
    show(Gate::NeedsOperator, std::move(reason));
}

void KeySession::on_answer(Now now, const Answer& answer) {
    if (answer.ticket.call == Call::TokenRefresh ||
        (answer.ticket.call == Call::TokenCheck && step_ != KeyStep::WaitingForApproval))
        return tokens_.on_answer(now, answer);
    if (row_of(step_).call != answer.ticket.call) return;
    if (is_authentication(answer)) return on_authentication_answer(now, answer.reason());
    switch (step_) {
        case KeyStep::ReadingConfig:
            return on_config(now, answer);
        case KeyStep::CreatingToken:
        case KeyStep::WaitingForApproval:
            return on_token(now, answer);
        case KeyStep::ListingAccounts:
            return on_account_page(now, answer);
        case KeyStep::Idle:
        case KeyStep::Up:
        case KeyStep::Stopped:
            return;
    }
}

void KeySession::on_config(Now now, const Answer& answer) {
    if (answer.outcome != Outcome::Good) return retry_later(now, answer.reason());
    const auto needed = wire::decode_token_check(answer.body);
    if (!needed) return retry_later(now, needed.error().message);
    backoff_.reset();
    token_needed_ = *needed;
    go(now, token_needed_ ? KeyStep::CreatingToken : KeyStep::ListingAccounts);
}

void KeySession::on_token(Now now, const Answer& answer) {
    if (answer.outcome != Outcome::Good) return retry_later(now, answer.reason());
    const auto row = wire::decode_token(answer.body);
    if (!row) return retry_later(now, row.error().message);
    backoff_.reset();
    switch (row->status) {
        case wire::TokenStatus::Normal:
            tokens_.adopt(now, *row);
            pending_since_.reset();
            replaced_token_ = false;
            return go(now, KeyStep::ListingAccounts);
        case wire::TokenStatus::Pending:
            return on_pending(now, *row);
        case wire::TokenStatus::Invalid:
        case wire::TokenStatus::Expired:
            return on_token_refused(now);
    }
}

void KeySession::on_token_refused(Now now) {
    pending_since_.reset();
    step_ = KeyStep::CreatingToken;
    tokens_.drop("webull_token: Webull refuses the access token");
    if (replaced_token_)
        return need_operator(now, "webull_token: Webull refuses the access token of this app key",
                             approval_time);
    replaced_token_ = true;
    ask(now);
}

void KeySession::on_pending(Now now, const wire::TokenRow& row) {
    step_ = KeyStep::WaitingForApproval;
    if (!pending_since_) pending_since_ = now.mono;
    const auto waited = now.mono - *pending_since_;
    const bool late = waited >= approval_time;
    const std::string reason =
        late ? "webull_2fa: the access token was not confirmed within 5 minutes; it is asked for "
               "anew every hour, or restart janusd and confirm it in the Webull app at once"
             : "webull_2fa: open the Webull app on your phone and confirm the access token with "
               "the SMS code";
    tokens_.await_approval(row, reason);
    need_operator(now, reason, late ? approval_poll_slow : approval_poll);
    if (waited < approval_again) return;
    // The app offers a confirmation for five minutes only.
    pending_since_.reset();
    tokens_.drop(reason);
    go(now, KeyStep::CreatingToken);
}

void KeySession::on_account_page(Now now, const Answer& answer) {
    if (answer.outcome != Outcome::Good) return on_accounts_missing(now, answer);
    const auto page = wire::decode_page(answer.body);
    if (!page) return retry_later(now, page.error().message);
    for (const auto* json : page->rows) {
        auto row = wire::decode_account(*json);
        if (!row) return retry_later(now, row.error().message);
        out_.hide(row->account_id, wire::masked(row->account_id));
        page_rows_.push_back(std::move(*row));
    }
    if (!page->next_key.empty() && page->next_key != page_key_ && ++pages_ < pages_max) {
        page_key_ = page->next_key;
        return ask_accounts(now);
    }
    backoff_.reset();
    checked_token_ = false;
    tried_other_urls_ = false;
    relisting_ = false;
    accounts_ = std::move(page_rows_);
    step_ = KeyStep::Up;
    show(Gate::Connecting, "");
}

void KeySession::on_accounts_missing(Now now, const Answer& answer) {
    const bool other = settings_.generation == UrlGeneration::Auto && answer.status == not_found;
    if (!other || tried_other_urls_) {
        tried_other_urls_ = false;
        return retry_later(now, answer.reason());
    }
    tried_other_urls_ = true;
    rest_.set_generation(rest_.generation() == wire::Generation::G4 ? wire::Generation::G3
                                                                    : wire::Generation::G4);
    go(now, KeyStep::ListingAccounts);
}

void KeySession::on_authentication_failure(Now now, const std::string& reason) {
    if (step_ != KeyStep::Up) return;
    relisting_ = false;
    out_.count("authentication_failures");
    show(Gate::Connecting, "webull_auth: checking the app key after: " + reason);
    go(now, KeyStep::ListingAccounts);
}

void KeySession::on_authentication_answer(Now now, const std::string& reason) {
    relisting_ = false;
    if (rest_.clock_is_off()) return need_operator(now, rest_.clock_trouble(), operator_poll);
    if (token_needed_ && step_ == KeyStep::ListingAccounts && !checked_token_) {
        checked_token_ = true;
        return go(now, KeyStep::CreatingToken);
    }
    need_operator(now, "webull_auth: Webull refuses the app key, its signature or token: " + reason,
                  operator_poll);
    checked_token_ = false;
}

void KeySession::renew_token(Now now) {
    if (step_ == KeyStep::Up && token_needed_) tokens_.renew(now);
}

void KeySession::list_again(Now now) {
    if (step_ != KeyStep::Up) return;
    relisting_ = true;
    go(now, KeyStep::ListingAccounts);
}

void KeySession::on_timeout(Now now) {
    if (ask_at_ && now.mono >= *ask_at_) ask(now);
    if (step_ == KeyStep::Stopped) return;
    tokens_.on_timeout(now);
    if (!tokens_.take_ended() || !up()) return;
    relisting_ = false;
    show(Gate::Connecting, "webull_token: the access token has expired");
    go(now, KeyStep::CreatingToken);
}

std::optional<Instant> KeySession::deadline() const {
    return step_ == KeyStep::Stopped ? std::nullopt : earlier(ask_at_, tokens_.deadline());
}

std::optional<std::vector<wire::AccountRow>> KeySession::take_accounts() {
    return std::exchange(accounts_, std::nullopt);
}

}  // namespace janus::webull
