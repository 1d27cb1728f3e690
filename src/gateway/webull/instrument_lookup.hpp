#pragma once

#include <map>
#include <string>

#include "gateway/command.hpp"
#include "gateway/webull/rest_client.hpp"

namespace janus::webull {

/// Confirms at the broker that a canonical symbol is a stock or an ETF there. Asks the category of
/// stocks first, then that of ETFs. Used by the gateway.
class InstrumentLookup {
 public:
    static constexpr std::size_t open_max = 5'000;

    InstrumentLookup(Outbox& out, RestClient& rest) : out_(out), rest_(rest) {}

    /// `refusal` says why the broker cannot be asked now; empty when it can.
    void look_up(Now now, const gateway::LookupInstrument& lookup, const std::string& refusal);
    /// Answers to Instruments.
    void on_answer(Now now, const Answer& answer);

 private:
    struct Open {
        CanonicalSymbol symbol;
        std::size_t category{0};
        std::string evidence;
    };
    void ask(Now now, gateway::LookupId lookup, const Open& open);
    void finish(gateway::LookupId lookup, gateway::LookupStatus status, std::string reason);

    Outbox& out_;
    RestClient& rest_;
    std::map<gateway::LookupId, Open> open_;
};

}  // namespace janus::webull
