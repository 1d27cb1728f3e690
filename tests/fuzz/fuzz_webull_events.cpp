#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "gateway/webull/wire/order_row.hpp"
#include "gateway/webull/wire/subscribe.hpp"

using namespace janus::webull::wire;

namespace {

void decode_payload(std::string_view payload) {
    const auto row = decode_order_event(payload);
    if (!row) return;
    JANUS_CHECK(!row->account_id.empty());
    JANUS_CHECK(!row->client_order_id.empty() || !row->order_id.empty());
    const auto report = to_report(*row, janus::AccountName{"webull"});
    JANUS_CHECK(!report.filled || !report.filled->value.is_negative());
}

}  // namespace

/// Any bytes as a message of the event stream, and as the JSON inside of one. What can be read is
/// written and read again as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    decode_payload(bytes);
    if (const auto request = decode_subscribe_request(bytes))
        JANUS_CHECK(decode_subscribe_request(encode(*request)) == *request);
    const auto message = decode_subscribe_response(bytes);
    if (!message) return 0;
    JANUS_CHECK(decode_subscribe_response(encode(*message)) == *message);
    decode_payload(message->payload);
    return 0;
}
