#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "sim/webull/endpoints.hpp"
#include "sim/webull/fault_book.hpp"
#include "sim/webull/http_call.hpp"
#include "sim/webull/refusal.hpp"

namespace janus::sim::webull {

/// A reply of this status with a JSON text, and with the headers that every reply has.
HttpReply json_reply(HttpExchangeId id, int status, std::string body);

/// Hands replies out, each of them late, spoiled or not at all where a fault wants that.
class ReplyDesk {
 public:
    explicit ReplyDesk(FaultBook& faults) : faults_(faults) {}

    /// True when a fault takes the call before the server has done anything with it.
    bool intercept(Now now, HttpExchangeId id, Endpoint endpoint);
    /// Delivers what the server answers; the faults of this endpoint come first.
    void deliver(Now now, Endpoint endpoint, HttpReply reply);
    /// Delivers a refusal with its error body; faults apply as well.
    void refuse(Now now, Endpoint endpoint, HttpExchangeId id, const Refusal& refusal);
    /// An error reply that no fault touches: the address was never found.
    void no_route(HttpExchangeId id);

    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::vector<HttpReply> take_replies();

 private:
    bool take_silently(HttpExchangeId id, Endpoint endpoint, std::string_view when);
    void send(Now now, Endpoint endpoint, HttpReply reply);

    FaultBook& faults_;
    std::vector<HttpReply> ready_;
    std::multimap<Instant, HttpReply> late_;
};

}  // namespace janus::sim::webull
