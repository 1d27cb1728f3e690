#include "app/sim_state.hpp"

#include <algorithm>
#include <iterator>

#include <boost/json.hpp>

namespace janus::app {
namespace {

namespace json = boost::json;
using namespace sim;

std::string_view word_of(SimBroker broker) {
    return broker == SimBroker::Ib ? "ib" : "webull";
}

std::string_view word_of(ExchangeState state) {
    switch (state) {
        case ExchangeState::Held:
            return "HELD";
        case ExchangeState::Working:
            return "WORKING";
        case ExchangeState::Filled:
            return "FILLED";
        case ExchangeState::Cancelled:
            return "CANCELLED";
        case ExchangeState::Rejected:
            return "REJECTED";
    }
    return "REJECTED";
}

template <typename Tag>
std::string decimal_text(const Tagged<Decimal, Tag>& value) {
    return value.value.to_text();
}

json::value optional_text(const std::optional<Price>& price) {
    return price ? json::value(decimal_text(*price)) : json::value(nullptr);
}

std::string_view broker_of(const Exchange& exchange, const std::string& account) {
    const auto* known = exchange.find_account(account);
    return known == nullptr ? "" : word_of(known->broker);
}

json::array accounts_of(const Exchange& exchange) {
    json::array rows;
    for (const auto& account : exchange.scenario().accounts) {
        json::object row{
            {"broker",          word_of(account.broker)                              },
            {"id",              account.id                                           },
            {"number",          account.number                                       },
            {"net_liquidation", decimal_text(exchange.net_liquidation_of(account.id))},
            {"buying_power",    decimal_text(exchange.buying_power_of(account.id))   },
        };
        if (account.broker == SimBroker::Webull) row["app_key"] = account.app_key;
        rows.push_back(std::move(row));
    }
    return rows;
}

json::array balances_of(const Exchange& exchange) {
    json::array rows;
    for (const auto& account : exchange.scenario().accounts)
        rows.push_back(json::object{
            {"account",  account.id                                },
            {"currency", "USD"                                     },
            {"cash",     decimal_text(exchange.cash_of(account.id))},
        });
    return rows;
}

json::array positions_of(const Exchange& exchange) {
    json::array rows;
    for (const auto& [account, held] : exchange.positions())
        for (const auto& [symbol, position] : held)
            rows.push_back(json::object{
                {"account",      account                            },
                {"symbol",       symbol                             },
                {"quantity",     decimal_text(position.quantity)    },
                {"average_cost", decimal_text(position.average_cost)},
            });
    return rows;
}

json::array orders_of(const Exchange& exchange) {
    json::array rows;
    for (const auto& [id, order] : exchange.orders())
        rows.push_back(json::object{
            {"id", std::to_string(id.value)},
            {"account", order.account},
            {"broker", broker_of(exchange, order.account)},
            {"symbol", order.symbol},
            {"side", to_text(order.side)},
            {"type", to_text(order.type)},
            {"quantity", decimal_text(order.quantity)},
            {"limit_price", optional_text(order.limit_price)},
            {"stop_price", optional_text(order.stop_price)},
            {"time_in_force", to_text(order.time_in_force)},
            {"session", to_text(order.session)},
            {"state", word_of(order.state)},
            {"filled", decimal_text(order.filled)},
            {"average_price", order.filled.value.is_zero()
                                  ? json::value(nullptr)
                                  : json::value(decimal_text(order.average_price))},
            {"reference", order.reference},
            {"external", order.reference.empty()},
            {"reason", order.reason},
            {"placed", to_iso_text(order.placed)},
            {"changed", to_iso_text(order.changed)},
        });
    return rows;
}

json::array executions_of(const Exchange& exchange) {
    json::array rows;
    for (const auto& execution : exchange.executions())
        rows.push_back(json::object{
            {"number", std::to_string(execution.number)},
            {"order", std::to_string(execution.order.value)},
            {"account", execution.account},
            {"broker", broker_of(exchange, execution.account)},
            {"symbol", execution.symbol},
            {"side", to_text(execution.side)},
            {"quantity", decimal_text(execution.quantity)},
            {"price", decimal_text(execution.price)},
            {"commission", decimal_text(execution.commission)},
            {"at", to_iso_text(execution.at)},
        });
    return rows;
}

json::array instruments_of(const Exchange& exchange) {
    json::array rows;
    for (const auto& instrument : exchange.scenario().instruments) {
        const auto& quote = exchange.quote_of(instrument.symbol);
        rows.push_back(json::object{
            {"symbol",        instrument.symbol              },
            {"asset_class",   to_text(instrument.asset_class)},
            {"description",   instrument.description         },
            {"currency",      instrument.currency            },
            {"multiplier",    instrument.multiplier.to_text()},
            {"ib_conid",      instrument.ib_conid            },
            {"webull_ticker", instrument.webull_ticker       },
            {"bid",           decimal_text(quote.bid)        },
            {"ask",           decimal_text(quote.ask)        },
            {"last",          decimal_text(quote.last)       },
            {"close",         decimal_text(quote.close)      },
        });
    }
    return rows;
}

json::array app_keys_of(const Exchange& exchange) {
    json::array keys;
    for (const auto& app_key : exchange.scenario().app_keys) keys.emplace_back(app_key.key);
    return keys;
}

void add_fault_rows(json::array& rows, std::span<const FaultRow> faults) {
    for (const auto& fault : faults)
        rows.push_back(json::object{
            {"target",     fault.target    },
            {"fault",      fault.name      },
            {"parameters", fault.parameters},
            {"what",       fault.what      },
        });
}

}  // namespace

json::object state_of(const SimWorld& world) {
    const auto& exchange = world.exchange;
    return {
        {"accounts",    accounts_of(exchange)   },
        {"balances",    balances_of(exchange)   },
        {"positions",   positions_of(exchange)  },
        {"orders",      orders_of(exchange)     },
        {"executions",  executions_of(exchange) },
        {"instruments", instruments_of(exchange)},
        {"app_keys",    app_keys_of(exchange)   },
    };
}

json::object ledger_of(const SimWorld& world) {
    Ledger entries;
    std::ranges::merge(world.ib.ledger(), world.webull.ledger(), std::back_inserter(entries), {},
                       &LedgerEntry::at, &LedgerEntry::at);
    json::array rows;
    for (const auto& entry : entries)
        rows.push_back(json::object{
            {"at",        to_iso_text(entry.at)},
            {"broker",    entry.broker         },
            {"kind",      entry.kind           },
            {"account",   entry.account        },
            {"reference", entry.reference      },
            {"raw",       entry.raw            },
        });
    return {
        {"ledger", std::move(rows)}
    };
}

json::object faults_of(const SimWorld& world) {
    json::array rows;
    add_fault_rows(rows, IbServer::faults());
    add_fault_rows(rows, WebullServer::faults());
    json::array active;
    for (const auto& name : world.ib.active_faults())
        active.push_back(json::object{
            {"target",     "ib"          },
            {"fault",      name          },
            {"parameters", json::object{}},
        });
    for (const auto& fault : world.webull.active_faults()) {
        json::object parameters;
        for (const auto& [name, value] : fault.parameters) parameters[name] = value;
        active.push_back(json::object{
            {"target",     fault.target         },
            {"fault",      fault.name           },
            {"parameters", std::move(parameters)},
        });
    }
    return {
        {"usage",  "POST /faults {target, fault, enabled: true or false, and parameters}"},
        {"faults", std::move(rows)                                                       },
        {"active", std::move(active)                                                     },
    };
}

}  // namespace janus::app
