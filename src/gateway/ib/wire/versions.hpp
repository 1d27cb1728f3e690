#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// What the two sides agree on before the first message, and what came with which server version.
namespace janus::ib::wire {

/// Text up to 200, protobuf from 213 on. Between, messages turned to protobuf one by one: of those
/// versions Janus speaks none, and a gateway that answers with one still speaks 200.
inline constexpr int server_version_min = 176;
inline constexpr int text_version_max = 200;
inline constexpr int protobuf_version_min = 213;
inline constexpr int server_version_max = 225;

/// The server versions that changed a message of ours. A gate is open from its number on.
namespace gate {
inline constexpr int fa_profile_gone = 177;
inline constexpr int pending_price_revision = 178;
inline constexpr int fund_data = 179;
inline constexpr int last_trade_date = 182;
inline constexpr int customer_account = 183;
inline constexpr int professional_customer = 184;
inline constexpr int bond_accrued_interest = 185;
inline constexpr int ineligibility_reasons = 186;
inline constexpr int rfq_fields = 187;
inline constexpr int bond_trading_hours = 188;
inline constexpr int include_overnight = 189;
inline constexpr int rfq_fields_gone = 190;
inline constexpr int cme_tagging = 192;
inline constexpr int cme_tagging_in_open_order = 193;
inline constexpr int error_time = 194;
inline constexpr int full_order_preview = 195;
inline constexpr int historical_data_end = 196;
inline constexpr int submitter = 198;
inline constexpr int imbalance_only = 199;
inline constexpr int execution_days = 200;
/// Every payload begins with a binary message id of 4 bytes.
inline constexpr int binary_ids = text_version_max + 1;
/// Every message of ours is protobuf; from `binary_ids` to here some are and some are not.
inline constexpr int protobuf = protobuf_version_min;
}  // namespace gate

/// What the binary id of a protobuf message has on top of the message's own id.
inline constexpr std::int64_t protobuf_id_offset = 200;
inline constexpr std::size_t binary_id_size = 4;

/// A message id as the 4 bytes, high byte first, that stand before a message from `binary_ids` on.
std::string binary_id_of(std::int64_t id);

/// The first bytes of a connection: `API\0` and the framed offer, like `v176..225`.
std::string hello(int most);

/// The gateway's answer to the hello.
struct Handshake {
    int server_version{0};
    std::string connection_time;  ///< Opaque; in the zone of the gateway's login.
};

/// Errors: `Malformed` when it is not a version and a time; `Unavailable` for a redirect to another
/// host, which Janus does not follow. A version outside of our range is not an error here.
Result<Handshake> parse_handshake(std::string_view payload);

/// Half text and half protobuf.
constexpr bool is_mixed(int server_version) {
    return server_version > text_version_max && server_version < protobuf_version_min;
}

constexpr bool is_supported(int server_version) {
    return server_version >= server_version_min && server_version <= server_version_max &&
           !is_mixed(server_version);
}

/// The most that may be offered: a mixed version is not, so text comes in its place.
constexpr int offer_of(int wanted) {
    return is_mixed(wanted) ? text_version_max : wanted;
}

}  // namespace janus::ib::wire
