#include "bench/tcp_sender.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "bench/ib_broker.hpp"

namespace janus::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

void no_delay(int line) {
    const int on = 1;
    setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool write_all(int line, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = send(line, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::size_t first_frame_size(std::string_view bytes) {
    std::uint32_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    return sizeof size + std::byteswap(size);
}

/// One message every so many nanoseconds, however late the clock wakes us.
void write_paced(int line, std::string_view bytes, std::size_t per_second) {
    timespec next{};
    clock_gettime(CLOCK_MONOTONIC, &next);
    while (!bytes.empty()) {
        next.tv_nsec += static_cast<long>(1'000'000'000 / per_second);
        if (next.tv_nsec >= 1'000'000'000) {
            next.tv_nsec -= 1'000'000'000;
            ++next.tv_sec;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
        const auto size = first_frame_size(bytes);
        if (!write_all(line, bytes.substr(0, size))) return;
        bytes.remove_prefix(size);
    }
}

}  // namespace

TcpSender::TcpSender(const Plan& plan) : plan_(plan), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    auto address = loopback(0);
    socklen_t size = sizeof address;
    const bool listens = bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                         listen(listener_, 1) == 0 &&
                         getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    if (!listens) throw std::runtime_error("cannot listen on loopback");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

TcpSender::~TcpSender() {
    go();
    thread_.join();
    close(listener_);
}

void TcpSender::go() {
    go_ = true;
    go_.notify_all();
}

void TcpSender::run() {
    const int line = accept(listener_, nullptr, nullptr);
    no_delay(line);
    if (plan_.subscriptions == 0 || play_session(line)) {
        ready_ = true;
        go_.wait(false);
        write_stream(line);
    }
    shutdown(line, SHUT_WR);
    std::array<char, 4096> rest;
    while (recv(line, rest.data(), rest.size(), 0) > 0) {}
    close(line);
}

bool TcpSender::play_session(int line) {
    IbBroker broker;
    std::array<char, 65536> bytes;
    while (broker.requests().size() < plan_.subscriptions) {
        const auto size = recv(line, bytes.data(), bytes.size(), 0);
        if (size <= 0) return false;
        const auto answer = broker.answer({bytes.data(), static_cast<std::size_t>(size)});
        if (!write_all(line, answer)) return false;
    }
    return true;
}

void TcpSender::write_stream(int line) {
    constexpr std::size_t block = 256U << 10U;
    if (plan_.per_second != 0) return write_paced(line, plan_.stream, plan_.per_second);
    for (auto rest = plan_.stream; !rest.empty(); rest.remove_prefix(std::min(block, rest.size())))
        if (!write_all(line, rest.substr(0, block))) return;
}

int connect_to(std::uint16_t port) {
    const int line = socket(AF_INET, SOCK_STREAM, 0);
    const auto address = loopback(port);
    if (connect(line, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect over loopback");
    no_delay(line);
    return line;
}

}  // namespace janus::bench
