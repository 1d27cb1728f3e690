#pragma once

#include <optional>

#include "base/result.hpp"
#include "base/time.hpp"

namespace janus::api {

/// What a streaming call gives: asked for the next message only while its client can take one, so
/// that whatever has gathered meanwhile goes out together. Lives on the core thread; destroyed when
/// the client goes away.
template <typename Message>
class Source {
 public:
    virtual ~Source() = default;

    /// The next message, or nothing while there is none. Asked again after every change in the
    /// core.
    virtual std::optional<Message> next(Now now) = 0;
    /// Set once the stream is over; asked only after `next` gave nothing.
    virtual std::optional<Result<void>> ended() const { return std::nullopt; }
};

}  // namespace janus::api
