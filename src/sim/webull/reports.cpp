#include "sim/webull/reports.hpp"

#include <algorithm>
#include <functional>

#include <boost/json.hpp>

#include "sim/webull/order_request.hpp"

namespace janus::sim::webull {
namespace {

namespace json = boost::json;

constexpr std::size_t symbols_max = 100;

std::string money_text(Decimal amount) {
    return amount.to_fixed(2);
}

Decimal product(Decimal a, Decimal b) {
    return Decimal::multiply(a, b).value_or(Decimal{});
}

/// `100` as `1E+2`; only whole multiples of ten have such a form.
std::string exponent_text(Decimal value) {
    auto digits = value.to_text();
    std::size_t zeros = 0;
    while (zeros + 1 < digits.size() && digits[digits.size() - 1 - zeros] == '0' &&
           digits.find('.') == std::string::npos)
        ++zeros;
    return zeros == 0 ? digits + "E+0"
                      : fmt::format("{}E+{}", digits.substr(0, digits.size() - zeros), zeros);
}

std::string quantity_text(Decimal value, const RowStyle& style) {
    if (style.number_style == "exponent") return exponent_text(value);
    if (style.number_style == "zeros") return value.to_fixed(5);
    if (style.number_style == "empty") return "";
    return value.to_text();
}

bool is_open(const ExchangeOrder& order) {
    return order.state == ExchangeState::Held || order.state == ExchangeState::Working;
}

bool is_etf(const SimInstrument& instrument) {
    return instrument.asset_class == AssetClass::Fund || instrument.description.contains(" ETF") ||
           instrument.description.ends_with(" TRUST");
}

json::object instrument_row(const SimInstrument& instrument) {
    return {
        {"symbol",                      instrument.webull_ticker                         },
        {"instrument_id",               instrument.webull_instrument_id                  },
        {"name",                        instrument.description                           },
        {"currency",                    instrument.currency                              },
        {"category",                    "US_STOCK"                                       },
        {"sub_category",                is_etf(instrument) ? "ETF" : "COMMON_STOCK"      },
        {"exchange_code",               instrument.ib_exchange == "NYSE" ? "NYSE" : "NSQ"},
        {"status",                      "OC"                                             },
        {"shortable",                   true                                             },
        {"fractionable",                true                                             },
        {"marginable",                  true                                             },
        {"overnight_trading_supported", true                                             },
        {"easy_to_borrow",              true                                             },
        {"lot_size",                    "1"                                              },
    };
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(','));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (!word.empty()) words.emplace_back(word);
    }
    return words;
}

struct Worth {
    Decimal market_value;
    Decimal unrealized;
};

Worth worth_of(const Exchange& exchange, const std::string& symbol, const SimPosition& position) {
    const auto* instrument = exchange.find_instrument(symbol);
    const Decimal units = product(position.quantity.value, instrument->multiplier);
    const Decimal last = exchange.quote_of(symbol).last.value;
    return {product(units, last), product(units, last - position.average_cost.value)};
}

json::object position_row(const Exchange& exchange, const std::string& account,
                          const std::string& symbol, const SimPosition& position) {
    const auto& instrument = *exchange.find_instrument(symbol);
    const auto worth = worth_of(exchange, symbol, position);
    const Decimal cost = worth.market_value - worth.unrealized;
    const Decimal rate = Decimal::divide(worth.unrealized, cost.abs()).value_or(Decimal{});
    return {
        {"position_id", fmt::format("{}-{}", account, symbol)},
        {"symbol", ticker_of(instrument)},
        {"symbol_name", instrument.description},
        {"instrument_id", instrument.webull_instrument_id},
        {"instrument_type", instrument_type_of(instrument)},
        {"currency", instrument.currency},
        {"quantity", position.quantity.value.to_text()},
        {"available_quantity", available_of(exchange, account, symbol).value.to_text()},
        {"cost_price", position.average_cost.value.to_text()},
        {"last_price", exchange.quote_of(symbol).last.value.to_text()},
        {"market_value", money_text(worth.market_value)},
        {"unrealized_profit_loss", money_text(worth.unrealized)},
        {"unrealized_profit_loss_rate", rate.to_fixed(4)},
        {"day_realized_profit_loss", money_text(exchange.realized_of(account, symbol).value)},
    };
}

void add_optional(json::object& row, const char* name, const std::optional<Price>& price) {
    if (price) row[name] = price->value.to_text();
}

void add_times(json::object& row, const char* name, Utc at) {
    row[fmt::format("{}_at", name)] = to_iso_text(at);
    row[name] = std::to_string(at.milliseconds());
}

json::object order_row(const Exchange& exchange, const OrderRecord& record,
                       const ExchangeOrder& order, const RowStyle& style) {
    const auto& instrument = *exchange.find_instrument(order.symbol);
    json::object row{
        {"client_order_id", record.client_order_id},
        {"order_id", record.order_id},
        {"symbol", ticker_of(instrument)},
        {"instrument_id", instrument.webull_instrument_id},
        {"side", word_of(order.side)},
        {"order_type", word_of(order.type)},
        {"instrument_type", instrument_type_of(instrument)},
        {"entrust_type", record.amount ? "AMOUNT" : "QTY"},
        {"time_in_force", word_of(order.time_in_force)},
        {"support_trading_session", word_of(order.session)},
        {"combo_type", "NORMAL"},
        {"status", style.status.value_or(std::string(status_of(order, style.expired)))},
        {"filled_quantity", quantity_text(order.filled.value, style)},
    };
    // An order by amount has no quantity until it is filled.
    if (!record.amount || order.filled.value.is_positive())
        row["total_quantity"] = quantity_text(order.quantity.value, style);
    if (record.amount) row["total_cash_amount"] = record.amount->to_text();
    if (order.trail) write_trail(*order.trail, row);
    add_optional(row, "limit_price", order.limit_price);
    add_optional(row, "stop_price", order.stop_price);
    add_times(row, "place_time", order.placed);
    row["commission"] = json::object{};
    if (!order.filled.value.is_positive()) return row;
    row["filled_price"] = order.average_price.value.to_text();
    add_times(row, "filled_time", record.filled_at);
    const auto commission = money_text(record.commission.value);
    row["commission"] = json::object{
        {"actual_commission",     commission},
        {"receivable_commission", commission}
    };
    return row;
}

}  // namespace

json::array account_rows(const Exchange& exchange, const std::string& app_key,
                         std::string_view hidden) {
    json::array rows;
    for (const auto& account : exchange.scenario().accounts)
        if (account.broker == SimBroker::Webull && account.app_key == app_key &&
            account.id != hidden)
            rows.push_back(json::object{
                {"account_id",     account.id                                                       },
                {"account_number", account.number                                                   },
                {"account_type",   "MARGIN"                                                         },
                {"account_label",  "Individual Margin"                                              },
                {"account_class",  "INDIVIDUAL_MARGIN"                                              },
                {"user_id",        std::to_string(std::hash<std::string>{}(app_key) % 1'000'000'000)},
            });
    return rows;
}

json::object balance_of(const Exchange& exchange, const std::string& account) {
    Worth total;
    if (const auto held = exchange.positions().find(account); held != exchange.positions().end())
        for (const auto& [symbol, position] : held->second) {
            const auto worth = worth_of(exchange, symbol, position);
            total.market_value += worth.market_value;
            total.unrealized += worth.unrealized;
        }
    const auto cash = money_text(exchange.cash_of(account).value);
    const auto power = money_text(exchange.buying_power_of(account).value);
    const auto net = money_text(exchange.net_liquidation_of(account).value);
    const auto value = money_text(total.market_value);
    const auto unrealized = money_text(total.unrealized);
    json::object currency{
        {"currency",                   "USD"     },
        {"cash_balance",               cash      },
        {"settled_cash",               cash      },
        {"unsettled_cash",             "0.00"    },
        {"market_value",               value     },
        {"held_amount",                "0.00"    },
        {"buying_power",               power     },
        {"day_buying_power",           power     },
        {"overnight_buying_power",     power     },
        {"night_trading_buying_power", power     },
        {"net_liquidation_value",      net       },
        {"unrealized_profit_loss",     unrealized},
        {"available_withdrawal",       cash      },
    };
    return {
        {"total_asset_currency",         "USD"                           },
        {"total_net_liquidation_value",  net                             },
        {"total_market_value",           value                           },
        {"total_cash_balance",           cash                            },
        {"total_unrealized_profit_loss", unrealized                      },
        {"day_trades_left",              "UNLIMITED"                     },
        {"open_margin_calls",            json::array{}                   },
        {"account_currency_assets",      json::array{std::move(currency)}},
    };
}

json::array position_rows(const Exchange& exchange, const std::string& account) {
    json::array rows;
    const auto held = exchange.positions().find(account);
    if (held == exchange.positions().end()) return rows;
    for (const auto& [symbol, position] : held->second)
        rows.push_back(position_row(exchange, account, symbol, position));
    return rows;
}

Answer<json::array> instrument_rows(const Exchange& exchange, const QueryParameters& query,
                                    EtfsApart etfs_apart) {
    const auto category = value_of(query, "category");
    const auto symbols = split(value_of(query, "symbols"));
    if (category != "US_STOCK" && category != "US_ETF")
        return refuse("PARAM_ERR", "category must be US_STOCK or US_ETF");
    if (symbols.empty() || symbols.size() > symbols_max)
        return refuse("PARAM_ERR", "symbols must name 1 to 100 symbols");
    json::array rows;
    for (const auto& symbol : symbols)
        for (const auto& instrument : exchange.scenario().instruments) {
            if (instrument.webull_ticker != symbol || instrument_type_of(instrument) != "EQUITY")
                continue;
            const bool etf = is_etf(instrument);
            const bool wanted = category == "US_ETF" ? etf : !(etf && etfs_apart == EtfsApart::Yes);
            if (wanted) rows.push_back(instrument_row(instrument));
        }
    return rows;
}

json::object order_group(const Exchange& exchange, const OrderRecord& record,
                         const ExchangeOrder& order, const RowStyle& style) {
    return {
        {"client_order_id", record.client_order_id                                },
        {"combo_type",      "NORMAL"                                              },
        {"combo_order_id",  record.order_id                                       },
        {"orders",          json::array{order_row(exchange, record, order, style)}},
    };
}

Quantity held_of(const Exchange& exchange, const std::string& account, const std::string& symbol) {
    const auto of_account = exchange.positions().find(account);
    if (of_account == exchange.positions().end()) return {};
    const auto found = of_account->second.find(symbol);
    return found == of_account->second.end() ? Quantity{} : found->second.quantity;
}

Quantity available_of(const Exchange& exchange, const std::string& account,
                      const std::string& symbol) {
    Decimal available = held_of(exchange, account, symbol).value;
    for (const auto& [id, order] : exchange.orders())
        if (order.account == account && order.symbol == symbol && order.side == Side::Sell &&
            is_open(order))
            available -= order.quantity.value - order.filled.value;
    return {available.is_negative() ? Decimal{} : available};
}

}  // namespace janus::sim::webull
