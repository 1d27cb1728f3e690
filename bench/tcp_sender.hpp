#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <thread>

namespace janus::bench {

/// Serves one stream to one client over loopback, on a thread of its own.
class TcpSender {
 public:
    struct Plan {
        std::string_view stream;
        std::size_t subscriptions{0};  ///< 0: no session, bytes at once.
        std::size_t per_second{0};     ///< Messages; 0: as fast as they are taken.
    };

    explicit TcpSender(const Plan& plan);
    ~TcpSender();
    TcpSender(const TcpSender&) = delete;
    TcpSender& operator=(const TcpSender&) = delete;

    std::uint16_t port() const { return port_; }
    /// The client is connected and, when a session was asked for, subscribed.
    bool ready() const { return ready_; }
    /// Lets the stream flow; the line is closed behind its last byte.
    void go();

 private:
    void run();
    bool play_session(int line);
    void write_stream(int line);

    Plan plan_;
    int listener_;
    std::uint16_t port_{0};
    std::atomic<bool> ready_{false};
    std::atomic<bool> go_{false};
    std::thread thread_;
};

/// A blocking client's socket. Throws when it cannot connect.
int connect_to(std::uint16_t port);

}  // namespace janus::bench
