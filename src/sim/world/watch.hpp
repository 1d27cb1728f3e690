#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/world/faults.hpp"
#include "sim/world/janus_side.hpp"
#include "sim/world/verdict.hpp"

namespace janus::sim {

/// Looks at a world while it runs: at every order that reaches a broker, and at the event stream as
/// a subscriber sees it. Everything it is given must outlive it.
class Watch {
 public:
    Watch(Trouble trouble, const Brokers& brokers, const JanusSide& janus, Verdict& verdict)
        : trouble_(trouble), brokers_(brokers), janus_(janus), verdict_(verdict) {}

    /// To be called after something has reached the brokers and before the journal goes on.
    void on_wire();
    /// To be called just before a start, with what the journal knows.
    void on_start(const core::JournalContents& contents);
    /// To be called right after a start: every restored intent has a known outcome.
    void on_started();
    /// Reads what is new in the feed.
    void on_feed();
    /// Reads events as they come to a subscriber.
    void read(const std::vector<core::FeedEvent>& events);
    /// The last faults are gone: the feed must have led to what the engine knows.
    void on_end();

    /// References of orders that have reached a broker.
    const std::map<std::string, int>& placed() const { return placed_; }

 private:
    struct SeenOrder {
        OrderState state{OrderState::PendingNew};
        Quantity filled;
        bool external{false};
    };
    void read_ledger(const Ledger& ledger, std::size_t& known);
    void check_modify(const LedgerEntry& entry);
    void on_event(const core::OrderChanged& event);
    void on_event(const core::AccountChanged& event);
    void check_path(const Order& order, const SeenOrder& before);

    Trouble trouble_;
    const Brokers& brokers_;
    const JanusSide& janus_;
    Verdict& verdict_;
    std::array<std::size_t, line_count> ledger_sizes_{};
    std::map<std::string, int> placed_;
    std::map<std::string, int> modified_;
    std::uint64_t sequence_{0};
    std::map<OrderId, SeenOrder> orders_;
    std::set<AccountName> ready_;  ///< Since the last start.
};

}  // namespace janus::sim
