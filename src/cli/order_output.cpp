#include "cli/order_output.hpp"

#include "cli/texts.hpp"

namespace janus::cli {
namespace {

void add_figure(Table& table, const std::string& name, bool present, const std::string& value,
                const std::string& currency) {
    if (present) table.add({name, shown_money(value), currency});
}

void add_change(Table& table, const std::string& name, const v1::MarginChange& change,
                const std::string& currency) {
    add_figure(table, name + " before", change.has_before(), change.before(), currency);
    add_figure(table, name + " change", change.has_change(), change.change(), currency);
    add_figure(table, name + " after", change.has_after(), change.after(), currency);
}

}  // namespace

Table order_table(const google::protobuf::RepeatedPtrField<v1::Order>& orders) {
    Table table({
        {"ORDER", Align::Right},
        {"ACCOUNT"},
        {"SIDE"},
        {"QUANTITY", Align::Right},
        {"SYMBOL"},
        {"TYPE"},
        {"LIMIT", Align::Right},
        {"STOP", Align::Right},
        {"TRAIL", Align::Right},
        {"TIF"},
        {"STATE"},
        {"FILLED", Align::Right},
        {"AVERAGE", Align::Right},
        {"NOTE"}
    });
    for (const auto& order : orders) {
        std::string note = order.external() ? "external " : "";
        if (order.parent() != 0) note += fmt::format("exit of {} ", order.parent());
        if (order.has_wanted()) note += "modification unanswered ";
        for (const auto& flag : order.flags()) note += flag + " ";
        table.add({std::to_string(order.id()), order.account(), order.side(), order.quantity(),
                   order.symbol(), order.type(), shown_price(order.limit_price()),
                   shown_price(order.stop_price()), trail_text(order), order.time_in_force(),
                   order.state(), order.filled(), shown_price(order.average_price()),
                   note + order.note()});
    }
    return table;
}

void show_order(Session& session, const v1::Order& order) {
    google::protobuf::RepeatedPtrField<v1::Order> one;
    *one.Add() = order;
    session.output.show(order, order_table(one));
}

std::string outcome_text(const v1::Order& order) {
    auto text = fmt::format("order {} {}: {}", order.id(), order_text(order), order.state());
    if (order.filled() != "0")
        text +=
            fmt::format(", filled {} at {}", order.filled(), shown_price(order.average_price()));
    if (!order.note().empty()) text += " (" + order.note() + ")";
    return text;
}

Table preview_table(const v1::OrderPreview& preview) {
    Table table({
        {"FIGURE"},
        {"AMOUNT", Align::Right},
        {"CURRENCY"}
    });
    const auto& margin = preview.margin_currency();
    add_change(table, "initial margin", preview.initial_margin(), margin);
    add_change(table, "maintenance margin", preview.maintenance_margin(), margin);
    add_change(table, "equity with loan", preview.equity_with_loan(), margin);
    const auto& fees = preview.commission_currency();
    add_figure(table, "commission", preview.has_commission(), preview.commission(), fees);
    add_figure(table, "commission at least", preview.has_commission_min(), preview.commission_min(),
               fees);
    add_figure(table, "commission at most", preview.has_commission_max(), preview.commission_max(),
               fees);
    return table;
}

}  // namespace janus::cli
