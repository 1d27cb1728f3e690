#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "gateway/ib/wire/field_reader.hpp"
#include "gateway/ib/wire/messages.hpp"
#include "gateway/ib/wire/proto_reader.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {

/// Whether a message that cannot be read leaves a hole in our picture of orders, fills, positions.
enum class BearsOrders { No, Yes };

/// How a payload is read: as a message of its own, or, for the many that are ticks, into a record
/// that the caller keeps. A row names one function for each form of the protocol; its type says
/// which way it is.
template <typename Reader>
struct Reading {
    using Whole = Result<Message> (*)(Reader&);
    using Tick = void (*)(Reader&, TickMessage&);

    constexpr Reading(Whole function) : whole(function) {}
    constexpr Reading(Tick function) : tick(function) {}

    Whole whole{nullptr};
    Tick tick{nullptr};
};

/// One message of the gateway: a new kind of message is one more row and a function for each form.
struct MessageRow {
    std::int64_t id;
    std::string_view name;
    BearsOrders bears_orders;
    Reading<FieldReader> text;      ///< To server version 200.
    Reading<ProtoReader> protobuf;  ///< From 213 on.
};

/// Nothing for an id that Janus does not know. One look-up by index.
const MessageRow* find_message_row(std::int64_t id);

/// What became of one payload.
struct Incoming {
    std::int64_t id{-1};
    const MessageRow* row{nullptr};  ///< Nothing for an unknown id.
    Result<Message> message{Ignored{}};
    std::size_t surplus{0};  ///< Fields that the layout does not have, as a newer gateway sends.
};

/// The short way of nearly every tick: a text payload with message 1, 2, 45 or 46 of which every
/// field is plainly written. False for all others, and then `tick` holds nothing of worth.
bool decode_plain_tick(std::string_view payload, TickMessage& tick);
/// The way of the others, in the form of the server version.
bool decode_odd_tick(std::string_view payload, int server_version, TickMessage& tick);
/// Reads a tick in place: no allocation, no copy. False when the payload is another message, or a
/// tick that is not exactly its layout, and then `tick` holds nothing of worth: `decode` reads the
/// payload again and says what it is. A text in `tick` lives as long as the payload.
inline bool decode_tick(std::string_view payload, int server_version, TickMessage& tick) {
    const bool text = server_version < gate::binary_ids;
    return (text && decode_plain_tick(payload, tick)) ||
           decode_odd_tick(payload, server_version, tick);
}

/// Reads one payload (without its length) in the form of the negotiated server version: text with a
/// textual id to 200; behind a binary id from 201 on, then protobuf when the id is above 200.
/// `message` is `Malformed` when the fields do not fit the layout. Views in it live as long as the
/// payload.
Incoming decode(std::string_view payload, int server_version);

}  // namespace janus::ib::wire
