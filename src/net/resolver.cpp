#include "net/resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

namespace janus::net {
namespace {

/// The system's look-up; blocks for as long as it likes.
Result<Addresses> look_up(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (failure != 0)
        return fail(ErrorCode::Unavailable, "name '{}' could not be resolved: {}", host,
                    ::gai_strerror(failure));
    Addresses addresses;
    for (const auto* one = found; one != nullptr; one = one->ai_next) {
        Tcp::endpoint endpoint;
        if (one->ai_addrlen > endpoint.capacity()) continue;
        std::copy_n(reinterpret_cast<const char*>(one->ai_addr), one->ai_addrlen,
                    reinterpret_cast<char*>(endpoint.data()));
        addresses.push_back(endpoint.address());
    }
    ::freeaddrinfo(found);
    if (addresses.empty()) return fail(ErrorCode::Unavailable, "name '{}' has no address", host);
    return addresses;
}

}  // namespace

asio::awaitable<Result<Addresses>> Resolver::resolve(std::shared_ptr<Question> question,
                                                     std::string host, Duration timeout) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return Addresses{address};
    if (auto asked = ask(question, host); !asked) co_return std::unexpected(asked.error());
    question->wake_.expires_after(timeout);
    co_await question->wake_.async_wait(as_result);
    if (question->answer_) co_return *question->answer_;
    co_return fail(ErrorCode::Unavailable, "name '{}' was not resolved in time", host);
}

Result<void> Resolver::ask(const std::shared_ptr<Question>& question, const std::string& host) {
    auto& waiting = shared_->waiting;
    const auto same = waiting.find(host);
    if (same != waiting.end()) {
        std::erase_if(same->second, [](const auto& waiter) { return waiter.expired(); });
        same->second.push_back(question);
        return {};
    }
    if (waiting.size() >= lookups_max)
        return fail(ErrorCode::Unavailable, "{} name look-ups already hang", lookups_max);
    try {
        // Detached: the system cannot be told to stop, and its late answer finds the box closed.
        std::thread([shared = shared_, host] {
            auto answer = look_up(host);
            shared->postbox.post([shared, host, answer] { on_answer(*shared, host, answer); });
        }).detach();
    } catch (const std::system_error& error) {
        return fail(ErrorCode::Unavailable, "no thread for a name look-up: {}", error.what());
    }
    waiting[host].push_back(question);
    return {};
}

void Resolver::on_answer(Shared& shared, const std::string& host, const Result<Addresses>& answer) {
    const auto waiters = shared.waiting.extract(host);
    if (waiters.empty()) return;
    for (const auto& waiter : waiters.mapped()) {
        const auto question = waiter.lock();
        if (question == nullptr) continue;
        question->answer_ = answer;
        question->wake_.cancel();
    }
}

}  // namespace janus::net
