#include "api/convert.hpp"

namespace janus::api {
namespace {

/// Sets a text field of a message when there is a value.
template <typename Value, typename Set>
void set_if(const std::optional<Value>& value, Set set) {
    if (value) set(value->value.to_text());
}

double seconds_of(Duration span) {
    return std::chrono::duration<double>(span).count();
}

v1::Valuation to_valuation(const core::Valuation& valuation) {
    v1::Valuation message;
    set_if(valuation.price, [&](auto text) { message.set_price(text); });
    set_if(valuation.market_value, [&](auto text) { message.set_market_value(text); });
    set_if(valuation.unrealized, [&](auto text) { message.set_unrealized(text); });
    message.set_source(valuation.source);
    message.set_quality(std::string(to_text(valuation.quality)));
    if (valuation.age) message.set_age_seconds(seconds_of(*valuation.age));
    message.set_missing(valuation.missing);
    message.set_derived(true);
    return message;
}

v1::HarmonyCandidate to_candidate(const Instrument& instrument) {
    v1::HarmonyCandidate message;
    message.set_native_id(instrument.native_id.value);
    message.set_symbol(instrument.symbol ? instrument.symbol->text() : instrument.broker_symbol);
    message.set_exchange(instrument.exchange);
    message.set_currency(instrument.currency);
    message.set_description(instrument.description);
    return message;
}

v1::HarmonySummary to_summary(const core::HarmonySummary& summary) {
    v1::HarmonySummary message;
    message.set_broker(summary.broker);
    message.set_filled(summary.filled);
    message.set_missing(summary.missing);
    message.set_ambiguous(summary.ambiguous);
    message.set_skipped(summary.skipped);
    message.set_failed(summary.failed);
    message.set_present(summary.present);
    return message;
}

v1::PortfolioRow to_row(const core::PortfolioRow& row) {
    v1::PortfolioRow message;
    message.set_symbol(row.symbol);
    message.set_currency(row.currency);
    message.set_quantity(row.quantity.value.to_text());
    set_if(row.average_cost, [&](auto text) { message.set_average_cost(text); });
    *message.mutable_valuation() = to_valuation(row.valuation);
    for (const auto& part : row.parts) *message.add_parts() = to_message(part);
    return message;
}

v1::PortfolioTotal to_total(const core::PortfolioTotal& total) {
    v1::PortfolioTotal message;
    message.set_currency(total.currency);
    set_if(total.market_value, [&](auto text) { message.set_market_value(text); });
    set_if(total.unrealized, [&](auto text) { message.set_unrealized(text); });
    set_if(total.cash, [&](auto text) { message.set_cash(text); });
    set_if(total.net_liquidation, [&](auto text) { message.set_net_liquidation(text); });
    message.set_complete(total.complete);
    for (const auto& what : total.missing) message.add_missing(what);
    return message;
}

std::string native_id_of(const core::SymbolRecord& record, std::string_view broker) {
    const auto found = record.native_ids.find(broker);
    return found == record.native_ids.end() ? "" : found->second.value;
}

/// Fills the payload of an event; one overload per kind, so that a new kind does not compile
/// without one.
struct PayloadWriter {
    v1::Event& message;
    void operator()(const core::OrderChanged& payload) const {
        *message.mutable_order()->mutable_order() = to_message(payload.order);
        message.mutable_order()->set_event(payload.event);
    }
    void operator()(const core::ExecutionBooked& payload) const {
        *message.mutable_execution()->mutable_execution() = to_message(payload.execution);
        message.mutable_execution()->set_correction(payload.correction);
    }
    void operator()(const core::AccountChanged& payload) const {
        *message.mutable_account() = to_message(payload.account);
    }
    void operator()(const core::PositionsChanged& payload) const {
        message.set_positions_changed(payload.account.value);
    }
    void operator()(const core::RegistryChanged& payload) const {
        *message.mutable_symbol() = to_message(payload.record);
    }
    void operator()(const core::Alarm& payload) const { message.set_alarm(payload.text); }
};

v1::AccountProfit to_profit(const AccountProfit& profit) {
    v1::AccountProfit message;
    set_if(profit.daily, [&](auto text) { message.set_daily(text); });
    set_if(profit.unrealized, [&](auto text) { message.set_unrealized(text); });
    set_if(profit.realized, [&](auto text) { message.set_realized(text); });
    message.set_at(to_iso_text(profit.at));
    return message;
}

}  // namespace

v1::Account to_message(const core::AccountView& account) {
    v1::Account message;
    message.set_name(account.name.value);
    message.set_broker(account.broker);
    message.set_state(std::string(gateway::to_text(account.gate)));
    message.set_reason(account.reason);
    message.set_since(to_iso_text(account.since));
    message.set_is_default(account.is_default);
    message.set_halted(account.halted);
    message.set_halt_reason(account.halt_reason);
    if (account.snapshot_at) message.set_snapshot_at(to_iso_text(*account.snapshot_at));
    if (account.profit) *message.mutable_profit() = to_profit(*account.profit);
    return message;
}

v1::UnconfiguredAccount to_message(const core::UnconfiguredAccount& account, Ids ids) {
    v1::UnconfiguredAccount message;
    message.set_broker(account.broker);
    message.set_login(account.login);
    message.set_account_id(ids == Ids::Whole ? account.id.reveal() : account.masked_id);
    message.set_label(account.label);
    return message;
}

v1::Position to_message(const core::PositionView& view) {
    const auto& position = view.position;
    v1::Position message;
    message.set_account(position.account.value);
    message.set_symbol(view.symbol);
    message.set_mapped(view.mapped);
    message.set_asset_class(std::string(to_text(position.instrument.asset_class)));
    message.set_currency(position.instrument.currency);
    message.set_quantity(position.quantity.value.to_text());
    set_if(position.average_cost, [&](auto text) { message.set_average_cost(text); });
    message.set_multiplier(position.instrument.multiplier.to_text());
    message.set_native_id(position.instrument.native_id.value);
    message.set_description(position.instrument.description);
    message.set_at(to_iso_text(position.at));
    message.set_stale(view.stale);
    *message.mutable_valuation() = to_valuation(view.valuation);
    return message;
}

v1::Balance to_message(const Balance& balance) {
    v1::Balance message;
    message.set_account(balance.account.value);
    message.set_currency(balance.currency);
    set_if(balance.cash, [&](auto text) { message.set_cash(text); });
    set_if(balance.net_liquidation, [&](auto text) { message.set_net_liquidation(text); });
    set_if(balance.buying_power, [&](auto text) { message.set_buying_power(text); });
    message.set_at(to_iso_text(balance.at));
    if (balance.exchange_rate) message.set_exchange_rate(balance.exchange_rate->to_text());
    return message;
}

v1::Portfolio to_message(const core::PortfolioView& portfolio) {
    v1::Portfolio message;
    for (const auto& row : portfolio.rows) *message.add_rows() = to_row(row);
    for (const auto& total : portfolio.totals) *message.add_totals() = to_total(total);
    return message;
}

v1::Execution to_message(const Execution& execution) {
    v1::Execution message;
    message.set_id(execution.id.value);
    message.set_order(execution.order.value);
    message.set_account(execution.account.value);
    message.set_symbol(execution.symbol);
    message.set_side(std::string(to_text(execution.side)));
    message.set_quantity(execution.quantity.value.to_text());
    message.set_price(execution.price.value.to_text());
    message.set_at(to_iso_text(execution.at));
    set_if(execution.commission, [&](auto text) { message.set_commission(text); });
    message.set_commission_currency(execution.commission_currency);
    return message;
}

v1::Symbol to_message(const core::SymbolRecord& record) {
    v1::Symbol message;
    message.set_id(record.id.value);
    message.set_canonical_symbol(record.symbol.text());
    message.set_asset_class(std::string(to_text(record.asset_class)));
    message.set_currency(record.currency);
    message.set_ib_conid(native_id_of(record, "ib"));
    message.set_webull_ticker(native_id_of(record, "webull"));
    message.set_description(record.description);
    message.set_created(to_iso_text(record.created));
    message.set_updated(to_iso_text(record.updated));
    return message;
}

v1::SymbolChange to_message(const core::SymbolChange& change) {
    v1::SymbolChange message;
    message.set_at(to_iso_text(change.at));
    message.set_field(change.field);
    message.set_before(change.before);
    message.set_after(change.after);
    message.set_who(change.provenance.who);
    message.set_why(change.provenance.why);
    message.set_evidence(change.provenance.evidence);
    return message;
}

v1::HarmonyItem to_message(const core::HarmonyItem& item) {
    v1::HarmonyItem message;
    message.set_symbol(item.symbol.text());
    message.set_broker(item.broker);
    message.set_outcome(std::string(core::to_text(item.outcome)));
    if (item.native_id) message.set_native_id(item.native_id->value);
    for (const auto& candidate : item.candidates)
        *message.add_candidates() = to_candidate(candidate);
    message.set_reason(item.reason);
    return message;
}

v1::HarmonyReport to_message(const core::HarmonyReport& report) {
    v1::HarmonyReport message;
    message.set_dry_run(report.dry_run);
    for (const auto& item : report.items) *message.add_items() = to_message(item);
    for (const auto& summary : report.summaries) *message.add_summaries() = to_summary(summary);
    return message;
}

v1::Quote to_message(const core::QuoteView& view) {
    v1::Quote message;
    const auto& quote = view.quote;
    message.set_symbol(view.symbol.text());
    message.set_subscribed(view.subscribed);
    set_if(quote.bid, [&](auto text) { message.set_bid(text); });
    set_if(quote.ask, [&](auto text) { message.set_ask(text); });
    set_if(quote.last, [&](auto text) { message.set_last(text); });
    set_if(quote.bid_size, [&](auto text) { message.set_bid_size(text); });
    set_if(quote.ask_size, [&](auto text) { message.set_ask_size(text); });
    set_if(quote.last_size, [&](auto text) { message.set_last_size(text); });
    set_if(quote.volume, [&](auto text) { message.set_volume(text); });
    set_if(quote.open, [&](auto text) { message.set_open(text); });
    set_if(quote.high, [&](auto text) { message.set_high(text); });
    set_if(quote.low, [&](auto text) { message.set_low(text); });
    set_if(quote.close, [&](auto text) { message.set_close(text); });
    message.set_quality(std::string(to_text(quote.quality)));
    if (view.age) message.set_age_seconds(seconds_of(*view.age));
    message.set_reason(view.reason);
    return message;
}

v1::Event to_message(const core::FeedEvent& event) {
    v1::Event message;
    message.set_sequence(event.sequence);
    message.set_at(to_iso_text(event.at));
    std::visit(PayloadWriter{message}, event.payload);
    return message;
}

v1::Component to_message(const core::ComponentHealth& component) {
    v1::Component message;
    message.set_name(component.name);
    message.set_state(component.state);
    message.set_ok(component.ok);
    message.set_since(to_iso_text(component.since));
    message.set_detail(component.detail);
    return message;
}

AccountName parse_account_filter(const std::string& text) {
    return {text == "all" ? "" : text};
}

}  // namespace janus::api
