#pragma once

#include <set>
#include <vector>

#include "core/books.hpp"
#include "core/gateway_set.hpp"
#include "core/market_data.hpp"
#include "core/symbol_registry.hpp"
#include "core/views.hpp"

namespace janus::core {

/// The screen of truth: the books, named by the registry and valued by market data. It reads only;
/// everything that it refers to must outlive it.
class Portfolio {
 public:
    Portfolio(const Books& books, const SymbolRegistry& registry, const GatewaySet& gateways,
              const MarketData& market_data);

    /// Empty account: every account.
    std::vector<PositionView> positions(Now now, const AccountName& account) const;
    PortfolioView portfolio(Now now) const;
    /// Every symbol that an account holds and the registry knows: what market data must price.
    std::set<CanonicalSymbol> held_symbols() const;

 private:
    Valuation valuation_of(Now now, const Position& position, const SymbolRecord* record) const;
    /// `ib_main: connecting`; empty when this account's numbers are current.
    std::string missing_of(const AccountName& account) const;
    PositionView view_of(Now now, const Position& position) const;

    const Books& books_;
    const SymbolRegistry& registry_;
    const GatewaySet& gateways_;
    const MarketData& market_data_;
};

}  // namespace janus::core
