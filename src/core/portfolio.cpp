#include "core/portfolio.hpp"

#include "core/valuation.hpp"

namespace janus::core {
namespace {

Holding holding_of(const Position& position) {
    return {position.quantity, position.average_cost, position.instrument.multiplier};
}

Valuation without_value(std::string why) {
    Valuation value;
    value.missing = std::move(why);
    return value;
}

}  // namespace

Portfolio::Portfolio(const Books& books, const SymbolRegistry& registry, const GatewaySet& gateways,
                     const MarketData& market_data)
    : books_(books), registry_(registry), gateways_(gateways), market_data_(market_data) {}

Valuation Portfolio::valuation_of(Now now, const Position& position,
                                  const SymbolRecord* record) const {
    if (record == nullptr) return without_value("unmapped");
    const auto& currency = position.instrument.currency;
    if (!currency.empty() && currency != record->currency)
        return without_value(fmt::format("held in {}, priced in {}", currency, record->currency));
    return value_of(now, holding_of(position), market_data_.quote(now, record->symbol),
                    market_data_.settings().stale_after);
}

PositionView Portfolio::view_of(Now now, const Position& position) const {
    const auto index = gateways_.find_index(position.account);
    const auto broker = index ? gateways_.broker_of(*index) : std::string{};
    const auto name = registry_.shown_name(broker, position.instrument);
    const auto* record = name.symbol ? registry_.find(*name.symbol) : nullptr;
    PositionView view{.position = position,
                      .symbol = name.text,
                      .mapped = record != nullptr,
                      .valuation = valuation_of(now, position, record),
                      .stale = !gateways_.ready(position.account)};
    if (record != nullptr && position.instrument.currency.empty())
        view.position.instrument.currency = record->currency;
    return view;
}

std::vector<PositionView> Portfolio::positions(Now now, const AccountName& account) const {
    std::vector<PositionView> views;
    for (const auto& position : books_.positions(account)) views.push_back(view_of(now, position));
    return views;
}

PortfolioView Portfolio::portfolio(Now now) const {
    std::vector<AccountCompleteness> accounts;
    for (const auto& account : gateways_.accounts())
        accounts.push_back({account, missing_of(account)});
    return portfolio_of(positions(now, {}), books_.balances({}), accounts);
}

std::string Portfolio::missing_of(const AccountName& account) const {
    if (!gateways_.ready(account)) return gateways_.why_not_ready(account);
    const auto& book = books_.book_of(account);
    if (!book.positions_at) return account.value + ": no positions yet";
    if (!book.balances_at) return account.value + ": no balances yet";
    return {};
}

std::set<CanonicalSymbol> Portfolio::held_symbols() const {
    std::set<CanonicalSymbol> symbols;
    for (const auto& [account, book] : books_.all()) {
        const auto index = gateways_.find_index(account);
        if (!index) continue;
        const auto broker = gateways_.broker_of(*index);
        for (const auto& [key, position] : book.positions)
            if (const auto name = registry_.shown_name(broker, position.instrument); name.symbol)
                symbols.insert(*name.symbol);
    }
    return symbols;
}

}  // namespace janus::core
