#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "gateway/ib/link.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// Answers LookupInstrument: asks IB for the default market of a canonical symbol and says "unique"
/// only for exactly one conid in a complete answer.
class Lookups {
 public:
    static constexpr std::size_t candidates_max = 100;

    Lookups(const IbSettings& settings, Link& link, RequestIds& ids, Output& output);

    void on_lookup(Now now, const gateway::LookupInstrument& command);
    /// True when the message answers a lookup.
    bool on_contract_data(const wire::ContractData& data);
    bool on_end(std::int64_t request);
    bool on_error(const wire::ErrorMessage& error);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    void on_closed();

 private:
    struct Lookup {
        gateway::LookupId id;
        CanonicalSymbol symbol;
        std::string asked;
        Instant deadline;
        std::size_t rows{0};
        std::map<std::int64_t, Instrument> candidates;  ///< By conid.
    };
    void answer(std::int64_t request, gateway::LookupStatus status, std::string reason);

    const IbSettings& settings_;
    Link& link_;
    RequestIds& ids_;
    Output& output_;
    std::map<std::int64_t, Lookup> lookups_;
};

}  // namespace janus::ib
