// A whole day at Webull: three accounts under two app keys, the parts of the trading day, and every
// trouble of keys, tokens, streams and limits that heals by itself.

#include <array>

#include "sim/world/fault_webull.hpp"

namespace janus::sim {
namespace {

/// From the start of the run, which is 10:30 in New York.
struct DayPart {
    Duration at;
    MarketPhase phase;
};
constexpr auto day_parts = std::to_array<DayPart>({
    {5h + 30min,      MarketPhase::Extended },
    {9h + 30min,      MarketPhase::Closed   },
    {9h + 30min + 1s, MarketPhase::Overnight},
    {17h + 30min,     MarketPhase::Extended },
    {23h,             MarketPhase::Regular  },
});

struct DayTrouble {
    Duration at;
    const char* fault;
    Values values;
    Duration lasts{0};  ///< 0: it ends by itself.
};

const std::vector<DayTrouble>& troubles() {
    static const std::vector<DayTrouble> rows{
        {40min,      "stream_life",        {{"seconds", "900"}},                                              20h  },
        {45min,      "stream_end",         {{"status", "0"}},                                                 {}   },
        {3h,         "rate_limit",         {{"count", "30"}},                                                 {}   },
        {4h,         "rate_limit",         {{"retry_after", "7"}, {"count", "30"}},                           {}   },
        {6h,         "num_of_conn_exceed", {},                                                                {}   },
        {7h,         "silent",             {},                                                                40min},
        {9h,         "token_life",         {{"seconds", "600"}},                                              11min},
        {11h,        "token_state",        {{"app_key", "other-key"}, {"state", "EXPIRED"}, {"checks", "4"}}, 1h   },
        {14h,        "rate_limit",         {{"retry_after", "2"}, {"endpoint", "open"}, {"count", "9"}},      {}   },
        {16h,        "http_status",        {{"status", "503"}, {"when", "after"}, {"count", "12"}},           {}   },
        {18h,        "num_of_conn_exceed", {{"when", "first"}, {"count", "2"}},                               {}   },
        {18h + 1min, "stream_end",         {{"status", "14"}},                                                {}   },
        {20h,        "duplicate_events",   {{"times", "3"}},                                                  1h   },
        {21h,        "reorder_events",     {},                                                                1h   },
        {22h,        "token_life",         {{"seconds", "300"}},                                              6min },
    };
    return rows;
}

/// What is placed in turn: at the market, far from it, in other sessions, trailing.
OrderIntent order_number(int number) {
    static constexpr std::array<const char*, 3> accounts{"webull_personal", "webull_second",
                                                         "webull_other"};
    const bool far = number % 2 == 0;
    auto intent =
        FaultWorld::webull_intent(number % 4 < 2 ? "MSFT" : "AAPL", "2", far ? "100.00" : "450.00");
    intent.account = {accounts[static_cast<std::size_t>(number) % accounts.size()]};
    if (number % 5 == 1) intent.session = TradingSession::Extended;
    if (number % 5 == 3) intent.session = TradingSession::Overnight;
    if (number % 7 == 0) intent.time_in_force = TimeInForce::GoodTillCancel;
    if (number % 11 == 4) {
        intent.session = TradingSession::Regular;
        intent.type = OrderType::TrailingStop;
        intent.limit_price.reset();
        intent.trail_percent = quantity_of("1").value;
    }
    return intent;
}

class Day {
 public:
    explicit Day(FaultWorld& world) : world_(world), from_(world.now().mono) {
        for (const auto& part : day_parts)
            plan(part.at, [this, part] { world_.phase(part.phase); });
        for (const auto& row : troubles()) {
            plan(row.at, [this, row] { world_.webull_fault(row.fault, row.values); });
            if (row.lasts > Duration{0})
                plan(row.at + row.lasts, [this, row] { world_.webull_fault_off(row.fault); });
        }
        for (const auto at : {2h, 8h, 19h}) plan(at, [this] { world_.cut(Line::Webull); });
        for (const auto at : {8h, 15h}) plan(at, [this] { world_.cut(Line::WebullOther); });
        plan(13h, [this] { world_.restart(5s); });
        for (int number = 0; number < 94; ++number)
            plan(number * 15min + 7min, [this, number] { act(number); });
    }

    void run(Duration span) {
        for (const auto& [at, what] : plan_) {
            if (at > span) break;
            world_.run(from_ + at - world_.now().mono);
            what();
        }
        world_.run(from_ + span - world_.now().mono);
    }

    std::size_t count(OrderState state) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            placed_, [&](const auto& placed) { return state_of(world_, placed) == state; }));
    }
    std::size_t placed() const { return placed_.size(); }

 private:
    void plan(Duration at, std::function<void()> what) { plan_.emplace(at, std::move(what)); }

    void act(int number) {
        const auto order = world_.place(order_number(number));
        world_.run(2s);
        if (!world_.is_taken(order)) return;
        placed_.push_back(order);
        const bool live = state_of(world_, order) == OrderState::Working ||
                          state_of(world_, order) == OrderState::Held;
        if (live && number % 3 == 0) world_.modify(order, {.quantity = quantity_of("3")});
        if (live && number % 8 == 6) world_.cancel(order);
        if (number % 9 == 5) world_.order_in_app("SPY", "1", number % 2 == 0 ? "1.00" : "900.00");
        const auto price = fmt::format("{}.00", 400 + (number * 7) % 13);
        world_.market("MSFT", price, price, price);
    }

    FaultWorld& world_;
    Instant from_;
    std::multimap<Duration, std::function<void()>> plan_;
    std::vector<Asked<Order>> placed_;
};

FaultWorldOptions day_options() {
    auto options = webull_world({.streams_max = 1, .token_check_enabled = true, .token_life = 50h});
    // A day of IB's heartbeats and of polls every ten seconds would show nothing more.
    options.trouble = Trouble::Both;
    options.ib = [](::janus::ib::IbSettings& settings) { settings.backoff.most = 1h; };
    options.webull = [](::janus::webull::WebullSettings& settings) {
        settings.poll_interval = 2min;
        settings.idle_poll_interval = 10min;
    };
    return options;
}

void begin(FaultWorld& world) {
    ASSERT_TRUE(world.connect());
    world.weather({.connect_refused = 1000}, Line::Ib);
    world.cut(Line::Ib);
}

TEST(WebullDay, AfterADayOfEveryTroubleTheBooksOfThreeAccountsAreTheBrokers) {
    FaultWorld world(day_options());
    begin(world);
    Day day(world);
    day.run(24h);
    EXPECT_GE(day.placed(), 70U) << "most orders were taken";
    EXPECT_GE(day.count(OrderState::Filled), 20U);
    EXPECT_GE(day.count(OrderState::Cancelled) + day.count(OrderState::Expired), 20U);
    EXPECT_EQ(day.count(OrderState::Unknown) + day.count(OrderState::PendingNew), 0U);
    for (const auto* counter : {"webull.stream_expired", "webull.stream_crowded",
                                "webull.throttled", "webull.stream_ends"})
        EXPECT_GE(world.counter(counter), 1U) << counter;
    EXPECT_EQ(world.janus().kept_tokens().size(), 2U);
    EXPECT_EQ(world.health(stream_name), "live");
    EXPECT_EQ(world.health(other_stream_name), "live");
    world.weather({}, Line::Ib);
    world.run(1h);
    EXPECT_EQ(world.unhealed(webull_account), Lines{});
}

TEST(WebullDay, TheSameHoursAreTheSameToTheLastByte) {
    const auto hash = [] {
        FaultWorld world(day_options());
        begin(world);
        Day day(world);
        day.run(2h);
        return world.hash();
    };
    EXPECT_EQ(hash(), hash());
}

}  // namespace
}  // namespace janus::sim
