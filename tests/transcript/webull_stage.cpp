// What happens to Webull's gateway, and what becomes of it.
#include "webull_stage.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "commands.hpp"
#include "event_text.hpp"
#include "gateway/webull/wire/json.hpp"
#include "gateway/webull/wire/paths.hpp"
#include "gateway/webull/wire/subscribe.hpp"

namespace janus::transcript {
namespace {

using namespace std::chrono_literals;
namespace wire = webull::wire;

constexpr std::string_view account_id = "JNS7QK20ACC0001";

template <typename Number>
Number number_of(std::string_view text) {
    Number value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string word_at(const Line& line, std::size_t index) {
    return index < line.words.size() ? line.words[index] : std::string();
}

/// `order detail` is one word in a transcript.
std::string endpoint_of(std::string_view target) {
    const auto path = target.substr(0, target.find('?'));
    for (int i = 0; i <= static_cast<int>(wire::Call::Detail); ++i) {
        const auto& row = wire::row_of(static_cast<wire::Call>(i));
        if (row.g3 != path && row.g4 != path) continue;
        std::string name(row.name);
        std::ranges::replace(name, ' ', '_');
        return name;
    }
    return "unknown";
}

/// The members of a request that transcripts may look at: those of the body and of its orders, or
/// those of the query. Those of a second order are called `symbol_2` and so on.
void add_members(const wire::Json& json, Line& out, const std::string& suffix = {}) {
    for (const auto& [name, value] : json.members()) {
        if (value.is_array())
            for (std::size_t i = 0; i < value.items().size(); ++i)
                add_members(value.items()[i], out, i == 0 ? suffix : fmt::format("_{}", i + 1));
        else if (value.is_object())
            add_members(value, out, suffix);
        else if (out.find(name + suffix) == nullptr)
            out.values.emplace_back(name + suffix, value.text());
    }
}

/// The client order ids that a request names.
std::vector<std::string> clients_of(const Line& line) {
    std::vector<std::string> clients;
    for (const auto& [name, value] : line.values)
        if (name.starts_with("client_order_id")) clients.push_back(value);
    return clients;
}

Line line_of(const io::HttpRequest& request) {
    Line out{{endpoint_of(request.target)}, {}};
    if (const auto body = wire::Json::parse(request.body)) add_members(*body, out);
    auto query = std::string_view(request.target);
    query.remove_prefix(std::min(query.find('?'), query.size()));
    while (!query.empty()) {
        query.remove_prefix(1);
        const auto pair = query.substr(0, query.find('&'));
        const auto equals = std::min(pair.find('='), pair.size());
        out.values.emplace_back(pair.substr(0, equals),
                                pair.substr(std::min(equals + 1, pair.size())));
        query.remove_prefix(std::min(pair.size(), query.size()));
    }
    return out;
}

std::string text_of(const Line& line) {
    auto text = line.words.front();
    for (const auto& [name, value] : line.values)
        text += fmt::format(" {}={}", name, in_quotes(value));
    return text;
}

}  // namespace

WebullStage::WebullStage(const Bodies& bodies) : bodies_(bodies) {
    for (std::uint64_t order = 1; order <= 9; ++order)
        heard_.variables[fmt::format("ref{}", order)] = reference_of(order);
    open_gateway();
}

void WebullStage::open_gateway() {
    webull::WebullSettings settings;
    settings.app_key = Secret("transcript-key");
    settings.app_secret = Secret("transcript-secret");
    settings.rest = io::Endpoint{.host = "127.0.0.1", .port = 8801, .tls = false, .ca_file = {}};
    settings.events = io::Endpoint{.host = "127.0.0.1", .port = 8802, .tls = false, .ca_file = {}};
    settings.batch_orders = true;
    settings.accounts = {
        {account, std::string(account_id)}
    };
    random_ = std::make_unique<Random>(7);
    gateway_ = std::make_unique<webull::WebullGateway>(
        webull::completed(std::move(settings)).value(), *random_);
    open_.clear();
    stream_.reset();
    gate_.clear();
    stream_state_.clear();
    started_ = events_wanted_ = false;
}

// ---- inputs ----

Result<void> WebullStage::perform(const Input& input) {
    struct Row {
        std::string_view word;
        Result<void> (WebullStage::*perform)(const Input&);
    };
    static constexpr auto rows = std::to_array<Row>({
        {"do",         &WebullStage::on_do        },
        {"<",          &WebullStage::on_answer    },
        {"fail",       &WebullStage::on_fail      },
        {"event",      &WebullStage::on_event     },
        {"control",    &WebullStage::on_control   },
        {"stream_end", &WebullStage::on_stream_end},
        {"wait",       &WebullStage::on_wait      },
        {"ready",      &WebullStage::on_ready     },
        {"answer",     &WebullStage::on_polite    },
        {"drop",       &WebullStage::on_drop      },
    });
    const auto row = std::ranges::find(rows, input.line.words.front(), &Row::word);
    if (row == rows.end())
        return fail(ErrorCode::Malformed, "'{}' is not understood", input.line.words.front());
    return (this->*row->perform)(input);
}

Result<WebullStage::Open> WebullStage::take_open(const std::string& endpoint) {
    const auto found = std::ranges::find(open_, endpoint, &Open::endpoint);
    if (found == open_.end())
        return fail(ErrorCode::Malformed, "nobody waits for an answer of '{}'", endpoint);
    auto out = *found;
    open_.erase(found);
    return out;
}

Result<std::optional<std::string>> WebullStage::body_of(const Input& input) const {
    if (input.line.words.front() != "<") return std::nullopt;
    auto body = bodies_.build(word_at(input.line, 3), input.line, heard_.variables);
    if (!body) return std::unexpected(body.error());
    return std::optional(std::move(*body));
}

/// `< place 200 RECEIPT client=$ref1 retry_after=3`
Result<void> WebullStage::on_answer(const Input& input) {
    const auto body = body_of(input);
    if (!body) return std::unexpected(body.error());
    return answer_cut(input, (*body)->size());
}

Result<void> WebullStage::answer_cut(const Input& input, std::size_t size) {
    auto body = body_of(input);
    if (!body) return std::unexpected(body.error());
    const auto open = take_open(word_at(input.line, 1));
    if (!open) return std::unexpected(open.error());
    ++met_[open->endpoint];
    respond(*open, number_of<int>(word_at(input.line, 2)), (*body)->substr(0, size), input.line);
    return {};
}

void WebullStage::respond(const Open& open, int status, std::string body, const Line& line) {
    std::vector<io::Header> headers;
    if (const auto* seconds = line.find("retry_after"))
        headers.emplace_back("Retry-After", *seconds);
    gateway_->on_io(now_, io::HttpResponse{open.id, status, std::move(headers), std::move(body)});
    take();
}

/// `fail place sent "reset by peer"`
Result<void> WebullStage::on_fail(const Input& input) {
    const auto open = take_open(word_at(input.line, 1));
    if (!open) return std::unexpected(open.error());
    const bool sent = word_at(input.line, 2) != "unsent";
    if (!sent && places_orders(*open))
        for (const auto& client : open->clients) audit_.on_never_left(client);
    gateway_->on_io(now_,
                    io::HttpFailed{.id = open->id, .sent = sent, .reason = word_at(input.line, 3)});
    take();
    return {};
}

void WebullStage::tell(const wire::SubscribeResponse& response) {
    if (!stream_) return;
    gateway_->on_io(now_, io::StreamMessage{*stream_, wire::encode(response)});
    take();
}

/// `event FINAL_FILLED status=FILLED filled=100`
Result<void> WebullStage::on_event(const Input& input) {
    auto line = input.line;
    const auto scene = word_at(line, 1);
    line.values.emplace_back("scene", scene);
    const auto payload = bodies_.build("EVENT", line, heard_.variables);
    if (!payload) return std::unexpected(payload.error());
    ++met_[scene];
    tell({.event_type = wire::event_type::order,
          .subscribe_type = 1,
          .content_type = "application/json",
          .payload = input.line.value_of("raw", *payload),
          .request_id = {},
          .timestamp = 0});
    return {};
}

/// `control auth_error`, or the number of an event type.
Result<void> WebullStage::on_control(const Input& input) {
    struct Row {
        std::string_view word;
        std::uint32_t type;
    };
    static constexpr auto rows = std::to_array<Row>({
        {"subscribe_success",    wire::event_type::subscribe_success   },
        {"ping",                 wire::event_type::ping                },
        {"auth_error",           wire::event_type::auth_error          },
        {"connections_exceeded", wire::event_type::connections_exceeded},
        {"subscribe_expired",    wire::event_type::subscribe_expired   },
    });
    const auto word = word_at(input.line, 1);
    const auto row = std::ranges::find(rows, word, &Row::word);
    const auto type = row != rows.end() ? row->type : number_of<std::uint32_t>(word);
    ++met_[word];
    if (type == wire::event_type::subscribe_success) stream_greeted_ = true;
    tell({.event_type = type,
          .subscribe_type = 0,
          .content_type = "text/plain",
          .payload = {},
          .request_id = {},
          .timestamp = 0});
    return {};
}

Result<void> WebullStage::on_stream_end(const Input& input) {
    if (!stream_) return fail(ErrorCode::Malformed, "there is no stream to end");
    const auto ended = *std::exchange(stream_, std::nullopt);
    gateway_->on_io(now_, io::StreamEnded{ended, number_of<int>(word_at(input.line, 1)), ""});
    take();
    return {};
}

Result<void> WebullStage::on_wait(const Input& input) {
    const auto span = parse_span(word_at(input.line, 1));
    if (!span) return std::unexpected(span.error());
    wait(*span);
    return {};
}

void WebullStage::begin() {
    started_ = true;
    command(gateway::Start{});
}

Result<void> WebullStage::on_ready(const Input&) {
    if (!started_) begin();
    auto ok = recover();
    heard_.forget();
    return ok;
}

Result<void> WebullStage::on_polite(const Input&) {
    return answer_politely();
}

Result<void> WebullStage::on_drop(const Input&) {
    drop();
    return {};
}

void WebullStage::drop() {
    audit_.on_process_ended();
    open_gateway();
    begin();
}

void WebullStage::cut(int code) {
    for (const auto& open : std::exchange(open_, {})) {
        gateway_->on_io(now_,
                        io::HttpFailed{.id = open.id, .sent = true, .reason = "reset by peer"});
        take();
    }
    if (!stream_) return;
    const auto ended = *std::exchange(stream_, std::nullopt);
    gateway_->on_io(now_, io::StreamEnded{ended, code, ""});
    take();
}

// ---- what comes out ----

void WebullStage::take() {
    for (auto effects = gateway_->take_effects(); !effects.empty();
         effects = gateway_->take_effects())
        for (const auto& effect : effects) {
            if (const auto* request = std::get_if<io::HttpRequest>(&effect)) note_request(*request);
            if (const auto* stream = std::get_if<io::OpenStream>(&effect)) {
                stream_ = stream->id;
                stream_greeted_ = false;
                heard_.sent.push_back({
                    Line{{"subscribe"}, {}},
                    "subscribe"
                });
            }
            if (const auto* close = std::get_if<io::CloseStream>(&effect))
                if (stream_ == close->id) stream_.reset();
        }
    for (const auto& event : gateway_->take_events()) {
        audit_.on_event(event);
        if (const auto* change = std::get_if<gateway::GateChanged>(&event))
            gate_ = gateway::to_text(change->gate);
        if (const auto* change = std::get_if<gateway::StreamChanged>(&event))
            stream_state_ = gateway::to_text(change->state);
        if (auto text = transcript::text_of(event); !text.empty())
            heard_.said.push_back(std::move(text));
    }
}

void WebullStage::note_request(const io::HttpRequest& request) {
    auto line = line_of(request);
    const Open open{request.id, line.words.front(), clients_of(line)};
    if (places_orders(open))
        for (const auto& client : open.clients)
            audit_.on_sent(Line{{"PLACE_ORDER"}, {{"reference", client}}});
    open_.push_back(open);
    auto text = text_of(line);
    heard_.sent.push_back({std::move(line), std::move(text)});
}

// ---- time ----

void WebullStage::move_to(Instant at) {
    now_.utc = now_.utc + (at - now_.mono);
    now_.mono = at;
}

void WebullStage::wait(Duration span) {
    const auto end = now_.mono + span;
    for (int steps = 0; steps < 100'000; ++steps) {
        const auto due = gateway_->deadline();
        if (!due || *due > end) break;
        move_to(std::max(*due, now_.mono));
        gateway_->on_timeout(now_);
        take();
    }
    move_to(end);
    gateway_->on_timeout(now_);
    take();
}

}  // namespace janus::transcript
