#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "client/client.hpp"

namespace janus::client {

/// What a screen shows: a copy of the server's state as this client knows it.
struct Snapshot {
    bool connected{false};
    std::string trouble;  ///< Why not.
    std::vector<v1::Account> accounts;
    v1::Portfolio portfolio;
    std::vector<v1::Order> open_orders;
    std::map<std::string, v1::Quote> quotes;  ///< By symbol; subscribed ones.
    std::deque<v1::LogLine> log;              ///< The newest last; at most `log_lines_max`.
    static constexpr std::size_t log_lines_max = 500;
};

/// Follows a server with threads of its own: streams quotes, events and the log, and reads
/// accounts, portfolio and orders when events say that they have changed, at least every second.
/// Reconnects for ever.
class LiveModel {
 public:
    /// `on_change` is called from those threads whenever the snapshot has changed; it must not
    /// block.
    LiveModel(Client& client, std::function<void()> on_change);
    ~LiveModel();
    LiveModel(const LiveModel&) = delete;
    LiveModel& operator=(const LiveModel&) = delete;

    Snapshot snapshot() const;

 private:
    void follow_quotes();
    void follow_events();
    void follow_log();
    void refresh_loop();
    void refresh();
    /// Waits `seconds` or until the model ends; false when it ends.
    bool pause(int seconds);
    template <typename Change>
    void update(Change change) {
        {
            std::lock_guard lock(mutex_);
            change(snapshot_);
        }
        on_change_();
    }

    Client& client_;
    const std::function<void()> on_change_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Snapshot snapshot_;
    bool dirty_{true};
    bool stopping_{false};
    std::vector<std::jthread> threads_;
};

}  // namespace janus::client
