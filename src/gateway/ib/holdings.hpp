#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/ib/gates.hpp"
#include "gateway/ib/instruments.hpp"
#include "gateway/ib/output.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// Positions and balances as IB tells them. A list becomes a snapshot only after its end marker;
/// later rows are changes.
class Holdings {
 public:
    Holdings(Gates& gates, Instruments& instruments, Output& output);

    // Positions: begin, rows, complete (end marker seen), snapshots (instruments are named).
    void begin_positions();
    void on_position(Now now, const wire::PositionRow& row);
    void complete_positions();
    /// The conids of everything held in our accounts.
    std::vector<std::int64_t> held_conids() const;
    void emit_positions(Now now);
    /// Says the changes that waited for the name of this instrument.
    void on_settled(Now now, std::int64_t conid);

    // Balances: begin, rows, complete.
    void begin_balances();
    /// Errors: `Malformed` for an amount that is no number.
    Result<void> on_summary(const wire::AccountSummary& row);
    /// A value from the stream of one account: the same keys, and the rates of its currencies.
    /// Errors: `Malformed` for an amount that is no number.
    Result<void> on_account_value(const AccountName& account, const wire::AccountUpdate& update);
    /// While it is not, nothing is said of the account's balances: the last ones stay.
    void set_reliable(const AccountName& account, bool reliable);
    void complete_balances(Now now);
    /// Says later changes of balances, gathered for a moment.
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    void note_change(Now now);

    void on_closed();

    static constexpr std::string_view summary_tags =
        "NetLiquidation,TotalCashValue,BuyingPower,$LEDGER:ALL";

 private:
    enum class Step { Idle, Listing, Complete, Said };
    using Rows = std::map<std::int64_t, wire::PositionRow>;  ///< By conid.
    struct Amounts {
        std::optional<Money> total_cash, ledger_cash, net_liquidation, ledger_net, buying_power;
        std::optional<Decimal> rate;
    };
    Result<void> take_amount(const AccountName& account, std::string_view key,
                             std::string_view value, const std::string& currency);

    Position position_of(Now now, const AccountName& account, const wire::PositionRow& row) const;
    void emit_balances(Now now);

    Gates& gates_;
    Instruments& instruments_;
    Output& output_;
    std::map<AccountName, Rows> listing_;
    std::map<AccountName, Rows> held_;
    std::set<std::pair<AccountName, std::int64_t>> changes_;  ///< Waiting for details.
    Step positions_{Step::Idle};
    std::map<AccountName, std::map<std::string, Amounts>> balances_;  ///< By currency.
    Step balances_step_{Step::Idle};
    std::optional<Instant> balances_due_;
    std::set<AccountName> unreliable_;
};

}  // namespace janus::ib
