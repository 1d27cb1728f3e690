#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace janus {

/// A mailbox between threads with a bound. Whoever fills it decides what "full" means for its
/// sender.
template <typename T>
class BoundedQueue {
 public:
    explicit BoundedQueue(std::size_t size_max) : size_max_(size_max) {}

    /// False when the queue is full or closed; the item is then untouched.
    bool try_push(T&& item) {
        {
            std::lock_guard lock(mutex_);
            if (closed_ || items_.size() >= size_max_) return false;
            items_.push_back(std::move(item));
        }
        ready_.notify_one();
        return true;
    }

    /// Waits for an item; nothing once the queue is closed and empty.
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [this] { return closed_ || !items_.empty(); });
        if (items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        return item;
    }

    /// Waits up to `patience` for an item; nothing when none came, or once closed and empty.
    std::optional<T> pop_for(std::chrono::nanoseconds patience) {
        std::unique_lock lock(mutex_);
        ready_.wait_for(lock, patience, [this] { return closed_ || !items_.empty(); });
        if (items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        return item;
    }

    /// Waits for an item and takes what else is there, up to `count_max`; empty once the queue is
    /// closed and empty.
    std::vector<T> pop_batch(std::size_t count_max) {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [this] { return closed_ || !items_.empty(); });
        std::vector<T> batch;
        while (!items_.empty() && batch.size() < count_max) {
            batch.push_back(std::move(items_.front()));
            items_.pop_front();
        }
        return batch;
    }

    bool closed() const {
        std::lock_guard lock(mutex_);
        return closed_;
    }

    /// No more pushes; what is inside can still be popped.
    void close() {
        {
            std::lock_guard lock(mutex_);
            closed_ = true;
        }
        ready_.notify_all();
    }

    std::size_t size() const {
        std::lock_guard lock(mutex_);
        return items_.size();
    }

 private:
    const std::size_t size_max_;
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<T> items_;
    bool closed_{false};
};

}  // namespace janus
