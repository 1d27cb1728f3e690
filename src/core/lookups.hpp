#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/gateway_set.hpp"
#include "gateway/event.hpp"

namespace janus::core {

/// What one broker says of one canonical symbol. Unique has exactly one candidate that fits.
struct LookupAnswer {
    gateway::LookupStatus status{gateway::LookupStatus::Failed};
    std::vector<Instrument> candidates;
    std::string reason;
    std::string evidence;
};

/// Whether a broker can be asked for this kind of symbol at all. A broker with the ticker fallback
/// is asked only for symbols that its rule covers.
/// Errors: `NotFound`, saying that the id must be mapped by hand.
Result<void> check_kind_supported(const gateway::Gateway& gateway, const CanonicalSymbol& symbol);

/// `265598 (AAPL NASDAQ USD, APPLE INC)`, several joined by `; `, at most eight.
std::string to_text(const std::vector<Instrument>& candidates);

/// The open questions to brokers about instruments: one per (gateway, symbol) at a time, however
/// many callers wait for it. Four answers are four different things: unique, ambiguous, not found,
/// failed. Writes nothing. Used on the core thread only; `gateways` must outlive it.
class Lookups {
 public:
    using Done = std::function<void(Now, const LookupAnswer&)>;
    static constexpr std::size_t open_max = 1000;          ///< More are answered as Failed.
    static constexpr std::size_t remembered_max = 10'000;  ///< The oldest is forgotten first.
    static constexpr Duration not_found_for{std::chrono::seconds(60)};

    Lookups(const GatewaySet& gateways, Duration timeout);

    /// Calls `done` once: at once when the broker is not ready or has just said not found, else
    /// with its answer or after the timeout (`lookup_timeout`).
    void ask(Now now, GatewayIndex gateway, const CanonicalSymbol& symbol, Done done);
    /// Late answers and unknown ids are ignored.
    void on_result(Now now, const gateway::LookupResult& result);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::size_t open() const { return open_.size(); }

 private:
    using Question = std::pair<GatewayIndex, CanonicalSymbol>;
    struct Open {
        Question question;
        std::optional<NativeId> must_be;  ///< The ticker fallback: only this id confirms it.
        Instant deadline;
        std::vector<Done> waiting;
    };
    struct Remembered {
        Instant until;
        LookupAnswer answer;
    };

    std::optional<LookupAnswer> find_known(Now now, const Question& question) const;
    void finish(Now now, gateway::LookupId lookup, const LookupAnswer& answer);
    void remember(Now now, const Question& question, const LookupAnswer& answer);

    const GatewaySet& gateways_;
    const Duration timeout_;
    std::map<gateway::LookupId, Open> open_;
    std::map<Question, gateway::LookupId> asked_;
    std::map<Question, Remembered> not_found_;
    std::uint32_t last_lookup_{0};
};

}  // namespace janus::core
