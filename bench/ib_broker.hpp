#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/ib/wire/frame_reader.hpp"

namespace janus::bench {

/// The broker's side of a session, written by hand: it answers what a gateway asks until it is
/// ready and subscribed, and each order with a refusal. Text era, server version 200.
class IbBroker {
 public:
    /// What to write back for what the gateway has sent.
    std::string answer(std::string_view bytes);

    /// The ids of the market data requests, in the order of their coming.
    const std::vector<std::string>& requests() const { return requests_; }
    std::size_t orders() const { return orders_; }

 private:
    std::string answer_message(std::string_view payload);

    ib::wire::FrameReader reader_;
    bool hello_seen_{false};
    bool greeted_{false};
    std::vector<std::string> requests_;
    std::size_t orders_{0};
};

}  // namespace janus::bench
