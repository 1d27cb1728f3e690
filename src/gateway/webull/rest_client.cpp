#include "gateway/webull/rest_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/webull/http_date.hpp"
#include "gateway/webull/place_batch.hpp"
#include "gateway/webull/wire/account_rows.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;
using wire::Call;

constexpr Duration driver_grace = 5s;    ///< Past a request's own timeout.
constexpr Duration throttled_wait = 2s;  ///< After a 429 that does not say how long.
constexpr Duration throttled_wait_max = 60s;
constexpr Duration repeat_first = 500ms;
constexpr Duration repeat_longest = 4s;

/// Cancels first, then what changes and places, then what only reads.
constexpr auto sending_order = std::to_array<Call>({
    Call::Cancel,
    Call::Replace,
    Call::Place,
    Call::BatchPlace,
    Call::Preview,
    Call::Config,
    Call::TokenCreate,
    Call::TokenCheck,
    Call::TokenRefresh,
    Call::AccountList,
    Call::Detail,
    Call::OpenOrders,
    Call::Positions,
    Call::Balance,
    Call::History,
    Call::Instruments,
});

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

const std::string* find_header(const std::vector<io::Header>& headers, std::string_view name) {
    for (const auto& [header, value] : headers)
        if (same_name(header, name)) return &value;
    return nullptr;
}

/// The header in its two forms, seconds and a date; nothing when it is absent or says nothing.
std::optional<Duration> retry_after_of(Now now, const io::HttpResponse& response) {
    const auto* header = find_header(response.headers, "retry-after");
    if (header == nullptr) return std::nullopt;
    if (const auto date = parse_http_date(*header))
        return std::clamp<Duration>(*date - now.utc, Duration{}, throttled_wait_max);
    int seconds = 0;
    const auto [end, error] =
        std::from_chars(header->data(), header->data() + header->size(), seconds);
    if (error != std::errc{} || end != header->data() + header->size() || seconds < 0)
        return std::nullopt;
    return std::min<Duration>(std::chrono::seconds(seconds), throttled_wait_max);
}

/// What may be on the wire once only.
bool goes_once(Call call) {
    return wire::row_of(call).repeat == wire::Repeat::Never;
}

Answer answer_of(Ticket ticket, const io::HttpResponse& response) {
    Answer answer;
    answer.ticket = std::move(ticket);
    answer.status = response.status;
    const bool good = response.status >= 200 && response.status < 300;
    if (!good) {
        auto error = wire::decode_error(response.body);
        answer.outcome = Outcome::Refused;
        answer.code = std::move(error.code);
        answer.message = std::move(error.message);
        return answer;
    }
    auto body = wire::Json::parse(response.body);
    answer.outcome = body ? Outcome::Good : Outcome::Unreadable;
    if (body)
        answer.body = std::move(*body);
    else
        answer.message = "reply cannot be read: " + body.error().message;
    return answer;
}

Answer failure_of(Ticket ticket, Outcome outcome, std::string message) {
    Answer answer;
    answer.ticket = std::move(ticket);
    answer.outcome = outcome;
    answer.message = std::move(message);
    return answer;
}

bool may_repeat(const Answer& answer) {
    switch (answer.outcome) {
        case Outcome::Good:
            return false;
        case Outcome::Refused:
            return answer.status >= 500 || answer.status == too_many_requests;
        case Outcome::Unreadable:
        case Outcome::NotSent:
        case Outcome::Lost:
            return true;
    }
    return false;
}

}  // namespace

std::string Answer::reason() const {
    std::string text = outcome == Outcome::Refused ? fmt::format("{}", status) : "";
    if (!code.empty()) text += " " + code;
    if (!message.empty()) text += text.empty() ? message : ": " + message;
    return text.empty() ? "no reason given" : text;
}

RestClient::RestClient(const WebullSettings& settings, Outbox& out, Random& random)
    : settings_(settings),
      out_(out),
      random_(random),
      key_{settings.app_key, settings.app_secret, settings.algorithm},
      nonce_prefix_(random_hex(random, 20)),
      batches_(settings.batch_orders) {
    if (settings.generation == UrlGeneration::G3) generation_ = wire::Generation::G3;
    for (const auto call : sending_order) {
        const auto& row = wire::row_of(call);
        budgets_.emplace(call, RateBudget(row.burst, row.refill));
    }
}

RateBudget& RestClient::budget_of(Call call) {
    return budgets_.at(call);
}

wire::Stamp RestClient::next_stamp(Now now) {
    return {.timestamp = to_iso_seconds_text(now.utc),
            .nonce = fmt::format("{}{:012x}", nonce_prefix_, ++nonce_count_)};
}

void RestClient::submit(Now now, Request request) {
    const bool cancel = request.ticket.call == Call::Cancel;
    const auto room = queue_max + (cancel ? cancel_reserve : 0);
    if (stopped_ || waiting_count_ >= room) {
        out_.count("requests_refused");
        answers_.push_back(failure_of(std::move(request.ticket), Outcome::NotSent,
                                      stopped_ ? "server is stopping" : "too many requests wait"));
        return;
    }
    ++waiting_count_;
    waiting_[request.ticket.call].push_back({.request = std::move(request)});
    pump(now);
}

bool RestClient::withdraw_detail(std::size_t account, const ClientOrderId& client_order_id) {
    const auto gone = std::erase_if(waiting_[Call::Detail], [&](const Waiting& waiting) {
        const auto& ticket = waiting.request.ticket;
        return ticket.account == account && ticket.client_order_id == client_order_id;
    });
    waiting_count_ -= gone;
    return gone > 0;
}

void RestClient::pump(Now now) {
    if (stopped_) return;
    for (const auto call : sending_order) pump_call(now, call);
}

/// A place that leaves takes those with it that wait behind it and may go together; nothing waits
/// in order to go together, and what the broker throttles waits like any other.
RestClient::Waiting RestClient::with_companions(Now now, Waiting first,
                                                std::deque<Waiting>& queue) {
    if (!batches_ || !first.request.batch_part) return first;
    std::vector<const Request*> behind;
    for (const auto& waiting : queue) behind.push_back(&waiting.request);
    const auto chosen = find_companions(now.mono, first.request, behind);
    if (chosen.empty() || !budget_of(Call::BatchPlace).take(now.mono)) return first;
    std::vector<Request> members{std::move(first.request)};
    for (const auto index : chosen) members.push_back(std::move(queue[index].request));
    for (auto index = chosen.rbegin(); index != chosen.rend(); ++index)
        queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(*index));
    waiting_count_ -= chosen.size();
    out_.count("batches");
    return {.request = batch_of(members)};
}

/// Each place of a batch has an answer of its own.
void RestClient::tell(const Request& request, Answer answer) {
    if (request.members.empty()) {
        answers_.push_back(std::move(answer));
        return;
    }
    if (refuses_batches(answer) && std::exchange(batches_, false))
        out_.notice(LogLevel::Warning,
                    fmt::format("webull refuses batches of orders, so they go one by one until the "
                                "next start; set batch_orders = false: {}",
                                answer.reason()));
    for (auto& each : answers_of_batch(request.members, answer))
        answers_.push_back(std::move(each));
}

void RestClient::pump_call(Now now, Call call) {
    auto& queue = waiting_[call];
    for (auto at = queue.begin(); at != queue.end();) {
        const auto& before = at->request.send_before;
        if (before && now.mono >= *before) {
            auto late = std::move(at->request.ticket);
            at = queue.erase(at);
            --waiting_count_;
            answers_.push_back(failure_of(std::move(late), Outcome::NotSent, "waited too long"));
            continue;
        }
        if (at->not_before > now.mono || !budget_of(call).take(now.mono)) {
            ++at;
            continue;
        }
        auto waiting = std::move(*at);
        queue.erase(at);
        --waiting_count_;
        send(now, with_companions(now, std::move(waiting), queue));
        at = queue.begin();
    }
}

std::vector<io::Header> RestClient::headers_of(const Request& request, const wire::Stamp& stamp,
                                               const std::string& path) const {
    const auto signature = wire::sign_rest(key_, stamp,
                                           {.host = settings_.signed_host,
                                            .path = path,
                                            .query = request.query,
                                            .body = request.body});
    auto headers = wire::signature_headers(key_, stamp, signature);
    if (request.body) headers.emplace_back("Content-Type", "application/json");
    if (!request.category.empty()) headers.emplace_back("category", request.category);
    // These have one URL in all generations, the older one's.
    const auto call = request.ticket.call;
    const bool before_token = call == Call::Config || call == Call::TokenCreate ||
                              call == Call::TokenCheck || call == Call::TokenRefresh;
    headers.emplace_back("x-version",
                         wire::version_of(before_token ? wire::Generation::G3 : generation_));
    if (token_ && !before_token) headers.emplace_back("x-access-token", token_->reveal());
    return headers;
}

void RestClient::send(Now now, Waiting waiting) {
    const auto& request = waiting.request;
    const auto& row = wire::row_of(request.ticket.call);
    const std::string path(wire::path_of(request.ticket.call, generation_));
    io::HttpRequest http;
    http.id = io::HttpId{++last_id_};
    http.endpoint = *settings_.rest;
    http.method = row.method;
    http.target = request.query.empty() ? path : path + "?" + wire::form_encode(request.query);
    http.headers = headers_of(request, next_stamp(now), path);
    http.body = request.body.value_or("");
    http.timeout = settings_.request_timeout;
    http.body_size_max = wire::Json::size_max;
    ++waiting.attempts;
    const auto lost_at = now.mono + settings_.request_timeout + driver_grace;
    flying_.emplace(http.id, Flying{.waiting = std::move(waiting), .lost_at = lost_at});
    out_.want(std::move(http));
}

std::optional<RestClient::Waiting> RestClient::take_flying(io::HttpId id) {
    const auto found = flying_.find(id);
    if (found == flying_.end()) {
        out_.count("answers_late");
        return std::nullopt;
    }
    auto waiting = std::move(found->second.waiting);
    flying_.erase(found);
    return waiting;
}

/// A broker that goes on throttling is given ever more time: repeated breaches block the address.
/// Only cancels do not wait longer than it says.
void RestClient::obey(Now now, Call call, const io::HttpResponse& response) {
    if (response.status != too_many_requests) {
        throttles_.erase(call);
        return;
    }
    out_.count("throttled");
    auto wait = throttled_wait;
    const int doublings = call == Call::Cancel ? 0 : throttles_[call];
    for (int i = 0; i < doublings && wait < throttled_wait_max; ++i) wait = wait * 2;
    ++throttles_[call];
    wait = retry_after_of(now, response).value_or(std::min(wait, throttled_wait_max));
    budget_of(call).block_until(now.mono + wait);
}

void RestClient::finish(Now now, Waiting waiting, Answer answer) {
    const auto call = waiting.request.ticket.call;
    const bool safe = wire::row_of(call).repeat == wire::Repeat::Safe;
    const bool again =
        safe && !stopped_ && may_repeat(answer) && waiting.attempts < waiting.request.attempts_max;
    if (again) {
        Backoff backoff(repeat_first, repeat_longest);
        Duration wait{};
        for (int i = 0; i < waiting.attempts; ++i) wait = backoff.next(random_);
        waiting.not_before = now.mono + wait;
        waiting.may_have_arrived |= answer.outcome != Outcome::NotSent;
        ++waiting_count_;
        waiting_[call].push_back(std::move(waiting));
        out_.count("requests_repeated");
    } else {
        if (answer.outcome == Outcome::NotSent && waiting.may_have_arrived)
            answer.outcome = Outcome::Lost;
        tell(waiting.request, std::move(answer));
    }
    pump(now);
}

void RestClient::on_response(Now now, const io::HttpResponse& response) {
    measure_clock(now, response.headers);
    auto waiting = take_flying(response.id);
    if (!waiting) return;
    auto answer = answer_of(waiting->request.ticket, response);
    obey(now, answer.ticket.call, response);
    finish(now, std::move(*waiting), std::move(answer));
}

void RestClient::on_failed(Now now, const io::HttpFailed& failed) {
    auto waiting = take_flying(failed.id);
    if (!waiting) return;
    auto answer = failure_of(waiting->request.ticket,
                             failed.sent ? Outcome::Lost : Outcome::NotSent, failed.reason);
    finish(now, std::move(*waiting), std::move(answer));
}

void RestClient::on_timeout(Now now) {
    std::vector<io::HttpId> lost;
    for (const auto& [id, flying] : flying_)
        if (now.mono >= flying.lost_at) lost.push_back(id);
    for (const auto id : lost)
        on_failed(now, {.id = id, .sent = true, .reason = "no reply and no failure in time"});
    pump(now);
}

std::optional<Instant> RestClient::deadline() const {
    std::optional<Instant> at;
    for (const auto& [id, flying] : flying_) at = earlier(at, flying.lost_at);
    for (const auto& [call, queue] : waiting_)
        for (const auto& waiting : queue) {
            at = earlier(at, budgets_.at(call).next_at(waiting.not_before));
            at = earlier(at, waiting.request.send_before);
        }
    return at;
}

void RestClient::measure_clock(Now now, const std::vector<io::Header>& headers) {
    const auto* header = find_header(headers, "date");
    if (header == nullptr) return;
    const auto server = parse_http_date(*header);
    if (!server) return;
    clock_skew_ = *server - now.utc;
    // The header has whole seconds, so one second of difference proves nothing.
    const bool off = std::chrono::abs(*clock_skew_) > settings_.clock_skew_alarm + 1s;
    if (off && !skew_alarmed_)
        out_.notice(
            LogLevel::Warning,
            fmt::format("clock differs from Webull's by {} s: check time synchronisation",
                        std::chrono::duration_cast<std::chrono::seconds>(*clock_skew_).count()));
    skew_alarmed_ = off;
}

bool RestClient::clock_is_off() const {
    return clock_skew_ && std::chrono::abs(*clock_skew_) > settings_.signature_window;
}

std::string RestClient::clock_trouble() const {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(clock_skew_.value_or(Duration{})).count();
    return fmt::format(
        "clock_skew: the clock of this machine is {} s {} Webull's, signatures count for {} s: "
        "check time synchronisation",
        seconds < 0 ? -seconds : seconds, seconds < 0 ? "ahead of" : "behind",
        std::chrono::duration_cast<std::chrono::seconds>(settings_.signature_window).count());
}

void RestClient::drop_places(std::size_t account, const std::string& reason) {
    for (const auto call : {Call::Place, Call::Replace})
        waiting_count_ -= std::erase_if(waiting_[call], [&](Waiting& waiting) {
            if (waiting.request.ticket.account != account) return false;
            answers_.push_back(
                failure_of(std::move(waiting.request.ticket), Outcome::NotSent, reason));
            return true;
        });
}

void RestClient::stop() {
    stopped_ = true;
    for (auto& [call, queue] : waiting_)
        for (auto& waiting : queue)
            answers_.push_back(failure_of(
                std::move(waiting.request.ticket),
                waiting.may_have_arrived ? Outcome::Lost : Outcome::NotSent, "server is stopping"));
    waiting_.clear();
    waiting_count_ = 0;
    std::erase_if(flying_, [](const auto& flying) {
        return !goes_once(flying.second.waiting.request.ticket.call);
    });
}

bool RestClient::places_in_flight() const {
    return std::ranges::any_of(flying_, [](const auto& flying) {
        return goes_once(flying.second.waiting.request.ticket.call);
    });
}

void RestClient::abandon() {
    for (const auto& [id, flying] : flying_)
        tell(flying.waiting.request, failure_of(flying.waiting.request.ticket, Outcome::Lost,
                                                "server stopped before the reply came"));
    flying_.clear();
}

}  // namespace janus::webull
