#include <algorithm>
#include <map>

#include "core/engine_parts.hpp"

namespace janus::core {
namespace {

ComponentHealth health_of(const AccountView& account) {
    auto detail = account.reason;
    if (account.halted)
        detail += (detail.empty() ? "halted: " : "; halted: ") + account.halt_reason;
    return {"account " + account.name.value, std::string(gateway::to_text(account.gate)),
            account.gate == gateway::Gate::Ready, account.since, detail};
}

ComponentHealth health_of(const JournalWriter& journal) {
    auto detail = journal.reason();
    if (journal.backlog() != 0)
        detail += fmt::format("{}{} orders wait to be written again", detail.empty() ? "" : "; ",
                              journal.backlog());
    return {"journal", journal.available() ? "available" : "unavailable", journal.available(),
            journal.since(), detail};
}

ComponentHealth health_of(const SymbolRegistry& registry, Utc started) {
    return {"database", registry.available() ? "available" : "unavailable", registry.available(),
            std::max(started, registry.state_since()), registry.reason()};
}

/// `2 days`, `7 hours`: the larger unit says enough.
std::string rough(Duration span) {
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(span).count();
    return hours >= 48 ? fmt::format("{} days", hours / 24) : fmt::format("{} hours", hours);
}

ComponentHealth health_of(const gateway::TokenChanged& token, Utc since, Utc now) {
    std::string detail;
    if (token.issued) detail = rough(now - *token.issued) + " old";
    if (token.expires)
        detail += fmt::format("{}{} {}{}", detail.empty() ? "" : ", ",
                              *token.expires > now ? "expires" : "expired",
                              to_iso_seconds_text(*token.expires),
                              *token.expires > now ? ", in " + rough(*token.expires - now) : "");
    if (!token.reason.empty()) detail += (detail.empty() ? "" : "; ") + token.reason;
    return {"token " + token.login, std::string(gateway::to_text(token.state)),
            token.state == gateway::TokenState::Normal, since, detail};
}

}  // namespace

std::vector<ComponentHealth> Engine::Parts::health(Now now) const {
    std::vector<ComponentHealth> all;
    for (const auto& account : accounts.views()) all.push_back(health_of(account));
    for (const auto& [name, stream] : streams) {
        const bool ok =
            stream.state == gateway::StreamState::Live || stream.state == gateway::StreamState::Off;
        all.push_back({"stream " + name, std::string(gateway::to_text(stream.state)), ok,
                       stream.since, stream.reason});
    }
    for (const auto& [login, token] : tokens)
        all.push_back(health_of(token.last, token.since, now.utc));
    all.push_back(health_of(registry, started));
    all.push_back(health_of(journal));
    return all;
}

std::vector<std::pair<std::string, std::uint64_t>> Engine::Parts::all_counters() const {
    std::map<std::string, std::uint64_t> merged;
    for (const auto& gateway : gateway_list)
        for (const auto& [name, count] : gateway->counters())
            merged[fmt::format("{}.{}", gateway->broker(), name)] += count;
    for (const auto& [name, count] : counters.all()) merged["core." + name] += count;
    merged["core.orders"] = orders.all().size();
    merged["core.feed_events"] = feed.last_sequence();
    merged["core.ticks"] = market_data.ticks();
    merged["core.late_ticks"] = market_data.late_ticks();
    merged["core.symbols"] = registry.size();
    merged["core.journal_backlog"] = journal.backlog();
    return {merged.begin(), merged.end()};
}

}  // namespace janus::core
