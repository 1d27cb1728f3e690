#include "sim/webull/order_shelf.hpp"

#include <algorithm>

namespace janus::sim::webull {
namespace {

using Wide = __int128;

constexpr std::uint64_t tenth_place = 10'000'000'000;
constexpr std::size_t past_max = 64;

/// Non-negative units of 1e-10 as text with ten decimals.
std::string ten_places(Wide units) {
    const auto whole = static_cast<std::uint64_t>(units / tenth_place);
    const auto part = static_cast<std::uint64_t>(units % tenth_place);
    return fmt::format("{}.{:010}", whole, part);
}

}  // namespace

void remember(OrderRecord& record, Now now, const ExchangeOrder& order) {
    record.order = order;
    record.past[now.utc] = order;
    if (record.past.size() > past_max) record.past.erase(record.past.begin());
}

void count_execution(OrderRecord& record, const ExchangeExecution& execution) {
    record.traded_value +=
        static_cast<Wide>(execution.price.value.units()) * execution.quantity.value.units();
    record.traded_quantity += execution.quantity.value;
    record.commission.value += execution.commission.value;
    record.filled_at = execution.at;
    // Value counts 1e-16 and quantity 1e-8, so the quotient times 100 counts 1e-10.
    const Wide quantity = record.traded_quantity.units();
    record.average_text = ten_places((record.traded_value * 100 + quantity / 2) / quantity);
}

const ExchangeOrder& current_of(const Exchange& exchange, const OrderRecord& record) {
    const auto* order = record.at_exchange ? exchange.find_order(record.order.id) : nullptr;
    return order == nullptr ? record.order : *order;
}

OrderRecord& OrderShelf::add(OrderRecord record) {
    const auto place = records_.size();
    record.sequence = place + 1;
    by_client_id_[{record.account, record.client_order_id}] = place;
    if (record.at_exchange) by_exchange_id_[record.order.id] = place;
    by_account_[record.account].push_back(place);
    records_.push_back(std::move(record));
    return records_.back();
}

OrderRecord* OrderShelf::find(const std::string& account, const std::string& client_order_id) {
    const auto found = by_client_id_.find({account, client_order_id});
    return found == by_client_id_.end() ? nullptr : &records_[found->second];
}

const OrderRecord* OrderShelf::find(const std::string& account,
                                    const std::string& client_order_id) const {
    const auto found = by_client_id_.find({account, client_order_id});
    return found == by_client_id_.end() ? nullptr : &records_[found->second];
}

OrderRecord* OrderShelf::find(ExchangeOrderId id) {
    const auto found = by_exchange_id_.find(id);
    return found == by_exchange_id_.end() ? nullptr : &records_[found->second];
}

std::vector<const OrderRecord*> OrderShelf::newest_first(const std::string& account) const {
    std::vector<const OrderRecord*> records;
    if (const auto found = by_account_.find(account); found != by_account_.end())
        for (const auto place : found->second) records.push_back(&records_[place]);
    std::ranges::reverse(records);
    return records;
}

}  // namespace janus::sim::webull
