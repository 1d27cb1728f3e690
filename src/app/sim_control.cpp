#include "app/sim_control.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include <boost/json.hpp>

#include "app/sim_state.hpp"

namespace janus::app {
namespace {

namespace json = boost::json;
using sim::ExchangeOrder;

ControlReply done(json::object body = {
                      {"ok", true}
}) {
    return {200, json::serialize(body)};
}

/// A member as text; numbers keep the digits that a person would type.
std::string text_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    if (value == nullptr || value->is_null()) return {};
    if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
    if (const auto* number = value->if_double()) {
        std::array<char, 64> digits{};
        const auto [end, error] =
            std::to_chars(digits.data(), digits.data() + digits.size(), *number);
        return error == std::errc{} ? std::string(digits.data(), end) : std::string{};
    }
    return json::serialize(*value);
}

/// Refuses members that the call does not have, so that a misspelled one is not silently ignored.
Result<void> check_members(const json::object& object, const std::set<std::string>& known) {
    for (const auto& [name, value] : object)
        if (!known.contains(std::string(name)))
            return fail(ErrorCode::Invalid, "member '{}' is not known here", std::string(name));
    return {};
}

Result<Decimal> needed_decimal(const json::object& object, std::string_view name) {
    const auto text = text_in(object, name);
    if (text.empty()) return fail(ErrorCode::Invalid, "'{}' is missing", name);
    auto value = Decimal::parse(text);
    if (!value) return fail(ErrorCode::Invalid, "{}: {}", name, value.error().message);
    return value;
}

Result<std::optional<Price>> optional_price(const json::object& object, std::string_view name) {
    if (text_in(object, name).empty()) return std::nullopt;
    const auto value = needed_decimal(object, name);
    if (!value) return std::unexpected(value.error());
    return Price{*value};
}

/// One price is enough: what is missing lies a price step beside it.
ControlReply post_market(SimWorld& world, Now now, const json::object& body) {
    if (auto checked = check_members(body, {"symbol", "bid", "ask", "last"}); !checked)
        return to_reply(checked.error());
    const auto symbol = text_in(body, "symbol");
    const auto* instrument = world.exchange.find_instrument(symbol);
    if (instrument == nullptr)
        return to_reply({ErrorCode::NotFound, fmt::format("symbol '{}' is not known", symbol)});
    const auto bid = optional_price(body, "bid");
    const auto ask = optional_price(body, "ask");
    const auto last = optional_price(body, "last");
    for (const auto* price : {&bid, &ask, &last})
        if (!*price) return to_reply(price->error());
    if (!*bid && !*ask && !*last)
        return to_reply({ErrorCode::Invalid, "one of 'bid', 'ask' and 'last' is needed"});
    const Decimal step = instrument->tick_size;
    const Decimal middle = *last  ? (*last)->value
                           : *bid ? (*ask ? (*ask)->value : (*bid)->value + step)
                                  : (*ask)->value - step;
    const Price bid_price = bid->value_or(Price{middle - step});
    const Price ask_price = ask->value_or(Price{middle + step});
    if (auto set = world.exchange.set_market(now, symbol, bid_price, ask_price, Price{middle});
        !set)
        return to_reply(set.error());
    return done({
        {"ok", true},
        {"bid", fmt::format("{}", bid_price)},
        {"ask", fmt::format("{}", ask_price)},
        {"last", fmt::format("{}", middle)},
    });
}

/// Every member but the three names is a parameter of the fault; they may also stand together in
/// `parameters`.
Result<sim::FaultOrder> read_fault(const json::object& body) {
    sim::FaultOrder order;
    order.target = text_in(body, "target");
    order.name = text_in(body, "fault");
    if (order.target.empty() || order.name.empty())
        return fail(ErrorCode::Invalid, "'target' and 'fault' are needed");
    if (const auto* enabled = body.if_contains("enabled")) {
        if (!enabled->is_bool()) return fail(ErrorCode::Invalid, "'enabled' must be true or false");
        order.enabled = enabled->get_bool();
    }
    const auto add = [&](const json::object& object) {
        for (const auto& [key, value] : object) order.parameters[key] = text_in(object, key);
    };
    add(body);
    for (const auto* name : {"target", "fault", "enabled", "parameters"})
        order.parameters.erase(name);
    if (const auto* parameters = body.if_contains("parameters")) {
        if (!parameters->is_object())
            return fail(ErrorCode::Invalid, "'parameters' must be an object");
        add(parameters->get_object());
    }
    return order;
}

ControlReply post_faults(SimWorld& world, Now now, const json::object& body) {
    const auto order = read_fault(body);
    if (!order) return to_reply(order.error());
    if (order->name == "certificate" && !world.tls)
        return to_reply(
            {ErrorCode::Conflict, "janus-sim runs without TLS, so without certificates"});
    const auto set = order->target == "ib" ? world.ib.set_fault(now, *order)
                                           : world.webull.set_fault(now, *order);
    return set ? done() : to_reply(set.error());
}

Result<ExchangeOrder> read_order(const json::object& body) {
    if (auto checked = check_members(body, {"account", "symbol", "side", "type", "quantity",
                                            "limit_price", "stop_price", "time_in_force"});
        !checked)
        return std::unexpected(checked.error());
    ExchangeOrder order;
    order.account = text_in(body, "account");
    order.symbol = text_in(body, "symbol");
    const auto word = [&](const char* name, const char* fallback) {
        const auto text = text_in(body, name);
        return text.empty() ? std::string(fallback) : text;
    };
    const auto side = parse_side(word("side", "BUY"));
    const auto limit = optional_price(body, "limit_price");
    const auto stop = optional_price(body, "stop_price");
    const auto time_in_force = parse_time_in_force(word("time_in_force", "DAY"));
    const auto quantity = needed_decimal(body, "quantity");
    if (!side) return std::unexpected(side.error());
    if (!limit) return std::unexpected(limit.error());
    if (!stop) return std::unexpected(stop.error());
    if (!time_in_force) return std::unexpected(time_in_force.error());
    if (!quantity) return std::unexpected(quantity.error());
    const char* usual = *limit ? (*stop ? "STOP_LIMIT" : "LIMIT") : (*stop ? "STOP" : "MARKET");
    const auto type = parse_order_type(word("type", usual));
    if (!type) return std::unexpected(type.error());
    order.side = *side;
    order.type = *type;
    order.quantity = {*quantity};
    order.limit_price = *limit;
    order.stop_price = *stop;
    order.time_in_force = *time_in_force;
    return order;
}

Result<sim::ExchangeOrderId> place_externally(SimWorld& world, Now now,
                                              const ExchangeOrder& order) {
    const auto* account = world.exchange.find_account(order.account);
    if (account == nullptr)
        return fail(ErrorCode::NotFound, "account '{}' is not known", order.account);
    if (account->broker == sim::SimBroker::Webull) return world.webull.external_order(now, order);
    return world.ib.external_order(
        now, {order.account, order.symbol, order.side, order.type, order.quantity,
              order.limit_price, order.stop_price, order.time_in_force});
}

ControlReply post_external_order(SimWorld& world, Now now, const json::object& body) {
    const auto order = read_order(body);
    if (!order) return to_reply(order.error());
    const auto id = place_externally(world, now, *order);
    if (!id) return to_reply(id.error());
    return done({
        {"ok", true                     },
        {"id", std::to_string(id->value)},
    });
}

ControlReply post_external_cancel(SimWorld& world, Now now, const json::object& body) {
    if (auto checked = check_members(body, {"id"}); !checked) return to_reply(checked.error());
    const auto id = needed_decimal(body, "id");
    if (!id) return to_reply(id.error());
    const sim::ExchangeOrderId order{
        static_cast<std::uint64_t>(id->units() / Decimal::units_per_one)};
    if (world.exchange.find_order(order) == nullptr)
        return to_reply({ErrorCode::NotFound, fmt::format("order {} is not known", order.value)});
    if (!world.exchange.cancel(now, order, "Cancelled in the broker's own app"))
        return to_reply({ErrorCode::Conflict, fmt::format("order {} is final", order.value)});
    return done();
}

/// The calls that read.
struct GetRow {
    std::string_view path;
    json::object (*answer)(const SimWorld& world);
};
constexpr auto get_rows = std::to_array<GetRow>({
    {"/state",  state_of },
    {"/ledger", ledger_of},
    {"/faults", faults_of},
});

/// The calls that change something; their body is a JSON object.
struct PostRow {
    std::string_view path;
    ControlReply (*answer)(SimWorld& world, Now now, const json::object& body);
};
constexpr auto post_rows = std::to_array<PostRow>({
    {"/market",          post_market         },
    {"/faults",          post_faults         },
    {"/external-order",  post_external_order },
    {"/external-cancel", post_external_cancel},
});

Result<json::object> parse_body(std::string_view body) {
    boost::system::error_code error;
    auto value = json::parse({body.data(), body.size()}, error);
    if (error || !value.is_object())
        return fail(ErrorCode::Malformed, "the body is not a JSON object");
    return std::move(value.get_object());
}

ControlReply error_reply(int status, std::string sentence) {
    return {
        status, json::serialize(json::object{{"error", sentence}}
         )
    };
}

}  // namespace

ControlReply to_reply(const Error& error) {
    int status = 400;
    if (error.code == ErrorCode::NotFound) status = 404;
    if (error.code == ErrorCode::Conflict) status = 409;
    if (error.code == ErrorCode::Rejected) status = 422;
    return {
        status, json::serialize(json::object{{"error", error.message}}
         )
    };
}

ControlReply answer_control(SimWorld& world, Now now, std::string_view method,
                            std::string_view target, std::string_view body) {
    const auto path = target.substr(0, target.find('?'));
    const auto get = std::ranges::find(get_rows, path, &GetRow::path);
    const auto post = std::ranges::find(post_rows, path, &PostRow::path);
    if (get == get_rows.end() && post == post_rows.end())
        return error_reply(404, fmt::format("'{}' is not a call of this port", path));
    if (method == "GET" && get != get_rows.end()) return {200, json::serialize(get->answer(world))};
    if (method != "POST" || post == post_rows.end())
        return error_reply(405, fmt::format("'{}' does not take {}", path, method));
    const auto object = parse_body(body);
    if (!object) return to_reply(object.error());
    return post->answer(world, now, *object);
}

}  // namespace janus::app
