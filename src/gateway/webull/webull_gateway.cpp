#include "gateway/webull/webull_gateway.hpp"

#include <algorithm>

#include "gateway/webull/order_rules.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using gateway::Gate;
using wire::Call;

constexpr Duration stop_time = 3s;       ///< For the replies of places in flight.
constexpr Duration account_check = 60s;  ///< While an account of ours is not in the key's list.
constexpr std::string_view json_content = "application/json";

void hide_secrets(const WebullSettings& settings, Outbox& out) {
    out.hide(settings.app_secret.reveal(), "***");
    out.hide(settings.app_key.reveal(), "***");
    if (settings.token) out.hide(settings.token->reveal(), "***");
    for (const auto& account : settings.accounts)
        out.hide(account.account_id, wire::masked(account.account_id));
}

std::string list_of(const std::vector<wire::AccountRow>& rows) {
    std::string text;
    for (const auto& row : rows) text += (text.empty() ? "" : ", ") + wire::masked(row.account_id);
    return text.empty() ? "none" : text;
}

/// The account id that the settings mean; or why there is none.
Result<std::string> resolve(const WebullAccount& account,
                            const std::vector<wire::AccountRow>& rows) {
    if (account.account_id.empty() && rows.size() == 1) return rows.front().account_id;
    if (account.account_id.empty())
        return fail(ErrorCode::Ambiguous,
                    "unknown_account: account_id is needed, the app key has {} accounts: {}",
                    rows.size(), list_of(rows));
    const auto found = std::ranges::find(rows, account.account_id, &wire::AccountRow::account_id);
    if (found != rows.end()) return found->account_id;
    return fail(ErrorCode::NotFound,
                "unknown_account: {} is not an account of this app key, which has: {}",
                wire::masked(account.account_id), list_of(rows));
}

}  // namespace

WebullGateway::WebullGateway(WebullSettings settings, Random& random)
    : settings_(std::move(settings)),
      rest_(settings_, out_, random),
      key_(settings_, out_, rest_, random),
      tracker_(out_),
      calls_(settings_, out_, rest_, tracker_),
      replaces_(out_, rest_, tracker_, calls_),
      previews_(out_, rest_),
      lookup_(out_, rest_),
      stream_(settings_, out_, rest_, random),
      watch_(settings_.miss_after, settings_.misses_until_silent) {
    JANUS_CHECK(settings_.rest && settings_.events && !settings_.accounts.empty());
    hide_secrets(settings_, out_);
    for (std::size_t i = 0; i < settings_.accounts.size(); ++i) {
        names_.push_back(settings_.accounts[i].name);
        sessions_.push_back(
            std::make_unique<AccountSession>(settings_, i, out_, rest_, tracker_, calls_, random));
    }
}

void WebullGateway::on_command(Now now, const gateway::Command& command) {
    std::visit(
        [this, now]<typename Given>(const Given& given) {
            if constexpr (std::is_same_v<Given, gateway::Start>) on_start(now);
            if constexpr (std::is_same_v<Given, gateway::Stop>) on_stop(now);
            if constexpr (std::is_same_v<Given, gateway::StartTradeEvents>) stream_.allow(now);
            if constexpr (requires { this->on_order_command(now, given); })
                on_order_command(now, given);
            if constexpr (std::is_same_v<Given, gateway::LookupInstrument>)
                lookup_.look_up(now, given, key_.up() ? "" : "Webull is not connected");
            if constexpr (std::is_same_v<Given, gateway::RefreshAccount>)
                if (const auto account = find_account(given.account))
                    sessions_[*account]->want(now, ReadPlan::Full);
            if constexpr (std::is_same_v<Given, gateway::SubscribeTicks>)
                out_.tell(gateway::QuoteQualityChanged{given.subscription, DataQuality::None,
                                                       "Webull serves no market data here"});
            if constexpr (requires { this->refuse_data(given); }) refuse_data(given);
        },
        command);
    settle(now);
}

void WebullGateway::refuse_data(const gateway::SubscribeBars& command) {
    out_.tell(gateway::BarsEnded{command.subscription, "Webull serves no bars here"});
}

void WebullGateway::refuse_data(const gateway::RequestHistory& command) {
    out_.tell(gateway::HistoryResult{
        command.request, gateway::HistoryStatus::Failed, {}, "Webull serves no history here"});
}

void WebullGateway::refuse_data(const gateway::RequestHeadTimestamp& command) {
    out_.tell(gateway::HeadTimestampResult{command.request, gateway::HistoryStatus::Failed,
                                           std::nullopt, "Webull serves no history here"});
}

void WebullGateway::on_start(Now now) {
    if (std::exchange(started_, true)) return;
    out_.notice(LogLevel::Info,
                fmt::format("webull signs with {} for {}", wire::to_text(settings_.algorithm),
                            settings_.signed_host));
    key_.start(now);
}

void WebullGateway::on_stop(Now now) {
    if (std::exchange(stopping_, true)) return;
    stop_deadline_ = now.mono + stop_time;
    stream_.stop();
    key_.stop();
    rest_.stop();
    for (auto& session : sessions_) session->disconnect(Gate::Down, "stopped");
}

std::string WebullGateway::refusal_of(std::size_t account) const {
    const auto& session = *sessions_[account];
    if (stopping_) return "server is stopping";
    if (session.gate() == Gate::Ready) return {};
    return fmt::format("account {} is {}{}{}", session.name(), gateway::to_text(session.gate()),
                       session.reason().empty() ? "" : ": ", session.reason());
}

void WebullGateway::on_order_command(Now now, const gateway::PlaceOrder& command) {
    const auto account = find_account(command.account);
    if (!account)
        return out_.tell(gateway::OrderNotSent{
            command.order, fmt::format("account {} is not here", command.account)});
    calls_.place(now, *account, sessions_[*account]->account_id(), command, refusal_of(*account));
}

void WebullGateway::on_order_command(Now now, const gateway::ModifyOrder& command) {
    const auto account = find_account(command.order.account);
    if (!account)
        return out_.tell(gateway::ModifyNotSent{
            command.order.order, fmt::format("account {} is not here", command.order.account)});
    replaces_.replace(now, *account, sessions_[*account]->account_id(), command,
                      refusal_of(*account));
}

void WebullGateway::on_order_command(Now now, const gateway::PreviewOrder& command) {
    const auto account = find_account(command.intent.account);
    if (!account)
        return out_.tell(gateway::PreviewResult{
            command.preview,
            fail(ErrorCode::Unavailable, "account {} is not here", command.intent.account)});
    previews_.preview(now, *account, sessions_[*account]->account_id(), command,
                      refusal_of(*account));
}

void WebullGateway::on_order_command(Now now, const gateway::CancelOrder& command) {
    const auto account = find_account(command.account);
    if (!account) return;
    if (!sessions_[*account]->connected() || stopping_)
        return out_.tell(
            gateway::OrderNotice{.order = command.order,
                                 .text = "cancel was not sent: " + refusal_of(*account),
                                 .ask = true});
    calls_.cancel(now, *account, sessions_[*account]->account_id(), command);
}

void WebullGateway::on_order_command(Now now, const gateway::QueryOrder& command) {
    const auto account = find_account(command.account);
    if (!account || stopping_ || !sessions_[*account]->connected()) return;
    calls_.query(now, *account, sessions_[*account]->account_id(), command);
}

void WebullGateway::on_io(Now now, const io::Event& event) {
    std::visit(
        [this, now]<typename Happened>(const Happened& happened) {
            if constexpr (std::is_same_v<Happened, io::HttpResponse>)
                rest_.on_response(now, happened);
            if constexpr (std::is_same_v<Happened, io::HttpFailed>) rest_.on_failed(now, happened);
            if constexpr (std::is_same_v<Happened, io::StreamMessage>)
                if (const auto message = stream_.on_message(now, happened)) on_data(now, *message);
            if constexpr (std::is_same_v<Happened, io::StreamEnded>)
                stream_.on_ended(now, happened);
        },
        event);
    settle(now);
}

void WebullGateway::on_timeout(Now now) {
    rest_.on_timeout(now);
    key_.on_timeout(now);
    calls_.on_timeout(now);
    replaces_.on_timeout(now);
    stream_.on_timeout(now);
    for (auto& session : sessions_) session->on_timeout(now);
    for (int missed = watch_.on_timeout(now.mono); missed > 0; --missed)
        out_.count("stream_misses");
    if (list_again_at_ && now.mono >= *list_again_at_) {
        list_again_at_.reset();
        key_.list_again(now);
    }
    if (stopping_ && now.mono >= stop_deadline_) rest_.abandon();
    settle(now);
}

std::optional<Instant> WebullGateway::deadline() const {
    if (stopped_) return std::nullopt;
    auto at = earlier(rest_.deadline(), stopping_ ? std::optional(stop_deadline_) : std::nullopt);
    if (stopping_) return at;
    at = earlier(at, key_.deadline());
    at = earlier(at, calls_.deadline());
    at = earlier(at, replaces_.deadline());
    at = earlier(at, stream_.deadline());
    at = earlier(at, watch_.deadline());
    at = earlier(at, list_again_at_);
    for (const auto& session : sessions_) at = earlier(at, session->deadline());
    return at;
}

Result<std::int64_t> WebullGateway::prepare_order(const OrderIntent& intent,
                                                  const NativeId& native_id) {
    if (native_id.value.empty())
        return fail(ErrorCode::Denied, "symbol {} has no Webull ticker", intent.symbol);
    if (auto terms = check_terms(terms_of(intent)); !terms) return std::unexpected(terms.error());
    return 0;
}

Result<void> WebullGateway::check_modify(const Order&, const OrderIntent& wanted) {
    return check_terms(terms_of(wanted));
}

std::optional<NativeId> WebullGateway::fallback_native_id(const CanonicalSymbol& symbol) const {
    return ticker_of(symbol);
}

void WebullGateway::on_data(Now now, const wire::SubscribeResponse& message) {
    const bool order = message.event_type == wire::event_type::order ||
                       message.event_type == wire::event_type::option;
    if (order && message.content_type == json_content) return on_order_event(now, message);
    if (order) {
        out_.count_aloud("events_unreadable", "webull event has no JSON");
    } else if (message.event_type != wire::event_type::position) {
        out_.count_aloud("events_unknown",
                         fmt::format("webull event type {} is unknown", message.event_type));
    }
    // Something happened, but not to whom: every account looks.
    for (auto& session : sessions_) session->on_stirred(now);
}

void WebullGateway::on_order_event(Now now, const wire::SubscribeResponse& message) {
    const auto row = wire::decode_order_event(message.payload);
    if (!row) {
        out_.count_aloud("events_unreadable",
                         "webull event cannot be read: " + row.error().message);
        for (auto& session : sessions_) session->on_stirred(now);
        return;
    }
    const auto account = find_account_id(row->account_id);
    if (!account)
        return out_.count_aloud("events_of_unknown_accounts",
                                "webull event is for an account that is not served here");
    sessions_[*account]->on_stirred(now);
    on_scene(now, *account, *row);
}

void WebullGateway::on_scene(Now now, std::size_t account, const wire::OrderRow& row) {
    auto report = wire::to_report(row, names_[account]);
    const auto client = report.client_order_id;
    const auto scene = wire::find_scene(row.scene);
    if (!scene) out_.count("scenes_unknown");
    const bool refused =
        scene == wire::SceneKind::CancelRefused || scene == wire::SceneKind::ModifyRefused;
    if (refused && report.status == gateway::BrokerStatus::Rejected) {
        // The refusal is of the request; the order itself goes on.
        report.status = gateway::BrokerStatus::Unmapped;
        report.reason = row.scene + " " + row.status;
    }
    // It may have been said before the refusal: the lists, which are read now, have the last word.
    if (tracker_.is_outdated(account, report, std::nullopt)) return;
    const auto filled = report.filled ? report.filled->value : Decimal{};
    const bool unmapped = report.status == gateway::BrokerStatus::Unmapped;
    const auto merge =
        tracker_.on_row(now, account, std::move(report), Source::Event, Emit::WhenChanged);
    if (merge.ignored) out_.count("late_events");
    watch_.on_event({account, client.value}, filled);
    const auto* known = tracker_.find(account, client);
    const auto order = known == nullptr ? OrderId{} : known->order;
    if (scene == wire::SceneKind::CancelRefused && order.value != 0)
        out_.tell(gateway::CancelRefused{order, row.scene});
    if (scene == wire::SceneKind::ModifyRefused)
        replaces_.on_refused(now, account, sessions_[account]->account_id(), client, order,
                             row.scene);
    // An event has no prices: what a replace has made of them only the detail shows.
    const bool replaced = scene == wire::SceneKind::Modified;
    if ((unmapped || replaced) && !client.value.empty())
        calls_.ask_detail(now, account, sessions_[account]->account_id(), client, order,
                          CatchUp::No);
}

bool WebullGateway::is_authentication(const Answer& answer) const {
    if (answer.outcome != Outcome::Refused) return false;
    const auto* row = wire::find_error(answer.code);
    return answer.status == unauthorized ||
           (row != nullptr && row->concerns == wire::Concerns::Key);
}

void WebullGateway::on_answer(Now now, const Answer& answer) {
    switch (answer.ticket.call) {
        case Call::Config:
        case Call::TokenCreate:
        case Call::TokenCheck:
        case Call::TokenRefresh:
        case Call::AccountList:
            return key_.on_answer(now, answer);
        case Call::Balance:
        case Call::Positions:
        case Call::OpenOrders:
        case Call::History:
            sessions_[answer.ticket.account]->on_answer(now, answer);
            break;
        case Call::Instruments:
            lookup_.on_answer(now, answer);
            break;
        case Call::Preview:
            previews_.on_answer(answer);
            break;
        case Call::Replace:
            replaces_.on_answer(now, sessions_[answer.ticket.account]->account_id(), answer);
            break;
        case Call::Place:
        case Call::BatchPlace:  // Told for each of its places.
            if (answer.outcome != Outcome::Good && answer.outcome != Outcome::NotSent)
                sessions_[answer.ticket.account]->on_place_doubted(now);
            [[fallthrough]];
        case Call::Cancel:
        case Call::Detail:
            calls_.on_answer(now, sessions_[answer.ticket.account]->account_id(), answer);
            break;
    }
    if (is_authentication(answer)) key_.on_authentication_failure(now, answer.reason());
}

void WebullGateway::on_rest_changes(Now now, const std::vector<RestChange>& changes) {
    for (const auto& change : changes) {
        if (change.merge.first) calls_.on_listed(change.account, change.client_order_id);
        if (!change.merge.fill_rose && !change.merge.ended) continue;
        sessions_[change.account]->on_stirred(now);
        const auto* known = tracker_.find(change.account, change.client_order_id);
        const bool unlistened = change.catching_up || change.merge.first || !stream_.live();
        if (known == nullptr || unlistened) continue;
        const auto& filled = known->report.filled;
        watch_.on_rest_change(now.mono, {change.account, change.client_order_id.value},
                              filled ? filled->value : Decimal{});
    }
}

/// No order leaves an account that is not ready, also when it was when the order was given.
void WebullGateway::drop_places_of_closed_gates() {
    for (std::size_t i = 0; i < sessions_.size(); ++i)
        if (sessions_[i]->gate() != Gate::Ready) rest_.drop_places(i, refusal_of(i));
}

void WebullGateway::settle(Now now) {
    drop_places_of_closed_gates();
    for (auto answers = rest_.take_answers(); !answers.empty(); answers = rest_.take_answers()) {
        for (const auto& answer : answers) on_answer(now, answer);
        if (!stopping_) settle_key(now);
        drop_places_of_closed_gates();
    }
    replaces_.settle();
    if (!stopping_) {
        settle_key(now);
        for (auto& session : sessions_) on_rest_changes(now, session->take_changes());
        on_rest_changes(now, calls_.take_changes());
        settle_stream(now);
    }
    if (stopping_ && !rest_.places_in_flight()) stopped_ = true;
}

void WebullGateway::settle_key(Now now) {
    if (const auto rows = key_.take_accounts()) settle_accounts(now, *rows);
    if (!started_ || key_.up()) return;
    for (auto& session : sessions_)
        if (session->gate() != key_.gate() || session->reason() != key_.reason())
            session->disconnect(key_.gate(), key_.reason());
}

void WebullGateway::settle_accounts(Now now, const std::vector<wire::AccountRow>& rows) {
    list_again_at_.reset();
    std::map<std::string, AccountName> served;
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        const auto id = resolve(settings_.accounts[i], rows);
        if (id) {
            served[*id] = names_[i];
            sessions_[i]->connect(now, *id);
        } else {
            sessions_[i]->disconnect(Gate::NeedsOperator, id.error().message);
            list_again_at_ = now.mono + account_check;
        }
    }
    tell_accounts(rows, served);
}

void WebullGateway::tell_accounts(const std::vector<wire::AccountRow>& rows,
                                  const std::map<std::string, AccountName>& served) {
    gateway::AccountsListed listed{.login = login_of(settings_), .accounts = {}};
    for (const auto& row : rows) {
        const auto found = served.find(row.account_id);
        listed.accounts.push_back(
            {.id = Secret(row.account_id),
             .masked_id = wire::masked(row.account_id),
             .label = out_.scrubbed(row.label),
             .name = found == served.end() ? std::nullopt : std::optional(found->second)});
    }
    out_.tell(std::move(listed));
}

void WebullGateway::settle_stream(Now now) {
    std::vector<std::string> account_ids;
    for (const auto& session : sessions_)
        if (session->connected()) account_ids.push_back(session->account_id());
    stream_.set_accounts(now, std::move(account_ids));
    if (stream_.take_token_doubt()) key_.renew_token(now);
    if (stream_.take_subscribed()) {
        watch_.forget_waiting();
        for (auto& session : sessions_)
            if (session->connected()) session->want(now, ReadPlan::Full);
    }
    stream_.set_silent(watch_.silent());
    const bool deaf = watch_.silent() || stream_.missing();
    const auto interval = deaf ? settings_.silent_poll_interval : settings_.poll_interval;
    for (auto& session : sessions_) session->set_polling(interval);
}

std::optional<std::size_t> WebullGateway::find_account(const AccountName& name) const {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
}

std::optional<std::size_t> WebullGateway::find_account_id(const std::string& account_id) const {
    for (std::size_t i = 0; i < sessions_.size(); ++i)
        if (sessions_[i]->connected() && sessions_[i]->account_id() == account_id) return i;
    return std::nullopt;
}

}  // namespace janus::webull
