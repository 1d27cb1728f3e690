// One trading day between the production gateway and the simulated IB at every generation of the
// protocol: text, text and protobuf mixed, protobuf. It must look the same at each.
#include <algorithm>
#include <array>
#include <functional>

#include <gtest/gtest.h>

#include "gateway/ib/wire/data_requests.hpp"
#include "gateway/ib/wire/incoming.hpp"
#include "gateway/ib/wire/place_order.hpp"
#include "gateway/ib/wire/requests.hpp"
#include "sim/ib/layouts.hpp"
#include "sim/ib/place_request.hpp"
#include "sim/world/ib_pair.hpp"

namespace janus::sim {
namespace {

using namespace std::chrono_literals;
using gateway::BrokerStatus;

namespace wire = ::janus::ib::wire;
using Lines = std::vector<std::string>;

constexpr auto versions = std::to_array<int>({176, 178, 187, 193, 200, 213, 219, 225});

std::string shown(const std::optional<Price>& price) {
    return price ? price->value.to_text() : "-";
}

Lines shown(const std::vector<gateway::Event>& events) {
    Lines lines;
    for (const auto& event : events) {
        if (const auto* report = std::get_if<gateway::OrderReport>(&event))
            lines.push_back(fmt::format("order {} {} {} status {} filled {} at {} limit {} '{}'",
                                        report->client_order_id.value, report->ref.number,
                                        report->ref.permanent, static_cast<int>(report->status),
                                        report->filled ? report->filled->value.to_text() : "-",
                                        shown(report->average_price), shown(report->limit_price),
                                        report->reason));
        if (const auto* report = std::get_if<gateway::ExecutionReport>(&event))
            lines.push_back(fmt::format("execution {} {} {} at {} {} {}", report->execution.id,
                                        report->execution.symbol, report->execution.quantity,
                                        report->execution.price, report->execution.ref.permanent,
                                        report->execution.at.seconds()));
        if (const auto* report = std::get_if<gateway::CommissionReport>(&event))
            lines.push_back(fmt::format("commission {} {} {}", report->execution, report->amount,
                                        report->currency));
        if (const auto* positions = std::get_if<gateway::PositionsSnapshot>(&event))
            for (const auto& position : positions->positions)
                lines.push_back(
                    fmt::format("holds {} {}", position.instrument.native_id, position.quantity));
        if (const auto* changed = std::get_if<gateway::PositionChanged>(&event))
            lines.push_back(fmt::format("now {} {}", changed->position.instrument.native_id,
                                        changed->position.quantity));
        if (const auto* balances = std::get_if<gateway::BalancesSnapshot>(&event))
            lines.push_back(fmt::format("{} balances", balances->balances.size()));
        if (const auto* found = std::get_if<gateway::LookupResult>(&event))
            lines.push_back(fmt::format("lookup {} {}", static_cast<int>(found->status),
                                        found->candidates.empty()
                                            ? std::string()
                                            : found->candidates.front().native_id.value));
        if (const auto* history = std::get_if<gateway::HistoryResult>(&event))
            lines.push_back(
                fmt::format("history {} {} bars {}", to_text(history->status), history->bars.size(),
                            history->bars.empty() ? std::string()
                                                  : history->bars.back().close.value.to_text()));
        if (const auto* gate = std::get_if<gateway::GateChanged>(&event))
            lines.push_back(fmt::format("gate {} {}", to_text(gate->gate), gate->reason));
    }
    return lines;
}

void subscribe(IbPair& pair) {
    const auto symbol = CanonicalSymbol::parse("AAPL").value();
    pair.command(gateway::SubscribeTicks{{1}, IbPair::native_id_of(pair.exchange, symbol), symbol});
}

/// Every price that came, by its field; sizes and volumes count differently by version.
Lines ticks_of(IbPair& pair) {
    std::vector<Tick> ticks;
    pair.gateway.take_ticks(ticks);
    Lines lines;
    for (const auto& tick : ticks)
        if (tick.field == TickField::Bid || tick.field == TickField::Ask ||
            tick.field == TickField::Last)
            lines.push_back(fmt::format("tick {} {}", static_cast<int>(tick.field),
                                        tick.value ? tick.value->to_text() : "-"));
    return lines;
}

Lines day_of(IbPair& pair) {
    EXPECT_TRUE(pair.connect());
    subscribe(pair);
    pair.command(gateway::LookupInstrument{{1}, CanonicalSymbol::parse("MSFT").value()});
    const auto resting = pair.place(IbPair::intent());
    auto market = IbPair::intent();
    market.type = OrderType::Market;
    market.limit_price.reset();
    const auto filled = pair.place(market);
    pair.advance(3s);
    EXPECT_EQ(pair.truth_of(filled.client_order_id).state, ExchangeState::Filled);
    pair.move_price("AAPL", "191.27");
    pair.advance(1s);
    pair.command(gateway::CancelOrder{
        resting.order, resting.client_order_id, {resting.number, ""},
          resting.account
    });
    pair.advance(3s);
    const auto symbol = CanonicalSymbol::parse("AAPL").value();
    pair.command(gateway::RequestHistory{.request = {1},
                                         .native_id = IbPair::native_id_of(pair.exchange, symbol),
                                         .symbol = symbol,
                                         .span = 1h});
    pair.command(gateway::RefreshAccount{{"ib_main"}});
    pair.advance(3s);
    EXPECT_EQ(pair.report_of(resting.client_order_id).status, BrokerStatus::Cancelled);
    EXPECT_EQ(pair.report_of(filled.client_order_id).status, BrokerStatus::Filled);
    auto lines = shown(pair.events);
    std::ranges::move(ticks_of(pair), std::back_inserter(lines));
    for (const auto& [name, count] : pair.gateway.counters())
        if (name.starts_with("unreadable") || name.starts_with("surplus") ||
            name.starts_with("unknown") || name.starts_with("late") || name.contains("refused"))
            lines.push_back(fmt::format("counted {} {}", name, count));
    return lines;
}

TEST(IbVersions, ATradingDayIsTheSameAtEveryGenerationOfTheProtocol) {
    IbPair text(200);
    const auto expected = day_of(text);
    EXPECT_GT(expected.size(), 20U);
    EXPECT_TRUE(std::ranges::any_of(
        expected, [](const auto& line) { return line.starts_with("execution "); }));
    EXPECT_TRUE(
        std::ranges::any_of(expected, [](const auto& line) { return line.starts_with("tick "); }));
    EXPECT_FALSE(std::ranges::any_of(
        expected, [](const auto& line) { return line.starts_with("counted "); }));
    for (const auto version : versions) {
        SCOPED_TRACE(version);
        IbPair pair(version);
        EXPECT_EQ(day_of(pair), expected);
    }
}

TEST(IbVersions, AGatewayThatAnswersInBetweenIsAskedForTextAtOnce) {
    for (const int version : {201, 205, 212}) {
        SCOPED_TRACE(version);
        IbPair pair(225);
        pair.fault("server_version", {
                                         {"version", std::to_string(version)},
                                         {"count",   "1"                    }
        });
        ASSERT_TRUE(pair.connect());
        EXPECT_EQ(pair.gateway.counters().count("reconnects"), 0U);
        subscribe(pair);
        pair.advance(1s);
        EXPECT_FALSE(ticks_of(pair).empty());
        pair.forget();
        pair.cut();
        ASSERT_TRUE(pair.connect()) << "the next connection speaks protobuf";
    }
}

TEST(IbVersions, AReconnectFindsItsOrderAgainInProtobuf) {
    IbPair pair(225);
    ASSERT_TRUE(pair.connect());
    const auto placed = pair.place(IbPair::intent());
    pair.advance(1s);
    pair.forget();
    pair.cut();
    ASSERT_TRUE(pair.connect());
    const auto reports = pair.all<gateway::OrderReport>();
    const auto shown = std::ranges::find_if(reports, [](const auto& report) {
        return report.limit_price.has_value();  // An open order, not a status.
    });
    ASSERT_NE(shown, reports.end());
    EXPECT_EQ(shown->client_order_id, placed.client_order_id);
    EXPECT_EQ(shown->limit_price, placed.limit_price);
    EXPECT_EQ(shown->ref.number, placed.number);
    EXPECT_EQ(pair.report_of(placed.client_order_id).status, BrokerStatus::Working);
}

TEST(IbVersions, BrokenProtobufIsCountedAndTheSessionLives) {
    IbPair pair(219);
    ASSERT_TRUE(pair.connect());
    pair.fault("field_count", {
                                  {"change", "-2"},
                                  {"count",  "1" }
    });
    const auto broken = pair.place(IbPair::intent());
    pair.advance(3s);
    EXPECT_EQ(pair.gateway.counters().at("unreadable_OPEN_ORDER"), 1U);
    EXPECT_EQ(pair.report_of(broken.client_order_id).status, BrokerStatus::Working)
        << "IB was asked once more";
    pair.fault("field_count", {
                                  {"change", "3"},
                                  {"count",  "1"}
    });
    const auto surplus = pair.place(IbPair::intent());
    pair.advance(3s);
    EXPECT_EQ(pair.gateway.counters().at("surplus_fields_OPEN_ORDER"), 1U);
    EXPECT_EQ(pair.report_of(surplus.client_order_id).status, BrokerStatus::Working);
    pair.fault("unknown_message", {
                                      {"id", "9999"}
    });
    EXPECT_EQ(pair.gateway.counters().at("unknown_message_9999"), 1U);
}

// ---- requests: the gateway's two forms are one to the simulator ----

/// The fields that the simulator reads, without those that protobuf leaves out because they say
/// nothing: versions, zeros and words for "not set".
Lines said(const Result<std::string>& frame, int version) {
    EXPECT_TRUE(frame);
    const auto payload = std::string_view(*frame).substr(4);
    const auto text = version < ib::binary_ids_since ? Result<std::string>(std::string(payload))
                                                     : ib::text_request(payload);
    EXPECT_TRUE(text) << (text ? "" : text.error().message);
    Lines fields;
    ib::FieldCursor in(*text);
    while (!in.at_end()) {
        auto field = in.text();
        if (field == "0" || field == "0.0" || field == ib::unset_int) field.clear();
        fields.push_back(field);
    }
    return fields;
}

void expect_same(const std::function<Result<std::string>(int)>& request) {
    const auto text = said(request(200), 200);
    SCOPED_TRACE(text.front());
    EXPECT_EQ(said(request(213), 213), text);
    EXPECT_EQ(said(request(225), 225), text);
}

wire::Contract contract() {
    return {.conid = 700000001,
            .symbol = "AAPL",
            .security_type = "OPT",
            .last_trade_date = "20260320",
            .strike = Decimal::parse("152.5").value(),
            .right = "C",
            .multiplier = "100",
            .exchange = "SMART",
            .primary_exchange = "",
            .currency = "USD",
            .local_symbol = "AAPL  260320C00152500",
            .trading_class = "AAPL"};
}

TEST(IbVersions, EveryRequestSaysTheSameInBothForms) {
    expect_same([](int v) { return wire::start_api(v, 7); });
    expect_same([](int v) { return wire::request_current_time(v); });
    expect_same([](int v) { return wire::request_market_data_type(v, 3); });
    expect_same([](int v) { return wire::request_auto_open_orders(v); });
    expect_same([](int v) { return wire::request_positions(v); });
    expect_same([](int v) { return wire::cancel_positions(v); });
    expect_same([](int v) { return wire::request_account_summary(v, 5, "A,B"); });
    expect_same([](int v) { return wire::cancel_account_summary(v, 5); });
    expect_same([](int v) { return wire::request_open_orders(v); });
    expect_same([](int v) { return wire::request_all_open_orders(v); });
    expect_same([](int v) { return wire::request_completed_orders(v); });
    expect_same([](int v) { return wire::request_executions(v, 5); });
    expect_same([](int v) { return wire::request_contract_details(v, 5, contract()); });
    expect_same([](int v) { return wire::request_market_data(v, 5, contract()); });
    expect_same([](int v) { return wire::cancel_market_data(v, 5); });
    expect_same([](int v) { return wire::cancel_order(v, 41); });
}

TEST(IbVersions, RequestsForDataSayTheSameInBothForms) {
    const wire::HistoryQuery query{
        .request = 5, .contract = contract(), .end = Utc{1'767'623'400s}, .span = 48h};
    expect_same([](int v) {
        return wire::request_real_time_bars(v, 5, contract(), BarSource::Midpoint,
                                            BarHours::Regular);
    });
    expect_same([](int v) { return wire::cancel_real_time_bars(v, 5); });
    expect_same([&](int v) { return wire::request_historical_data(v, query); });
    expect_same([](int v) { return wire::cancel_historical_data(v, 5); });
    expect_same([&](int v) { return wire::request_head_timestamp(v, query); });
    expect_same([](int v) { return wire::cancel_head_timestamp(v, 5); });
    expect_same([](int v) { return wire::request_market_rule(v, 26); });
    expect_same([](int v) { return wire::request_profit(v, 5, "DU1"); });
    expect_same([](int v) { return wire::cancel_profit(v, 5); });
    expect_same([](int v) { return wire::request_account_updates(v, 5, "DU1"); });
    expect_same([](int v) { return wire::cancel_account_updates(v, 5); });
    expect_same([](int v) { return wire::request_account_positions(v, 5, "DU1"); });
    expect_same([](int v) { return wire::cancel_account_positions(v, 5); });
}

TEST(IbVersions, APlaceOrderSaysTheSameInBothForms) {
    wire::PlaceOrderRequest request;
    request.order = 41;
    request.contract = contract();
    request.action = "SELL";
    request.quantity = Decimal::parse("0.5").value();
    request.type = "TRAIL LIMIT";
    request.limit_price = Decimal::parse("180.55").value();
    request.auxiliary_price = Decimal::parse("0.1").value();
    request.trail_stop_price = Decimal::parse("179.5").value();
    request.limit_offset = Decimal::parse("0.25").value();
    request.time_in_force = "GTD";
    request.good_till_date = "20261218-15:30:00";
    request.oca_group = "group";
    request.parent = 40;
    request.include_overnight = true;
    request.what_if = true;
    request.account = "DU1000001";
    request.reference = "ref-1";
    request.outside_regular_hours = true;
    expect_same([&](int v) { return wire::place_order(v, request); });
    const auto payload = wire::place_order(219, request).value().substr(4);
    const auto text = ib::text_request(payload).value();
    ib::FieldCursor in(text);
    in.skip();
    const auto read = ib::read_place_request(in, 219);
    EXPECT_EQ(in.trouble(), "");
    EXPECT_TRUE(in.at_end());
    EXPECT_EQ(read.quantity, request.quantity);
    EXPECT_EQ(read.limit_price, request.limit_price);
    EXPECT_EQ(read.contract.strike, request.contract.strike);
    EXPECT_TRUE(read.transmit);
    EXPECT_TRUE(read.outside_regular_hours);
    EXPECT_TRUE(read.what_if);
    EXPECT_TRUE(read.include_overnight);
    EXPECT_EQ(read.parent_id, 40);
    EXPECT_EQ(read.good_till_date, "20261218-15:30:00");
    EXPECT_EQ(read.order_reference, "ref-1");
}

}  // namespace
}  // namespace janus::sim
