#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/symbol.hpp"
#include "gateway/gateway.hpp"

/// Helpers of this room's tests.
namespace janus::core {

/// A gateway that a test plays by hand: it keeps the commands it was given and hands out the events
/// and ticks that the test has put in. It decides nothing, so it is no model of any broker.
class ScriptedGateway final : public gateway::Gateway {
 public:
    ScriptedGateway(std::string broker, std::vector<AccountName> accounts,
                    gateway::Capabilities capabilities)
        : broker_(std::move(broker)), accounts_(std::move(accounts)), capabilities_(capabilities) {}

    std::string_view broker() const override { return broker_; }
    const std::vector<AccountName>& accounts() const override { return accounts_; }
    gateway::Capabilities capabilities() const override { return capabilities_; }

    void on_command(Now, const gateway::Command& command) override {
        if (std::holds_alternative<gateway::Stop>(command)) stopped_ = true;
        commands.push_back(command);
    }
    void on_io(Now, const io::Event&) override {}
    void on_timeout(Now) override {}
    std::optional<Instant> deadline() const override { return std::nullopt; }

    Result<std::int64_t> prepare_order(const OrderIntent& intent, const NativeId&) override {
        if (refuses_orders) return std::unexpected(*refuses_orders);
        if (refuses_type == intent.type) return fail(ErrorCode::Denied, "not this type");
        return ++highest_number;
    }
    Result<void> check_modify(const Order&, const OrderIntent&) override {
        if (refuses_modify) return std::unexpected(*refuses_modify);
        return {};
    }
    void restore_number(std::int64_t highest_used) override { highest_number = highest_used; }
    std::optional<NativeId> fallback_native_id(const CanonicalSymbol& symbol) const override {
        if (!capabilities_.ticker_fallback || symbol.asset_class() != AssetClass::Equity)
            return std::nullopt;
        return NativeId{symbol.text()};
    }

    std::optional<bool> is_open(const NativeId&, Utc) const override { return open; }
    std::vector<io::Effect> take_effects() override { return {}; }
    std::vector<gateway::Event> take_events() override { return std::exchange(events, {}); }
    void take_ticks(std::vector<Tick>& into) override {
        into.clear();
        into.swap(ticks);
    }
    bool stopped() const override { return stopped_; }
    const std::map<std::string, std::uint64_t>& counters() const override { return counters_; }

    /// The commands of one kind, in order.
    template <typename Kind>
    std::vector<Kind> sent() const {
        std::vector<Kind> found;
        for (const auto& command : commands)
            if (const auto* match = std::get_if<Kind>(&command)) found.push_back(*match);
        return found;
    }
    template <typename Kind>
    std::size_t count() const {
        return sent<Kind>().size();
    }

    std::vector<gateway::Command> commands;
    std::vector<gateway::Event> events;   ///< Handed out by the next take_events.
    std::vector<Tick> ticks;              ///< Handed out by the next take_ticks.
    std::optional<Error> refuses_orders;  ///< What prepare_order answers instead of a number.
    std::optional<Error> refuses_modify;  ///< What check_modify answers instead of yes.
    std::optional<OrderType> refuses_type;
    std::optional<bool> open;  ///< What is_open answers.
    std::int64_t highest_number{0};

 private:
    std::string broker_;
    std::vector<AccountName> accounts_;
    gateway::Capabilities capabilities_;
    std::map<std::string, std::uint64_t> counters_;
    bool stopped_{false};
};

inline constexpr gateway::Capabilities ib_like{
    .market_data = true, .ticker_fallback = false, .preview = true, .brackets = true};
inline constexpr gateway::Capabilities webull_like{.market_data = false, .ticker_fallback = true};

/// A symbol that the test knows to be well formed.
inline CanonicalSymbol symbol_of(std::string_view text) {
    auto symbol = CanonicalSymbol::parse(text);
    JANUS_CHECK(symbol.has_value());
    return *std::move(symbol);
}

inline Decimal decimal_of(std::string_view text) {
    const auto value = Decimal::parse(text);
    JANUS_CHECK(value.has_value());
    return *value;
}
inline Quantity quantity_of(std::string_view text) {
    return {decimal_of(text)};
}
inline Price price_of(std::string_view text) {
    return {decimal_of(text)};
}
inline Money money_of(std::string_view text) {
    return {decimal_of(text)};
}

/// So long after the start of the test's world, which begins at 2026-03-09T14:30:00Z.
inline Now at(Duration since_start) {
    constexpr Utc begin{std::chrono::seconds(1'773'066'600)};
    return {.mono = Instant{since_start}, .utc = begin + since_start};
}

/// An instrument as a broker would describe it, named by the rule.
inline Instrument instrument_of(std::string_view symbol, std::string_view native_id) {
    const auto name = symbol_of(symbol);
    return {.native_id = NativeId{std::string(native_id)},
            .symbol = name,
            .broker_symbol = std::string(symbol),
            .asset_class = name.asset_class(),
            .currency = "USD",
            .exchange = "NASDAQ",
            .multiplier = Decimal::from_integer(1),
            .description = std::string(symbol) + " INC"};
}

}  // namespace janus::core
