#include "sim/world/ib_pair.hpp"

#include <algorithm>

namespace janus::sim {
namespace {

using namespace std::chrono_literals;

Scenario still_scenario() {
    auto scenario = default_scenario();
    scenario.walk_ticks_max = 0;
    return scenario;
}

::janus::ib::IbSettings settings_of(int version, std::int64_t client_id) {
    ::janus::ib::IbSettings settings;
    settings.client_id = client_id;
    settings.accounts = {
        {{"ib_main"}, "DU1000001"}
    };
    settings.version_max = version;
    return settings;
}

}  // namespace

IbPair::IbPair(int version, std::int64_t client_id)
    : exchange(still_scenario(), 1),
      broker_random_(3),
      gateway_random_(5),
      server(exchange, broker_random_,
             {.accounts = {}, .version_max = version, .login = "simuser", .master_client_id = {}}),
      gateway(settings_of(version, client_id), gateway_random_),
      now_{.mono = {1s}, .utc = {1'796'054'400s}} {}

bool IbPair::connect() {
    command(gateway::Start{});
    for (int second = 0; second < 30; ++second) {
        const auto gates = all<gateway::GateChanged>();
        if (!gates.empty() && gates.back().gate == gateway::Gate::Ready) return true;
        advance(1s);
    }
    return false;
}

void IbPair::command(const gateway::Command& command) {
    gateway.on_command(now_, command);
    pump();
}

void IbPair::advance(Duration span) {
    const auto end = now_.mono + span;
    while (true) {
        auto next = end;
        for (const auto due : {exchange.deadline(), server.deadline(), gateway.deadline()})
            if (due) next = std::min(next, std::max(*due, now_.mono));
        now_.utc.since_epoch += next - now_.mono;
        now_.mono = next;
        exchange.on_timeout(now_);
        server.on_timeout(now_);
        gateway.on_timeout(now_);
        pump();
        if (next >= end) return;
    }
}

void IbPair::cut() {
    server.on_closed(now_, connection_);
    gateway.on_io(now_, io::Closed{channel_, "reset by peer"});
    pump();
}

void IbPair::fault(const std::string& name, std::map<std::string, std::string> parameters) {
    const auto set = server.set_fault(
        now_, {.target = "ib", .name = name, .enabled = true, .parameters = std::move(parameters)});
    JANUS_CHECK(set.has_value());
    pump();
}

void IbPair::fault_off(const std::string& name) {
    const auto set =
        server.set_fault(now_, {.target = "ib", .name = name, .enabled = false, .parameters = {}});
    JANUS_CHECK(set.has_value());
    pump();
}

void IbPair::move_price(std::string_view symbol, std::string_view last) {
    const auto middle = Decimal::parse(last).value();
    const auto cent = Decimal::parse("0.01").value();
    JANUS_CHECK(
        exchange.set_market(now_, std::string(symbol), {middle - cent}, {middle + cent}, {middle})
            .has_value());
    pump();
}

OrderIntent IbPair::intent() {
    OrderIntent intent{.account = {"ib_main"}, .symbol = *CanonicalSymbol::parse("AAPL")};
    intent.type = OrderType::Limit;
    intent.quantity = {Decimal::from_integer(10)};
    intent.limit_price = Price{Decimal::from_integer(150)};
    return intent;
}

NativeId IbPair::native_id_of(const Exchange& exchange, const CanonicalSymbol& symbol) {
    const auto* instrument = exchange.find_instrument(symbol.text());
    JANUS_CHECK(instrument != nullptr);
    return {std::to_string(instrument->ib_conid)};
}

gateway::PlaceOrder IbPair::place_of(const OrderIntent& intent, std::int64_t number) {
    gateway::PlaceOrder command{.order = {++last_order_}, .symbol = intent.symbol};
    command.client_order_id = {fmt::format("ref{:017}", last_order_)};
    command.native_id = native_id_of(exchange, intent.symbol);
    command.number =
        number != 0 ? number : gateway.prepare_order(intent, command.native_id).value();
    command.account = intent.account;
    command.side = intent.side;
    command.type = intent.type;
    command.quantity = intent.quantity;
    command.limit_price = intent.limit_price;
    command.stop_price = intent.stop_price;
    command.trail_amount = intent.trail_amount;
    command.trail_percent = intent.trail_percent;
    command.limit_offset = intent.limit_offset;
    command.time_in_force = intent.time_in_force;
    command.good_till = intent.good_till;
    command.session = intent.session;
    command.oca_group = intent.oca_group;
    command.send_before = now_.mono + 10s;
    return command;
}

gateway::PlaceOrder IbPair::place(const OrderIntent& intent) {
    const auto placed = place_of(intent);
    command(placed);
    return placed;
}

bool IbPair::has_report(const ClientOrderId& reference) const {
    const auto reports = all<gateway::OrderReport>();
    return std::ranges::find(reports, reference, &gateway::OrderReport::client_order_id) !=
           reports.end();
}

gateway::OrderReport IbPair::report_of(const ClientOrderId& reference) const {
    const auto reports = all<gateway::OrderReport>();
    const auto found = std::find_if(
        reports.rbegin(), reports.rend(),
        [&](const gateway::OrderReport& report) { return report.client_order_id == reference; });
    JANUS_CHECK(found != reports.rend());
    return *found;
}

gateway::OrderReport IbPair::terms_of(const ClientOrderId& reference) const {
    const auto reports = all<gateway::OrderReport>();
    const auto found =
        std::find_if(reports.rbegin(), reports.rend(), [&](const gateway::OrderReport& report) {
            return report.client_order_id == reference && report.quantity;
        });
    JANUS_CHECK(found != reports.rend());
    return *found;
}

const ExchangeOrder& IbPair::truth_of(const ClientOrderId& reference) const {
    for (const auto& [id, order] : exchange.orders())
        if (order.reference == reference.value) return order;
    JANUS_CHECK(false);
    return exchange.orders().begin()->second;
}

void IbPair::pump() {
    bool moved = true;
    while (moved) {
        moved = perform_effects();
        for (const auto& event : exchange.take_events()) {
            server.on_exchange(now_, event);
            moved = true;
        }
        moved |= deliver_outputs();
        for (auto& event : gateway.take_events()) events.push_back(std::move(event));
    }
}

bool IbPair::perform_effects() {
    const auto effects = gateway.take_effects();
    for (const auto& effect : effects) {
        if (const auto* connect = std::get_if<io::Connect>(&effect)) {
            channel_ = connect->channel;
            connection_ = {++last_connection_};
            server.on_accept(now_, connection_);
            gateway.on_io(now_, io::Connected{channel_});
        } else if (const auto* send = std::get_if<io::Send>(&effect)) {
            server.on_bytes(now_, connection_, send->bytes);
        } else if (std::holds_alternative<io::Close>(effect)) {
            server.on_closed(now_, connection_);
        }
    }
    return !effects.empty();
}

bool IbPair::deliver_outputs() {
    const auto outputs = server.take_outputs();
    for (const auto& output : outputs) {
        if (output.connection != connection_) continue;
        if (!output.bytes.empty()) gateway.on_io(now_, io::Received{channel_, output.bytes});
        if (output.close) gateway.on_io(now_, io::Closed{channel_, "closed by IB"});
    }
    return !outputs.empty();
}

}  // namespace janus::sim
