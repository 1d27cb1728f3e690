#include "sim/webull/order_event.hpp"

#include <array>

#include <boost/json.hpp>

namespace janus::sim::webull {
namespace {

namespace json = boost::json;

/// The status that comes with a scene; scenes that are not here show the order's own status.
struct SceneRow {
    std::string_view scene;
    std::string_view status;
};
constexpr auto scenes = std::to_array<SceneRow>({
    {"FINAL_FILLED", "FILLED"},
    {"PLACE_FAILED", "FAILED"},
});

std::string ten_places(Decimal value) {
    return value.to_fixed(8) + "00";
}

std::string status_text(const OrderRecord& record, std::string_view scene,
                        const EventStyle& style) {
    if (!style.status.empty()) return style.status;
    for (const auto& row : scenes)
        if (row.scene == scene) return std::string(row.status);
    if (scene == "CANCEL_SUCCESS") return std::string(status_of(record.order, style.expired));
    if (record.order.state == ExchangeState::Filled && scene != "FILLED") return "FILLED";
    const bool partial = record.traded_quantity.is_positive();
    return partial && !style.partial_as_submitted ? "PARTIAL_FILLED" : "SUBMITTED";
}

/// `2026-03-09T14:30:06.120+0000`: the offset without a colon.
std::string offset_time_text(Utc at) {
    auto text = to_iso_text(at);
    text.pop_back();
    return text + "+0000";
}

}  // namespace

std::string order_event_text(const SimInstrument& instrument, const OrderRecord& record,
                             std::string_view scene, const EventStyle& style) {
    const auto& order = record.order;
    const bool traded = record.traded_quantity.is_positive();
    json::object event{
        {"request_id", record.order_id},
        {"account_id", record.account},
        {"order_id", record.order_id},
        {"client_order_id", record.client_order_id},
        {"instrument_id", instrument.webull_instrument_id},
        {"order_status", status_text(record, scene, style)},
        {"symbol", ticker_of(instrument)},
        {"short_name", instrument.description},
        {"qty", ten_places(order.quantity.value)},
        {"filled_price", traded ? record.average_text : "0E-10"},
        {"filled_qty", ten_places(record.traded_quantity)},
        {"side", word_of(order.side)},
        {"scene_type", scene},
        {"category", category_of(instrument)},
        {"order_type", word_of(order.type)},
        {"actual_commission", record.commission.value.to_fixed(2)},
        {"fees", json::array{}},
    };
    if (traded) event["filled_time"] = offset_time_text(record.filled_at);
    return json::serialize(event);
}

}  // namespace janus::sim::webull
