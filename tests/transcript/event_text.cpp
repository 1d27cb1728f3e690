#include "event_text.hpp"

#include <fmt/format.h>

#include <variant>

#include "line.hpp"

namespace janus::transcript {
namespace {

constexpr std::string_view reference_start = "transcriptorder";

std::string_view word_of(gateway::BrokerStatus status) {
    switch (status) {
        case gateway::BrokerStatus::Held:
            return "held";
        case gateway::BrokerStatus::Working:
            return "working";
        case gateway::BrokerStatus::PendingCancel:
            return "pending_cancel";
        case gateway::BrokerStatus::Filled:
            return "filled";
        case gateway::BrokerStatus::Cancelled:
            return "cancelled";
        case gateway::BrokerStatus::Expired:
            return "expired";
        case gateway::BrokerStatus::Rejected:
            return "rejected";
        case gateway::BrokerStatus::Unmapped:
            return "unmapped";
    }
    return "?";
}

std::string_view word_of(gateway::LookupStatus status) {
    switch (status) {
        case gateway::LookupStatus::Unique:
            return "unique";
        case gateway::LookupStatus::Ambiguous:
            return "ambiguous";
        case gateway::LookupStatus::NotFound:
            return "not_found";
        case gateway::LookupStatus::Failed:
            return "failed";
    }
    return "?";
}

/// A line that grows by `name=value` pairs for what is there.
class Words {
 public:
    explicit Words(std::string start) : text_(std::move(start)) {}

    Words& word(std::string_view word) {
        text_ += ' ' + in_quotes(word);
        return *this;
    }
    Words& pair(std::string_view name, std::string_view value) {
        if (!value.empty()) text_ += fmt::format(" {}={}", name, in_quotes(value));
        return *this;
    }
    template <typename Value>
    Words& pair(std::string_view name, const std::optional<Value>& value) {
        return value ? pair(name, fmt::format("{}", *value)) : *this;
    }
    std::string take() { return std::move(text_); }

 private:
    std::string text_;
};

/// `1` for the transcript's own order 1; else how the broker names it.
std::string name_of(const ClientOrderId& id, const BrokerOrderRef& ref) {
    const std::string_view text = id.value;
    if (text.starts_with(reference_start))
        return std::to_string(std::stoi(std::string(text.substr(reference_start.size()))));
    if (!text.empty()) return fmt::format("ref:{}", text);
    return fmt::format("external:{}", ref.permanent);
}

std::string name_of(const Instrument& instrument) {
    return instrument.symbol ? instrument.symbol->text() : "'" + instrument.broker_symbol + "'";
}

std::string holding_of(const Position& position) {
    auto text = fmt::format("{}={}", name_of(position.instrument), position.quantity);
    if (position.average_cost) text += fmt::format("@{}", *position.average_cost);
    return text;
}

std::string balance_of(const Balance& balance) {
    std::string text = balance.currency;
    if (balance.cash) text += fmt::format(",cash={}", *balance.cash);
    if (balance.net_liquidation) text += fmt::format(",net={}", *balance.net_liquidation);
    if (balance.buying_power) text += fmt::format(",power={}", *balance.buying_power);
    return text;
}

/// Start, open, high, low, close and what else there is.
std::string bar_of(const Bar& bar) {
    auto text = fmt::format("{},{},{},{},{}", to_iso_seconds_text(bar.start), bar.open, bar.high,
                            bar.low, bar.close);
    if (bar.volume) text += fmt::format(",volume={}", *bar.volume);
    if (bar.average) text += fmt::format(",average={}", *bar.average);
    if (bar.trades) text += fmt::format(",trades={}", *bar.trades);
    return text;
}

/// One overload for each event.
struct Teller {
    std::string operator()(const gateway::GateChanged& event) const {
        Words out("gate");
        out.word(event.account.value).word(gateway::to_text(event.gate));
        return out.pair("reason", event.reason).take();
    }
    std::string operator()(const gateway::PositionsSnapshot& event) const {
        Words out("positions");
        out.word(event.account.value);
        for (const auto& position : event.positions) out.word(holding_of(position));
        return out.take();
    }
    std::string operator()(const gateway::PositionChanged& event) const {
        return Words("position")
            .word(event.position.account.value)
            .word(holding_of(event.position))
            .take();
    }
    std::string operator()(const gateway::BalancesSnapshot& event) const {
        Words out("balances");
        out.word(event.account.value);
        for (const auto& balance : event.balances) out.word(balance_of(balance));
        return out.take();
    }
    std::string operator()(const gateway::OrderReport& event) const {
        Words out("order");
        out.word(name_of(event.client_order_id, event.ref)).word(word_of(event.status));
        if (event.ref.number != 0) out.pair("number", std::to_string(event.ref.number));
        out.pair("permanent", event.ref.permanent);
        if (event.side) out.pair("side", to_text(*event.side));
        out.pair("quantity", event.quantity).pair("symbol", name_of(event.instrument));
        out.pair("type", event.type ? to_text(*event.type) : std::string_view(event.type_text));
        out.pair("limit", event.limit_price).pair("stop", event.stop_price);
        out.pair("trail", event.trail_amount).pair("trail_percent", event.trail_percent);
        out.pair("offset", event.limit_offset).pair("oca", event.oca_group);
        if (event.time_in_force) out.pair("time_in_force", to_text(*event.time_in_force));
        if (event.good_till) out.pair("good_till", to_iso_seconds_text(*event.good_till));
        const bool special = event.session && *event.session != TradingSession::Regular;
        if (special) out.pair("session", to_text(*event.session));
        out.pair("filled", event.filled).pair("average", event.average_price);
        return out.pair("reason", event.reason).take();
    }
    std::string operator()(const gateway::ExecutionReport& event) const {
        const auto& execution = event.execution;
        Words out("execution");
        out.word(name_of(execution.client_order_id, execution.ref)).word(execution.id.value);
        if (execution.revision != 0) out.pair("revision", std::to_string(execution.revision));
        out.pair("side", to_text(execution.side));
        out.pair("quantity", fmt::format("{}", execution.quantity));
        out.pair("symbol", execution.symbol);
        return out.pair("price", fmt::format("{}", execution.price)).take();
    }
    std::string operator()(const gateway::CommissionReport& event) const {
        return Words("commission")
            .word(event.execution.value)
            .word(fmt::format("{}", event.amount))
            .word(event.currency)
            .take();
    }
    std::string operator()(const gateway::OrdersComplete& event) const {
        return Words("complete").word(event.account.value).take();
    }
    std::string operator()(const gateway::OrderNotSent& event) const {
        return about("not_sent", event.order, event.reason);
    }
    std::string operator()(const gateway::OrderRejected& event) const {
        return about("rejected", event.order, event.reason);
    }
    std::string operator()(const gateway::OrderUncertain& event) const {
        return about("uncertain", event.order, event.reason);
    }
    std::string operator()(const gateway::CancelRefused& event) const {
        return about("cancel_refused", event.order, event.reason);
    }
    std::string operator()(const gateway::CancelNotSent& event) const {
        return about("cancel_not_sent", event.order, event.reason);
    }
    std::string operator()(const gateway::CancelUncertain& event) const {
        return about("cancel_uncertain", event.order, event.reason);
    }
    std::string operator()(const gateway::ModifyRefused& event) const {
        return about("modify_refused", event.order, event.reason);
    }
    std::string operator()(const gateway::ModifyNotSent& event) const {
        return about("modify_not_sent", event.order, event.reason);
    }
    std::string operator()(const gateway::PreviewResult& event) const {
        Words out("preview");
        out.word(fmt::format("{}", event.preview)).word(event.outcome ? "done" : "failed");
        if (!event.outcome) return out.pair("reason", event.outcome.error().message).take();
        const auto& preview = *event.outcome;
        out.pair("initial", preview.initial.change).pair("after", preview.initial.after);
        out.pair("maintenance", preview.maintenance.change);
        out.pair("equity", preview.equity_with_loan.change);
        out.pair("margin_currency", preview.margin_currency);
        out.pair("commission", preview.commission).pair("commission_min", preview.commission_min);
        out.pair("commission_max", preview.commission_max);
        out.pair("commission_currency", preview.commission_currency);
        return out.pair("warning", preview.warning).take();
    }
    std::string operator()(const gateway::OrderNotFound& event) const {
        return about("not_found", event.order, event.reason);
    }
    std::string operator()(const gateway::OrderNotice& event) const {
        Words out(event.ask ? "notice_ask" : "notice");
        return out.word(fmt::format("{}", event.order)).pair("text", event.text).take();
    }
    std::string operator()(const gateway::LookupResult& event) const {
        Words out("lookup");
        out.word(fmt::format("{}", event.lookup)).word(word_of(event.status));
        for (const auto& candidate : event.candidates)
            out.word(fmt::format("{}:{}", name_of(candidate), candidate.native_id));
        return out.pair("reason", event.reason).take();
    }
    std::string operator()(const gateway::QuoteQualityChanged& event) const {
        Words out("quality");
        out.word(fmt::format("{}", event.subscription)).word(to_text(event.quality));
        return out.pair("reason", event.reason).take();
    }
    std::string operator()(const gateway::LineBudgetChanged& event) const {
        return Words("lines").word(std::to_string(event.lines)).pair("reason", event.reason).take();
    }
    std::string operator()(const gateway::BarClosed& event) const {
        return Words("bar")
            .word(fmt::format("{}", event.subscription))
            .word(bar_of(event.bar))
            .take();
    }
    std::string operator()(const gateway::BarsEnded& event) const {
        return Words("bars_ended")
            .word(fmt::format("{}", event.subscription))
            .pair("reason", event.reason)
            .take();
    }
    std::string operator()(const gateway::HistoryResult& event) const {
        Words out("history");
        out.word(fmt::format("{}", event.request)).word(gateway::to_text(event.status));
        for (const auto& bar : event.bars) out.word(bar_of(bar));
        return out.pair("reason", event.reason).take();
    }
    std::string operator()(const gateway::HeadTimestampResult& event) const {
        Words out("head");
        out.word(fmt::format("{}", event.request)).word(gateway::to_text(event.status));
        if (event.earliest) out.word(to_iso_seconds_text(*event.earliest));
        return out.pair("reason", event.reason).take();
    }
    std::string operator()(const gateway::ProfitChanged& event) const {
        Words out("profit");
        out.word(event.profit.account.value).pair("daily", event.profit.daily);
        out.pair("unrealized", event.profit.unrealized);
        return out.pair("realized", event.profit.realized).take();
    }
    std::string operator()(const gateway::TokenChanged& event) const {
        return Words("token").word(event.login).word(gateway::to_text(event.state)).take();
    }
    std::string operator()(const gateway::StreamChanged& event) const {
        return Words("stream").word(event.stream).word(gateway::to_text(event.state)).take();
    }
    // For people, like notices: transcripts show what is decided by.
    std::string operator()(const gateway::AccountsListed&) const { return {}; }
    std::string operator()(const gateway::Notice&) const { return {}; }

 private:
    static std::string about(std::string kind, OrderId order, const std::string& reason) {
        return Words(std::move(kind)).word(fmt::format("{}", order)).pair("reason", reason).take();
    }
};

}  // namespace

std::string reference_of(std::uint64_t order) {
    return fmt::format("{}{:05}", reference_start, order);
}

std::string text_of(const gateway::Event& event) {
    return std::visit(Teller{}, event);
}

std::string text_of(const Tick& tick) {
    return Words("tick")
        .word(fmt::format("{}", tick.subscription))
        .word(to_text(tick.field))
        .word(tick.value ? tick.value->to_text() : "none")
        .take();
}

}  // namespace janus::transcript
