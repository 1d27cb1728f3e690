#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sim/ib/form.hpp"

/// The protobuf generation of the protocol: which message has which fields, and both ways between
/// the text form that the desks read and write and the protobuf form of server versions 213 to 225.
namespace janus::sim::ib {

inline constexpr int binary_ids_since = 201;  ///< Payloads begin with a 4-byte message id.
inline constexpr int protobuf_since = 213;    ///< Every message here is protobuf.

/// True for the versions between, in which some messages are text and some protobuf. This gateway
/// answers a handshake with them when told to and ends the connection at the next message.
constexpr bool is_mixed(int version) {
    return version >= binary_ids_since && version < protobuf_since;
}

/// The payload of a reply at 213 and later from its text payload. A reply without a description
/// stays text behind its binary id, as messages of other kinds did.
std::string protobuf_reply(std::string_view text_payload);

/// The text payload of a request at 213 and later, in the layout of version 200.
/// Errors: `Malformed` for a payload without a whole id, text where protobuf is due, bytes that are
/// no protobuf; `NotFound` for a request that this gateway does not know.
Result<std::string> text_request(std::string_view payload);

/// The message id that a payload of 213 and later begins with; -1 when it is too short.
std::int64_t binary_id_of(std::string_view payload);

/// Null when there is no description. In request_layouts.cpp and reply_layouts.cpp.
const Layout* find_request_layout(std::int64_t id);
const Layout* find_reply_layout(std::int64_t id);

/// One row of those tables.
struct LayoutRow {
    std::int64_t id;
    Layout layout;
};

// The long ones, in order_layouts.cpp and contract_layouts.cpp.
void describe_place_order(Form& form);
void describe_open_order(Form& form);
void describe_completed_order(Form& form);
void describe_contract_data(Form& form);
void describe_bond_contract_data(Form& form);
/// The twelve contract fields of requests, in the message at `at`.
void describe_contract_query(Form& form, int at);
/// The eleven contract fields of replies, which have no primary exchange.
void describe_contract(Form& form, int at);

}  // namespace janus::sim::ib
