#include "sim/webull/webull_server.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "sim/webull/json.hpp"

namespace janus::sim {

using namespace webull;
namespace json = boost::json;

namespace {

/// The calls that carry orders: what the ledger calls them, and where their orders stand.
struct OrderCallRow {
    Endpoint endpoint;
    const char* kind;
    const char* orders;  ///< Empty when the body itself is the order.
};
constexpr auto order_calls = std::to_array<OrderCallRow>({
    {Endpoint::Place,      "place",  "new_orders"   },
    {Endpoint::BatchPlace, "place",  "batch_orders" },
    {Endpoint::Replace,    "modify", "modify_orders"},
    {Endpoint::Cancel,     "cancel", ""             },
});

/// Calls that need no access token even where tokens are demanded.
bool is_open_to_all(Endpoint endpoint) {
    return endpoint == Endpoint::Config || endpoint == Endpoint::TokenCreate ||
           endpoint == Endpoint::TokenCheck || endpoint == Endpoint::TokenRefresh;
}

bool is_post(Endpoint endpoint) {
    return row_of(endpoint).method == "POST";
}

json::object token_object(Generation generation, const Token& token) {
    return {
        {"token",                                                 token.text                  },
        {generation == Generation::G3 ? "expires" : "expires_at", token.expires.milliseconds()},
        {"status",                                                to_text(token.status)       },
    };
}

/// The category header of a placement, where there is one, must be that of shares.
Answer<void> check_category(const HttpCall& call) {
    const auto category = header_of(call, "category");
    if (category.empty() || category == "US_EQUITY" || category == "US_STOCK") return {};
    return refuse("UNSUPPORTED_CATEGORY", fmt::format("category {} is not supported", category));
}

/// The version header must fit the generation where it is sent.
bool fits_version(const Route& route, const HttpCall& call) {
    const auto version = header_of(call, "x-version");
    if (version.empty() || is_open_to_all(route.endpoint)) return true;
    return route.generation == Generation::G4 ? version == "v3"
                                              : version == "v2" || version == "v3";
}

TokenScript script_of(const FaultParameters& parameters) {
    const auto status = [&](const char* name) { return *find_token_status(parameters.text(name)); };
    return {parameters.text("app_key"), status("state"), status("new_state"),
            parameters.integer("checks"), status("then")};
}

/// Which algorithm each host accepts while the fault is on.
Gatekeeper::Variants variants_of(const FaultParameters* fault) {
    if (fault == nullptr) return {};
    const auto only = find_algorithm(fault->text("algorithm"));
    const auto& host = fault->text("host");
    return {.rest = host == "events" ? std::nullopt : only,
            .events = host == "rest" ? std::nullopt : only};
}

template <typename T>
Answer<json::value> as_value(Answer<T> answer) {
    if (!answer) return std::unexpected(std::move(answer.error()));
    return json::value(std::move(*answer));
}

}  // namespace

WebullServer::WebullServer(Exchange& exchange, Random& random, WebullServerSettings settings)
    : exchange_(exchange),
      settings_(settings),
      gatekeeper_(exchange.scenario().app_keys, settings.clock_window),
      tokens_(random, settings.token_life),
      queries_(exchange_, shelf_, faults_),
      hub_(exchange.scenario(), gatekeeper_, faults_, random,
           {settings.ping_interval, settings.streams_max}),
      desk_(exchange_, shelf_, hub_, faults_, random, settings.cancel_delay),
      replies_(faults_) {}

void WebullServer::on_http(Now now, HttpExchangeId id, const HttpCall& call) {
    const auto target = parse_target(call.target);
    const auto route = target ? route_of(call, target->path) : std::nullopt;
    if (!route) return replies_.no_route(id);
    const auto endpoint = route->endpoint;
    note(now, endpoint, call);
    if (replies_.intercept(now, id, endpoint)) return;
    if (const auto fault = faults_.use_at("latency", row_of(endpoint).name, "before"))
        late_calls_.emplace(now.mono + fault->milliseconds("ms"), std::pair(id, call));
    else
        handle(now, id, call, *target, *route);
}

void WebullServer::handle_late_calls(Now now) {
    while (!late_calls_.empty() && late_calls_.begin()->first <= now.mono) {
        const auto [id, call] = std::move(late_calls_.begin()->second);
        late_calls_.erase(late_calls_.begin());
        const auto target = parse_target(call.target);
        handle(now, id, call, *target, *route_of(call, target->path));
    }
}

/// Judges and answers a call whose address exists.
void WebullServer::handle(Now now, HttpExchangeId id, const HttpCall& call, const Target& target,
                          Route route) {
    const auto endpoint = route.endpoint;
    const auto app_key = admit(now, route, call, target);
    if (!app_key) return replies_.refuse(now, endpoint, id, app_key.error());
    const Request request{route, target, call, *app_key};
    if (swallow(now, id, request)) return;
    const auto body = answer(now, request);
    if (!body) return replies_.refuse(now, endpoint, id, body.error());
    replies_.deliver(now, endpoint, json_reply(id, 200, json::serialize(*body)));
}

std::vector<HttpReply> WebullServer::take_replies() {
    return replies_.take_replies();
}

void WebullServer::on_subscribe(Now now, StreamKey key,
                                const std::map<std::string, std::string>& metadata,
                                const std::string& request) {
    hub_.on_subscribe(now, key, metadata, request);
}

void WebullServer::on_stream_closed(Now, StreamKey key) {
    hub_.on_closed(key);
}

std::vector<StreamOutput> WebullServer::take_stream_outputs() {
    return hub_.take_outputs();
}

void WebullServer::on_exchange(Now now, const ExchangeEvent& event) {
    desk_.on_exchange(now, event);
}

void WebullServer::on_timeout(Now now) {
    handle_late_calls(now);
    desk_.on_timeout(now);
    hub_.on_timeout(now);
    replies_.on_timeout(now);
}

std::optional<Instant> WebullServer::deadline() const {
    std::optional<Instant> next;
    for (const auto& at : {desk_.deadline(), hub_.deadline(), replies_.deadline()})
        if (at && (!next || *at < *next)) next = at;
    if (!late_calls_.empty() && (!next || late_calls_.begin()->first < *next))
        next = late_calls_.begin()->first;
    return next;
}

std::span<const FaultRow> WebullServer::faults() {
    return fault_rows();
}

Result<void> WebullServer::set_fault(Now now, const FaultOrder& order) {
    if (auto done = faults_.set(order); !done) return done;
    const auto* offset = faults_.find("clock_offset");
    gatekeeper_.shift_clock(
        std::chrono::seconds(offset == nullptr ? 0 : offset->integer("seconds")));
    gatekeeper_.restrict_to(variants_of(faults_.find("signature_variant")));
    apply_token_faults(now, order.name);
    if (order.enabled) hub_.on_fault_switched(now, order.name);
    return {};
}

void WebullServer::apply_token_faults(Now now, const std::string& changed) {
    if (changed == "token_state") {
        const auto* script = faults_.find(changed);
        tokens_.follow(script == nullptr ? std::nullopt : std::optional(script_of(*script)));
    }
    if (changed == "token_life") {
        const auto* life = faults_.find(changed);
        tokens_.set_life(now, life == nullptr ? settings_.token_life
                                              : std::chrono::seconds(life->integer("seconds")));
    }
}

Result<ExchangeOrderId> WebullServer::external_order(Now now, ExchangeOrder order) {
    const auto* account = exchange_.find_account(order.account);
    if (account == nullptr || account->broker != SimBroker::Webull)
        return fail(ErrorCode::NotFound, "account '{}' is not one of Webull's", order.account);
    order.reference.clear();
    const auto id = exchange_.place(now, order);
    const auto& placed = *exchange_.find_order(id);
    if (placed.state == ExchangeState::Rejected)
        return fail(ErrorCode::Rejected, "the exchange refused it: {}", placed.reason);
    return id;
}

std::optional<Route> WebullServer::route_of(const HttpCall& call, const std::string& path) const {
    const auto route = find_route(call.method, path);
    if (!route || !fits_version(*route, call)) return std::nullopt;
    const auto* only = faults_.find("generation");
    const auto wanted = route->generation == Generation::G3 ? "G3" : "G4";
    if (only != nullptr && !is_open_to_all(route->endpoint) && only->text("only") != wanted)
        return std::nullopt;
    return route;
}

/// Signature, then token, then rate: the app key of a call that may pass all three.
Answer<std::string> WebullServer::admit(Now now, Route route, const HttpCall& call,
                                        const Target& target) {
    auto app_key = gatekeeper_.admit_call(now, call, target);
    if (!app_key) return app_key;
    if (!is_open_to_all(route.endpoint) && tokens_needed(*app_key))
        if (auto access = tokens_.check_access(now, *app_key, header_of(call, "x-access-token"));
            !access)
            return std::unexpected(access.error());
    const bool limited = settings_.rate_limits && !faults_.is_on("unlimited");
    if (limited && !limiter_.admit(now, *app_key, route.endpoint))
        return refuse(429, "TOO_MANY_REQUESTS", "Too many requests");
    return app_key;
}

/// The fault that loses a placement between the door and the books.
bool WebullServer::swallow(Now now, HttpExchangeId id, const Request& request) {
    if (!places_orders(request.route.endpoint)) return false;
    const auto fault = faults_.use("swallow_place");
    if (!fault) return false;
    if (fault->text("reply") == "none") return true;
    const auto body = parse_object(request.call.body).value_or(json::object{});
    const auto receipts = request.route.endpoint == Endpoint::Place
                              ? desk_.receipt_without_order(body)
                              : desk_.receipts_without_orders(body);
    replies_.deliver(now, request.route.endpoint, json_reply(id, 200, json::serialize(receipts)));
    return true;
}

WebullServer::Body WebullServer::answer(Now now, const Request& request) {
    const auto endpoint = request.route.endpoint;
    if (endpoint == Endpoint::Config)
        return json::object{
            {"token_check_enabled", tokens_needed(request.app_key)}
        };
    if (!is_post(endpoint)) return answer_query(now, request);
    const auto body = parse_object(request.call.body);
    if (!body) return std::unexpected(body.error());
    if (is_open_to_all(endpoint)) return answer_token(now, request, *body);
    const auto account = account_of(request, text_of(*body, "account_id"));
    if (!account) return std::unexpected(account.error());
    if (auto category = check_category(request.call); !category)
        return std::unexpected(category.error());
    return answer_order(now, endpoint, *account, *body);
}

WebullServer::Body WebullServer::answer_token(Now now, const Request& request,
                                              const json::object& body) {
    const auto text = text_of(body, "token");
    const auto& app_key = request.app_key;
    const auto generation = request.route.generation;
    if (request.route.endpoint == Endpoint::TokenCreate)
        return token_object(generation, tokens_.create(now, app_key, text));
    const auto token = request.route.endpoint == Endpoint::TokenCheck
                           ? tokens_.check(now, app_key, text)
                           : tokens_.refresh(now, app_key, text);
    if (!token) return std::unexpected(token.error());
    return token_object(generation, *token);
}

WebullServer::Body WebullServer::answer_order(Now now, Endpoint endpoint,
                                              const std::string& account,
                                              const json::object& body) {
    if (endpoint == Endpoint::Preview) return as_value(desk_.preview(account, body));
    if (endpoint == Endpoint::Place) return answer_place(now, account, body);
    if (endpoint == Endpoint::BatchPlace && faults_.is_on("no_batches"))
        return refuse("TRADE_ORDER_NO_PERMISSION", "This customer may not place batches");
    if (endpoint == Endpoint::BatchPlace) return as_value(desk_.batch_place(now, account, body));
    if (endpoint == Endpoint::Replace) return as_value(desk_.replace(now, account, body));
    return as_value(desk_.cancel(now, account, body));
}

WebullServer::Body WebullServer::answer_place(Now now, const std::string& account,
                                              const json::object& body) {
    auto placed = desk_.place(now, account, body);
    if (!placed) return std::unexpected(placed.error());
    if (const auto fault = faults_.use("refuse_taken"))
        return refuse(fault->text("code"), "Injected by a fault");
    return json::value(std::move(*placed));
}

WebullServer::Body WebullServer::answer_query(Now now, const Request& request) {
    const auto endpoint = request.route.endpoint;
    const auto generation = request.route.generation;
    const auto& parameters = request.target.query;
    if (endpoint == Endpoint::AccountList)
        return queries_.list_of(generation,
                                account_rows(exchange_, request.app_key, hidden_account()), {});
    if (endpoint == Endpoint::Instruments) {
        const auto apart = faults_.is_on("etfs_apart") ? EtfsApart::Yes : EtfsApart::No;
        auto rows = instrument_rows(exchange_, parameters, apart);
        if (!rows) return std::unexpected(rows.error());
        return queries_.list_of(generation, std::move(*rows), {});
    }
    const auto account = account_of(request, std::string(value_of(parameters, "account_id")));
    if (!account) return std::unexpected(account.error());
    if (endpoint == Endpoint::Balance) return balance_of(exchange_, *account);
    if (endpoint == Endpoint::Positions)
        return queries_.list_of(generation, position_rows(exchange_, *account), {});
    const OrderQuery query{generation, *account, parameters};
    if (endpoint == Endpoint::Open) return queries_.open(query);
    if (endpoint == Endpoint::History) return queries_.history(now, query);
    return queries_.detail(query);
}

/// The account that a call names, when it belongs to the caller's key.
Answer<std::string> WebullServer::account_of(const Request& request, std::string account) const {
    if (account.empty()) return refuse("PARAM_ERR", "account_id is required");
    const auto* known = exchange_.find_account(account);
    if (known == nullptr || known->broker != SimBroker::Webull || known->app_key != request.app_key)
        return refuse(403, "ACCOUNT_ACCESS_DENIED", "The account does not belong to this key");
    return account;
}

/// Writes every order-bearing message into the ledger as it comes, before anybody judges it.
void WebullServer::note(Now now, Endpoint endpoint, const HttpCall& call) {
    const auto row = std::ranges::find(order_calls, endpoint, &OrderCallRow::endpoint);
    if (row == order_calls.end()) return;
    const auto body = parse_object(call.body).value_or(json::object{});
    const auto add = [&](const json::object& order) {
        ledger_.push_back({now.utc, "webull", row->kind, text_of(body, "account_id"),
                           text_of(order, "client_order_id"), call.body});
    };
    const auto* orders = find_objects(body, row->orders);
    if (orders == nullptr) return add(body);
    for (const auto& order : *orders) add(order.get_object());
}

bool WebullServer::tokens_needed(const std::string& app_key) const {
    const auto* script = faults_.find("token_state");
    const bool scripted =
        script != nullptr && (script->text("app_key") == "*" || script->text("app_key") == app_key);
    return settings_.token_check_enabled || scripted || faults_.is_on("token_life");
}

std::string WebullServer::hidden_account() const {
    const auto* fault = faults_.find("missing_account");
    return fault == nullptr ? "" : fault->text("account");
}

}  // namespace janus::sim
