#include "bench/webull_stream.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "gateway/webull/wire/subscribe.hpp"

namespace janus::bench {
namespace {

/// One message of an order's life. Averages as Webull computes them, with ten places.
struct Step {
    std::string_view status;
    std::string_view scene;
    std::string_view filled;
    std::string_view average;
};
constexpr auto steps = std::to_array<Step>({
    {"PARTIAL_FILLED", "FILLED",       "20.0000000000",  "401.2000000000"},
    {"PARTIAL_FILLED", "FILLED",       "40.0000000000",  "401.2250000000"},
    {"PARTIAL_FILLED", "FILLED",       "60.0000000000",  "401.2333333333"},
    {"PARTIAL_FILLED", "FILLED",       "60.0000000000",  "401.2333333333"},
    {"FILLED",         "FINAL_FILLED", "100.0000000000", "401.2400000000"},
});
constexpr std::size_t repeats = 1;

/// The members and their order as the reference shows them (6.3).
std::string payload_of(std::size_t order, const Step& step) {
    return fmt::format(
        R"({{"request_id":"{0}","account_id":"{1}","order_id":"{0}","client_order_id":"{2}",)"
        R"("instrument_id":"913303964","order_status":"{3}","symbol":"MSFT",)"
        R"("short_name":"Microsoft","qty":"{4}.0000000000","filled_price":"{5}",)"
        R"("filled_qty":"{6}","filled_time":"2026-03-09T14:30:06.120+0000","side":"BUY",)"
        R"("scene_type":"{7}","category":"US_STOCK","order_type":"LIMIT"}})",
        webull_order_id(order), webull_account, webull_client_id(order), step.status,
        webull_quantity, step.average, step.filled, step.scene);
}

std::string message_of(std::size_t order, const Step& step) {
    using namespace webull::wire;
    return encode(SubscribeResponse{.event_type = event_type::order,
                                    .subscribe_type = 1,
                                    .content_type = "application/json",
                                    .payload = payload_of(order, step),
                                    .request_id = "0RDQ7J2M5T8V1X4Z6B9CKDFGHK",
                                    .timestamp = 1'773'066'606'120});
}

}  // namespace

std::string webull_client_id(std::size_t order) {
    return fmt::format("jnsbench{:024}", order);
}

std::string webull_order_id(std::size_t order) {
    return fmt::format("0RDQ7J2M5T{:016}", order);
}

WebullStream make_webull_stream(std::size_t orders, std::size_t side_by_side) {
    WebullStream stream{
        .messages = {}, .orders = orders, .fills = orders * (steps.size() - repeats)};
    for (std::size_t first = 0; first < orders; first += side_by_side)
        for (const auto& step : steps)
            for (std::size_t i = first; i < std::min(orders, first + side_by_side); ++i)
                stream.messages.push_back(message_of(i, step));
    return stream;
}

}  // namespace janus::bench
