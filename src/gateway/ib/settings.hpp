#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/ids.hpp"

namespace janus::ib {

/// One account behind the connection: our name and IB's code. An empty code means the only account
/// that the login manages.
struct IbAccount {
    AccountName name;
    std::string code;
};

/// How long Janus waits for what.
struct IbTimeouts {
    Duration connect{std::chrono::seconds(5)};
    Duration handshake{std::chrono::seconds(10)};  ///< Each leg: the version, then the start.
    Duration snapshot{std::chrono::seconds(30)};   ///< Each stage of a download, in total.
    Duration contract{std::chrono::seconds(10)};   ///< Details of one instrument, one lookup.
    Duration history{std::chrono::seconds(90)};    ///< One question about the past.
    Duration heartbeat{std::chrono::seconds(5)};
    Duration silence_max{std::chrono::seconds(15)};
    Duration resync{std::chrono::seconds(30)};  ///< Between two resyncs after unreadable messages.
};

/// Pauses between attempts to connect: doubled from `first` to `most`, 20 % more or less.
struct IbBackoff {
    Duration first{std::chrono::milliseconds(500)};
    Duration most{std::chrono::seconds(30)};
};

/// Which quotes to ask IB for. Delayed ones come, marked, where there is no right to live ones.
enum class MarketDataKind { Live, Delayed };

/// One connection to TWS or IB Gateway, for all accounts of its login.
struct IbSettings {
    std::string host{"127.0.0.1"};
    std::uint16_t port{4002};
    std::int64_t client_id{1};
    std::vector<IbAccount> accounts;
    int version_max{225};  ///< The highest server version to offer; above 200 it is protobuf.
    IbTimeouts timeouts;
    IbBackoff backoff;
    /// How often to look for orders that others have placed; zero is never.
    Duration open_orders_poll{std::chrono::seconds(10)};
    std::size_t messages_per_second{40};  ///< IB allows 50 for all clients of a gateway together.
    MarketDataKind market_data{MarketDataKind::Live};
};

}  // namespace janus::ib
