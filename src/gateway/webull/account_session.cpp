#include "gateway/webull/account_session.hpp"

#include <array>

#include "gateway/webull/http_date.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using gateway::Gate;
using wire::Call;

constexpr Duration retry_first = 500ms;
constexpr Duration retry_longest = 30s;
constexpr Duration ask_again_after = 60s;  ///< For an order whose detail was not found.

constexpr int attempts_max = 2;  ///< The account has its own, longer patience on top.
constexpr int forbidden = 403;

struct StepRow {
    ReadStep step;
    std::optional<Call> call;
    ReadPlan from_plan;  ///< The smallest plan that has this step.
};
constexpr auto steps = std::to_array<StepRow>({
    {ReadStep::Idle,       std::nullopt,     ReadPlan::None   },
    {ReadStep::OpenOrders, Call::OpenOrders, ReadPlan::Poll   },
    {ReadStep::History,    Call::History,    ReadPlan::Round  },
    {ReadStep::Positions,  Call::Positions,  ReadPlan::Refresh},
    {ReadStep::Balance,    Call::Balance,    ReadPlan::Refresh},
});
static_assert(steps[static_cast<std::size_t>(ReadStep::Balance)].step == ReadStep::Balance);

const StepRow& row_of(ReadStep step) {
    return steps[static_cast<std::size_t>(step)];
}

/// A download tells everything, other reads what is new.
Emit emit_of(ReadPlan plan) {
    return plan == ReadPlan::Full ? Emit::Always : Emit::WhenChanged;
}

/// The history of the trading day, in the words of the generation.
std::vector<wire::Parameter> today(wire::Generation generation, Utc now) {
    const auto date = us_eastern_date(now);
    if (generation == wire::Generation::G3)
        return {
            {"start_date", date},
            {"end_date",   date}
        };
    return {
        {"start_time", to_iso_text(us_eastern_midnight(now))},
        {"end_time",   to_iso_text(now)                     }
    };
}

}  // namespace

AccountSession::AccountSession(const WebullSettings& settings, std::size_t index, Outbox& out,
                               RestClient& rest, OrderTracker& tracker, OrderCalls& calls,
                               Random& random)
    : settings_(settings),
      index_(index),
      out_(out),
      rest_(rest),
      tracker_(tracker),
      calls_(calls),
      random_(random),
      open_poll_interval_(settings.poll_interval),
      backoff_(retry_first, retry_longest),
      debounce_(settings.debounce) {}

void AccountSession::show(Gate gate, std::string reason) {
    if (gate_ == gate && reason_ == reason) return;
    gate_ = gate;
    reason_ = std::move(reason);
    out_.tell(gateway::GateChanged{name(), gate_, reason_});
}

void AccountSession::connect(Now now, const std::string& account_id) {
    if (connected_ && account_id_ == account_id) return;
    account_id_ = account_id;
    connected_ = true;
    want(now, ReadPlan::Full);
}

void AccountSession::disconnect(Gate gate, const std::string& reason) {
    connected_ = false;
    running_ = ReadPlan::None;
    wanted_ = ReadPlan::None;
    step_ = ReadStep::Idle;
    ++run_;  // Answers that are still on their way belong to nobody.
    retry_at_.reset();
    debounce_.begin();
    failures_ = 0;
    backoff_.reset();
    show(gate, reason);
}

void AccountSession::want(Now now, ReadPlan plan) {
    wanted_ = std::max(wanted_, plan);
    if (connected_ && running_ == ReadPlan::None && !retry_at_) begin(now, wanted_);
}

void AccountSession::begin(Now now, ReadPlan plan) {
    // Everything is read while the account is not ready, whatever was asked for.
    const bool download = gate_ != Gate::Ready;
    running_ = download ? ReadPlan::Full : plan;
    wanted_ = ReadPlan::None;
    retry_at_.reset();
    if (running_ >= ReadPlan::Refresh) debounce_.begin();
    if (reads_history()) lists_doubted_ = false;
    began_ = now.mono;
    began_utc_ = now.utc;
    saw_no_positions_ = false;
    ++run_;
    if (download) show(Gate::Reconciling, "");
    go(now, ReadStep::OpenOrders);
}

void AccountSession::go(Now now, ReadStep step) {
    step_ = step;
    pages_ = PageReader(rest_.generation());
    if (step == ReadStep::Idle) return finish_read(now);
    ask(now);
}

void AccountSession::ask(Now now) {
    Request request;
    request.ticket.call = *row_of(step_).call;
    request.ticket.account = index_;
    request.ticket.run = run_;
    request.attempts_max = attempts_max;
    request.query = {
        {"account_id", account_id_}
    };
    if (step_ == ReadStep::History)
        for (auto& parameter : today(rest_.generation(), began_utc_))
            request.query.push_back(std::move(parameter));
    if (step_ == ReadStep::OpenOrders || step_ == ReadStep::History)
        request.query.emplace_back("page_size", fmt::format("{}", PageReader::page_size));
    for (auto& parameter : pages_.cursor()) request.query.push_back(std::move(parameter));
    rest_.submit(now, std::move(request));
}

ReadStep AccountSession::step_after(ReadStep step) const {
    for (auto next = static_cast<std::size_t>(step) + 1; next < steps.size(); ++next)
        if (running_ >= steps[next].from_plan) return steps[next].step;
    return ReadStep::Idle;
}

void AccountSession::on_answer(Now now, const Answer& answer) {
    const bool ours = answer.ticket.run == run_ && row_of(step_).call == answer.ticket.call;
    if (!ours || running_ == ReadPlan::None) return;
    if (answer.status == forbidden) return deny(now, answer.reason());
    if (answer.outcome != Outcome::Good) return fail_read(now, answer.reason());
    take_body(now, answer);
}

void AccountSession::take_body(Now now, const Answer& answer) {
    if (step_ == ReadStep::Balance) return finish_balance(now, answer);
    const auto more = step_ == ReadStep::Positions
                          ? pages_.take_positions(answer.body, name(), now.utc)
                          : pages_.take_orders(answer.body);
    if (!more) return fail_read(now, more.error().message);
    if (*more) return ask(now);
    if (pages_.repeats() > 0) out_.count("pages_repeated");
    finish_step(now);
}

void AccountSession::finish_step(Now now) {
    if (step_ == ReadStep::OpenOrders) finish_open_orders(now);
    if (step_ == ReadStep::History) {
        tell_orders(now, emit_of(running_));
        ask_for_vanished(now);
        if (running_ == ReadPlan::Full) out_.tell(gateway::OrdersComplete{name()});
    }
    if (step_ == ReadStep::Positions) return finish_positions(now);
    go(now, step_after(step_));
}

void AccountSession::finish_open_orders(Now now) {
    tell_orders(now, emit_of(running_));
    // The history may know first.
    if (!reads_history()) ask_for_vanished(now);
}

void AccountSession::tell_orders(Now now, Emit emit) {
    for (const auto& row : pages_.orders()) {
        auto report = wire::to_report(row, name());
        const ClientOrderId client = report.client_order_id;
        if (tracker_.is_outdated(index_, report, began_)) continue;
        const auto merge = tracker_.on_row(now, index_, std::move(report), Source::List, emit);
        // What a download finds has happened while nobody was listening.
        if (gate_ == Gate::Ready && running_ != ReadPlan::Full)
            changes_.push_back({index_, client, merge, false});
    }
}

/// An open order that a complete list does not contain is neither filled nor cancelled by that:
/// only its own detail says what became of it.
void AccountSession::ask_for_vanished(Now now) {
    for (const auto& client : tracker_.open_and_unseen_since(index_, began_)) {
        const auto* known = tracker_.find(index_, client);
        if (known->asked_at && now.mono < *known->asked_at + ask_again_after &&
            known->changed < *known->asked_at)
            continue;
        calls_.ask_detail(now, index_, account_id_, client, OrderId{},
                          running_ == ReadPlan::Full ? CatchUp::Yes : CatchUp::No);
    }
}

void AccountSession::finish_positions(Now now) {
    // An account does not empty itself often: the first empty list is read a second time before
    // it is believed.
    if (pages_.positions().empty() && had_positions_ && !saw_no_positions_) {
        saw_no_positions_ = true;
        return go(now, ReadStep::Positions);
    }
    had_positions_ = !pages_.positions().empty();
    out_.tell(gateway::PositionsSnapshot{name(), std::move(pages_.positions())});
    go(now, step_after(ReadStep::Positions));
}

void AccountSession::finish_balance(Now now, const Answer& answer) {
    auto balances = wire::decode_balances(answer.body, name(), now.utc);
    if (!balances) return fail_read(now, balances.error().message);
    out_.tell(gateway::BalancesSnapshot{name(), std::move(*balances)});
    go(now, step_after(ReadStep::Balance));
}

void AccountSession::finish_read(Now now) {
    if (reads_history()) round_from_ = now.mono;
    running_ = ReadPlan::None;
    failures_ = 0;
    backoff_.reset();
    poll_from_ = now.mono;
    show(Gate::Ready, "");
    if (wanted_ != ReadPlan::None) begin(now, wanted_);
}

void AccountSession::fail_read(Now now, const std::string& reason) {
    const auto what = wire::row_of(*row_of(step_).call).name;
    out_.count("reads_failed");
    wanted_ = std::max(wanted_, running_);
    running_ = ReadPlan::None;
    step_ = ReadStep::Idle;
    ++run_;
    ++failures_;
    retry_at_ = now.mono + backoff_.next(random_);
    auto text = fmt::format("webull_rest: {} failed: {}", what, out_.scrubbed(reason));
    if (failures_ >= settings_.failures_until_degraded)
        return show(Gate::Degraded, std::move(text));
    if (gate_ == Gate::Reconciling) return show(Gate::Reconciling, std::move(text));
    out_.notice(LogLevel::Info, fmt::format("{} {}", name(), text));
}

void AccountSession::deny(Now now, const std::string& reason) {
    fail_read(now, reason);
    retry_at_ = now.mono + retry_longest;
    show(Gate::NeedsOperator,
         "account_denied: Webull gives no access to this account: " + out_.scrubbed(reason));
}

Duration AccountSession::poll_interval() const {
    return tracker_.has_open(index_) ? open_poll_interval_ : settings_.idle_poll_interval;
}

void AccountSession::on_place_doubted(Now now) {
    lists_doubted_ = true;
    on_stirred(now);
}

void AccountSession::on_timeout(Now now) {
    if (!connected_ || running_ != ReadPlan::None) return;
    if (retry_at_ && now.mono < *retry_at_) return;
    if (retry_at_) {
        retry_at_.reset();
        return begin(now, wanted_);
    }
    const bool round = lists_doubted_ || now.mono >= round_from_ + settings_.idle_poll_interval;
    if (debounce_.due(now.mono)) return begin(now, round ? ReadPlan::Round : ReadPlan::Refresh);
    if (now.mono < poll_from_ + poll_interval()) return;
    begin(now, round ? ReadPlan::Round : ReadPlan::Poll);
}

std::optional<Instant> AccountSession::deadline() const {
    if (!connected_ || running_ != ReadPlan::None) return std::nullopt;
    if (retry_at_) return retry_at_;
    return earlier(debounce_.deadline(), poll_from_ + poll_interval());
}

}  // namespace janus::webull
