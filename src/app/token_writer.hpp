#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/bounded_queue.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "gateway/gateway.hpp"

namespace janus::app {

/// Keeps access tokens on a thread of its own, because a write that must be durable may take as
/// long as the disk likes. One after the other, in the order in which they were issued; what became
/// of each is logged. The end waits for what was taken.
class TokenWriter {
 public:
    /// Tokens come once in weeks for each login, so this is never reached by a broker that behaves.
    static constexpr std::size_t waiting_max = 256;
    /// Called on the writer's thread.
    using Write = std::function<Result<void>(const gateway::IssuedToken& token)>;

    TokenWriter(Write write, Log& log);
    ~TokenWriter();
    TokenWriter(const TokenWriter&) = delete;
    TokenWriter& operator=(const TokenWriter&) = delete;

    /// Never blocks. A token that finds no room is given up with an error in the log: it works
    /// until the next start, which then needs a person again.
    void keep(gateway::IssuedToken token);

 private:
    void work();

    const Write write_;
    Log& log_;
    BoundedQueue<gateway::IssuedToken> waiting_{waiting_max};
    std::jthread thread_;
};

}  // namespace janus::app
