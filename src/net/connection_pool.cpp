#include "net/connection_pool.hpp"

#include <utility>

namespace janus::net {
namespace {

std::string key_of(const io::Endpoint& endpoint) {
    return fmt::format("{}|{}|{}|{}", endpoint.host, endpoint.port, endpoint.tls, endpoint.ca_file);
}

}  // namespace

std::shared_ptr<Transport> ConnectionPool::take(const io::Endpoint& endpoint) {
    drop_dead();
    const auto found = idle_.find(key_of(endpoint));
    if (found == idle_.end() || found->second.empty()) return nullptr;
    auto transport = std::move(found->second.back().transport);
    found->second.pop_back();
    return transport;
}

void ConnectionPool::put(const io::Endpoint& endpoint, std::shared_ptr<Transport> transport) {
    auto& idle = idle_[key_of(endpoint)];
    if (idle.size() >= per_endpoint_max || !transport->is_quiet()) return transport->close();
    idle.push_back({std::move(transport), Clock::now() + idle_max});
    plan_sweep();
}

void ConnectionPool::close_all() {
    for (auto& [key, idle] : idle_)
        for (auto& one : idle) one.transport->close();
    idle_.clear();
    sweep_.cancel();
}

void ConnectionPool::drop_dead() {
    const auto now = Clock::now();
    const auto dead = [now](Idle& one) {
        const bool alive = one.until > now && one.transport->is_quiet();
        if (!alive) one.transport->close();
        return !alive;
    };
    for (auto& [key, idle] : idle_) std::erase_if(idle, dead);
    std::erase_if(idle_, [](const auto& entry) { return entry.second.empty(); });
}

void ConnectionPool::plan_sweep() {
    if (std::exchange(sweeping_, true)) return;
    sweep_.expires_after(idle_max);
    sweep_.async_wait([weak = weak_from_this()](error_code) {
        const auto pool = weak.lock();
        if (!pool) return;
        pool->sweeping_ = false;
        pool->drop_dead();
        if (!pool->idle_.empty()) pool->plan_sweep();
    });
}

}  // namespace janus::net
