#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "core/stores.hpp"

namespace janus::store {

/// The registry in memory, for simulation: the same rules as PostgreSQL, no thread, no clock.
/// The owner calls `take_replies` until nothing is due. Stands for database and store together, so
/// it outlives a simulated crash of the server.
class MemoryRegistry final : public core::RegistryStore {
 public:
    static constexpr std::size_t waiting_max = 1024;

    void submit(core::RegistryRequest request) override;

    /// Performs what is due and hands out its replies, in order.
    std::vector<core::RegistryReply> take_replies(Now now);
    /// When take_replies has something next; nothing when idle. Requests that wait for their first
    /// look are due at once.
    std::optional<Instant> deadline() const;

    /// The whole table, by id; what a start loads.
    std::vector<core::SymbolRecord> records() const;
    /// Puts a row in as if it had always been there. Errors: as for a write.
    Result<core::SymbolRecord> preload(core::RegistryWrite write, Utc at);

    /// Away: requests answer `Unavailable` and one RegistryStateChanged is given; back: another one
    /// with the whole table.
    void set_available(bool available, std::string reason);
    /// Each request waits this long before it is performed.
    void set_delay(Duration delay) { delay_ = delay; }
    /// The server has died: requests and replies in flight are gone, rows stay.
    void crash();

 private:
    struct Waiting {
        core::RegistryRequest request;
        std::optional<Instant> due;
    };
    core::RegistryReply perform(Now now, const core::RegistryRequest& request);
    Result<core::SymbolRecord> write(const core::RegistryWrite& write, Utc at);
    const core::SymbolRecord* find_holder(const std::string& broker,
                                          const NativeId& native_id) const;

    std::map<CanonicalSymbol, core::SymbolRecord> rows_;
    std::map<CanonicalSymbol, std::vector<core::SymbolChange>> history_;
    std::deque<Waiting> waiting_;
    std::vector<core::RegistryReply> replies_;
    std::int64_t last_id_{0};
    Duration delay_{0};
    bool available_{true};
    std::string reason_;
};

}  // namespace janus::store
