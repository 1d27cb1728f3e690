#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/gateway_set.hpp"
#include "core/lookups.hpp"
#include "core/reply.hpp"
#include "core/symbol_registry.hpp"
#include "core/views.hpp"

namespace janus::core {

/// Fills the broker ids that the registry lacks, from unique answers only: every row at every
/// broker, a few look-ups at a time. One run at a time. A second run over the same answers changes
/// nothing. Used on the core thread only; its parts must outlive it.
class Harmony {
 public:
    using Progress = std::function<void(const HarmonyItem&)>;
    static constexpr std::size_t in_flight_max = 4;  ///< Look-ups and writes per broker.

    Harmony(const GatewaySet& gateways, SymbolRegistry& registry, Lookups& lookups);

    /// `progress` is called for every item but Present ones, which are only counted. A dry run asks
    /// the brokers and writes nothing.
    /// Errors: `Conflict` while a run is under way; `NotFound` for a broker that is not configured;
    /// `Unavailable`, or `Conflict` when table and memory disagree: the run stops and the message
    /// says what was done before.
    void run(Now now, const HarmonyOptions& options, const std::string& who, Progress progress,
             Answer<HarmonyReport> answer);
    bool running() const { return run_ != nullptr; }

 private:
    struct Run {
        std::uint64_t number{0};
        HarmonyOptions options;
        std::string who;
        Progress progress;
        Answer<HarmonyReport> answer;
        std::map<std::string, std::deque<CanonicalSymbol>> queues;  ///< By broker.
        std::map<std::string, std::size_t> in_flight;               ///< By broker.
        std::map<std::string, HarmonySummary> summaries;            ///< By broker.
        HarmonyReport report;
    };

    Result<void> check_run(const HarmonyOptions& options) const;
    void queue_missing(const std::string& broker);
    void advance(Now now);
    void ask_next(Now now, const std::string& broker);
    std::optional<HarmonyItem> find_skip(const CanonicalSymbol& symbol, const std::string& broker,
                                         const std::optional<GatewayIndex>& gateway) const;
    void on_answer(Now now, std::uint64_t number, HarmonyItem item, const LookupAnswer& answer);
    void on_unique(Now now, HarmonyItem item, const LookupAnswer& answer);
    void on_written(Now now, std::uint64_t number, HarmonyItem item,
                    const Result<SymbolRecord>& written);
    void settle(Now now, HarmonyItem item);
    void stop(Now now, const Error& error);
    void finish(Now now);

    const GatewaySet& gateways_;
    SymbolRegistry& registry_;
    Lookups& lookups_;
    std::unique_ptr<Run> run_;
    std::uint64_t last_run_{0};
    bool advancing_{false};
};

}  // namespace janus::core
