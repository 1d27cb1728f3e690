#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib::wire {

/// Whether a message that cannot be read leaves a hole in our picture of orders, fills, positions.
enum class BearsOrders { No, Yes };

/// One message of the gateway: a third kind of message is one more row and one more function.
struct MessageRow {
    std::int64_t id;
    std::string_view name;
    BearsOrders bears_orders;
    Result<Message> (*decode)(FieldReader&);
};

/// Nothing for an id that Janus does not know.
const MessageRow* find_message_row(std::int64_t id);

/// What became of one payload.
struct Incoming {
    std::int64_t id{-1};
    const MessageRow* row{nullptr};  ///< Nothing for an unknown id.
    Result<Message> message{Ignored{}};
    std::size_t surplus{0};  ///< Fields after the end of the layout, as a newer gateway sends.
};

/// Reads one payload (without its length) by the layout of the negotiated server version.
/// `message` is `Malformed` when the fields do not fit the layout.
Incoming decode(std::string_view payload, int server_version);

}  // namespace janus::ib::wire
