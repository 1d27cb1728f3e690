#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// The prices next to one that is not on the grid.
struct NearestPrices {
    Decimal below;
    Decimal above;
    friend bool operator==(const NearestPrices&, const NearestPrices&) = default;
};

/// The price grids of IB by number. A grid has steps: from each lower edge on prices are multiples
/// of its increment. Kept for the life of the process; a fresh answer replaces the old one.
class PriceGrids {
 public:
    static constexpr std::size_t grids_max = 10'000;

    void on_rule(const wire::MarketRule& rule);
    bool knows(std::int64_t rule) const { return steps_.contains(rule); }

    /// The increment at this price; nothing for an unknown grid.
    std::optional<Decimal> find_increment(std::int64_t rule, Decimal price) const;
    /// Nothing when the price is on the grid, or the grid is unknown.
    std::optional<NearestPrices> find_nearest(std::int64_t rule, Decimal price) const;

 private:
    std::map<std::int64_t, std::vector<wire::PriceStep>> steps_;  ///< By number, edges rising.
};

/// The grid of an instrument at an exchange: rules stand in the order of the valid exchanges.
/// Nothing when the details name none for it.
std::optional<std::int64_t> find_rule_number(const wire::ContractData& data,
                                             std::string_view exchange);

}  // namespace janus::ib
