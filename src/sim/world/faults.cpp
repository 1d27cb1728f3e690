#include "sim/world/faults.hpp"

#include <array>

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

// Left out: what only an operator can heal (wrong keys, wrong accounts), and what makes a broker
// lie in a complete answer (empty_snapshot), which nobody can see.
constexpr auto fault_rows = std::to_array<WorldFault>({
    {"ib",     "refuse_connect",           "count=3",                                      Line::Ib    },
    {"ib",     "accept_then_close",        "count=2",                                      Line::Ib    },
    {"ib",     "client_id_busy",           "count=2",                                      Line::Ib    },
    {"ib",     "no_start",                 "count=1",                                      Line::Ib    },
    {"ib",     "lower_next_valid_id",      "to=1",                                         Line::Ib    },
    {"ib",     "freeze",                   "",                                             Line::Ib    },
    {"ib",     "split_writes",             "",                                             Line::Ib    },
    {"ib",     "disconnect_all",           "",                                             Line::Ib    },
    {"ib",     "upstream_lost",            "repeat=2",                                     Line::Ib    },
    {"ib",     "farm_flap",                "repeat=2",                                     Line::Ib    },
    {"ib",     "farm_broken",              "",                                             Line::Ib    },
    {"ib",     "withhold_end",             "which=positions count=1",                      Line::Ib    },
    {"ib",     "withhold_end",             "which=open_orders count=1",                    Line::Ib    },
    {"ib",     "withhold_end",             "which=executions count=1",                     Line::Ib    },
    {"ib",     "withhold_end",             "which=completed count=1",                      Line::Ib    },
    {"ib",     "withhold_end",             "which=summary count=1",                        Line::Ib    },
    {"ib",     "swallow_place",            "delay_ms=0 count=2",                           Line::Ib    },
    {"ib",     "swallow_place",            "delay_ms=4000 count=2",                        Line::Ib    },
    {"ib",     "drop_ack",                 "count=2",                                      Line::Ib    },
    {"ib",     "close_after_place",        "count=1",                                      Line::Ib    },
    {"ib",     "reject_orders",            "count=2",                                      Line::Ib    },
    {"ib",     "reject_after_ack",         "count=1",                                      Line::Ib    },
    {"ib",     "order_notice",             "count=2",                                      Line::Ib    },
    {"ib",     "order_notice",             "code=201 text=no count=1",                     Line::Ib    },
    {"ib",     "cancel_refused",           "count=1",                                      Line::Ib    },
    {"ib",     "cancel_without_status",    "count=2",                                      Line::Ib    },
    {"ib",     "fill_after_cancel",        "count=1",                                      Line::Ib    },
    {"ib",     "overfill",                 "count=1",                                      Line::Ib    },
    {"ib",     "fill_without_status",      "count=2",                                      Line::Ib    },
    {"ib",     "duplicate_executions",     "times=3",                                      Line::Ib    },
    {"ib",     "message_order",            "order=ESOC",                                   Line::Ib    },
    {"ib",     "message_order",            "order=CESO",                                   Line::Ib    },
    {"ib",     "execution_correction",     "quantity=1 price=10",                          Line::Ib    },
    {"ib",     "delayed_data",             "",                                             Line::Ib    },
    {"ib",     "stop_ticks",               "",                                             Line::Ib    },
    {"ib",     "no_quote",                 "",                                             Line::Ib    },
    {"ib",     "unknown_message",          "",                                             Line::Ib    },
    {"ib",     "unsolicited",              "",                                             Line::Ib    },
    {"ib",     "bad_frame",                "",                                             Line::Ib    },
    {"ib",     "field_count",              "change=-2 count=2",                            Line::Ib    },
    {"webull", "http_status",              "status=500 when=before count=4",               Line::Webull},
    {"webull", "http_status",              "status=502 when=after count=4",                Line::Webull},
    {"webull", "http_status",              "endpoint=place status=503 when=after count=1", Line::Webull},
    {"webull", "no_reply",                 "when=before count=2",                          Line::Webull},
    {"webull", "no_reply",                 "endpoint=place when=after count=1",            Line::Webull},
    {"webull", "reset",                    "when=after count=3",                           Line::Webull},
    {"webull", "reset",                    "when=before count=3",                          Line::Webull},
    {"webull", "latency",                  "ms=4000 count=6",                              Line::Webull},
    {"webull", "latency",                  "ms=4000 when=before count=4",                  Line::Webull},
    {"webull", "page_size",                "rows=10",                                      Line::Webull},
    {"webull", "page_drift",               "",                                             Line::Webull},
    {"webull", "history_window",           "minutes=1",                                    Line::Webull},
    {"webull", "expired_status",           "",                                             Line::Webull},
    {"webull", "refuse_taken",             "code=TRADE_PLACE_ORDER_REPEAT count=1",        Line::Webull},
    {"webull", "refuse_taken",             "code=SYSTEM_ERROR count=1",                    Line::Webull},
    {"webull", "refuse_taken",             "code=PARAM_ERR count=1",                       Line::Webull},
    {"webull", "no_batches",               "",                                             Line::Webull},
    {"webull", "modify_failed",            "count=1",                                      Line::Webull},
    {"webull", "rate_limit",               "count=3",                                      Line::Webull},
    {"webull", "rate_limit",               "retry_after=3 count=3",                        Line::Webull},
    {"webull", "html_body",                "count=3",                                      Line::Webull},
    {"webull", "truncated_body",           "count=3",                                      Line::Webull},
    {"webull", "empty_body",               "count=2",                                      Line::Webull},
    {"webull", "bad_gzip",                 "count=2",                                      Line::Webull},
    {"webull", "redirect",                 "count=2",                                      Line::Webull},
    {"webull", "swallow_place",            "reply=none count=1",                           Line::Webull},
    {"webull", "swallow_place",            "reply=ok count=1",                             Line::Webull},
    {"webull", "drop_ack",                 "count=2",                                      Line::Webull},
    {"webull", "place_failed_later",       "count=1",                                      Line::Webull},
    {"webull", "event_before_reply",       "count=2",                                      Line::Webull},
    {"webull", "cancel_failed",            "count=1",                                      Line::Webull},
    {"webull", "production_prefix",        "",                                             Line::Webull},
    {"webull", "history_lag",              "ms=3000",                                      Line::Webull},
    {"webull", "unknown_status",           "",                                             Line::Webull},
    {"webull", "number_format",            "style=zeros",                                  Line::Webull},
    {"webull", "number_format",            "style=exponent",                               Line::Webull},
    {"webull", "token_state",              "state=INVALID new_state=NORMAL",               Line::Webull},
    {"webull", "token_state",              "state=EXPIRED new_state=NORMAL",               Line::Webull},
    {"webull", "token_state",              "state=PENDING new_state=PENDING checks=2",     Line::Webull},
    {"webull", "token_life",               "seconds=20",                                   Line::Webull},
    {"webull", "clock_offset",             "seconds=30",                                   Line::Webull},
    {"webull", "clock_offset",             "seconds=-400",                                 Line::Webull},
    {"events", "auth_error",               "",                                             Line::Webull},
    {"events", "stream_end",               "status=0",                                     Line::Webull},
    {"events", "stream_end",               "status=14",                                    Line::Webull},
    {"events", "stream_refuse",            "status=14 count=2",                            Line::Webull},
    {"events", "num_of_conn_exceed",       "when=now",                                     Line::Webull},
    {"events", "subscribe_expired",        "when=now",                                     Line::Webull},
    {"events", "stream_life",              "seconds=5",                                    Line::Webull},
    {"events", "silent",                   "",                                             Line::Webull},
    {"events", "no_ping",                  "",                                             Line::Webull},
    {"events", "duplicate_events",         "times=2",                                      Line::Webull},
    {"events", "reorder_events",           "",                                             Line::Webull},
    {"events", "delay_events",             "ms=2500",                                      Line::Webull},
    {"events", "partial_status_submitted", "",                                             Line::Webull},
    {"events", "bad_payload",              "kind=brace",                                   Line::Webull},
    {"events", "bad_payload",              "kind=unknown_type",                            Line::Webull},
});

/// One kind of weather; a seed draws one per stretch of time.
struct WeatherRow {
    std::uint64_t weight;
    Weather weather;
};
constexpr auto weather_rows = std::to_array<WeatherRow>({
    {4, {.delay_max = 5ms}                                                               },
    {3, {.delay_max = 400ms, .split = 300}                                               },
    {2, {.delay_max = 30ms, .split = 500, .cut = 4, .request_lost = 40, .reply_lost = 40}},
    {2, {.delay_max = 30ms, .client_unaware = 4, .server_unaware = 4, .reply_lost = 120} },
    {1, {.delay_max = 2s, .stall = 10, .connect_silent = 200, .request_lost = 100}       },
    {1, {.delay_max = 50ms, .cut = 20, .connect_refused = 500}                           },
});

}  // namespace

std::string_view to_text(Trouble trouble) {
    switch (trouble) {
        case Trouble::Both:
            return "both";
        case Trouble::IbOnly:
            return "ib";
        case Trouble::WebullOnly:
            return "webull";
        case Trouble::None:
            return "none";
    }
    return {};
}

bool troubles(Trouble trouble, Line line) {
    switch (trouble) {
        case Trouble::Both:
            return true;
        case Trouble::IbOnly:
            return line == Line::Ib;
        case Trouble::WebullOnly:
            return line != Line::Ib;
        case Trouble::None:
            return false;
    }
    return false;
}

std::span<const WorldFault> world_faults() {
    return fault_rows;
}

FaultOrder order_of(const WorldFault& fault, bool enabled) {
    FaultOrder order{std::string(fault.target), std::string(fault.name), enabled, {}};
    auto rest = enabled ? fault.parameters : std::string_view{};
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        const auto equals = word.find('=');
        order.parameters.emplace(word.substr(0, equals), word.substr(equals + 1));
    }
    return order;
}

Weather random_weather(Random& random) {
    std::uint64_t total = 0;
    for (const auto& row : weather_rows) total += row.weight;
    auto drawn = random.below(total);
    for (const auto& row : weather_rows) {
        if (drawn < row.weight) return row.weather;
        drawn -= row.weight;
    }
    return weather_rows.front().weather;
}

}  // namespace janus::sim
