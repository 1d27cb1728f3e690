#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "sim/exchange/exchange.hpp"
#include "sim/fault.hpp"
#include "sim/ledger.hpp"

namespace janus::sim {

/// One accepted connection, numbered by the host; never used twice.
using ConnectionId = Tagged<std::uint64_t, struct SimConnectionIdTag>;

struct IbServerSettings {
    std::vector<std::string> accounts;  ///< Of the login; empty: every IB account of the scenario.
    int version_max{225};               ///< The answer to a client is min(its max, this).
    std::string login{"simuser"};
    std::optional<int> master_client_id;  ///< Sees the orders of every client.
};

/// What the host does next for a connection: send the bytes, then close when asked to.
struct IbOutput {
    ConnectionId connection;
    std::string bytes;
    bool close{false};
};

/// An order as if it was entered in TWS by hand: order id 0, client id 0, no reference.
struct IbExternalOrder {
    std::string account;
    std::string symbol;  ///< Canonical.
    Side side{Side::Buy};
    OrderType type{OrderType::Market};
    Quantity quantity;
    std::optional<Price> limit_price{};
    std::optional<Price> stop_price{};
    TimeInForce time_in_force{TimeInForce::Day};
};

/// IB Gateway's side of the socket, as a pure machine over the simulated exchange: the host moves
/// bytes, tells the time, and passes on every event that the exchange hands out (also those that
/// calls to this machine caused). Orders live in the exchange and survive their client.
/// The exchange and the source of chance must outlive it.
/// Source: the protocol reference, server versions 176 to 200 (text) and 213 to 225 (protobuf).
class IbServer {
 public:
    IbServer(Exchange& exchange, Random& random, IbServerSettings settings);
    ~IbServer();
    IbServer(const IbServer&) = delete;
    IbServer& operator=(const IbServer&) = delete;

    void on_accept(Now now, ConnectionId connection);
    void on_bytes(Now now, ConnectionId connection, std::string_view bytes);
    /// The client ended it. Not to be called for what an output closed; harmless if it is.
    void on_closed(Now now, ConnectionId connection);
    void on_exchange(Now now, const ExchangeEvent& event);
    void on_timeout(Now now);  ///< Early calls are harmless.
    std::optional<Instant> deadline() const;
    std::vector<IbOutput> take_outputs();

    /// Every order-bearing message received, also those that were refused or swallowed.
    const Ledger& ledger() const;

    /// The faults there are; lives for ever.
    static std::span<const FaultRow> faults();
    /// The names of the faults that are switched on now.
    std::vector<std::string> active_faults() const;
    /// Errors: `NotFound` for an unknown fault; `Invalid` for a parameter that cannot be read.
    Result<void> set_fault(Now now, const FaultOrder& order);

    /// Errors: `NotFound` for an unknown account or symbol; `Rejected` when the exchange refuses.
    Result<ExchangeOrderId> external_order(Now now, const IbExternalOrder& order);
    /// Cancels any order of the login as if by hand in TWS.
    /// Errors: `NotFound`, `Conflict` when it is final.
    Result<void> external_cancel(Now now, ExchangeOrderId order);

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::sim
