#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bounded_queue.hpp"
#include "core/stores.hpp"

namespace janus::store {

/// Tests only: gathers what a store's thread delivers.
template <typename Reply>
class Replies {
 public:
    /// May be called from any thread.
    void push(Reply reply) { queue_.try_push(std::move(reply)); }
    /// The next one; the limit only ends a failing test.
    std::optional<Reply> wait() { return queue_.pop_for(std::chrono::seconds(30)); }

 private:
    BoundedQueue<Reply> queue_{100'000};
};

inline CanonicalSymbol symbol_of(const std::string& text) {
    return *CanonicalSymbol::parse(text);
}

/// A write that fills one broker's id.
inline core::RegistryWrite fill_id(const std::string& symbol, const std::string& broker,
                                   const std::string& native_id, std::uint64_t token = 1) {
    return {
        .token = {token},
        .kind = core::RegistryWriteKind::Fill,
        .symbol = symbol_of(symbol),
        .asset_class = AssetClass::Equity,
        .currency = "USD",
        .description = "",
        .broker = broker,
        .native_id = {native_id},
        .provenance = {"harmony", "missing id", "one match"}
    };
}
inline core::RegistryWrite with_kind(core::RegistryWriteKind kind, core::RegistryWrite write) {
    write.kind = kind;
    return write;
}

inline Decimal decimal(const char* text) {
    return *Decimal::parse(text);
}

/// An order in which every field differs from its default.
inline Order sample_order(std::uint64_t id = 42) {
    Order order;
    order.id = {id};
    order.client_order_id = {"janus1abcdefgh0000000042"};
    order.external = true;
    order.account = {"ib_main"};
    order.symbol = "AAPL";
    order.native_id = {"265598"};
    order.side = Side::SellShort;
    order.type = OrderType::StopLimit;
    order.type_text = "REL";
    order.quantity = {decimal("10.5")};
    order.limit_price = Price{decimal("-0.00000001")};
    order.stop_price = Price{decimal("190.25")};
    order.time_in_force = TimeInForce::GoodTillCancel;
    order.session = TradingSession::Extended;
    order.idempotency_key = "key 'with' \"quotes\"";
    order.ref = {1007, "987654321"};
    order.state = OrderState::PendingCancel;
    order.filled = {decimal("3")};
    order.average_price = Price{decimal("401.20")};
    order.note = "two\nlines, ünïcode";
    order.flags = {"overfilled", "unmapped_status(Odd)"};
    order.created = utc_from_milliseconds(1'772'000'000'123);
    order.changed = utc_from_milliseconds(1'772'000'005'456);
    order.trail_amount = Price{decimal("1.5")};
    order.trail_percent = decimal("2.25");
    order.limit_offset = Price{decimal("0.1")};
    order.good_till = utc_from_milliseconds(1'772'000'900'000);
    order.oca_group = "janus_42";
    order.parent = {41};
    order.placed = OrderValues{{decimal("9")}, Price{decimal("-1")}, {}, {}, decimal("3"), {}};
    order.wanted = OrderValues{{decimal("11")},     {}, Price{decimal("190")},
                               Price{decimal("2")}, {}, Price{decimal("0")}};
    return order;
}

inline Execution sample_execution(const std::string& id = "0001f4e8.01") {
    Execution execution;
    execution.id = {id};
    execution.root = {"0001f4e8"};
    execution.revision = 1;
    execution.account = {"ib_main"};
    execution.client_order_id = {"janus1abcdefgh0000000042"};
    execution.ref = {1007, "987654321"};
    execution.order = {42};
    execution.symbol = "AAPL";
    execution.native_id = {"265598"};
    execution.side = Side::Sell;
    execution.quantity = {decimal("3")};
    execution.price = {decimal("401.2")};
    execution.at = utc_from_milliseconds(1'772'000'004'000);
    execution.commission = Money{decimal("1.05")};
    execution.commission_currency = "USD";
    return execution;
}

}  // namespace janus::store
