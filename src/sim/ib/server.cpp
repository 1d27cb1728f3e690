#include "sim/ib/server.hpp"

#include <algorithm>
#include <array>

#include "sim/ib/message_faults.hpp"
#include "sim/ib/server_parts.hpp"

namespace janus::sim {

using ib::Message;
using ib::Session;
using ib::SessionStep;

namespace {

constexpr std::int64_t repeat_max = 1000;
constexpr std::string_view lost_text =
    "Connectivity between IB and Trader Workstation has been lost.";
constexpr std::string_view restored_text =
    "Connectivity between IB and Trader Workstation has been restored - data maintained.";
constexpr std::string_view restored_lost_data_text =
    "Connectivity between IB and Trader Workstation has been restored - data lost.";
constexpr std::string_view market_broken = "Market data farm connection is broken:usfarm";
constexpr std::string_view market_fine = "Market data farm connection is OK:usfarm";
constexpr std::string_view history_broken = "HMDS data farm connection is broken:ushmds";
constexpr std::string_view history_fine = "HMDS data farm connection is OK:ushmds";

// Faults that happen once, when they are switched on.
constexpr auto momentary_faults = std::to_array<std::string_view>(
    {"disconnect_all", "execution_correction", "unknown_message", "unsolicited", "bad_frame",
     "farm_flap", "upstream_restored", "upstream_restored_lost_data", "port_changed",
     "send_message"});

// Faults that change who may have prices, and faults that change the prices themselves.
constexpr auto permission_faults =
    std::to_array<std::string_view>({"delayed_data", "no_market_data"});
constexpr auto price_faults =
    std::to_array<std::string_view>({"stop_ticks", "no_quote", "farm_broken"});

bool holds(const auto& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

std::vector<std::string> accounts_of(const Exchange& exchange, const IbServerSettings& settings) {
    if (!settings.accounts.empty()) return settings.accounts;
    std::vector<std::string> accounts;
    for (const auto& account : exchange.scenario().accounts)
        if (account.broker == SimBroker::Ib) accounts.push_back(account.id);
    return accounts;
}

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

}  // namespace

IbServer::Parts::Parts(Exchange& exchange, Random& random, const IbServerSettings& settings)
    : context{exchange, random, settings, accounts_of(exchange, settings), {}, {}, {}},
      accounts(context),
      market(context),
      reference(context),
      history(context),
      orders(context, ledger) {}

void IbServer::Parts::on_switched(Now now, const FaultOrder& order) {
    if (order.name == "freeze" && !order.enabled) thaw(now);
    if (order.name == "disconnect_all" && order.enabled) disconnect_all();
    if (order.name == "deactivate_orders") orders.set_all_active(now, !order.enabled);
    if (order.name.starts_with("upstream_")) on_upstream(now, order);
    if (order.name.starts_with("farm_")) on_farm(now, order);
    if (holds(permission_faults, order.name)) market.on_permissions_changed(now);
    if (holds(price_faults, order.name)) market.refresh(now);
    if (order.name == "account_not_ready") accounts.tell_everything(now);
    if (order.name == "port_changed" && order.enabled) on_port_changed(now);
    if (order.enabled) on_odd_messages(order);
}

void IbServer::Parts::on_port_changed(Now now) {
    context.broadcast(now, 1300,
                      fmt::format("TWS socket port has been reset and this connection is being "
                                  "dropped. Please reconnect on the new port - {}",
                                  context.faults.integer_of("port_changed", "port", 4003)));
    disconnect_all();
}

Result<void> IbServer::Parts::on_market_phase(Now now, const FaultOrder& order) {
    const auto word = context.faults.text_of(order.name, "phase", "closed");
    const auto phase = order.enabled ? parse_market_phase(word) : MarketPhase::Regular;
    if (!phase) return std::unexpected(phase.error());
    context.exchange.set_phase(now, *phase);
    return {};
}

/// Restored is a moment, lost a state; switching the state off restores with data maintained.
void IbServer::Parts::on_upstream(Now now, const FaultOrder& order) {
    auto& faults = context.faults;
    if (order.name == "upstream_lost" && order.enabled) {
        const auto times = std::min(faults.integer_of(order.name, "repeat", 1), repeat_max);
        for (std::int64_t time = 0; time < times; ++time) context.broadcast(now, 1100, lost_text);
        return;
    }
    if (order.name != "upstream_lost" && !order.enabled) return;
    const bool data_lost = order.name == "upstream_restored_lost_data";
    faults.switch_off("upstream_lost");
    if (data_lost) market.drop_feeds();
    context.broadcast(now, data_lost ? 1101 : 1102,
                      data_lost ? restored_lost_data_text : restored_text);
    market.refresh(now);
}

void IbServer::Parts::on_farm(Now now, const FaultOrder& order) {
    auto& faults = context.faults;
    if (order.name == "farm_broken") {
        context.broadcast(now, order.enabled ? 2103 : 2104,
                          order.enabled ? market_broken : market_fine);
        return;
    }
    if (!order.enabled) return;
    const auto times = std::min(faults.integer_of(order.name, "repeat", 1), repeat_max);
    for (std::int64_t time = 0; time < times; ++time) {
        context.broadcast(now, 2103, market_broken);
        context.broadcast(now, 2105, history_broken);
        context.broadcast(now, 2104, market_fine);
        context.broadcast(now, 2106, history_fine);
    }
}

/// Messages that nobody expects, once to every client.
void IbServer::Parts::on_odd_messages(const FaultOrder& order) {
    constexpr int unknown_request = 987'654'321;
    if (order.name == "unknown_message")
        send_to_all(Message(static_cast<int>(context.faults.integer_of(order.name, "id", 9999)))
                        .add(1)
                        .add("a message of a newer gateway"));
    if (order.name == "send_message")
        send_to_all(ib::message_of(context.faults.text_of(order.name, "fields", "")));
    if (order.name == "bad_frame")
        for (const auto& [connection, session] : context.sessions)
            context.outbox.send_bytes(
                connection, ib::length_bytes(static_cast<std::uint32_t>(
                                context.faults.integer_of(order.name, "length", 0xFFFF'FFFF))));
    if (order.name != "unsolicited") return;
    for (const auto& [connection, session] : context.sessions)
        if (session.step == SessionStep::Ready) orders.send_any_completed(session);
    send_to_all(Message(62).add(1));
    send_to_all(Message(52).add(1).add(unknown_request));
}

/// What came while frozen is done now, also for clients that have gone meanwhile.
void IbServer::Parts::thaw(Now now) {
    std::vector<ConnectionId> connections;
    for (const auto& [connection, session] : context.sessions) connections.push_back(connection);
    for (const auto connection : connections) {
        work(now, connection);
        const auto* session = find_session(connection);
        if (session != nullptr && session->closed_by_client) context.sessions.erase(connection);
    }
}

void IbServer::Parts::send_to_all(const Message& message) {
    for (const auto& [connection, session] : context.sessions)
        if (session.step == SessionStep::Ready) context.send(session, message);
}

void IbServer::Parts::disconnect_all() {
    for (const auto& [connection, session] : context.sessions) context.outbox.close(connection);
    context.sessions.clear();
}

IbServer::IbServer(Exchange& exchange, Random& random, IbServerSettings settings)
    : parts_(std::make_unique<Parts>(exchange, random, settings)) {}

IbServer::~IbServer() = default;

void IbServer::on_accept(Now, ConnectionId connection) {
    if (parts_->context.faults.strikes("refuse_connect")) {
        parts_->context.outbox.close(connection);
        return;
    }
    parts_->context.sessions[connection].connection = connection;
}

void IbServer::on_bytes(Now now, ConnectionId connection, std::string_view bytes) {
    auto* session = parts_->find_session(connection);
    if (session == nullptr) return;
    if (session->step == SessionStep::Greeting &&
        parts_->context.faults.strikes("accept_then_close")) {
        parts_->end_session(connection);
        return;
    }
    session->cutter.feed(bytes);
    parts_->work(now, connection);
}

void IbServer::on_closed(Now, ConnectionId connection) {
    auto* session = parts_->find_session(connection);
    if (session == nullptr) return;
    if (parts_->context.faults.is_on("freeze"))
        session->closed_by_client = true;
    else
        parts_->context.sessions.erase(connection);
}

void IbServer::on_exchange(Now now, const ExchangeEvent& event) {
    if (const auto* quote = std::get_if<QuoteChanged>(&event))
        parts_->market.on_quote(now, quote->symbol);
    if (const auto* changed = std::get_if<OrderChangedAtExchange>(&event))
        parts_->orders.on_order_changed(now, changed->order);
    const auto* executed = std::get_if<ExecutedAtExchange>(&event);
    if (executed == nullptr || !parts_->context.has_account(executed->execution.account)) return;
    parts_->orders.on_executed(executed->execution);
    parts_->accounts.on_execution(now, executed->execution);
}

void IbServer::on_timeout(Now now) {
    if (parts_->context.faults.is_on("freeze")) return;
    parts_->orders.on_timeout(now);
    parts_->accounts.on_timeout(now);
    parts_->market.on_timeout(now);
}

std::optional<Instant> IbServer::deadline() const {
    if (parts_->context.faults.is_on("freeze")) return std::nullopt;
    return earlier(parts_->orders.deadline(),
                   earlier(parts_->accounts.deadline(), parts_->market.deadline()));
}

std::vector<IbOutput> IbServer::take_outputs() {
    if (parts_->context.faults.is_on("freeze")) return {};
    return parts_->context.outbox.take(parts_->context.faults.is_on("split_writes"));
}

const Ledger& IbServer::ledger() const {
    return parts_->ledger;
}

std::span<const FaultRow> IbServer::faults() {
    return ib::FaultBox::rows();
}

std::vector<std::string> IbServer::active_faults() const {
    return parts_->context.faults.active();
}

Result<void> IbServer::set_fault(Now now, const FaultOrder& order) {
    if (auto set = parts_->context.faults.set(order); !set) return set;
    auto& faults = parts_->context.faults;
    if (holds(momentary_faults, order.name)) faults.switch_off(order.name);
    if (order.name == "execution_correction" && order.enabled)
        return parts_->orders.correct_last_execution(now,
                                                     faults.find_number(order.name, "quantity"),
                                                     faults.find_number(order.name, "price"));
    if (order.name == "market_phase") return parts_->on_market_phase(now, order);
    parts_->on_switched(now, order);
    return {};
}

Result<ExchangeOrderId> IbServer::external_order(Now now, const IbExternalOrder& order) {
    return parts_->orders.external_order(now, order);
}

Result<void> IbServer::external_cancel(Now now, ExchangeOrderId order) {
    auto& exchange = parts_->context.exchange;
    const auto* known = exchange.find_order(order);
    if (known == nullptr || !parts_->context.has_account(known->account))
        return fail(ErrorCode::NotFound, "order {} is not one of this login", order.value);
    if (!exchange.cancel(now, order, "cancelled by hand"))
        return fail(ErrorCode::Conflict, "order {} is final already", order.value);
    return {};
}

}  // namespace janus::sim
