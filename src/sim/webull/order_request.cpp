#include "sim/webull/order_request.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "sim/webull/json.hpp"
#include "sim/webull/order_words.hpp"

namespace janus::sim::webull {
namespace {

namespace json = boost::json;

constexpr std::size_t client_order_id_size_min = 10;
constexpr std::size_t client_order_id_size_max = 40;
constexpr Decimal one = Decimal::from_integer(1);
constexpr Decimal cent = Decimal::from_units(1'000'000);
constexpr Decimal fine_step = Decimal::from_units(10'000);
constexpr Decimal share_step = Decimal::from_units(1'000);  ///< Shares are cut no finer.

constexpr std::array<const char*, 9> needed_members{"combo_type",
                                                    "instrument_type",
                                                    "market",
                                                    "symbol",
                                                    "side",
                                                    "order_type",
                                                    "entrust_type",
                                                    "time_in_force",
                                                    "support_trading_session"};

std::unexpected<Refusal> parameter_error(std::string message) {
    return refuse("PARAM_ERR", std::move(message));
}

Answer<void> check_needed(const json::object& object) {
    if (!is_client_order_id(text_of(object, "client_order_id")))
        return parameter_error("client_order_id must have 10 to 40 letters, digits, - or _");
    for (const auto* name : needed_members)
        if (text_of(object, name).empty())
            return parameter_error(fmt::format("{} is required", name));
    return {};
}

/// The kinds of orders that this account has no permission for, each with Webull's code.
Answer<void> check_kind(const json::object& object) {
    if (text_of(object, "combo_type") != "NORMAL")
        return refuse("TRADE_ORDER_NO_PERMISSION", "Only combo_type NORMAL is open to you");
    if (text_of(object, "instrument_type") != "EQUITY" || text_of(object, "market") != "US")
        return refuse("UNSUPPORTED_CATEGORY", "Only US EQUITY is supported");
    if (text_of(object, "entrust_type") != "QTY" && text_of(object, "entrust_type") != "AMOUNT")
        return parameter_error("entrust_type must be QTY or AMOUNT");
    return {};
}

Answer<Decimal> read_positive(const json::object& object, const char* name) {
    const auto value = Decimal::parse(text_of(object, name));
    if (!value || !value->is_positive())
        return parameter_error(fmt::format("{} must be a positive decimal", name));
    return *value;
}

/// The US rule for shares: a cent from one dollar on, a hundredth of a cent below.
Answer<Price> read_price(const json::object& object, const char* name) {
    const auto value = read_positive(object, name);
    if (!value) return std::unexpected(value.error());
    if (!value->is_multiple_of(*value >= one ? cent : fine_step))
        return parameter_error(fmt::format("{} is off the price step", name));
    return Price{*value};
}

Answer<void> read_prices(const json::object& object, ExchangeOrder& order) {
    const auto& rule = rule_of(order.type);
    if (rule.limit == NeedsLimit::Yes) {
        const auto limit = read_price(object, "limit_price");
        if (!limit) return std::unexpected(limit.error());
        order.limit_price = *limit;
    }
    if (rule.stop == NeedsStop::Yes) {
        const auto stop = read_price(object, "stop_price");
        if (!stop) return std::unexpected(stop.error());
        order.stop_price = *stop;
    }
    const bool extra_limit =
        rule.limit == NeedsLimit::No && !text_of(object, "limit_price").empty();
    const bool extra_stop = rule.stop == NeedsStop::No && !text_of(object, "stop_price").empty();
    if (extra_limit || extra_stop)
        return parameter_error(fmt::format("{} takes no {}", word_of(order.type),
                                           extra_limit ? "limit_price" : "stop_price"));
    return {};
}

/// A trail is an amount on the price step, or a fraction of the price (0.01 is one per cent).
Answer<void> read_trail(const json::object& object, ExchangeOrder& order) {
    const auto type = text_of(object, "trailing_type");
    if (!is_trailing(order.type)) {
        if (type.empty() && text_of(object, "trailing_stop_step").empty()) return {};
        return parameter_error(fmt::format("{} takes no trail", word_of(order.type)));
    }
    if (!text_of(object, "stop_price").empty())
        return parameter_error("TRAILING_STOP_LOSS takes no stop_price");
    if (type != "AMOUNT" && type != "PERCENTAGE")
        return parameter_error("trailing_type must be AMOUNT or PERCENTAGE");
    if (type == "AMOUNT") {
        const auto step = read_price(object, "trailing_stop_step");
        if (!step) return std::unexpected(step.error());
        order.trail = Trail{.amount = step->value};
        return {};
    }
    const auto step = read_positive(object, "trailing_stop_step");
    if (!step) return std::unexpected(step.error());
    if (*step >= one) return parameter_error("trailing_stop_step must be below 1");
    order.trail = Trail{.percent = *Decimal::multiply(*step, Decimal::from_integer(100))};
    return {};
}

Answer<void> read_words(const json::object& object, ExchangeOrder& order) {
    const auto side = find_side(text_of(object, "side"));
    const auto type = find_order_type(text_of(object, "order_type"));
    const auto time_in_force = find_time_in_force(text_of(object, "time_in_force"));
    const auto session = find_session(text_of(object, "support_trading_session"));
    if (!side) return parameter_error("side must be BUY, SELL or SHORT");
    if (!type) return parameter_error("order_type is not supported");
    if (!time_in_force) return parameter_error("time_in_force must be DAY or GTC");
    if (!session) return parameter_error("support_trading_session must be CORE, ALL or NIGHT");
    order.side = *side;
    order.type = *type;
    order.time_in_force = *time_in_force;
    order.session = *session;
    order.session_only = *session == TradingSession::Overnight;
    return {};
}

/// Either a quantity, or an amount that buys so many shares at the price of the moment.
Answer<void> read_size(const Exchange& exchange, const json::object& object,
                       PlaceRequest& request) {
    auto& order = request.order;
    const bool by_amount = text_of(object, "entrust_type") == "AMOUNT";
    if (!text_of(object, by_amount ? "quantity" : "total_cash_amount").empty())
        return parameter_error("quantity and total_cash_amount do not go together");
    const auto size = read_positive(object, by_amount ? "total_cash_amount" : "quantity");
    if (!size) return std::unexpected(size.error());
    order.quantity = {*size};
    if (!by_amount) return {};
    if (order.type != OrderType::Market || order.session != TradingSession::Regular)
        return refuse("FRACT_ONLT_CORE_TIME", "Amounts trade at market in the core session only");
    const auto& quote = exchange.quote_of(order.symbol);
    const auto shares =
        Decimal::divide(*size, (order.side == Side::Buy ? quote.ask : quote.bid).value);
    if (!shares || *shares < share_step) return parameter_error("total_cash_amount buys nothing");
    const auto steps = shares->units() / share_step.units();
    order.quantity = {Decimal::from_units(steps * share_step.units())};
    request.amount = *size;
    return {};
}

Answer<void> check_session(const ExchangeOrder& order) {
    if (order.session == TradingSession::Overnight && order.type != OrderType::Limit)
        return refuse("NO_NIGHT_TRADING_TIME", "Only LIMIT orders outside the core session");
    if (order.session == TradingSession::Extended && order.type != OrderType::Limit)
        return refuse("NO_TRADING_TIME", "Only LIMIT orders outside the core session");
    if (!order.quantity.value.is_whole() && order.session != TradingSession::Regular)
        return refuse("FRACT_ONLT_CORE_TIME", "Fractions trade in the core session only");
    return {};
}

}  // namespace

void write_trail(const Trail& trail, json::object& object) {
    object["trailing_type"] = trail.amount ? "AMOUNT" : "PERCENTAGE";
    object["trailing_stop_step"] =
        trail.amount ? trail.amount->to_text()
                     : Decimal::from_units(trail.percent->units() / 100).to_text();
}

bool is_client_order_id(const std::string& text) {
    const auto allowed = [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    };
    return text.size() >= client_order_id_size_min && text.size() <= client_order_id_size_max &&
           std::ranges::all_of(text, allowed);
}

Answer<PlaceRequest> read_order(const Exchange& exchange, const std::string& account,
                                const json::object& object) {
    if (auto checked = check_needed(object); !checked) return std::unexpected(checked.error());
    if (auto checked = check_kind(object); !checked) return std::unexpected(checked.error());
    PlaceRequest request;
    auto& order = request.order;
    const auto ticker = text_of(object, "symbol");
    const auto& instruments = exchange.scenario().instruments;
    const auto instrument = std::ranges::find(instruments, ticker, &SimInstrument::webull_ticker);
    if (instrument == instruments.end() || instrument->asset_class != AssetClass::Equity)
        return refuse("INVALID_PARAMETER", fmt::format("symbol {} is not known", ticker));
    order.account = account;
    order.symbol = instrument->symbol;
    order.reference = text_of(object, "client_order_id");
    if (auto words = read_words(object, order); !words) return std::unexpected(words.error());
    if (auto size = read_size(exchange, object, request); !size)
        return std::unexpected(size.error());
    if (auto prices = read_prices(object, order); !prices) return std::unexpected(prices.error());
    if (auto trail = read_trail(object, order); !trail) return std::unexpected(trail.error());
    if (auto session = check_session(order); !session) return std::unexpected(session.error());
    return request;
}

Answer<ExchangeChange> read_change(const ExchangeOrder& order, const json::object& object) {
    const auto type = text_of(object, "order_type");
    const auto time_in_force = text_of(object, "time_in_force");
    if (!type.empty() && type != word_of(order.type))
        return parameter_error("order_type cannot be changed");
    if (!time_in_force.empty() && time_in_force != word_of(order.time_in_force))
        return parameter_error("time_in_force cannot be changed");
    ExchangeChange change;
    if (!text_of(object, "quantity").empty()) {
        const auto quantity = read_positive(object, "quantity");
        if (!quantity) return std::unexpected(quantity.error());
        change.quantity = Quantity{*quantity};
    }
    // Prices and trails that are not sent stay; those that are sent must fit the type.
    ExchangeOrder wanted = order;
    auto complete = object;
    if (order.limit_price && text_of(object, "limit_price").empty())
        complete["limit_price"] = order.limit_price->value.to_text();
    if (order.stop_price && !order.trail && text_of(object, "stop_price").empty())
        complete["stop_price"] = order.stop_price->value.to_text();
    if (order.trail && text_of(object, "trailing_stop_step").empty())
        write_trail(*order.trail, complete);
    if (auto prices = read_prices(complete, wanted); !prices)
        return std::unexpected(prices.error());
    if (auto trail = read_trail(complete, wanted); !trail) return std::unexpected(trail.error());
    change.limit_price = wanted.limit_price;
    if (!wanted.trail) change.stop_price = wanted.stop_price;
    // A new trail starts from the market again.
    if (wanted.trail != order.trail) change.trail = wanted.trail;
    return change;
}

}  // namespace janus::sim::webull
