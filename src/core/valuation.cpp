#include "core/valuation.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

namespace janus::core {
namespace {

/// A sum that is absent when it cannot be represented: numbers from outside must not end the
/// process.
std::optional<Decimal> find_sum(Decimal a, Decimal b) {
    std::int64_t units = 0;
    if (__builtin_add_overflow(a.units(), b.units(), &units)) return std::nullopt;
    return Decimal::from_units(units);
}

/// quantity x multiplier x price
std::optional<Money> find_amount(const Holding& holding, Decimal price) {
    const auto units = Decimal::multiply(holding.quantity.value, holding.multiplier);
    const auto amount = units ? Decimal::multiply(*units, price) : std::nullopt;
    if (!amount) return std::nullopt;
    return Money{*amount};
}

std::optional<Price> find_middle(const Quote& quote) {
    if (!quote.bid || !quote.ask) return std::nullopt;
    const auto sum = find_sum(quote.bid->value, quote.ask->value);
    const auto half = sum ? Decimal::divide(*sum, Decimal::from_integer(2)) : std::nullopt;
    if (!half) return std::nullopt;
    return Price{*half};
}

/// One way to price a holding, and how old that price is.
struct Candidate {
    std::string_view source;
    std::optional<Price> price;
    std::optional<Instant> at;
};

bool is_fresh(Now now, const Candidate& candidate, Duration stale_after) {
    return candidate.price && candidate.at && now.mono - *candidate.at < stale_after;
}

/// The price to use: the first fresh one, else the first there is. The order is the preference.
std::optional<Candidate> choose(Now now, const Quote& quote, Duration stale_after) {
    const std::array candidates{
        Candidate{"last",  quote.last,         quote.last_changed},
        Candidate{"mid",   find_middle(quote), quote.changed     },
        Candidate{"close", quote.close,        std::nullopt      },
    };
    for (const auto& candidate : candidates)
        if (is_fresh(now, candidate, stale_after)) return candidate;
    for (const auto& candidate : candidates)
        if (candidate.price) return candidate;
    return std::nullopt;
}

std::optional<Money> find_unrealized(const Holding& holding, Price price) {
    if (!holding.average_cost) return std::nullopt;
    const auto gain = find_sum(price.value, -holding.average_cost->value);
    return gain ? find_amount(holding, *gain) : std::nullopt;
}

// ---- rows and totals ----

/// A sum over parts, absent as soon as one part is absent.
void add_all(std::optional<Money>& sum, const std::optional<Money>& part) {
    if (!sum) return;
    const auto total = part ? find_sum(sum->value, part->value) : std::nullopt;
    sum = total ? std::optional(Money{*total}) : std::nullopt;
}

/// A sum over what there is; a part that does not fit any more is reported.
bool add_present(std::optional<Money>& sum, const std::optional<Money>& part) {
    if (!part) return true;
    const auto total = find_sum(sum.value_or(Money{}).value, part->value);
    if (!total) return false;
    sum = Money{*total};
    return true;
}

std::optional<Price> find_average_cost(const std::vector<PositionView>& parts, Quantity sum) {
    if (parts.size() == 1) return parts.front().position.average_cost;
    Decimal cost;
    for (const auto& part : parts) {
        const auto& position = part.position;
        if (!position.average_cost) return std::nullopt;
        const auto paid = Decimal::multiply(position.average_cost->value, position.quantity.value);
        const auto total = paid ? find_sum(cost, *paid) : std::nullopt;
        if (!total) return std::nullopt;
        cost = *total;
    }
    const auto average = Decimal::divide(cost, sum.value);
    if (!average) return std::nullopt;
    return Price{*average};
}

/// The row's value is the sum of its parts, which share one price.
Valuation sum_of(const std::vector<PositionView>& parts) {
    Valuation sum = parts.front().valuation;
    sum.market_value = Money{};
    sum.unrealized = Money{};
    for (const auto& part : parts) {
        add_all(sum.market_value, part.valuation.market_value);
        add_all(sum.unrealized, part.valuation.unrealized);
        if (sum.missing.empty()) sum.missing = part.valuation.missing;
    }
    if (!sum.market_value && sum.missing.empty()) sum.missing = "the amount is too large";
    return sum;
}

/// What puts positions into one row. The last two keep unmapped instruments apart: the same text at
/// two brokers need not be the same thing.
using RowKey = std::tuple<std::string, std::string, std::string, std::string>;

RowKey key_of(const PositionView& view) {
    const auto& instrument = view.position.instrument;
    if (view.mapped) return {view.symbol, instrument.currency, {}, {}};
    return {view.symbol, instrument.currency, view.position.account.value,
            instrument.native_id.value};
}

void add_quantity(PortfolioRow& row, Quantity part) {
    if (const auto sum = find_sum(row.quantity.value, part.value)) {
        row.quantity = Quantity{*sum};
        return;
    }
    row.valuation.market_value.reset();
    row.valuation.missing = "the quantity is too large";
}

PortfolioRow row_of(std::vector<PositionView> parts) {
    PortfolioRow row{.symbol = parts.front().symbol,
                     .currency = parts.front().position.instrument.currency,
                     .quantity = {},
                     .average_cost = std::nullopt,
                     .valuation = sum_of(parts),
                     .parts = {}};
    for (const auto& part : parts) add_quantity(row, part.position.quantity);
    row.average_cost = find_average_cost(parts, row.quantity);
    row.parts = std::move(parts);
    return row;
}

void add_row(PortfolioTotal& total, const PortfolioRow& row) {
    const auto& value = row.valuation;
    if (!value.market_value) {
        total.missing.push_back(fmt::format("{}: {}", row.symbol, value.missing));
        return;
    }
    bool fits = add_present(total.market_value, value.market_value);
    if (!value.unrealized) total.missing.push_back(row.symbol + ": no average cost");
    fits = add_present(total.unrealized, value.unrealized) && fits;
    if (!fits) total.missing.push_back(row.symbol + ": the total is too large");
    total.quality = std::max(total.quality, value.quality);
}

void add_balance(PortfolioTotal& total, const Balance& balance) {
    const bool fits = add_present(total.cash, balance.cash) &&
                      add_present(total.net_liquidation, balance.net_liquidation);
    if (!fits) total.missing.push_back(balance.account.value + ": the total is too large");
}

using Totals = std::map<std::string, PortfolioTotal>;

PortfolioTotal& total_in(Totals& totals, const std::string& currency) {
    auto [found, inserted] = totals.try_emplace(currency);
    if (inserted) {
        found->second.currency = currency;
        found->second.quality = DataQuality::Live;
    }
    return found->second;
}

std::vector<PortfolioTotal> finish(Totals totals,
                                   const std::vector<AccountCompleteness>& accounts) {
    std::vector<PortfolioTotal> finished;
    for (auto& [currency, total] : totals) {
        for (const auto& account : accounts)
            if (!account.missing.empty()) total.missing.push_back(account.missing);
        if (!total.market_value) total.quality = DataQuality::None;
        total.complete = total.missing.empty();
        finished.push_back(std::move(total));
    }
    return finished;
}

}  // namespace

Valuation value_of(Now now, const Holding& holding, const QuoteView& quote, Duration stale_after) {
    Valuation value;
    value.quality = quote.quote.quality;
    const auto chosen = choose(now, quote.quote, stale_after);
    if (!chosen) {
        value.missing = quote.reason.empty() ? "no quote" : quote.reason;
        return value;
    }
    value.price = chosen->price;
    value.source = fmt::format("{}:{}", quote.broker, chosen->source);
    // A close is yesterday's: it is a price, but never a live one.
    if (!chosen->at) value.quality = DataQuality::Stale;
    if (chosen->at) value.age = now.mono - *chosen->at;
    value.market_value = find_amount(holding, chosen->price->value);
    value.unrealized = find_unrealized(holding, *chosen->price);
    if (!value.market_value) value.missing = "the amount is too large";
    return value;
}

PortfolioView portfolio_of(const std::vector<PositionView>& positions,
                           const std::vector<Balance>& balances,
                           const std::vector<AccountCompleteness>& accounts) {
    std::map<RowKey, std::vector<PositionView>> grouped;
    for (const auto& view : positions) grouped[key_of(view)].push_back(view);
    PortfolioView portfolio;
    Totals totals;
    for (auto& [key, parts] : grouped) {
        portfolio.rows.push_back(row_of(std::move(parts)));
        const auto& row = portfolio.rows.back();
        add_row(total_in(totals, row.currency), row);
    }
    for (const auto& balance : balances) add_balance(total_in(totals, balance.currency), balance);
    portfolio.totals = finish(std::move(totals), accounts);
    return portfolio;
}

}  // namespace janus::core
