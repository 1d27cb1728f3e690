// Orders and executions of the protobuf generation.
#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/proto_decoders.hpp"

namespace janus::ib::wire::proto {
namespace {

constexpr std::size_t order_known = 145;
constexpr std::size_t state_known = 30;

constexpr auto order_status_fields = layout_of<11>({
    integer<&OrderStatus::order>(1),
    text<&OrderStatus::status>(2),
    quantity<&OrderStatus::filled>(3),
    quantity<&OrderStatus::remaining>(4),
    binary<&OrderStatus::average_price>(5),
    integer<&OrderStatus::permanent>(6),
    integer<&OrderStatus::client>(9),
    text<&OrderStatus::why_held>(10),
});

constexpr auto order_fields = layout_of<order_known>({
    integer<&OrderRow::client>(1),
    integer<&OrderRow::permanent>(3),
    integer<&OrderRow::parent>(4),
    text<&OrderRow::action>(5),
    quantity<&OrderRow::quantity>(6),
    text<&OrderRow::type>(8),
    binary<&OrderRow::limit_price>(9),
    binary<&OrderRow::auxiliary_price>(10),
    text<&OrderRow::time_in_force>(11),
    text<&OrderRow::account>(12),
    flag<&OrderRow::outside_regular_hours>(19),
    binary<&OrderRow::trailing_percent>(22),
    binary<&OrderRow::trail_stop_price>(23),
    text<&OrderRow::good_till_date>(26),
    text<&OrderRow::oca_group>(27),
    text<&OrderRow::reference>(28),
    flag<&OrderRow::what_if>(65),
    binary<&OrderRow::limit_offset>(99),
    quantity<&OrderRow::filled>(115),
    flag<&OrderRow::include_overnight>(135),
});

struct State : OrderEffect {
    std::string status;
    std::string completed_time;
    std::string completed_status;
};
template <Margin OrderEffect::* Which, std::optional<Decimal> Margin::* Part>
constexpr ProtoField<State> margin(std::size_t number) {
    return {number, [](ProtoReader& in, State& out) { out.*Which.*Part = in.binary(); }};
}
template <auto Member>
constexpr ProtoField<State> words(std::size_t number) {
    return {number, [](ProtoReader& in, State& out) { out.*Member = unescaped(in.text()); }};
}

constexpr auto state_fields = layout_of<state_known>({
    text<&State::status, State>(1),
    margin<&OrderEffect::initial, &Margin::before>(2),
    margin<&OrderEffect::maintenance, &Margin::before>(3),
    margin<&OrderEffect::equity_with_loan, &Margin::before>(4),
    margin<&OrderEffect::initial, &Margin::change>(5),
    margin<&OrderEffect::maintenance, &Margin::change>(6),
    margin<&OrderEffect::equity_with_loan, &Margin::change>(7),
    margin<&OrderEffect::initial, &Margin::after>(8),
    margin<&OrderEffect::maintenance, &Margin::after>(9),
    margin<&OrderEffect::equity_with_loan, &Margin::after>(10),
    binary<&OrderEffect::commission, State>(11),
    binary<&OrderEffect::commission_min, State>(12),
    binary<&OrderEffect::commission_max, State>(13),
    text<&OrderEffect::commission_currency, State>(14),
    text<&OrderEffect::margin_currency, State>(15),
    words<&OrderEffect::reject_reason>(26),
    words<&OrderEffect::warning>(28),
    text<&State::completed_time, State>(29),
    words<&State::completed_status>(30),
});

void read_order_contract(ProtoReader& in, OrderRow& out) {
    read_contract(in.message(), out.contract);
}
void read_order(ProtoReader& in, OrderRow& out) {
    read_fields(in.message(), out, order_fields);
}
void read_open_state(ProtoReader& in, OrderRow& out) {
    State state;
    read_fields(in.message(), state, state_fields);
    out.status = state.status;
    out.reason = state.reject_reason.empty() ? state.warning : state.reject_reason;
    out.effect = std::move(state);
}
void read_completed_state(ProtoReader& in, OrderRow& out) {
    State state;
    read_fields(in.message(), state, state_fields);
    out.status = std::move(state.status);
    out.completed_time = std::move(state.completed_time);
    out.reason = std::move(state.completed_status);
}

/// Margins and commission say something of a what-if only.
void forget_figures(OrderEffect& effect) {
    effect = {.margin_currency = std::move(effect.margin_currency),
              .reject_reason = std::move(effect.reject_reason),
              .warning = std::move(effect.warning)};
}

constexpr auto open_order_fields = layout_of<4>({
    integer<&OrderRow::order>(1),
    ProtoField<OrderRow>{2, read_order_contract},
    ProtoField<OrderRow>{3, read_order         },
    ProtoField<OrderRow>{4, read_open_state    },
});
constexpr auto completed_order_fields = layout_of<3>({
    ProtoField<OrderRow>{1, read_order_contract },
    ProtoField<OrderRow>{2, read_order          },
    ProtoField<OrderRow>{3, read_completed_state},
});

constexpr auto execution_fields = layout_of<21>({
    integer<&ExecutionDetails::order>(1),
    text<&ExecutionDetails::execution>(2),
    text<&ExecutionDetails::time>(3),
    text<&ExecutionDetails::account>(4),
    text<&ExecutionDetails::side>(6),
    needed_quantity<&ExecutionDetails::quantity>(7),
    needed_binary<&ExecutionDetails::price>(8),
    integer<&ExecutionDetails::permanent>(9),
    integer<&ExecutionDetails::client>(10),
    text<&ExecutionDetails::reference>(14),
});

void read_execution_contract(ProtoReader& in, ExecutionDetails& out) {
    read_contract(in.message(), out.contract);
}
void read_execution(ProtoReader& in, ExecutionDetails& out) {
    const auto seen = read_fields(in.message(), out, execution_fields);
    if (!seen.has(7) || !seen.has(8)) in.refuse("execution had no quantity or no price");
}
constexpr auto execution_details_fields = layout_of<3>({
    integer<&ExecutionDetails::request>(1),
    ProtoField<ExecutionDetails>{2, read_execution_contract},
    ProtoField<ExecutionDetails>{3, read_execution         },
});

constexpr auto commission_fields = layout_of<6>({
    text<&CommissionReport::execution>(1),
    binary<&CommissionReport::amount>(2),
    text<&CommissionReport::currency>(3),
});

}  // namespace

Result<Message> order_status(ProtoReader& in) {
    OrderStatus out;
    read_fields(in, out, order_status_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> open_order(ProtoReader& in) {
    OpenOrder out;
    read_fields(in, out.row, open_order_fields);
    if (!out.row.what_if) forget_figures(out.row.effect);
    out.row.filled.reset();  // The status tells it, as in the text form.
    return in.finish<Message>(std::move(out));
}

Result<Message> completed_order(ProtoReader& in) {
    CompletedOrder out;
    read_fields(in, out.row, completed_order_fields);
    return in.finish<Message>(std::move(out));
}

Result<Message> execution_details(ProtoReader& in) {
    ExecutionDetails out;
    read_fields(in, out, execution_details_fields);
    if (out.execution.empty()) in.refuse("execution had no id");
    if (out.side != "BOT" && out.side != "SLD")
        in.refuse(fmt::format("side of an execution was '{}'", out.side.substr(0, 20)));
    return in.finish<Message>(std::move(out));
}

Result<Message> commission_report(ProtoReader& in) {
    CommissionReport out;
    read_fields(in, out, commission_fields);
    return in.finish<Message>(std::move(out));
}

}  // namespace janus::ib::wire::proto
