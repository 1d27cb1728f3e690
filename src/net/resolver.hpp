#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/asio.hpp"
#include "net/postbox.hpp"

namespace janus::net {

using Addresses = std::vector<asio::ip::address>;

/// Looks names up without blocking the loop: the system's look-up runs on a thread of its own, and
/// a waiter gives up at its own time, whatever that thread does. Look-ups of one name are shared.
class Resolver {
 public:
    static constexpr std::size_t lookups_max = 16;  ///< Names under way; one more is refused.

    /// One question; `give_up` ends it early.
    class Question {
     public:
        explicit Question(asio::io_context& loop) : wake_(loop) {}
        void give_up() { wake_.cancel(); }

     private:
        friend class Resolver;
        asio::steady_timer wake_;
        std::optional<Result<Addresses>> answer_;
    };

    explicit Resolver(asio::io_context& loop)
        : loop_(loop), shared_(std::make_shared<Shared>(loop)) {}
    ~Resolver() { shared_->postbox.close(); }
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// The addresses of a name, or the one that the text already is.
    /// Errors: `Unavailable`: no such name, no answer within `timeout`, or given up.
    asio::awaitable<Result<Addresses>> resolve(std::shared_ptr<Question> question, std::string host,
                                               Duration timeout);

 private:
    struct Shared {
        explicit Shared(asio::io_context& loop) : postbox(loop) {}
        Postbox postbox;
        std::map<std::string, std::vector<std::weak_ptr<Question>>> waiting;
    };
    static void on_answer(Shared& shared, const std::string& host, const Result<Addresses>& answer);
    Result<void> ask(const std::shared_ptr<Question>& question, const std::string& host);

    asio::io_context& loop_;
    std::shared_ptr<Shared> shared_;
};

}  // namespace janus::net
