// The checkers can fail: every test breaks one thing on purpose and expects to be told.

#include <algorithm>

#include <gtest/gtest.h>

#include "sim/world/disguise.hpp"
#include "sim/world/watch.hpp"
#include "sim/world/world.hpp"

namespace janus::sim {
namespace {

bool noticed(const WorldReport& report, Invariant invariant) {
    return std::ranges::count(report.violations, invariant, &Violation::invariant) > 0;
}

/// Whether a seed among the first few notices the sabotage; each of them must reach what is broken.
bool some_seed_notices(Invariant invariant, const Sabotage& sabotage, WorldOptions options = {}) {
    options.sabotage = sabotage;
    for (options.seed = 1; options.seed <= 6; ++options.seed)
        if (noticed(run_world(options), invariant)) return true;
    return false;
}

const WorldOptions calm{.actions = 25, .trouble = Trouble::None, .crashes = false};

/// Tells the gateway twice to place an order.
class Repeating final : public Disguise {
 public:
    using Disguise::Disguise;
    void on_command(Now now, const gateway::Command& command) override {
        Disguise::on_command(now, command);
        if (std::holds_alternative<gateway::PlaceOrder>(command))
            Disguise::on_command(now, command);
    }
};

TEST(Checkers, BothGatewaysStopAPlaceThatIsCommandedTwice) {
    auto options = calm;
    options.sabotage.gateway = disguised<Repeating>;
    for (options.seed = 1; options.seed <= 2; ++options.seed) {
        const auto report = run_world(options);
        EXPECT_FALSE(noticed(report, Invariant::AtMostOnce));
        EXPECT_GT(report.placed, 0U);
    }
}

TEST(Checkers, APlaceThatTheNetworkRepeatsIsNoticed) {
    Sabotage sabotage;
    // At Webull the broken nonce would stop it, so IB's bytes are sent twice.
    sabotage.wire = [](std::vector<io::Effect>& effects) {
        for (std::size_t at = 0; at < effects.size(); ++at) {
            const auto* send = std::get_if<io::Send>(&effects[at]);
            if (send == nullptr || send->bytes.find("Jworldsim") == std::string::npos) continue;
            effects.insert(effects.begin() + static_cast<std::ptrdiff_t>(at), *send);
            ++at;
        }
    };
    EXPECT_TRUE(some_seed_notices(Invariant::AtMostOnce, sabotage, calm));
}

/// Makes a change of its own out of every cancel.
class Meddling final : public Disguise {
 public:
    using Disguise::Disguise;
    void on_command(Now now, const gateway::Command& command) override {
        if (const auto* place = std::get_if<gateway::PlaceOrder>(&command))
            placed_.insert_or_assign(place->order, *place);
        const auto* cancel = std::get_if<gateway::CancelOrder>(&command);
        const auto known = cancel == nullptr ? placed_.end() : placed_.find(cancel->order);
        if (known == placed_.end()) return Disguise::on_command(now, command);
        auto order = known->second;
        order.quantity.value += Decimal::from_integer(1);
        Disguise::on_command(now, gateway::ModifyOrder{order, cancel->ref});
    }

 private:
    std::map<OrderId, gateway::PlaceOrder> placed_;
};

TEST(Checkers, AChangeThatNobodyAskedForIsNoticed) {
    Sabotage sabotage;
    sabotage.gateway = disguised<Meddling>;
    EXPECT_TRUE(some_seed_notices(Invariant::AtMostOnce, sabotage));
}

TEST(Checkers, AJournalThatForgetsIsNoticedOnTheWire) {
    Sabotage sabotage;
    sabotage.journal = [](core::JournalAppend& append) {
        std::erase_if(append.records, [](const core::JournalRecord& record) {
            return std::holds_alternative<core::OrderRecord>(record);
        });
    };
    EXPECT_TRUE(some_seed_notices(Invariant::DurableFirst, sabotage, calm));
    EXPECT_TRUE(some_seed_notices(Invariant::KnownOutcome, sabotage));
}

/// Keeps executions to itself.
class Forgetting final : public Disguise {
 public:
    using Disguise::Disguise;
    std::vector<gateway::Event> take_events() override {
        auto events = Disguise::take_events();
        std::erase_if(events, [](const gateway::Event& event) {
            return std::holds_alternative<gateway::ExecutionReport>(event);
        });
        return events;
    }
};

TEST(Checkers, ALostExecutionIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Executions, {.gateway = disguised<Forgetting>}, calm));
}

/// Reports every execution a second time under another id.
class DoubleBooking final : public Disguise {
 public:
    using Disguise::Disguise;
    std::vector<gateway::Event> take_events() override {
        auto events = Disguise::take_events();
        const auto count = events.size();
        for (std::size_t at = 0; at < count; ++at)
            if (const auto* report = std::get_if<gateway::ExecutionReport>(&events[at])) {
                auto again = *report;
                again.execution.id.value += "x";
                again.execution.root.value += "x";
                events.push_back(again);
            }
        return events;
    }
};

TEST(Checkers, AnExecutionThatIsBookedTwiceIsNoticed) {
    EXPECT_TRUE(
        some_seed_notices(Invariant::Executions, {.gateway = disguised<DoubleBooking>}, calm));
}

/// Changes each event before it is told.
template <typename Told, auto Change>
class Liar final : public Disguise {
 public:
    using Disguise::Disguise;
    std::vector<gateway::Event> take_events() override {
        auto events = Disguise::take_events();
        for (auto& event : events)
            if (auto* told = std::get_if<Told>(&event)) Change(*told);
        return events;
    }
};

/// Calls every cancelled order working.
using Denying = Liar<gateway::OrderReport, [](gateway::OrderReport& report) {
    if (report.status == gateway::BrokerStatus::Cancelled)
        report.status = gateway::BrokerStatus::Working;
}>;

TEST(Checkers, AnOrderThatStandsElsewhereIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Orders, {.gateway = disguised<Denying>}, calm));
}

TEST(Checkers, AWrongIdInTheRegistryIsNoticed) {
    Sabotage sabotage;
    sabotage.registry = [](core::RegistryWrite& write) {
        if (write.symbol.text() == "MSFT" && write.broker == "ib") write.native_id.value = "77";
    };
    EXPECT_TRUE(some_seed_notices(Invariant::Registry, sabotage, calm));
}

TEST(Checkers, AnAmbiguousIdInTheRegistryIsNoticed) {
    Sabotage sabotage;
    sabotage.registry = [](core::RegistryWrite& write) {
        if (write.symbol.text() != "AMBX") return;
        write.broker = "ib";
        write.native_id.value = "700100101";
    };
    EXPECT_TRUE(some_seed_notices(Invariant::Registry, sabotage, calm));
}

/// Never hears that a connection is open.
class Deaf final : public Disguise {
 public:
    using Disguise::Disguise;
    void on_io(Now now, const io::Event& event) override {
        if (!std::holds_alternative<io::Connected>(event)) Disguise::on_io(now, event);
    }
};

TEST(Checkers, AnAccountThatNeverBecomesReadyIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Healing, {.gateway = disguised<Deaf>}, calm));
}

/// Says the secret aloud.
class Talking final : public Disguise {
 public:
    using Disguise::Disguise;
    void on_command(Now now, const gateway::Command& command) override {
        Disguise::on_command(now, command);
        said_ = false;
    }
    std::vector<gateway::Event> take_events() override {
        auto events = Disguise::take_events();
        if (!std::exchange(said_, true))
            events.emplace_back(gateway::Notice{LogLevel::Info, "signed with demo-secret"});
        return events;
    }

 private:
    bool said_{true};
};

TEST(Checkers, ASecretInTheLogIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Secret, {.gateway = disguised<Talking>}, calm));
}

/// Always asks to be called, and never does anything then.
class Restless final : public Disguise {
 public:
    using Disguise::Disguise;
    std::optional<Instant> deadline() const override { return Instant{}; }
};

TEST(Checkers, ADeadlineThatNeverPassesIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Progress, {.gateway = disguised<Restless>}, calm));
}

/// Takes a tick for a change of what is held.
class Confused final : public Disguise {
 public:
    using Disguise::Disguise;
    void take_ticks(std::vector<Tick>& into) override {
        Disguise::take_ticks(into);
        ticked_ = ticked_ || !into.empty();
    }
    std::vector<gateway::Event> take_events() override {
        auto events = Disguise::take_events();
        for (auto& event : events)
            if (auto* snapshot = std::get_if<gateway::PositionsSnapshot>(&event);
                snapshot && ticked_)
                snapshot->positions.clear();
        return events;
    }

 private:
    bool ticked_{false};
};

TEST(Checkers, TicksThatMoveBooksAreNoticed) {
    bool differ = false;
    WorldOptions options = calm;
    options.market_walk = false;
    for (options.seed = 1; options.seed <= 4; ++options.seed) {
        options.sabotage = {.gateway = disguised<Confused>};
        const auto with = run_world(options);
        options.sabotage = {.gateway = disguised<Tickless>};
        differ = differ || with.books != run_world(options).books;
    }
    EXPECT_TRUE(differ);
}

using Miscounting = Liar<gateway::BalancesSnapshot, [](gateway::BalancesSnapshot& snapshot) {
    for (auto& balance : snapshot.balances)
        if (balance.cash) balance.cash->value += Decimal::from_integer(1);
}>;

TEST(Checkers, CashThatIsNotTheBrokersIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Balances, {.gateway = disguised<Miscounting>}, calm));
}

using Disheartened = Liar<gateway::StreamChanged, [](gateway::StreamChanged& stream) {
    stream.state = gateway::StreamState::Backoff;
}>;

TEST(Checkers, AStreamThatDoesNotComeBackIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Healing, {.gateway = disguised<Disheartened>}, calm));
}

using Stubborn = Liar<gateway::OrderReport, [](gateway::OrderReport& report) {
    if (report.status == gateway::BrokerStatus::Working)
        report.status = gateway::BrokerStatus::PendingCancel;
}>;

TEST(Checkers, ACancelThatTheBrokerDoesNotHaveIsNoticed) {
    EXPECT_TRUE(some_seed_notices(Invariant::Orders, {.gateway = disguised<Stubborn>}, calm));
}

// ---- the subscriber, event by event ----

/// A watch that is given events by hand.
class FeedChecker : public testing::Test {
 protected:
    void read(core::FeedPayload payload) { read(++sequence_, std::move(payload)); }
    void read(std::uint64_t sequence, core::FeedPayload payload) {
        watch_.read({
            {sequence, {}, std::move(payload)}
        });
    }
    core::OrderChanged order(OrderState state, int filled) const {
        core::OrderChanged event;
        event.order.id = {1};
        event.order.state = state;
        event.order.filled = {Decimal::from_integer(filled)};
        return event;
    }
    core::AccountChanged account(const char* name, gateway::Gate gate) const {
        core::AccountChanged event;
        event.account.name = {name};
        event.account.gate = gate;
        return event;
    }
    std::vector<Invariant> found() const {
        std::vector<Invariant> list;
        for (const auto& violation : verdict_.violations()) list.push_back(violation.invariant);
        return list;
    }

    VirtualClock clock_;
    Trace trace_{clock_, {}};
    Sabotage sabotage_;
    Brokers brokers_{default_scenario(), 1};
    JanusSide janus_{1, clock_, trace_, sabotage_};
    Verdict verdict_;
    Watch watch_{Trouble::IbOnly, brokers_, janus_, verdict_};
    std::uint64_t sequence_{0};
};

TEST_F(FeedChecker, ALegalPathIsNoViolation) {
    read(order(OrderState::PendingNew, 0));
    read(order(OrderState::Working, 0));
    read(order(OrderState::Working, 4));
    read(order(OrderState::PendingCancel, 4));
    read(order(OrderState::Filled, 9));
    EXPECT_TRUE(found().empty());
}

TEST_F(FeedChecker, AHoleInTheFeedIsNoticed) {
    read(1, order(OrderState::PendingNew, 0));
    read(3, order(OrderState::Working, 0));
    EXPECT_EQ(found(), std::vector{Invariant::Feed});
}

TEST_F(FeedChecker, AStepWithoutARowIsNoticed) {
    read(order(OrderState::PendingNew, 0));
    read(order(OrderState::Cancelled, 0));
    read(order(OrderState::Working, 0));
    EXPECT_EQ(found(), std::vector{Invariant::Feed});
}

TEST_F(FeedChecker, AnOrderThatBeginsInTheMiddleIsNoticed) {
    read(order(OrderState::Working, 0));
    EXPECT_EQ(found(), std::vector{Invariant::Feed});
}

TEST_F(FeedChecker, AFillThatShrinksIsNoticedUnlessItWasCorrected) {
    read(order(OrderState::PendingNew, 0));
    read(order(OrderState::Working, 5));
    auto corrected = order(OrderState::Working, 4);
    corrected.order.flags = {"fill_corrected"};
    read(corrected);
    EXPECT_TRUE(found().empty());
    read(order(OrderState::Working, 3));
    EXPECT_EQ(found(), std::vector{Invariant::FilledShrank});
}

TEST_F(FeedChecker, OneBrokersTroubleAtTheOtherIsNoticed) {
    read(account("webull_personal", gateway::Gate::Connecting));
    read(account("webull_personal", gateway::Gate::Ready));
    read(account("ib_main", gateway::Gate::Ready));
    read(account("ib_main", gateway::Gate::Down));
    EXPECT_TRUE(found().empty()) << "the first connect and IB's own trouble are none";
    read(account("webull_personal", gateway::Gate::Degraded));
    EXPECT_EQ(found(), std::vector{Invariant::Contagion});
}

}  // namespace
}  // namespace janus::sim
