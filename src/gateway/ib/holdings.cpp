#include "gateway/ib/holdings.hpp"

#include "gateway/ib/wire/field_reader.hpp"

#include <algorithm>
#include <array>

namespace janus::ib {
namespace {

using gateway::BalancesSnapshot;

/// IB sends a burst of rows when something changes; one snapshot says it.
constexpr Duration balance_gathering = std::chrono::milliseconds(250);

}  // namespace

Holdings::Holdings(Gates& gates, Instruments& instruments, Output& output)
    : gates_(gates), instruments_(instruments), output_(output) {}

void Holdings::begin_positions() {
    positions_ = Step::Listing;
    listing_.clear();
    changes_.clear();
}

void Holdings::on_position(Now now, const wire::PositionRow& row) {
    const auto account = gates_.find_name(row.account);
    if (!account || positions_ == Step::Idle) return;
    const auto conid = row.contract.conid;
    auto& rows = positions_ == Step::Listing ? listing_[*account] : held_[*account];
    if (row.quantity.is_zero())
        rows.erase(conid);
    else
        rows[conid] = row;
    if (positions_ != Step::Said) return;
    if (!row.quantity.is_zero()) instruments_.want(now, conid);
    const bool waits = !row.quantity.is_zero() && instruments_.is_pending(conid);
    if (waits)
        changes_.emplace(*account, conid);
    else
        output_.emit(gateway::PositionChanged{position_of(now, *account, row)});
}

void Holdings::complete_positions() {
    held_ = std::move(listing_);
    listing_.clear();
    positions_ = Step::Complete;
}

std::vector<std::int64_t> Holdings::held_conids() const {
    std::set<std::int64_t> conids;
    for (const auto& [account, rows] : held_)
        for (const auto& [conid, row] : rows) conids.insert(conid);
    return {conids.begin(), conids.end()};
}

Position Holdings::position_of(Now now, const AccountName& account,
                               const wire::PositionRow& row) const {
    Position out{account, instruments_.describe(row.contract), {row.quantity}, {}, now.utc};
    // IB's average cost is that of one contract; ours is per unit.
    if (row.average_cost)
        if (const auto cost = Decimal::divide(*row.average_cost, out.instrument.multiplier))
            out.average_cost = Price{*cost};
    return out;
}

void Holdings::emit_positions(Now now) {
    for (const auto& account : gates_.names()) {
        if (!gates_.is_bound(account)) continue;
        gateway::PositionsSnapshot snapshot{account, {}};
        for (const auto& [conid, row] : held_[account])
            snapshot.positions.push_back(position_of(now, account, row));
        output_.emit(std::move(snapshot));
    }
    positions_ = Step::Said;
}

void Holdings::on_settled(Now now, std::int64_t conid) {
    for (const auto& account : gates_.names()) {
        if (changes_.erase({account, conid}) == 0) continue;
        const auto row = held_[account].find(conid);
        if (row != held_[account].end())
            output_.emit(gateway::PositionChanged{position_of(now, account, row->second)});
    }
}

void Holdings::begin_balances() {
    balances_.clear();
    balances_step_ = Step::Listing;
    balances_due_.reset();
}

Result<void> Holdings::on_summary(const wire::AccountSummary& row) {
    const auto account = gates_.find_name(row.account);
    if (!account) return {};
    return take_amount(*account, row.tag, row.value, row.currency);
}

Result<void> Holdings::on_account_value(const AccountName& account,
                                        const wire::AccountUpdate& update) {
    return take_amount(account, update.key, update.value, update.currency);
}

void Holdings::set_reliable(const AccountName& account, bool reliable) {
    if (reliable)
        unreliable_.erase(account);
    else
        unreliable_.insert(account);
}

/// What comes without a currency, or in `BASE`, repeats what comes with one.
Result<void> Holdings::take_amount(const AccountName& account, std::string_view key,
                                   std::string_view value, const std::string& currency) {
    struct TagRow {
        std::string_view tag;
        std::optional<Money> Amounts::* amount;
    };
    static constexpr auto tags = std::to_array<TagRow>({
        {"NetLiquidation",           &Amounts::net_liquidation},
        {"NetLiquidationByCurrency", &Amounts::ledger_net     },
        {"TotalCashValue",           &Amounts::total_cash     },
        {"CashBalance",              &Amounts::ledger_cash    },
        {"BuyingPower",              &Amounts::buying_power   },
    });
    if (currency.empty() || currency == "BASE" || balances_step_ == Step::Idle) return {};
    const auto* tag = std::ranges::find(tags, key, &TagRow::tag);
    const bool rate = key == "ExchangeRate";
    if (tag == tags.end() && !rate) return {};
    const auto amount =
        wire::is_unset(value) ? Result<Decimal>(Decimal{}) : Decimal::parse_rounded(value);
    if (!amount)
        return fail(ErrorCode::Malformed, "{} of {}: {}", key, account, amount.error().message);
    auto& amounts = balances_[account][currency];
    const bool unset = wire::is_unset(value);
    if (rate)
        amounts.rate = unset || !amount->is_positive() ? std::nullopt : std::optional(*amount);
    else
        amounts.*(tag->amount) = unset ? std::nullopt : std::optional(Money{*amount});
    return {};
}

void Holdings::complete_balances(Now now) {
    balances_step_ = Step::Said;
    emit_balances(now);
}

void Holdings::note_change(Now now) {
    if (balances_step_ == Step::Said && !balances_due_)
        balances_due_ = now.mono + balance_gathering;
}

void Holdings::emit_balances(Now now) {
    balances_due_.reset();
    for (const auto& account : gates_.names()) {
        if (!gates_.is_bound(account) || unreliable_.contains(account)) continue;
        BalancesSnapshot snapshot{account, {}};
        for (const auto& [currency, amounts] : balances_[account]) {
            // The ledger's cash is of this currency alone; the total has all of them converted.
            const auto& cash = amounts.ledger_cash ? amounts.ledger_cash : amounts.total_cash;
            const auto& net =
                amounts.net_liquidation ? amounts.net_liquidation : amounts.ledger_net;
            snapshot.balances.push_back(
                Balance{account, currency, cash, net, amounts.buying_power, now.utc, amounts.rate});
        }
        output_.emit(std::move(snapshot));
    }
}

void Holdings::on_timeout(Now now) {
    if (balances_due_ && now.mono >= *balances_due_) emit_balances(now);
}

std::optional<Instant> Holdings::deadline() const {
    return balances_due_;
}

void Holdings::on_closed() {
    positions_ = Step::Idle;
    balances_step_ = Step::Idle;
    balances_due_.reset();
    changes_.clear();
    listing_.clear();
    unreliable_.clear();
}

}  // namespace janus::ib
