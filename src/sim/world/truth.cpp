#include "sim/world/truth.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/world/janus_side.hpp"

namespace janus::sim {
namespace {

/// What counts of an order's state when two books are compared.
enum class Standing { Open, Filled, Ended, Rejected, Unproven };

Standing standing_of(OrderState state) {
    switch (state) {
        case OrderState::PendingNew:
        case OrderState::Unknown:
        case OrderState::NotSent:
            return Standing::Unproven;
        case OrderState::Held:
        case OrderState::Working:
        case OrderState::PendingCancel:
            return Standing::Open;
        case OrderState::Filled:
            return Standing::Filled;
        case OrderState::Cancelled:
        case OrderState::Expired:
            return Standing::Ended;
        case OrderState::Rejected:
            return Standing::Rejected;
    }
    return Standing::Unproven;
}

Standing standing_of(ExchangeState state) {
    switch (state) {
        case ExchangeState::Held:
        case ExchangeState::Working:
            return Standing::Open;
        case ExchangeState::Filled:
            return Standing::Filled;
        case ExchangeState::Cancelled:
            return Standing::Ended;
        case ExchangeState::Rejected:
            return Standing::Rejected;
    }
    return Standing::Unproven;
}

/// A broker may call an order rejected that it had let into the market: there it was cancelled. An
/// order that fills after its cancel stays cancelled here. One that was refused is in nobody's
/// books: when the refusal is lost, it stays unknown.
bool agree(const Order& order, Standing truth) {
    const auto ours = standing_of(order.state);
    if (ours == Standing::Ended && truth == Standing::Filled)
        return order.filled.value.is_positive();
    if (ours == Standing::Unproven) return truth == Standing::Rejected;
    return ours == truth || (ours == Standing::Rejected && truth == Standing::Ended);
}

/// The canonical symbol of a broker's id, by the scenario; the id itself when it has none.
std::string symbol_of(const Scenario& scenario, Line line, const std::string& native_id) {
    for (const auto& instrument : scenario.instruments) {
        const auto own =
            line == Line::Ib ? std::to_string(instrument.ib_conid) : instrument.webull_ticker;
        if (own == native_id) return instrument.symbol;
    }
    return native_id;
}

const WorldAccount& account_of(const AccountName& name) {
    return *std::ranges::find(world_accounts(), name, &WorldAccount::name);
}

const WorldAccount& account_of(const std::string& id) {
    return *std::ranges::find(world_accounts(), id, &WorldAccount::id);
}

/// What is live here must have the terms that are live there; nothing may still be in doubt.
void compare_terms(const Order& order, const ExchangeOrder& truth,
                   std::vector<std::string>& lines) {
    if (order.wanted)
        lines.push_back(fmt::format("order {} ({}) has a modification without an outcome", order.id,
                                    order.client_order_id));
    if (standing_of(order.state) != Standing::Open || standing_of(truth.state) != Standing::Open)
        return;
    if (order.state == OrderState::PendingCancel)
        lines.push_back(
            fmt::format("order {} ({}) waits for a cancel that its broker does not have", order.id,
                        order.client_order_id));
    const bool limits_differ = order.limit_price && order.limit_price != truth.limit_price;
    if (order.quantity != truth.quantity || limits_differ)
        lines.push_back(
            fmt::format("order {} ({}) is for {}, at the exchange it is for {}, or its "
                        "limit differs",
                        order.id, order.client_order_id, order.quantity, truth.quantity));
}

/// The orders that IB holds back until the last one of their bracket has come.
std::set<OrderId> bracket_members(const std::vector<Order>& orders) {
    std::set<OrderId> members;
    for (const auto& order : orders)
        if (order.parent.value != 0) members.insert({order.id, order.parent});
    return members;
}

void compare_own(const Order& order, const ExchangeOrder* truth, bool of_bracket,
                 std::vector<std::string>& lines) {
    const auto ours = standing_of(order.state);
    if (truth == nullptr) {
        const bool missed = std::ranges::count(order.flags, "not_in_books") > 0;
        // What IB has held back and cancelled never was at the exchange.
        const bool held_back =
            of_bracket && order.state == OrderState::Cancelled && order.filled == Quantity{};
        if (held_back) return;
        if (ours != Standing::Unproven && ours != Standing::Rejected && !missed)
            lines.push_back(fmt::format("order {} ({}) is {}, the exchange never had it", order.id,
                                        order.client_order_id, to_text(order.state)));
        return;
    }
    if (!agree(order, standing_of(truth->state)) || order.filled != truth->filled)
        lines.push_back(
            fmt::format("order {} ({}) is {} filled {}, at the exchange it is {} filled "
                        "{} ({})",
                        order.id, order.client_order_id, to_text(order.state), order.filled,
                        static_cast<int>(truth->state), truth->filled, truth->reason));
    compare_terms(order, *truth, lines);
}

using Counts = std::map<std::string, int>;

void compare(const Counts& ours, const Counts& truth, const std::string& what,
             std::vector<std::string>& lines) {
    for (const auto& [key, count] : truth)
        if (const auto found = ours.find(key); found == ours.end() || found->second != count)
            lines.push_back(fmt::format("{}: {} times {} here, {} times at the exchange", what,
                                        found == ours.end() ? 0 : found->second, key, count));
    for (const auto& [key, count] : ours)
        if (!truth.contains(key))
            lines.push_back(
                fmt::format("{}: {} times {} here, never at the exchange", what, count, key));
}

std::string external_key(const std::string& account, const std::string& symbol, Standing standing,
                         Quantity quantity, Quantity filled) {
    return fmt::format("external order on {} of {} {} filled {} standing {}", account, quantity,
                       symbol, filled, static_cast<int>(standing));
}

/// Executions of one account by what they belong to. At Webull only sums can be compared.
class ExecutionTally {
 public:
    void add(Line line, const std::string& account, const std::string& order, Quantity quantity,
             Price price) {
        if (quantity.value.is_zero()) return;
        auto& sum = sums_[fmt::format("{} {}", account, order)];
        sum.value += quantity.value;
        if (line == Line::Ib)
            ++counts_[fmt::format("{} {} {} @ {}", account, order, quantity, price)];
    }
    Counts counts() const {
        auto all = counts_;
        for (const auto& [key, sum] : sums_) ++all[fmt::format("{} sum {}", key, sum)];
        return all;
    }

 private:
    std::map<std::string, Quantity> sums_;
    Counts counts_;
};

}  // namespace

std::vector<std::string> order_differences(const core::Engine& engine, const Exchange& exchange,
                                           Whose whose) {
    std::vector<std::string> lines;
    const auto& scenario = exchange.scenario();
    std::map<std::string, const ExchangeOrder*> by_reference;
    Counts truth;
    for (const auto& [id, order] : exchange.orders()) {
        if (!order.reference.empty()) {
            if (!by_reference.emplace(order.reference, &order).second)
                lines.push_back(fmt::format("{} is twice at the exchange", order.reference));
        } else if (order.state != ExchangeState::Rejected) {
            ++truth[external_key(order.account, order.symbol, standing_of(order.state),
                                 order.quantity, order.filled)];
        }
    }
    Counts ours;
    const auto orders = engine.orders({}, true);
    const auto members = bracket_members(orders);
    for (const auto& order : orders) {
        const auto& account = account_of(order.account);
        // What was refused elsewhere may be shown or not.
        if (order.external && order.state == OrderState::Rejected) continue;
        if (order.external) {
            const auto key = [&](Standing standing) {
                return external_key(account.id,
                                    symbol_of(scenario, account.line, order.native_id.value),
                                    standing, order.quantity, order.filled);
            };
            // As with our own orders: one that fills after its cancel stays cancelled here.
            const bool late = order.filled.value.is_positive() &&
                              standing_of(order.state) == Standing::Ended &&
                              !truth.contains(key(Standing::Ended));
            ++ours[key(late ? Standing::Filled : standing_of(order.state))];
            continue;
        }
        const auto found = by_reference.find(order.client_order_id.value);
        compare_own(order, found == by_reference.end() ? nullptr : found->second,
                    members.contains(order.id), lines);
        if (found != by_reference.end()) by_reference.erase(found);
    }
    for (const auto& [reference, order] : by_reference)
        lines.push_back(fmt::format("{} at the exchange is not known here", reference));
    if (whose == Whose::Everyones) compare(ours, truth, "orders", lines);
    return lines;
}

std::vector<std::string> execution_differences(const core::Engine& engine, const Exchange& exchange,
                                               Whose whose) {
    const auto& scenario = exchange.scenario();
    const auto external = [](const std::string& symbol, Side side) {
        return fmt::format("external {} {}", to_text(side == Side::Buy ? Side::Buy : Side::Sell),
                           symbol);
    };
    ExecutionTally truth;
    for (const auto& execution : exchange.executions()) {
        const auto* order = exchange.find_order(execution.order);
        const bool own = order != nullptr && !order->reference.empty();
        if (!own && whose == Whose::Ours) continue;
        const auto name = own ? order->reference : external(execution.symbol, execution.side);
        truth.add(account_of(execution.account).line, execution.account, name, execution.quantity,
                  execution.price);
    }
    std::map<OrderId, Order> orders;
    for (const auto& order : engine.orders({}, true)) orders.emplace(order.id, order);
    ExecutionTally ours;
    for (const auto& account : world_accounts())
        for (const auto& execution : engine.executions(account.name)) {
            const auto order = orders.find(execution.order);
            const bool own = order != orders.end() && !order->second.external;
            if (!own && whose == Whose::Ours) continue;
            ours.add(account.line, account.id,
                     own ? order->second.client_order_id.value
                         : external(symbol_of(scenario, account.line, execution.native_id.value),
                                    execution.side),
                     execution.quantity, execution.price);
        }
    std::vector<std::string> lines;
    compare(ours.counts(), truth.counts(), "executions", lines);
    return lines;
}

std::vector<std::string> position_differences(Now now, const core::Engine& engine,
                                              const Exchange& exchange) {
    Counts ours;
    Counts truth;
    for (const auto& [account, positions] : exchange.positions())
        for (const auto& [symbol, position] : positions)
            if (!position.quantity.value.is_zero())
                ++truth[fmt::format("{} {} {}", account, position.quantity, symbol)];
    for (const auto& account : world_accounts())
        for (const auto& view : engine.positions(now, account.name))
            ++ours[fmt::format("{} {} {}", account.id, view.position.quantity,
                               symbol_of(exchange.scenario(), account.line,
                                         view.position.instrument.native_id.value))];
    std::vector<std::string> lines;
    compare(ours, truth, "positions", lines);
    return lines;
}

std::vector<std::string> balance_differences(const core::Engine& engine, const Exchange& exchange) {
    std::vector<std::string> lines;
    for (const auto& account : world_accounts()) {
        const auto balances = engine.balances(account.name);
        const auto dollars = std::ranges::find(balances, "USD", &Balance::currency);
        const auto ours = dollars == balances.end() ? std::nullopt : dollars->cash;
        const auto truth = exchange.cash_of(account.id);
        const auto cent = Decimal::parse("0.01").value();
        if (!ours || (ours->value - truth.value).abs() > cent)
            lines.push_back(
                fmt::format("{} has {} in cash, at the exchange it has {}", account.name,
                            ours ? ours->value.to_text() : "nothing known", truth.value.to_text()));
    }
    return lines;
}

std::vector<std::string> registry_faults(const store::MemoryRegistry& registry,
                                         const Scenario& scenario) {
    std::vector<std::string> lines;
    for (const auto& record : registry.records())
        for (const auto& [broker, native_id] : record.native_ids) {
            const auto line = broker == "ib" ? Line::Ib : Line::Webull;
            if (symbol_of(scenario, line, native_id.value) != record.symbol.text())
                lines.push_back(fmt::format("{} has {} at {}", record.symbol, native_id, broker));
            for (const auto& instrument : scenario.instruments)
                if (line == Line::Ib && instrument.symbol == record.symbol.text() &&
                    !instrument.ib_twins.empty())
                    lines.push_back(fmt::format("{} has {} at ib, where its name is ambiguous",
                                                record.symbol, native_id));
        }
    return lines;
}

std::vector<std::string> books_of(Now now, const core::Engine& engine) {
    std::vector<std::string> lines;
    for (const auto& order : engine.orders({}, true))
        lines.push_back(fmt::format("{} {} {} {} {} {} filled {}", order.account,
                                    order.idempotency_key, to_text(order.side), order.quantity,
                                    order.symbol, to_text(order.state), order.filled));
    for (const auto& account : world_accounts()) {
        for (const auto& view : engine.positions(now, account.name))
            lines.push_back(fmt::format(
                "{} holds {} {} at {}", account.name, view.position.quantity, view.symbol,
                view.position.average_cost ? view.position.average_cost->value.to_text()
                                           : "nothing known"));
        for (const auto& balance : engine.balances(account.name))
            lines.push_back(fmt::format("{} has {} {}", account.name,
                                        balance.cash ? balance.cash->value.to_text() : "unknown",
                                        balance.currency));
    }
    std::ranges::sort(lines);
    return lines;
}

}  // namespace janus::sim
