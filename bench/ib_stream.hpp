#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace janus::bench {

/// What a stream holds, counted while it was written.
struct StreamCount {
    std::size_t messages{0};
    std::size_t prices{0};
    std::size_t sizes{0};          ///< Sizes in messages of their own.
    std::size_t derived_sizes{0};  ///< Sizes that came with a bid, ask or last.
    std::size_t texts{0};
    std::size_t generics{0};
    std::size_t orders{0};  ///< Order statuses, open orders, positions, portfolio values, errors.
    std::size_t price_events() const { return prices + sizes + derived_sizes; }
};

/// Bytes as TWS writes them at server version 200, and what is in them.
struct Stream {
    std::string bytes;
    StreamCount count;
};

/// Which messages a stream is made of.
enum class Mix {
    Realistic,  ///< As a gateway with a hundred subscriptions sends them.
    TicksOnly,
};

/// The same seed gives the same bytes on every machine. `requests` are the ids of the market data
/// requests that the ticks are for.
Stream make_stream(Mix mix, std::size_t messages, const std::vector<std::string>& requests,
                   std::uint64_t seed);

}  // namespace janus::bench
