#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/stores.hpp"

namespace janus::core {

/// The kill switch: per account, and one for all. What it says is durable before anybody is told
/// so; the engine writes the records and then calls `apply`. Owned by the engine.
class Halts {
 public:
    void restore(const std::vector<HaltRecord>& halts);
    void apply(const HaltRecord& record);

    /// Errors: `Denied`, naming the scope, the reason and how to go on.
    Result<void> check_open(const AccountName& account) const;
    bool halted(const AccountName& account) const { return !check_open(account); }
    /// The reason of the account's own halt, else of the general one; empty when neither is set.
    std::string reason_of(const AccountName& account) const;

 private:
    const HaltRecord* find(const std::string& scope) const;

    std::map<std::string, HaltRecord> by_scope_;
};

}  // namespace janus::core
