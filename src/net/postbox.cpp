#include "net/postbox.hpp"

#include <utility>

#include "net/asio.hpp"

namespace janus::net {

struct Postbox::State {
    std::mutex mutex;
    asio::io_context* loop{nullptr};  ///< Null once closed.
};

Postbox::Postbox(asio::io_context& loop) : state_(std::make_shared<State>()) {
    state_->loop = &loop;
}

bool Postbox::post(std::function<void()> work) const {
    std::lock_guard lock(state_->mutex);
    if (state_->loop == nullptr) return false;
    asio::post(*state_->loop, [state = state_, work = std::move(work)] {
        const auto open = [&] {
            std::lock_guard again(state->mutex);
            return state->loop != nullptr;
        }();
        if (open) work();
    });
    return true;
}

void Postbox::close() const {
    std::lock_guard lock(state_->mutex);
    state_->loop = nullptr;
}

}  // namespace janus::net
