#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/io.hpp"
#include "net/asio.hpp"
#include "net/io_driver.hpp"

namespace janus::net {

/// Tests only: a loop that runs until something has happened. The limit only ends a failing test.
class TestLoop {
 public:
    asio::io_context& loop() { return loop_; }

    /// True once `done` holds.
    bool run_until(const std::function<bool()>& done,
                   std::chrono::seconds limit = std::chrono::seconds(20)) {
        const auto end = std::chrono::steady_clock::now() + limit;
        while (!done()) {
            if (std::chrono::steady_clock::now() > end) return false;
            loop_.restart();
            loop_.run_one_for(std::chrono::milliseconds(50));
        }
        return true;
    }
    /// Runs what is ready; waits for nothing.
    void run_ready() {
        loop_.restart();
        loop_.poll();
    }

 private:
    asio::io_context loop_;
};

/// Tests only: a driver whose events are gathered.
class TestDriver {
 public:
    explicit TestDriver(TestLoop& loop)
        : loop_(loop), driver(loop.loop(), [this](const io::Event& e) { on_event(e); }, log_) {}

    /// Waits for the next event of this kind, in order; nothing when none comes.
    template <typename Wanted>
    std::optional<Wanted> wait() {
        const auto found = [this] { return find<Wanted>() != events.end(); };
        if (!loop_.run_until(found)) return std::nullopt;
        const auto at = find<Wanted>();
        auto event = std::get<Wanted>(*at);
        events.erase(at);
        return event;
    }
    template <typename Wanted>
    std::vector<io::Event>::iterator find() {
        return std::ranges::find_if(
            events, [](const auto& event) { return std::holds_alternative<Wanted>(event); });
    }

 private:
    void on_event(const io::Event& event) {
        events.push_back(event);
        if (on_next) std::exchange(on_next, nullptr)(event);
    }
    TestLoop& loop_;
    NoLog log_;

 public:
    std::vector<io::Event> events;
    std::function<void(const io::Event&)> on_next;  ///< Called once, from inside the delivery.
    IoDriver driver;
};

}  // namespace janus::net
