#include "core/harmony.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/resolver.hpp"

namespace janus::core {
namespace {

using gateway::LookupStatus;

struct OutcomeRow {
    HarmonyOutcome outcome;
    std::string_view name;
    int HarmonySummary::* count;
};

constexpr auto outcomes = std::to_array<OutcomeRow>({
    {HarmonyOutcome::Filled,    "filled",    &HarmonySummary::filled   },
    {HarmonyOutcome::Missing,   "missing",   &HarmonySummary::missing  },
    {HarmonyOutcome::Ambiguous, "ambiguous", &HarmonySummary::ambiguous},
    {HarmonyOutcome::Skipped,   "skipped",   &HarmonySummary::skipped  },
    {HarmonyOutcome::Failed,    "failed",    &HarmonySummary::failed   },
    {HarmonyOutcome::Present,   "present",   &HarmonySummary::present  },
});

constexpr const OutcomeRow& row_of(HarmonyOutcome outcome) {
    return outcomes[static_cast<std::size_t>(outcome)];
}
static_assert(std::ranges::all_of(outcomes,
                                  [](const auto& row) {
                                      return row_of(row.outcome).name == row.name;
                                  }),
              "rows follow the enum's order");

HarmonyItem item_of(const CanonicalSymbol& symbol, const std::string& broker,
                    HarmonyOutcome outcome, std::string reason) {
    return {.symbol = symbol,
            .broker = broker,
            .outcome = outcome,
            .native_id = std::nullopt,
            .candidates = {},
            .reason = std::move(reason)};
}

/// What an answer that is not unique means for its row.
HarmonyOutcome outcome_of(LookupStatus status) {
    switch (status) {
        case LookupStatus::Unique:
            return HarmonyOutcome::Filled;
        case LookupStatus::Ambiguous:
            return HarmonyOutcome::Ambiguous;
        case LookupStatus::NotFound:
            return HarmonyOutcome::Missing;
        case LookupStatus::Failed:
            return HarmonyOutcome::Failed;
    }
    return HarmonyOutcome::Failed;
}

}  // namespace

std::string_view to_text(HarmonyOutcome outcome) {
    return row_of(outcome).name;
}

Harmony::Harmony(const GatewaySet& gateways, SymbolRegistry& registry, Lookups& lookups)
    : gateways_(gateways), registry_(registry), lookups_(lookups) {}

Result<void> Harmony::check_run(const HarmonyOptions& options) const {
    if (run_) return fail(ErrorCode::Conflict, "a harmony run of {} is under way", run_->who);
    if (!options.broker.empty() && gateways_.of_broker(options.broker).empty())
        return fail(ErrorCode::NotFound, "broker '{}' is not configured", options.broker);
    if (options.dry_run) return {};
    return registry_.check_writable();
}

void Harmony::run(Now now, const HarmonyOptions& options, const std::string& who, Progress progress,
                  Answer<HarmonyReport> answer) {
    if (auto allowed = check_run(options); !allowed)
        return answer(now, std::unexpected(allowed.error()));
    run_ = std::make_unique<Run>();
    run_->number = ++last_run_;
    run_->options = options;
    run_->who = who;
    run_->progress = std::move(progress);
    run_->answer = std::move(answer);
    run_->report.dry_run = options.dry_run;
    for (const auto& broker : gateways_.brokers())
        if (options.broker.empty() || options.broker == broker) queue_missing(broker);
    advance(now);
}

void Harmony::queue_missing(const std::string& broker) {
    auto& summary = run_->summaries[broker];
    summary.broker = broker;
    auto& queue = run_->queues[broker];
    for (const auto& record : registry_.all()) {
        if (record.native_ids.contains(broker))
            ++summary.present;
        else
            queue.push_back(record.symbol);
    }
}

void Harmony::advance(Now now) {
    // Answers may come at once, from inside `ask_next`; the outermost call does the work.
    if (std::exchange(advancing_, true)) return;
    for (bool moved = true; moved && run_;) {
        moved = false;
        for (const auto& broker : gateways_.brokers()) {
            if (!run_ || !run_->queues.contains(broker)) continue;
            if (run_->queues[broker].empty() || run_->in_flight[broker] >= in_flight_max) continue;
            ask_next(now, broker);
            moved = true;
        }
    }
    advancing_ = false;
    if (run_) finish(now);
}

void Harmony::ask_next(Now now, const std::string& broker) {
    const auto symbol = run_->queues[broker].front();
    run_->queues[broker].pop_front();
    ++run_->in_flight[broker];
    const auto gateway = gateways_.find_best(broker);
    if (auto skip = find_skip(symbol, broker, gateway)) return settle(now, *std::move(skip));
    lookups_.ask(
        now, *gateway, symbol,
        [this, number = run_->number, item = item_of(symbol, broker, HarmonyOutcome::Failed, {})](
            Now then, const LookupAnswer& answer) { on_answer(then, number, item, answer); });
}

std::optional<HarmonyItem> Harmony::find_skip(const CanonicalSymbol& symbol,
                                              const std::string& broker,
                                              const std::optional<GatewayIndex>& gateway) const {
    if (registry_.find_native(symbol, broker))
        return item_of(symbol, broker, HarmonyOutcome::Skipped, "filled meanwhile");
    if (!gateways_.ready(*gateway))
        return item_of(symbol, broker, HarmonyOutcome::Skipped, gateways_.why_not_ready(*gateway));
    if (auto supported = check_kind_supported(gateways_.at(*gateway), symbol); !supported)
        return item_of(symbol, broker, HarmonyOutcome::Skipped, supported.error().message);
    return std::nullopt;
}

void Harmony::on_answer(Now now, std::uint64_t number, HarmonyItem item,
                        const LookupAnswer& answer) {
    if (!run_ || run_->number != number) return;
    if (answer.status == LookupStatus::Unique) return on_unique(now, std::move(item), answer);
    item.outcome = outcome_of(answer.status);
    item.reason = answer.reason;
    if (answer.status == LookupStatus::Ambiguous) item.candidates = answer.candidates;
    settle(now, std::move(item));
}

void Harmony::on_unique(Now now, HarmonyItem item, const LookupAnswer& answer) {
    const auto fact = fill_of(item.symbol, item.broker, answer, run_->who, "harmony");
    if (auto agrees = registry_.check_fill(fact); !agrees) {
        item.outcome = HarmonyOutcome::Failed;
        item.reason = agrees.error().message;
        return settle(now, std::move(item));
    }
    item.outcome = HarmonyOutcome::Filled;
    item.native_id = fact.native_id;
    if (run_->options.dry_run) return settle(now, std::move(item));
    registry_.fill(now, fact,
                   [this, number = run_->number, item = std::move(item)](
                       Now then, const Result<SymbolRecord>& written) {
                       on_written(then, number, item, written);
                   });
}

void Harmony::on_written(Now now, std::uint64_t number, HarmonyItem item,
                         const Result<SymbolRecord>& written) {
    if (!run_ || run_->number != number) return;
    // Memory had agreed to this fact, so any refusal is the database's own: it is away, or another
    // program writes to it. Neither is a reason to go on guessing.
    if (!written) return stop(now, written.error());
    settle(now, std::move(item));
}

void Harmony::settle(Now now, HarmonyItem item) {
    --run_->in_flight[item.broker];
    ++(run_->summaries[item.broker].*row_of(item.outcome).count);
    if (run_->progress) run_->progress(item);
    run_->report.items.push_back(std::move(item));
    advance(now);
}

void Harmony::finish(Now now) {
    for (const auto& [broker, count] : run_->in_flight)
        if (count > 0) return;
    for (const auto& [broker, queue] : run_->queues)
        if (!queue.empty()) return;
    auto& report = run_->report;
    std::ranges::sort(report.items, {},
                      [](const HarmonyItem& item) { return std::pair(item.symbol, item.broker); });
    for (auto& [broker, summary] : run_->summaries) report.summaries.push_back(summary);
    const auto run = std::move(run_);
    run->answer(now, run->report);
}

void Harmony::stop(Now now, const Error& error) {
    const auto run = std::move(run_);
    int filled = 0;
    std::size_t open = 0;
    for (const auto& [broker, summary] : run->summaries) filled += summary.filled;
    for (const auto& [broker, queue] : run->queues) open += queue.size();
    for (const auto& [broker, count] : run->in_flight) open += count;
    run->answer(now, std::unexpected(Error{
                         error.code, fmt::format("harmony stopped after {} filled, {} not done: {}",
                                                 filled, open, error.message)}));
}

}  // namespace janus::core
