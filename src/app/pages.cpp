#include "app/pages.hpp"

#include <array>
#include <map>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <boost/json.hpp>

#include "api/token.hpp"

namespace janus::app {
namespace {

std::string health_json(const PageSource& source, Now now) {
    boost::json::array components;
    for (const auto& part : source.engine.health(now))
        components.push_back(boost::json::object{
            {"name",   part.name              },
            {"state",  part.state             },
            {"ok",     part.ok                },
            {"since",  to_iso_text(part.since)},
            {"detail", part.detail            }
        });
    const boost::json::object health{
        {"ready",      source.ready && !source.stopping},
        {"version",    source.version                  },
        {"components", components                      }
    };
    return boost::json::serialize(health) + "\n";
}

Page livez(const PageSource&, Now) {
    return {.body = "ok\n"};
}

Page readyz(const PageSource& source, Now now) {
    if (source.ready && !source.stopping) return {.body = "ready\n"};
    Page page{.status = 503, .body = source.stopping ? "stopping\n" : ""};
    for (const auto& part : source.engine.health(now))
        if (!part.ok) page.body += fmt::format("{}: {} {}\n", part.name, part.state, part.detail);
    if (page.body.empty()) page.body = "starting\n";
    return page;
}

Page healthz(const PageSource& source, Now now) {
    return {.type = "application/json", .body = health_json(source, now)};
}

prometheus::MetricFamily family_of(std::string name, std::string help,
                                   prometheus::MetricType type) {
    prometheus::MetricFamily family;
    family.name = std::move(name);
    family.help = std::move(help);
    family.type = type;
    return family;
}

void add_gauge(prometheus::MetricFamily& family, std::string label, std::string label_value,
               double value) {
    prometheus::ClientMetric metric;
    metric.label.push_back({std::move(label), std::move(label_value)});
    metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
}

Page metrics(const PageSource& source, Now now) {
    auto components = family_of("janus_component_ok", "1 while a component works.",
                                prometheus::MetricType::Gauge);
    for (const auto& part : source.engine.health(now))
        add_gauge(components, "component", part.name, part.ok ? 1 : 0);
    auto orders =
        family_of("janus_orders", "Orders known, by state.", prometheus::MetricType::Gauge);
    std::map<std::string, int> by_state;
    for (const auto& order : source.engine.orders({}, true))
        ++by_state[std::string(to_text(order.state))];
    for (const auto& [state, count] : by_state) add_gauge(orders, "state", state, count);
    auto events = family_of("janus_events_total", "Counted events and oddities, by name.",
                            prometheus::MetricType::Counter);
    for (const auto& [name, value] : source.engine.counters()) {
        prometheus::ClientMetric metric;
        metric.label.push_back({"name", name});
        metric.counter.value = static_cast<double>(value);
        events.metric.push_back(std::move(metric));
    }
    return {.type = "text/plain; version=0.0.4; charset=utf-8",
            .body = prometheus::TextSerializer{}.Serialize({components, orders, events})};
}

enum class NeedsToken { No, Yes };
struct PageRow {
    std::string_view path;
    NeedsToken token;
    Page (*make)(const PageSource& source, Now now);
};
constexpr auto pages = std::to_array<PageRow>({
    {"/livez",   NeedsToken::No,  livez  },
    {"/readyz",  NeedsToken::No,  readyz },
    {"/healthz", NeedsToken::Yes, healthz},
    {"/metrics", NeedsToken::Yes, metrics},
});

bool has_token(const net::HttpServerRequest& request, const Secret& token) {
    constexpr std::string_view bearer = "Bearer ";
    const auto header = request.find_header("authorization");
    return header && header->starts_with(bearer) &&
           api::is_same_token(token, header->substr(bearer.size()));
}

}  // namespace

Page page_of(const net::HttpServerRequest& request, const PageSource& source, Now now) {
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    for (const auto& row : pages) {
        if (row.path != path) continue;
        if (request.method != "GET") return {.status = 405, .body = "only GET is allowed here\n"};
        if (row.token == NeedsToken::Yes && !has_token(request, source.token))
            return {.status = 401,
                    .body = "token is missing or wrong; use Authorization: Bearer\n"};
        return row.make(source, now);
    }
    std::string known;
    for (const auto& row : pages) known += fmt::format(" {}", row.path);
    return {.status = 404, .body = fmt::format("no such page; there are{}\n", known)};
}

}  // namespace janus::app
