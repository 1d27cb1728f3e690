#pragma once

#include <memory>
#include <utility>

#include "gateway/gateway.hpp"

namespace janus::sim {

/// A gateway in a disguise that does nothing; tests derive from it to break one thing on purpose.
class Disguise : public gateway::Gateway {
 public:
    explicit Disguise(std::unique_ptr<gateway::Gateway> inner) : inner_(std::move(inner)) {}

    std::string_view broker() const override { return inner_->broker(); }
    const std::vector<AccountName>& accounts() const override { return inner_->accounts(); }
    gateway::Capabilities capabilities() const override { return inner_->capabilities(); }
    void on_command(Now now, const gateway::Command& command) override {
        inner_->on_command(now, command);
    }
    void on_io(Now now, const io::Event& event) override { inner_->on_io(now, event); }
    void on_timeout(Now now) override { inner_->on_timeout(now); }
    std::optional<Instant> deadline() const override { return inner_->deadline(); }
    Result<std::int64_t> prepare_order(const OrderIntent& intent,
                                       const NativeId& native_id) override {
        return inner_->prepare_order(intent, native_id);
    }
    Result<void> check_modify(const Order& order, const OrderIntent& wanted) override {
        return inner_->check_modify(order, wanted);
    }
    void restore_number(std::int64_t highest_used) override {
        inner_->restore_number(highest_used);
    }
    std::optional<NativeId> fallback_native_id(const CanonicalSymbol& symbol) const override {
        return inner_->fallback_native_id(symbol);
    }
    std::optional<bool> is_open(const NativeId& native_id, Utc at) const override {
        return inner_->is_open(native_id, at);
    }
    std::vector<io::Effect> take_effects() override { return inner_->take_effects(); }
    std::vector<gateway::Event> take_events() override { return inner_->take_events(); }
    void take_ticks(std::vector<Tick>& into) override { inner_->take_ticks(into); }
    std::vector<gateway::IssuedToken> take_tokens() override { return inner_->take_tokens(); }
    bool stopped() const override { return inner_->stopped(); }
    const std::map<std::string, std::uint64_t>& counters() const override {
        return inner_->counters();
    }

 private:
    std::unique_ptr<gateway::Gateway> inner_;
};

/// Keeps every tick to itself.
class Tickless final : public Disguise {
 public:
    using Disguise::Disguise;
    void take_ticks(std::vector<Tick>& into) override {
        Disguise::take_ticks(into);
        into.clear();
    }
};

/// A hook for `Sabotage::gateway` that puts every gateway into this disguise.
template <typename Kind>
std::unique_ptr<gateway::Gateway> disguised(std::unique_ptr<gateway::Gateway> inner) {
    return std::make_unique<Kind>(std::move(inner));
}

}  // namespace janus::sim
