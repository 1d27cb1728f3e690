#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "gateway/command.hpp"
#include "gateway/event.hpp"
#include "gateway/io.hpp"

namespace janus::gateway {

/// What a broker can do; the core asks it instead of knowing brokers.
struct Capabilities {
    bool market_data{false};      ///< Serves SubscribeTicks.
    bool ticker_fallback{false};  ///< The canonical symbol of an equity may be tried as its native
                                  ///< id, once confirmed.
    bool preview{false};          ///< Serves PreviewOrder.
    bool brackets{false};         ///< Places children that wait for their parent.
};

/// An access token that the broker has just confirmed, to be kept for the next start.
struct IssuedToken {
    std::string login;  ///< Names the login in a file name; without secrets.
    Secret text;
    Utc issued;  ///< When it was first confirmed.
};

/// A gateway: our machine that speaks one broker's protocol for all accounts of one login.
/// Pure: bytes, commands and time go in; effects and events come out. Used on the core thread only.
/// After every call the owner takes effects, events and ticks until all are empty.
class Gateway {
 public:
    virtual ~Gateway() = default;

    /// The broker's key in the registry and in the configuration: `ib`, `webull`.
    virtual std::string_view broker() const = 0;
    /// The accounts it serves, in the order of the configuration.
    virtual const std::vector<AccountName>& accounts() const = 0;
    virtual Capabilities capabilities() const = 0;

    virtual void on_command(Now now, const Command& command) = 0;
    virtual void on_io(Now now, const io::Event& event) = 0;
    /// Does what is due. Early calls are harmless.
    virtual void on_timeout(Now now) = 0;
    /// When to call on_timeout next.
    virtual std::optional<Instant> deadline() const = 0;

    /// Checks that the broker can express this order and reserves the broker's number for it (0
    /// where there is none). The core makes the number durable with the intent. Nothing is sent.
    /// Errors: `Denied`, with what the broker cannot do and what would be allowed.
    virtual Result<std::int64_t> prepare_order(const OrderIntent& intent,
                                               const NativeId& native_id) = 0;
    /// Checks that the broker can change this live order to what `wanted` says: the whole order
    /// with its new values. Nothing is sent. Errors: `Denied`, with what the broker cannot do and
    /// what would be allowed.
    virtual Result<void> check_modify(const Order& order, const OrderIntent& wanted) = 0;
    /// The highest number that the journal knows; given once before Start.
    virtual void restore_number(std::int64_t highest_used) = 0;
    /// The broker's native id to try for an equity that the registry does not know there; nothing
    /// when the broker has no such rule. It must still be confirmed by a lookup.
    virtual std::optional<NativeId> fallback_native_id(const CanonicalSymbol& symbol) const = 0;

    /// Whether the instrument trades at that moment, in whatever session. Nothing when the broker
    /// has not told its hours.
    virtual std::optional<bool> is_open(const NativeId& /*native_id*/, Utc /*at*/) const {
        return std::nullopt;
    }

    virtual std::vector<io::Effect> take_effects() = 0;
    virtual std::vector<Event> take_events() = 0;
    /// Swaps the gathered ticks into `into`, whose old content is dropped and whose memory is kept
    /// for reuse.
    virtual void take_ticks(std::vector<Tick>& into) = 0;
    /// The tokens that were confirmed since the last call; most brokers have none.
    virtual std::vector<IssuedToken> take_tokens() { return {}; }

    /// True once Stop is done and nothing is open any more.
    virtual bool stopped() const = 0;
    /// Counted oddities since start: unknown messages, surplus fields, late events, missed events.
    virtual const std::map<std::string, std::uint64_t>& counters() const = 0;
};

}  // namespace janus::gateway
