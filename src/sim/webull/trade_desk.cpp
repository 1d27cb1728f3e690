#include "sim/webull/trade_desk.hpp"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "sim/webull/json.hpp"
#include "sim/webull/order_event.hpp"
#include "sim/webull/reports.hpp"

namespace janus::sim::webull {
namespace {

namespace json = boost::json;

constexpr std::size_t batch_size_max = 50;
constexpr int order_id_size = 26;
constexpr int adopted_id_digits = 32;
constexpr Decimal short_equity_min = Decimal::from_integer(2000);

/// How a refusal of the exchange reads at Webull; found by a part of its sentence.
struct ExchangeRefusalRow {
    std::string_view part;
    std::string_view code;
};
constexpr auto exchange_refusals = std::to_array<ExchangeRefusalRow>({
    {"buying power",         "DAY_BUYING_POWER_INSUFFICIENT"},
    {"does not hold",        "SELL_QTY_EXCEED_AVAILABLE_QTY"},
    {"is final",             "ORDER_STATUS_NOT_ALLOW_MODIFY"},
    {"not above the filled", "PARAM_ERR"                    },
});

std::unexpected<Refusal> refuse_as_exchange(const std::string& sentence) {
    for (const auto& row : exchange_refusals)
        if (sentence.contains(row.part)) return refuse(std::string(row.code), sentence);
    return refuse("CAN_NOT_CREATE_A_OPEN_ORDER", sentence);
}

bool is_open(const ExchangeOrder& order) {
    return order.state == ExchangeState::Held || order.state == ExchangeState::Working;
}

json::object receipt_of(const OrderRecord& record) {
    return {
        {"client_order_id", record.client_order_id},
        {"order_id",        record.order_id       },
    };
}

json::object refused_row(const json::object& object, const Refusal& refusal) {
    return {
        {"client_order_id", text_of(object, "client_order_id")},
        {"error_code", "OPENAPI_" + refusal.code},
        {"message", refusal.message},
    };
}

/// Batches are for plain orders only.
bool fits_batch(const json::object& object) {
    const auto type = text_of(object, "order_type");
    const auto side = text_of(object, "side");
    return (type == "MARKET" || type == "LIMIT") && (side == "BUY" || side == "SELL") &&
           text_of(object, "time_in_force") == "DAY" && text_of(object, "entrust_type") == "QTY";
}

json::object batch_reply(std::int64_t placed, json::array rows) {
    const auto total = static_cast<std::int64_t>(rows.size());
    return {
        {"total",        total          },
        {"success",      placed         },
        {"failed",       total - placed },
        {"batch_orders", std::move(rows)},
    };
}

/// The only member of an array of orders.
Answer<json::object> only_order(const json::object& body, const char* name) {
    const auto* orders = find_objects(body, name);
    if (orders == nullptr || orders->size() != 1)
        return refuse("PARAM_ERR", fmt::format("{} must hold one order", name));
    return orders->front().get_object();
}

}  // namespace

Answer<json::object> TradeDesk::preview(const std::string& account, const json::object& body) {
    const auto object = only_order(body, "new_orders");
    if (!object) return std::unexpected(object.error());
    const auto request = read_order(exchange_, account, *object);
    if (!request) return std::unexpected(request.error());
    const auto& order = request->order;
    const Price price = order.limit_price.value_or(exchange_.quote_of(order.symbol).ask);
    const auto cost = Decimal::multiply(order.quantity.value, price.value);
    if (!cost) return refuse("PARAM_ERR", "quantity is too large");
    return json::object{
        {"estimated_cost",            cost->to_fixed(2)},
        {"estimated_transaction_fee", "0.00"           },
        {"currency",                  "USD"            },
    };
}

Answer<json::object> TradeDesk::place(Now now, const std::string& account,
                                      const json::object& body) {
    const auto object = only_order(body, "new_orders");
    if (!object) return std::unexpected(object.error());
    return place_one(now, account, *object);
}

Answer<json::object> TradeDesk::batch_place(Now now, const std::string& account,
                                            const json::object& body) {
    const auto* orders = find_objects(body, "batch_orders");
    if (orders == nullptr || orders->size() > batch_size_max)
        return refuse("PARAM_ERR", "batch_orders must hold 1 to 50 orders");
    json::array rows;
    std::int64_t placed = 0;
    for (const auto& order : *orders) {
        const auto& object = order.get_object();
        const auto answer = fits_batch(object)
                                ? place_one(now, account, object)
                                : Answer<json::object>(refuse("PARAM_ERR", "not for batches"));
        placed += answer ? 1 : 0;
        rows.push_back(answer ? *answer : refused_row(object, answer.error()));
    }
    return batch_reply(placed, std::move(rows));
}

Answer<json::object> TradeDesk::replace(Now now, const std::string& account,
                                        const json::object& body) {
    const auto object = only_order(body, "modify_orders");
    if (!object) return std::unexpected(object.error());
    auto* record = shelf_.find(account, text_of(*object, "client_order_id"));
    if (record == nullptr) return refuse("ORDER_NOT_FOUND", "Order not present");
    if (!record->at_exchange || !is_open(current_of(exchange_, *record)))
        return refuse("ORDER_STATUS_NOT_ALLOW_MODIFY", "The order cannot be modified any more");
    if (auto changed = change(now, *record, *object); !changed)
        return std::unexpected(changed.error());
    return receipt_of(*record);
}

Answer<json::object> TradeDesk::cancel(Now now, const std::string& account,
                                       const json::object& body) {
    const auto client_order_id = text_of(body, "client_order_id");
    const auto* record = shelf_.find(account, client_order_id);
    if (record == nullptr) return refuse("ORDER_NOT_FOUND", "Order not present");
    if (!is_open(current_of(exchange_, *record)))
        return refuse("ORDER_CAN_NOT_BE_CANCEL", "The order is final already");
    const bool refused = faults_.use("cancel_failed").has_value();
    cancels_.emplace(now.mono + cancel_delay_, PendingCancel{account, client_order_id, refused});
    return receipt_of(*record);
}

json::object TradeDesk::receipt_without_order(const json::object& body) {
    const auto object = only_order(body, "new_orders");
    return {
        {"client_order_id", object ? text_of(*object, "client_order_id") : ""},
        {"order_id", new_order_id()},
    };
}

json::object TradeDesk::receipts_without_orders(const json::object& body) {
    json::array rows;
    if (const auto* orders = find_objects(body, "batch_orders"))
        for (const auto& order : *orders)
            rows.push_back(json::object{
                {"client_order_id", text_of(order.get_object(), "client_order_id")},
                {"order_id", new_order_id()},
            });
    const auto total = static_cast<std::int64_t>(rows.size());
    return batch_reply(total, std::move(rows));
}

void TradeDesk::on_exchange(Now now, const ExchangeEvent& event) {
    if (const auto* changed = std::get_if<OrderChangedAtExchange>(&event))
        on_order_changed(now, changed->order);
    if (const auto* executed = std::get_if<ExecutedAtExchange>(&event))
        on_executed(now, executed->execution);
}

void TradeDesk::on_timeout(Now now) {
    while (!cancels_.empty() && cancels_.begin()->first <= now.mono) {
        const auto cancel = cancels_.begin()->second;
        cancels_.erase(cancels_.begin());
        carry_out(now, cancel);
    }
    while (!failures_.empty() && failures_.begin()->first <= now.mono) {
        const auto name = failures_.begin()->second;
        failures_.erase(failures_.begin());
        fail_later(now, name);
    }
}

std::optional<Instant> TradeDesk::deadline() const {
    std::optional<Instant> next;
    if (!cancels_.empty()) next = cancels_.begin()->first;
    if (!failures_.empty() && (!next || failures_.begin()->first < *next))
        next = failures_.begin()->first;
    return next;
}

Answer<json::object> TradeDesk::place_one(Now now, const std::string& account,
                                          const json::object& object) {
    const auto request = read_order(exchange_, account, object);
    if (!request) return std::unexpected(request.error());
    if (auto checked = check_permission(*request); !checked)
        return std::unexpected(checked.error());
    if (shelf_.find(account, request->order.reference) != nullptr)
        return refuse("TRADE_PLACE_ORDER_REPEAT", "client_order_id was used before");
    if (auto checked = check_side(request->order); !checked)
        return std::unexpected(checked.error());
    if (auto checked = check_against_open(request->order); !checked)
        return std::unexpected(checked.error());
    const auto record = commit(now, *request);
    if (!record) return std::unexpected(record.error());
    return receipt_of(**record);
}

/// Fractions and amounts need an agreement that the person accepts in the app.
Answer<void> TradeDesk::check_permission(const PlaceRequest& request) const {
    const bool fraction = request.amount || !request.order.quantity.value.is_whole();
    if (fraction && faults_.is_on("no_fractions"))
        return refuse("FRACT_VERSION2_ACCOUNT_NOT_TRADE",
                      "The account has not accepted the fractional agreement");
    return {};
}

/// What the side allows against the position: no order crosses zero.
Answer<void> TradeDesk::check_side(const ExchangeOrder& order) const {
    const Decimal held = held_of(exchange_, order.account, order.symbol).value;
    switch (order.side) {
        case Side::Sell:
            if (order.quantity > available_of(exchange_, order.account, order.symbol))
                return refuse("SELL_QTY_EXCEED_AVAILABLE_QTY",
                              "The quantity exceeds what is available to sell");
            return {};
        case Side::SellShort:
            if (held.is_positive())
                return refuse("ORDER_SIDE_NOT_MATCH_WITH_POSITION",
                              "A long position must be sold before a short sale");
            if (exchange_.net_liquidation_of(order.account).value < short_equity_min)
                return refuse("NEW_NO_POSITION_MARGIN_ACCOUNT_CAN_NOT_SELL_SHORT_FOR_LT_2K",
                              "Equity is below 2000 USD");
            return {};
        case Side::Buy:
            if (held.is_negative() && order.quantity.value > -held)
                return refuse("ORDER_SIDE_NOT_MATCH_WITH_POSITION",
                              "A short position must be covered before buying more");
            return {};
    }
    return {};
}

/// Opening orders in both directions cannot rest together; equal ones only while nobody minds.
Answer<void> TradeDesk::check_against_open(const ExchangeOrder& order) const {
    const bool flat = held_of(exchange_, order.account, order.symbol).value.is_zero();
    for (const auto& [id, other] : exchange_.orders()) {
        if (other.account != order.account || other.symbol != order.symbol || !is_open(other))
            continue;
        const bool opposite = (order.side == Side::Buy) != (other.side == Side::Buy);
        if (opposite && flat && order.side != Side::Sell && other.side != Side::Sell)
            return refuse("OPEN_ORDER_HAS_BOX_ORDER", "An opposite opening order is working");
        const bool equal = other.side == order.side && other.quantity == order.quantity &&
                           other.limit_price == order.limit_price;
        if (equal && faults_.is_on("duplicate_order_check"))
            return refuse("DUPLICATE_ORDER_CHECK", "The same order is working already");
    }
    return {};
}

/// Takes the order into the books, or lets it wait for its later failure.
Answer<OrderRecord*> TradeDesk::commit(Now now, const PlaceRequest& request) {
    if (const auto fault = faults_.use("place_failed_later")) {
        auto order = request.order;
        order.state = ExchangeState::Held;
        order.placed = order.changed = now.utc;
        auto& record = shelve(now, order, request.amount, false);
        failures_.emplace(now.mono + fault->milliseconds("ms"),
                          OrderName{record.account, record.client_order_id});
        return &record;
    }
    const auto& placed = *exchange_.find_order(exchange_.place(now, request.order));
    if (placed.state == ExchangeState::Rejected) return refuse_as_exchange(placed.reason);
    return &shelve(now, placed, request.amount, true);
}

OrderRecord& TradeDesk::shelve(Now now, const ExchangeOrder& order,
                               const std::optional<Decimal>& amount, bool at_exchange) {
    OrderRecord record;
    record.account = order.account;
    record.client_order_id =
        order.reference.empty() ? random_hex(random_, adopted_id_digits) : order.reference;
    record.order_id = new_order_id();
    record.amount = amount;
    record.at_exchange = at_exchange;
    remember(record, now, order);
    return shelf_.add(std::move(record));
}

/// Orders without our reference come from the broker's own app; they get names when first seen.
/// Nothing for orders that are not Webull's or that were refused at once.
OrderRecord* TradeDesk::find_or_adopt(Now now, const ExchangeOrder& order) {
    if (auto* record = shelf_.find(order.id)) return record;
    const auto* account = exchange_.find_account(order.account);
    const bool ours = account != nullptr && account->broker == SimBroker::Webull;
    if (!ours || !order.reference.empty() || order.state == ExchangeState::Rejected) return nullptr;
    return &shelve(now, order, std::nullopt, true);
}

Answer<void> TradeDesk::change(Now now, OrderRecord& record, const json::object& object) {
    const auto wanted = read_change(current_of(exchange_, record), object);
    if (!wanted) return std::unexpected(wanted.error());
    if (faults_.use("modify_failed")) {
        publish(now, record, "MODIFY_FAILED");
        return {};
    }
    if (const auto done = exchange_.modify(now, record.order.id, *wanted); !done)
        return refuse_as_exchange(done.error().message);
    remember(record, now, *exchange_.find_order(record.order.id));
    publish(now, record, "MODIFY_SUCCESS");
    return {};
}

void TradeDesk::on_order_changed(Now now, ExchangeOrderId id) {
    const auto& order = *exchange_.find_order(id);
    auto* record = find_or_adopt(now, order);
    if (record == nullptr) return;
    const bool was_open = is_open(record->order);
    remember(*record, now, order);
    if (!was_open) return;
    if (order.state == ExchangeState::Cancelled) publish(now, *record, "CANCEL_SUCCESS");
    if (order.state == ExchangeState::Rejected) publish(now, *record, "PLACE_FAILED");
}

void TradeDesk::on_executed(Now now, const ExchangeExecution& execution) {
    const auto& order = *exchange_.find_order(execution.order);
    auto* record = find_or_adopt(now, order);
    if (record == nullptr) return;
    count_execution(*record, execution);
    const bool whole = record->traded_quantity >= order.quantity.value;
    publish(now, *record, whole ? "FINAL_FILLED" : "FILLED");
}

void TradeDesk::carry_out(Now now, const PendingCancel& cancel) {
    auto& record = *shelf_.find(cancel.account, cancel.client_order_id);
    const bool cancelled =
        !cancel.refused && record.at_exchange &&
        exchange_.cancel(now, record.order.id, "Cancelled on request of the client");
    // The exchange reports the cancel itself; only a refusal has to be told from here.
    const bool done_before = current_of(exchange_, record).state == ExchangeState::Cancelled;
    if (!cancelled && !done_before) publish(now, record, "CANCEL_FAILED");
}

void TradeDesk::fail_later(Now now, const OrderName& name) {
    auto& record = *shelf_.find(name.first, name.second);
    auto order = record.order;
    order.state = ExchangeState::Rejected;
    order.reason = "Refused by the exchange";
    order.changed = now.utc;
    remember(record, now, order);
    publish(now, record, "PLACE_FAILED");
}

void TradeDesk::publish(Now now, const OrderRecord& record, std::string_view scene) {
    EventStyle style;
    style.partial_as_submitted = faults_.is_on("partial_status_submitted");
    if (const auto* unknown = faults_.find("unknown_status")) style.status = unknown->text("text");
    if (faults_.is_on("expired_status")) style.expired = ExpiredWord::Expired;
    const auto& instrument = *exchange_.find_instrument(record.order.symbol);
    hub_.publish_order(now, record.account, order_event_text(instrument, record, scene, style));
}

std::string TradeDesk::new_order_id() {
    constexpr std::string_view letters = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ";
    std::string id;
    while (id.size() < order_id_size) id += letters[random_.below(letters.size())];
    return id;
}

}  // namespace janus::sim::webull
