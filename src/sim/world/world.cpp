#include "sim/world/world.hpp"

#include <algorithm>
#include <array>

#include "sim/world/truth.hpp"
#include "sim/world/watch.hpp"
#include "sim/world/workload.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration first_connect_max = 30s;
constexpr Duration ready_max = 60s;
constexpr Duration equal_max = 150s;  ///< Webull's accounts are read wholly once a minute.
constexpr Duration sync_max = 100s;   ///< A fill without its executions is believed after a minute.
constexpr Duration action_pause_max = 2500ms;
constexpr Duration quiet_time =
    20s;  ///< A line that died in the trouble has been given up by then.
constexpr Duration health_max = 90s;    ///< A stream may wait for a minute.
constexpr Duration answers_max = 120s;  ///< Every call has a shorter limit of its own.
constexpr std::size_t standing_steps_max = 20'000;
constexpr int crashes_max = 3;
constexpr std::uint64_t crash_steps_max = 14;
constexpr std::int64_t usual_client_id = 11;
constexpr auto ib_versions = std::to_array<int>({176, 178, 187, 193, 200, 213, 219, 225});

Scenario scenario_of(const WorldOptions& options) {
    auto scenario = world_scenario();
    scenario.walk_period = 1s;
    if (!options.market_walk) scenario.walk_ticks_max = 0;
    return scenario;
}

/// A quarter of the seeds trouble one broker only, so that the other's calm can be checked.
Trouble trouble_of(const WorldOptions& options) {
    if (options.trouble) return *options.trouble;
    switch (options.seed % 8) {
        case 3:
            return Trouble::IbOnly;
        case 6:
            return Trouble::WebullOnly;
        default:
            return Trouble::Both;
    }
}

/// Half of the seeds need an access token at Webull: one that a fault has taken away does not come
/// back with the end of the fault.
WebullServerSettings webull_of(const WorldOptions& options) {
    Random random(options.seed * 0x9e3779b97f4a7c15ULL + 5);
    return {.token_check_enabled = random.hits(1, 2)};
}

/// What the seed decides of IB, drawn from a stream of its own: the other draws do not move with
/// it.
WorldOptions completed(WorldOptions options) {
    Random random(options.seed * 0x9e3779b97f4a7c15ULL + 3);
    const auto version = ib_versions[random.below(ib_versions.size())];
    const std::int64_t client_id = random.hits(1, 4) ? 0 : usual_client_id;
    if (!options.ib_version) options.ib_version = version;
    if (!options.ib_client_id) options.ib_client_id = client_id;
    options.sabotage.ib = [id = *options.ib_client_id, hook = options.sabotage.ib](auto& settings) {
        settings.client_id = id;
        if (hook) hook(settings);
    };
    return options;
}

bool is_ready(const core::AccountView& account) {
    return account.gate == gateway::Gate::Ready;
}

/// One world, from its first connect to its last check. It keeps nothing between runs.
class World {
 public:
    explicit World(const WorldOptions& options);
    WorldReport run();

 private:
    // ---- time ----
    bool step(Instant end);
    /// Runs to `end`, or until `done` says so after a step.
    void run_until(Instant end, const std::function<bool()>& done = {});
    void settle();
    std::optional<Instant> next_time() const;

    // ---- trouble ----
    void start_janus();
    void kill_janus();
    void act_later();
    void fault_later();
    void weather_later();
    void store_trouble_later();
    void switch_on(const WorldFault& fault);
    void set_fault(const FaultOrder& order);
    void calm_down();
    Duration between(Duration least, Duration most);
    bool faulty() const { return trouble_ != Trouble::None; }

    // ---- the end ----
    bool all_ready() const;
    std::vector<std::string> differences(Whose whose) const;
    std::vector<std::string> ailing() const;
    std::optional<Duration> wait_for_equal(Instant since, Duration most, Whose whose);
    void check_end();
    void hold_against(Invariant invariant, const std::vector<std::string>& lines);

    const WorldOptions options_;
    const Trouble trouble_;
    Random random_;
    Random network_random_;  ///< Of its own, so that traffic does not move faults and actions.
    VirtualClock clock_;
    Schedule schedule_;
    Trace trace_;
    Verdict verdict_;
    Brokers brokers_;
    JanusSide janus_;
    VirtualNetwork network_;
    Watch watch_;
    Workload workload_;
    WorldReport report_;
    bool troubled_{false};  ///< Between the first connect and the healing.
    int actions_left_{0};
    int crashes_left_{0};
    std::optional<std::uint64_t> kill_in_;  ///< Steps.
    bool kill_before_effects_{false};
    std::size_t standing_steps_{0};
    bool stuck_{false};
};

World::World(const WorldOptions& options)
    : options_(completed(options)),
      trouble_(trouble_of(options)),
      random_(options.seed * 0x9e3779b97f4a7c15ULL + 1),
      network_random_(options.seed * 0x9e3779b97f4a7c15ULL + 2),
      trace_(clock_, options.sink),
      brokers_(scenario_of(options), options.seed, *options_.ib_version, webull_of(options)),
      janus_(options.seed, clock_, trace_, options_.sabotage),
      network_(clock_, schedule_, network_random_, brokers_, trace_,
               [this](Line line, const io::Event& event) { janus_.on_io(line, event); }),
      watch_(trouble_, brokers_, janus_, verdict_),
      workload_(options.seed, clock_, janus_, brokers_, trace_, verdict_) {
    for (const auto& key : brokers_.exchange.scenario().app_keys) trace_.guard(key.secret);
    actions_left_ = options_.actions;
    if (options_.crashes) crashes_left_ = crashes_max;
}

// ---- time ----

std::optional<Instant> World::next_time() const {
    std::optional<Instant> next;
    for (const auto& at : {schedule_.next(), janus_.deadline(), brokers_.deadline()})
        if (at && (!next || *at < *next)) next = at;
    return next;
}

bool World::step(Instant end) {
    const auto next = next_time();
    if (!next || *next > end || stuck_) {
        clock_.mono = std::max(clock_.mono, end);
        return false;
    }
    standing_steps_ = *next > clock_.mono ? 0 : standing_steps_ + 1;
    if (standing_steps_ > standing_steps_max) {
        stuck_ = true;
        verdict_.against(Invariant::Progress, "{} steps and time stands still", standing_steps_max);
        return false;
    }
    clock_.mono = std::max(clock_.mono, *next);
    ++report_.steps;
    if (const auto due = schedule_.next(); due && *due <= clock_.mono)
        schedule_.run_next();
    else if (const auto at = brokers_.deadline(); at && *at <= clock_.mono)
        brokers_.on_timeout(clock_.now());
    else
        janus_.on_timeout();
    watch_.on_wire();
    const bool kill = kill_in_ && *kill_in_ == 0;
    if (kill_in_ && !kill) --*kill_in_;
    if (kill && !kill_before_effects_) kill_janus();
    settle();
    return true;
}

void World::run_until(Instant end, const std::function<bool()>& done) {
    while (!(done && done()) && step(end)) {}
}

void World::settle() {
    for (bool moved = true; moved;) {
        brokers_.carry_events(clock_.now());
        moved = network_.carry_outputs();
        moved |= janus_.pump();
        // Commands are given, and not a byte of them has left.
        if (kill_before_effects_ && kill_in_ == std::uint64_t{0}) kill_janus();
        for (const auto line : all_lines)
            for (const auto& effect : janus_.take_effects(line)) {
                network_.perform(line, effect);
                moved = true;
            }
    }
    watch_.on_feed();
}

// ---- trouble ----

Duration World::between(Duration least, Duration most) {
    const auto span = static_cast<std::uint64_t>((most - least).count());
    return least + Duration(static_cast<std::int64_t>(random_.below(span + 1)));
}

void World::start_janus() {
    const bool again = janus_.lives() > 0;
    watch_.on_start(janus_.journal().contents());
    janus_.start();
    if (!again) return;
    watch_.on_started();
    workload_.on_restarted();
}

void World::kill_janus() {
    kill_in_.reset();
    if (!janus_.running()) return;
    network_.crash();
    janus_.crash();
    schedule_.at(clock_.mono + between(50ms, 8s), [this] {
        if (!janus_.running()) start_janus();
    });
}

void World::act_later() {
    if (actions_left_ == 0) return;
    schedule_.at(clock_.mono + between(20ms, action_pause_max), [this] {
        --actions_left_;
        const bool eventful = workload_.act();
        if (eventful && faulty() && crashes_left_ > 0 && !kill_in_ && random_.hits(1, 9)) {
            --crashes_left_;
            kill_in_ = random_.below(crash_steps_max);
            kill_before_effects_ = random_.hits(1, 2);
        }
        act_later();
    });
}

void World::fault_later() {
    schedule_.at(clock_.mono + between(300ms, 3s), [this] {
        if (!troubled_) return;
        const auto& fault = world_faults()[random_.below(world_faults().size())];
        if (troubles(trouble_, fault.line)) switch_on(fault);
        fault_later();
    });
}

void World::switch_on(const WorldFault& fault) {
    ++report_.faults[fmt::format("{} {}", fault.target, fault.name)];
    set_fault(order_of(fault, true));
    schedule_.at(clock_.mono + between(200ms, 12s), [this, fault] {
        if (troubled_) set_fault(order_of(fault, false));
    });
}

void World::set_fault(const FaultOrder& order) {
    std::string parameters;
    for (const auto& [name, value] : order.parameters) parameters += ' ' + name + '=' + value;
    trace_.note("fault", "{} {} {}{}", order.target, order.name, order.enabled ? "on" : "off",
                parameters);
    const auto outcome = order.target == "ib" ? brokers_.ib.set_fault(clock_.now(), order)
                                              : brokers_.webull.set_fault(clock_.now(), order);
    // A correction needs an execution; that there is none yet is no mistake of the table.
    if (!outcome && order.name != "execution_correction")
        verdict_.against(Invariant::Progress, "fault {} was refused: {}", order.name,
                         outcome.error().message);
}

void World::weather_later() {
    if (!troubled_) return;
    for (const auto line : all_lines)
        if (troubles(trouble_, line)) network_.set_weather(line, random_weather(random_));
    schedule_.at(clock_.mono + between(2s, 10s), [this] { weather_later(); });
}

void World::store_trouble_later() {
    schedule_.at(clock_.mono + between(3s, 15s), [this] {
        if (!troubled_) return;
        auto& journal = janus_.journal();
        journal.set_delay(between(0ms, 40ms));
        journal.set_full(random_.hits(1, 8));
        if (random_.hits(1, 4)) journal.fail_next_commit();
        janus_.registry().set_delay(between(0ms, 300ms));
        janus_.registry().set_available(!random_.hits(1, 4), "simulated outage");
        store_trouble_later();
    });
}

void World::calm_down() {
    troubled_ = false;
    crashes_left_ = 0;
    kill_in_.reset();
    trace_.note("world", "the faults end");
    for (const auto& fault : world_faults())
        if (troubles(trouble_, fault.line)) set_fault(order_of(fault, false));
    for (const auto line : all_lines) network_.set_weather(line, {});
    janus_.journal().set_delay(1ms);
    janus_.journal().set_full(false);
    janus_.registry().set_delay(1ms);
    janus_.registry().set_available(true, "");
    for (const auto& instrument : brokers_.exchange.scenario().instruments) {
        const auto quote = brokers_.exchange.quote_of(instrument.symbol);
        static_cast<void>(brokers_.exchange.set_market(clock_.now(), instrument.symbol, quote.bid,
                                                       quote.ask, quote.last));
    }
    if (!janus_.running()) start_janus();
    settle();
}

// ---- the end ----

bool World::all_ready() const {
    return janus_.running() && std::ranges::all_of(janus_.engine().accounts(), is_ready);
}

std::vector<std::string> World::differences(Whose whose) const {
    auto lines = order_differences(janus_.engine(), brokers_.exchange, whose);
    std::ranges::move(execution_differences(janus_.engine(), brokers_.exchange, whose),
                      std::back_inserter(lines));
    std::ranges::move(position_differences(clock_.now(), janus_.engine(), brokers_.exchange),
                      std::back_inserter(lines));
    return lines;
}

/// Runs until the books are equal while every account is ready; says how long after `since` that
/// was. An account that is not ready has not seen everything yet, equal or not.
std::optional<Duration> World::wait_for_equal(Instant since, Duration most, Whose whose) {
    for (const auto end = clock_.mono + most; clock_.mono < end && !stuck_;) {
        run_until(clock_.mono + 1s);
        if (all_ready() && differences(whose).empty()) return clock_.mono - since;
    }
    return std::nullopt;
}

void World::hold_against(Invariant invariant, const std::vector<std::string>& lines) {
    for (const auto& line : lines) verdict_.against(invariant, "{}", line);
}

/// The parts that are not well. A stream that has missed something must deliver before it is
/// trusted, and a token that was not renewed has its time.
std::vector<std::string> World::ailing() const {
    std::vector<std::string> lines;
    for (const auto& part : janus_.engine().health(clock_.now()))
        if (!part.ok && part.state != "silent" && part.state != "expiring")
            lines.push_back(fmt::format("{} is {} ({})", part.name, part.state, part.detail));
    return lines;
}

void World::check_end() {
    if (!report_.ready_after)
        for (const auto& account : janus_.engine().accounts())
            if (!is_ready(account))
                verdict_.against(Invariant::Healing, "{} is {} ({}) a minute after the faults",
                                 account.name, gateway::to_text(account.gate), account.reason);
    hold_against(Invariant::Orders,
                 order_differences(janus_.engine(), brokers_.exchange, Whose::Everyones));
    hold_against(Invariant::Executions,
                 execution_differences(janus_.engine(), brokers_.exchange, Whose::Everyones));
    hold_against(Invariant::Positions,
                 position_differences(clock_.now(), janus_.engine(), brokers_.exchange));
    hold_against(Invariant::Balances, balance_differences(janus_.engine(), brokers_.exchange));
    hold_against(Invariant::Healing, ailing());
    hold_against(Invariant::Registry,
                 registry_faults(janus_.registry(), brokers_.exchange.scenario()));
    for (const auto& what : workload_.unanswered())
        verdict_.against(Invariant::Answers, "{} was never answered", what);
    if (trace_.leak())
        verdict_.against(Invariant::Secret, "a log line holds the app secret ({} letters)",
                         trace_.leak()->size());
    watch_.on_end();
}

WorldReport World::run() {
    report_.seed = options_.seed;
    report_.trouble = trouble_;
    report_.ib_version = *options_.ib_version;
    report_.ib_client_id = *options_.ib_client_id;
    trace_.note("world", "IB's gateway speaks server version {}, Janus is client {}",
                report_.ib_version, report_.ib_client_id);
    start_janus();
    run_until(clock_.mono + first_connect_max, [this] { return all_ready(); });
    troubled_ = faulty();
    weather_later();
    if (faulty()) fault_later();
    if (faulty()) store_trouble_later();
    act_later();
    run_until(clock_.mono + action_pause_max * options_.actions,
              [this] { return actions_left_ == 0; });
    calm_down();
    const auto healing = clock_.mono;
    run_until(healing + ready_max, [this] { return all_ready(); });
    if (all_ready()) report_.ready_after = clock_.mono - healing;
    workload_.finish();
    // What was held back by a fault still arrives.
    run_until(clock_.mono + quiet_time);
    report_.equal_after = wait_for_equal(healing, equal_max, Whose::Ours);
    if (!report_.equal_after) hold_against(Invariant::Orders, differences(Whose::Ours));
    workload_.sync_all();
    wait_for_equal(healing, sync_max, Whose::Everyones);
    run_until(clock_.mono + answers_max, [this] { return workload_.unanswered().empty(); });
    run_until(clock_.mono + health_max, [this] { return ailing().empty(); });
    check_end();
    report_.violations = verdict_.violations();
    report_.hash = trace_.hash();
    report_.lives = janus_.lives();
    report_.intents = workload_.intents();
    report_.placed = watch_.placed().size();
    report_.batched = static_cast<std::size_t>(
        std::ranges::count_if(brokers_.webull.ledger(), [](const LedgerEntry& entry) {
            return entry.kind == "place" && entry.raw.contains("batch_orders");
        }));
    report_.executions = brokers_.exchange.executions().size();
    report_.books = books_of(clock_.now(), janus_.engine());
    return report_;
}

}  // namespace

std::span<const int> world_ib_versions() {
    return ib_versions;
}

WorldReport run_world(const WorldOptions& options) {
    World world(options);
    return world.run();
}

std::string replay_command(const WorldReport& report) {
    return fmt::format("world_run --seed {} --verbose", report.seed);
}

std::string summary_of(const WorldReport& report) {
    const auto seconds = [](const std::optional<Duration>& span) {
        return span ? fmt::format("{} s",
                                  std::chrono::duration_cast<std::chrono::seconds>(*span).count())
                    : std::string("never");
    };
    int faults = 0;
    for (const auto& [name, count] : report.faults) faults += count;
    return fmt::format(
        "seed {} trouble={} ib={} client={} steps={} lives={} intents={} placed={} executions={} "
        "faults={} "
        "ready_after={} equal_after={} hash={:016x} violations={}",
        report.seed, to_text(report.trouble), report.ib_version, report.ib_client_id, report.steps,
        report.lives, report.intents, report.placed, report.executions, faults,
        seconds(report.ready_after), seconds(report.equal_after), report.hash,
        report.violations.size());
}

}  // namespace janus::sim
