#include "sim/webull/order_queries.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace janus::sim::webull {
namespace {

namespace json = boost::json;

bool is_open(const ExchangeOrder& order) {
    return order.state == ExchangeState::Held || order.state == ExchangeState::Working;
}

}  // namespace

Answer<json::value> OrderQueries::open(const OrderQuery& query) const {
    const auto request = page_request(query);
    if (!request) return std::unexpected(request.error());
    std::vector<const OrderRecord*> records;
    for (const auto* record : shelf_.newest_first(query.account))
        if (is_open(current_of(exchange_, *record))) records.push_back(record);
    const auto page = page_of(records, *request);
    json::array rows;
    for (const auto* record : page.records)
        rows.push_back(
            order_group(exchange_, *record, current_of(exchange_, *record), row_style()));
    return list_of(query.generation, std::move(rows), page.next_key);
}

Answer<json::value> OrderQueries::history(Now now, const OrderQuery& query) const {
    const auto request = page_request(query);
    if (!request) return std::unexpected(request.error());
    auto range = read_history_range(now, query.generation, query.parameters);
    if (!range) return std::unexpected(range.error());
    if (const auto* window = faults_.find("history_window"))
        range->from =
            std::max(range->from, now.utc + -std::chrono::minutes(window->integer("minutes")));
    std::vector<const OrderRecord*> records;
    for (const auto* record : shelf_.newest_first(query.account)) {
        const Utc placed = record->order.placed;
        const bool inside = placed >= range->from && placed < range->until;
        if (inside && find_past(now, *record) != nullptr) records.push_back(record);
    }
    const auto page = page_of(records, *request);
    json::array rows;
    for (const auto* record : page.records)
        rows.push_back(order_group(exchange_, *record, *find_past(now, *record), row_style()));
    return list_of(query.generation, std::move(rows), page.next_key);
}

Answer<json::value> OrderQueries::detail(const OrderQuery& query) const {
    const auto* record =
        shelf_.find(query.account, std::string(value_of(query.parameters, "client_order_id")));
    if (record == nullptr) return refuse("ORDER_NOT_FOUND", "Order not present");
    return order_group(exchange_, *record, current_of(exchange_, *record), row_style());
}

/// What is asked for, as the faults of pages have it.
Answer<PageRequest> OrderQueries::page_request(const OrderQuery& query) const {
    auto request = read_page_request(query.generation, query.parameters, shelf_, query.account);
    if (!request) return request;
    if (const auto* most = faults_.find("page_size"))
        request->size = std::min(request->size, static_cast<std::size_t>(most->integer("rows")));
    if (faults_.is_on("page_drift") && request->below != 0) ++request->below;
    if (faults_.is_on("page_stuck")) request->below = 0;
    return request;
}

json::value OrderQueries::list_of(Generation generation, json::array rows,
                                  const std::optional<std::string>& next_key) const {
    if (generation == Generation::G3 && !faults_.is_on("wrapped_pages")) return rows;
    json::object list{
        {"data", std::move(rows)}
    };
    if (generation == Generation::G4 && next_key) list["pagination_key"] = *next_key;
    return list;
}

/// What history shows of an order: the present, or with the lagging fault what it was then; nothing
/// when it did not exist yet.
const ExchangeOrder* OrderQueries::find_past(Now now, const OrderRecord& record) const {
    const auto* lag = faults_.find("history_lag");
    if (lag == nullptr) return &current_of(exchange_, record);
    const Utc then = now.utc + -lag->milliseconds("ms");
    const auto later = record.past.upper_bound(then);
    return later == record.past.begin() ? nullptr : &std::prev(later)->second;
}

RowStyle OrderQueries::row_style() const {
    RowStyle style;
    if (const auto* fault = faults_.find("unknown_status")) style.status = fault->text("text");
    if (const auto* fault = faults_.find("number_format"))
        style.number_style = fault->text("style");
    if (faults_.is_on("expired_status")) style.expired = ExpiredWord::Expired;
    return style;
}

}  // namespace janus::sim::webull
