#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"

namespace janus::sim {

/// One order-bearing message that a simulated broker received: the judge of "at most once".
struct LedgerEntry {
    Utc at;
    std::string broker;  ///< `ib`, `webull`
    std::string kind;    ///< `place`, `cancel`, `modify`
    std::string account;
    std::string reference;  ///< orderRef or client_order_id.
    std::string raw;        ///< The message as text, for a person.
};

using Ledger = std::vector<LedgerEntry>;

}  // namespace janus::sim
