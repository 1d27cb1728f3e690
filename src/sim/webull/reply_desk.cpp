#include "sim/webull/reply_desk.hpp"

#include <array>

#include <fmt/chrono.h>
#include <boost/json.hpp>

namespace janus::sim::webull {
namespace {

namespace json = boost::json;

constexpr std::string_view html_page =
    "<!DOCTYPE html><html><body><h1>Service maintenance</h1></body></html>";

/// `Mon, 09 Mar 2026 14:30:05 GMT`
std::string http_date_text(Utc at) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                       fmt::gmtime(static_cast<std::time_t>(at.seconds())));
}

void become_html(HttpReply& reply, const FaultParameters&) {
    reply.status = 200;
    reply.headers = {
        {"Content-Type", "text/html"}
    };
    reply.body = html_page;
}

void become_truncated(HttpReply& reply, const FaultParameters&) {
    reply.body.resize(reply.body.size() / 2);
}

void become_empty(HttpReply& reply, const FaultParameters&) {
    reply.status = 200;
    reply.body.clear();
}

void become_huge(HttpReply& reply, const FaultParameters& parameters) {
    constexpr std::string_view frame = R"({"x":""})";
    const auto wanted = static_cast<std::size_t>(parameters.integer("bytes"));
    const auto filling = wanted > frame.size() ? wanted - frame.size() : 0;
    reply.status = 200;
    reply.body = R"({"x":")" + std::string(filling, 'x') + R"("})";
}

void become_bad_gzip(HttpReply& reply, const FaultParameters&) {
    reply.headers.emplace_back("Content-Encoding", "gzip");
}

void become_redirect(HttpReply& reply, const FaultParameters&) {
    reply.status = 302;
    reply.headers.emplace_back("Location", "http://127.0.0.1:9/elsewhere");
    reply.body.clear();
}

void become_status(HttpReply& reply, const FaultParameters& parameters) {
    reply = json_reply(reply.id, parameters.integer("status"),
                       R"({"error_code":"OPENAPI_SYSTEM_ERROR","message":"Injected by a fault"})");
}

/// The faults that change a reply on its way out.
struct SpoilRow {
    std::string_view fault;
    void (*change)(HttpReply& reply, const FaultParameters& parameters);
};
constexpr auto spoils = std::to_array<SpoilRow>({
    {"http_status",    become_status   },
    {"html_body",      become_html     },
    {"truncated_body", become_truncated},
    {"empty_body",     become_empty    },
    {"huge_body",      become_huge     },
    {"bad_gzip",       become_bad_gzip },
    {"redirect",       become_redirect },
});

}  // namespace

HttpReply json_reply(HttpExchangeId id, int status, std::string body) {
    return {
        .id = id,
        .status = status,
        .headers = {{"Content-Type", "application/json;charset=UTF-8"},
                    {"X-Request-Id", fmt::format("{:032x}", id.value)}},
        .body = std::move(body),
        .drop = false
    };
}

bool ReplyDesk::intercept(Now now, HttpExchangeId id, Endpoint endpoint) {
    const auto name = row_of(endpoint).name;
    if (take_silently(id, endpoint, "before")) return true;
    if (const auto fault = faults_.use_at("rate_limit", name, "")) {
        auto reply = json_reply(
            id, 429, R"({"error_code":"OPENAPI_TOO_MANY_REQUESTS","message":"Too many requests"})");
        if (const auto& seconds = fault->text("retry_after"); !seconds.empty())
            reply.headers.emplace_back("Retry-After", seconds);
        send(now, endpoint, std::move(reply));
        return true;
    }
    if (const auto fault = faults_.use_at("http_status", name, "before")) {
        auto reply = json_reply(id, 500, "");
        become_status(reply, *fault);
        send(now, endpoint, std::move(reply));
        return true;
    }
    return false;
}

void ReplyDesk::deliver(Now now, Endpoint endpoint, HttpReply reply) {
    if (take_silently(reply.id, endpoint, "after")) return;
    for (const auto& row : spoils)
        if (const auto fault = faults_.use_at(row.fault, row_of(endpoint).name, "after"))
            row.change(reply, *fault);
    send(now, endpoint, std::move(reply));
}

void ReplyDesk::refuse(Now now, Endpoint endpoint, HttpExchangeId id, const Refusal& refusal) {
    const std::string prefix = faults_.is_on("production_prefix") ? "OAUTH_OPENAPI_" : "OPENAPI_";
    const json::object body{
        {"error_code", prefix + refusal.code},
        {"message",    refusal.message      },
    };
    deliver(now, endpoint, json_reply(id, refusal.status, json::serialize(body)));
}

void ReplyDesk::no_route(HttpExchangeId id) {
    ready_.push_back(json_reply(id, 404, R"({"error_msg":"404 Route Not Found"})"));
}

void ReplyDesk::on_timeout(Now now) {
    while (!late_.empty() && late_.begin()->first <= now.mono) {
        ready_.push_back(std::move(late_.begin()->second));
        late_.erase(late_.begin());
    }
}

std::optional<Instant> ReplyDesk::deadline() const {
    if (late_.empty()) return std::nullopt;
    return late_.begin()->first;
}

std::vector<HttpReply> ReplyDesk::take_replies() {
    return std::exchange(ready_, {});
}

/// The two faults after which no reply comes: a reset, or nothing at all.
bool ReplyDesk::take_silently(HttpExchangeId id, Endpoint endpoint, std::string_view when) {
    const auto name = row_of(endpoint).name;
    const bool acknowledgement = places_orders(endpoint) && when == "after";
    if (faults_.use_at("reset", name, when) || (acknowledgement && faults_.use("drop_ack"))) {
        ready_.push_back({.id = id, .status = 0, .headers = {}, .body = {}, .drop = true});
        return true;
    }
    return faults_.use_at("no_reply", name, when).has_value();
}

void ReplyDesk::send(Now now, Endpoint endpoint, HttpReply reply) {
    Duration wait{0};
    if (const auto fault = faults_.use_at("latency", row_of(endpoint).name, "after"))
        wait += fault->milliseconds("ms");
    if (places_orders(endpoint))
        if (const auto fault = faults_.use("event_before_reply")) wait += fault->milliseconds("ms");
    // Clients read the server's clock here, so a wrong clock must show.
    const auto* offset = faults_.find("clock_offset");
    const auto shift = std::chrono::seconds(offset == nullptr ? 0 : offset->integer("seconds"));
    reply.headers.emplace_back("Date", http_date_text(now.utc + wait + shift));
    if (wait > Duration{0})
        late_.emplace(now.mono + wait, std::move(reply));
    else
        ready_.push_back(std::move(reply));
}

}  // namespace janus::sim::webull
