#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/engine.hpp"
#include "gateway/ib/settings.hpp"
#include "gateway/webull/settings.hpp"
#include "sim/world/network.hpp"
#include "store/memory_journal.hpp"
#include "store/memory_registry.hpp"

namespace janus::sim {

/// What a test changes or breaks on purpose, to see that the checkers notice. Empty in every honest
/// run.
struct Sabotage {
    /// Puts a gateway into a disguise that misbehaves.
    std::function<std::unique_ptr<gateway::Gateway>(std::unique_ptr<gateway::Gateway>)> gateway{};
    std::function<void(core::JournalAppend&)> journal{};   ///< Before it is kept.
    std::function<void(core::RegistryWrite&)> registry{};  ///< Before it is performed.
    std::function<void(std::vector<io::Effect>&)> wire{};  ///< Before it goes out.
    // Settings that a scenario needs otherwise.
    std::function<void(core::EngineSettings&)> settings{};
    std::function<void(::janus::ib::IbSettings&)> ib{};
    std::function<void(::janus::webull::WebullSettings&)> webull{};  ///< Of either app key.
};

/// The accounts of the world's scenario, in the order of the gateways: our name, the broker's, and
/// whose it is.
struct WorldAccount {
    AccountName name;
    std::string id;
    Line line{Line::Ib};
};
const std::vector<WorldAccount>& world_accounts();
/// The built-in scenario with one more account at Webull, under an app key of its own.
Scenario world_scenario();

/// The journal as the engine sees it: the in-memory twin behind a hook.
class WorldJournal final : public core::Journal {
 public:
    explicit WorldJournal(const Sabotage& sabotage) : sabotage_(sabotage) {}
    void append(core::JournalAppend request) override;
    store::MemoryJournal& twin() { return twin_; }
    const store::MemoryJournal& twin() const { return twin_; }

 private:
    const Sabotage& sabotage_;
    store::MemoryJournal twin_{"worldsim"};
};

/// The registry as the engine sees it: the in-memory twin behind a hook.
class WorldRegistry final : public core::RegistryStore {
 public:
    explicit WorldRegistry(const Sabotage& sabotage) : sabotage_(sabotage) {}
    void submit(core::RegistryRequest request) override;
    store::MemoryRegistry& twin() { return twin_; }
    const store::MemoryRegistry& twin() const { return twin_; }

 private:
    const Sabotage& sabotage_;
    store::MemoryRegistry twin_;
};

/// The server's side of a world: the production engine over the production gateways and the stores'
/// twins. It can be killed at any time; what the stores have committed stays. Everything it is
/// given must outlive it.
class JanusSide {
 public:
    JanusSide(std::uint64_t seed, const VirtualClock& clock, Trace& trace, const Sabotage& sabotage)
        : seed_(seed),
          clock_(clock),
          trace_(trace),
          sabotage_(sabotage),
          journal_(sabotage),
          registry_(sabotage) {}

    void start();
    /// As kill -9 does it: nothing is said to anybody.
    void crash();
    bool running() const { return engine_ != nullptr; }
    /// Precondition: running.
    core::Engine& engine() { return *engine_; }
    const core::Engine& engine() const { return *engine_; }
    /// How often it has been started.
    int lives() const { return lives_; }

    void on_io(Line line, const io::Event& event);
    /// Hands due replies of the stores to the engine and lets it work; true when something moved.
    bool pump();
    std::vector<io::Effect> take_effects(Line line);
    std::optional<Instant> deadline() const;
    void on_timeout();

    /// The access tokens that were handed out to be kept, by login; the newest of each.
    const std::map<std::string, gateway::IssuedToken>& kept_tokens() const { return tokens_; }

    store::MemoryJournal& journal() { return journal_.twin(); }
    const store::MemoryJournal& journal() const { return journal_.twin(); }
    store::MemoryRegistry& registry() { return registry_.twin(); }
    const store::MemoryRegistry& registry() const { return registry_.twin(); }

 private:
    std::vector<std::unique_ptr<gateway::Gateway>> make_gateways();
    ::janus::webull::WebullSettings webull_settings(Line line) const;
    gateway::Gateway& gateway_of(Line line);
    void keep_tokens();

    std::uint64_t seed_;
    const VirtualClock& clock_;
    Trace& trace_;
    const Sabotage& sabotage_;
    WorldJournal journal_;
    WorldRegistry registry_;
    std::map<std::string, gateway::IssuedToken> tokens_;  ///< Survive a crash, as files do.
    std::optional<Random> random_;
    std::unique_ptr<core::Engine> engine_;
    int lives_{0};
};

/// How large an order the accounts of the world allow.
Quantity order_quantity_max();

}  // namespace janus::sim
