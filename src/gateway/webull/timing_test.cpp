#include "gateway/webull/timing.hpp"

#include <gtest/gtest.h>

#include "gateway/webull/http_date.hpp"
#include "gateway/webull/outbox.hpp"
#include "gateway/webull/settings.hpp"
#include "gateway/webull/wire/paths.hpp"

namespace janus::webull {
namespace {

using namespace std::chrono_literals;

TEST(WebullRateBudget, NoWindowEverHoldsMoreThanThePublishedLimit) {
    for (int call = 0; call <= static_cast<int>(wire::Call::Detail); ++call) {
        const auto& row = wire::row_of(static_cast<wire::Call>(call));
        RateBudget budget(row.burst, row.refill);
        Random random(static_cast<std::uint64_t>(call));
        std::vector<Instant> taken;
        Instant at{500s};
        for (int i = 0; i < 20'000; ++i) {
            at = at + std::chrono::milliseconds(random.below(200));
            if (budget.take(at)) taken.push_back(at);
        }
        const auto limit = static_cast<std::size_t>(row.limit);
        ASSERT_GT(taken.size(), limit);
        for (std::size_t i = limit; i < taken.size(); ++i)
            EXPECT_GT(taken[i] - taken[i - limit], row.window) << row.name;
    }
}

TEST(WebullRateBudget, TellsWhenTheNextMayGoAndObeysABlock) {
    RateBudget budget(2, 3s);
    const Instant at{100s};
    EXPECT_TRUE(budget.take(at));
    EXPECT_TRUE(budget.take(at));
    EXPECT_FALSE(budget.take(at));
    EXPECT_EQ(budget.next_at(at), Instant{103s});
    EXPECT_TRUE(budget.take(Instant{103s}));
    budget.block_until(Instant{120s});
    EXPECT_FALSE(budget.take(Instant{119s}));
    EXPECT_TRUE(budget.take(Instant{120s}));
}

TEST(WebullDebounce, WaitsForQuietButNotForEver) {
    Debounce debounce(1s);
    EXPECT_FALSE(debounce.deadline().has_value());
    debounce.on_event(Instant{10s});
    debounce.on_event(Instant{10500ms});
    EXPECT_FALSE(debounce.due(Instant{11499ms}));
    EXPECT_TRUE(debounce.due(Instant{11500ms}));
    for (int i = 0; i < 100; ++i) debounce.on_event(Instant{10500ms + i * 500ms});
    EXPECT_EQ(debounce.deadline(), Instant{15s});
    debounce.begin();
    EXPECT_FALSE(debounce.due(Instant{100s}));
    debounce.on_event(Instant{100s});
    EXPECT_TRUE(debounce.due(Instant{101s}));
}

TEST(WebullBackoff, DoublesWithinItsBoundsAndStartsAfresh) {
    Random random(3);
    Backoff backoff(500ms, 30s);
    for (const Duration usual :
         {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms}) {
        const auto wait = backoff.next(random);
        EXPECT_GE(wait, usual * 80 / 100);
        EXPECT_LE(wait, usual * 120 / 100);
    }
    backoff.reset();
    EXPECT_LE(backoff.next(random), 600ms);
}

TEST(WebullHttpDate, ReadsTheOneFormThatServersSend) {
    EXPECT_EQ(to_iso_seconds_text(parse_http_date("Mon, 09 Mar 2026 14:30:05 GMT").value()),
              "2026-03-09T14:30:05Z");
    for (const auto* text : {"", "Mon, 09 Mar 2026 14:30:05", "Mon, 31 Feb 2026 14:30:05 GMT",
                             "Mon, 09 Mrz 2026 14:30:05 GMT", "Mon, 09 Mar 2026 24:30:05 GMT",
                             "Monday, 09-Mar-26 14:30:05 GMT", "Mon, 09 Mar -026 14:30:05 GMT"})
        EXPECT_FALSE(parse_http_date(text).has_value()) << text;
}

TEST(WebullHttpDate, TheTradingDayIsNewYorks) {
    const auto date = [](std::string_view text) {
        return us_eastern_date(parse_iso(text).value());
    };
    EXPECT_EQ(date("2026-03-09T03:59:59Z"), "2026-03-08");  // Summer time since the day before.
    EXPECT_EQ(date("2026-03-09T04:00:00Z"), "2026-03-09");
    EXPECT_EQ(date("2026-01-09T04:59:59Z"), "2026-01-08");
    EXPECT_EQ(date("2026-01-09T05:00:00Z"), "2026-01-09");
    EXPECT_EQ(date("2026-11-01T03:30:00Z"), "2026-10-31");
    EXPECT_EQ(date("2026-11-02T04:30:00Z"), "2026-11-01");
    EXPECT_EQ(to_iso_text(us_eastern_midnight(parse_iso("2026-03-09T14:30:05Z").value())),
              "2026-03-09T04:00:00.000Z");
}

TEST(WebullOutbox, ScrubsEveryTextAndKeepsTheRest) {
    Outbox out;
    out.hide("hunter2", "***");
    out.hide("", "never");
    out.tell(gateway::OrderRejected{OrderId{1}, "no hunter2, no hunter2hunter2"});
    out.notice(LogLevel::Info, "hunter2");
    const auto events = out.take_events();
    EXPECT_EQ(std::get<gateway::OrderRejected>(events[0]).reason, "no ***, no ******");
    EXPECT_EQ(std::get<gateway::Notice>(events[1]).text, "***");
    EXPECT_TRUE(out.take_events().empty());
}

TEST(WebullOutbox, AloudCountsAreSaidEverMoreRarely) {
    Outbox out;
    for (int i = 0; i < 1'000; ++i) out.count_aloud("x", "odd");
    EXPECT_EQ(out.counters().at("x"), 1'000U);
    EXPECT_EQ(out.take_events().size(), 10U);
}

WebullSettings minimal() {
    WebullSettings settings;
    settings.app_key = Secret("k");
    settings.app_secret = Secret("s");
    settings.accounts = {
        {AccountName{"w"}, ""}
    };
    return settings;
}

TEST(WebullSettingsTest, HostsComeFromTheRegionAndThePortIsSignedWhenUnusual) {
    auto done = completed(minimal()).value();
    EXPECT_EQ(done.rest->host, "api.webull.com");
    EXPECT_TRUE(done.rest->tls);
    EXPECT_EQ(done.events->host, "events-api.webull.com");
    EXPECT_EQ(done.signed_host, "api.webull.com");
    EXPECT_EQ(done.rest->ca_file, "");
    auto anchored = minimal();
    anchored.ca_file = "proxy.pem";
    EXPECT_EQ(completed(anchored)->rest->ca_file, "proxy.pem");
    EXPECT_EQ(completed(anchored)->events->ca_file, "proxy.pem");
    auto local = minimal();
    local.rest = io::Endpoint{.host = "127.0.0.1", .port = 8801, .tls = false, .ca_file = {}};
    EXPECT_EQ(completed(local)->signed_host, "127.0.0.1:8801");
    local.signed_host = "127.0.0.1";
    EXPECT_EQ(completed(local)->signed_host, "127.0.0.1");
}

TEST(WebullSettingsTest, WhatCannotWorkIsRefused) {
    auto no_key = minimal();
    no_key.app_secret = Secret();
    auto no_account = minimal();
    no_account.accounts.clear();
    auto region = minimal();
    region.region = "atlantis";
    auto twice = minimal();
    twice.accounts = {
        {AccountName{"a"}, "1"},
        {AccountName{"b"}, "1"}
    };
    auto which = minimal();
    which.accounts = {
        {AccountName{"a"}, "1"},
        {AccountName{"b"}, "" }
    };
    for (const auto& settings : {no_key, no_account, region, twice, which})
        EXPECT_FALSE(completed(settings).has_value());
}

}  // namespace
}  // namespace janus::webull
