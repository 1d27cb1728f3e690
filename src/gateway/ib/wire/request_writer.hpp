#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "gateway/ib/wire/contract.hpp"
#include "gateway/ib/wire/field_writer.hpp"
#include "gateway/ib/wire/proto_writer.hpp"

namespace janus::ib::wire {

/// The number of a field in the protobuf form of its message.
struct At {
    int field{0};
};

/// Describes one request once and writes it in the form of the negotiated server version: a field
/// with `At` stands in both forms, in the order of the text form; a field without stands in the
/// text form only (versions of messages, constants that protobuf leaves out).
class RequestWriter {
 public:
    RequestWriter(int server_version, std::int64_t message_id);

    /// True when the negotiated server version has what came with `gate`.
    bool has(int gate) const { return server_version_ >= gate; }
    bool is_protobuf() const { return protobuf_; }

    RequestWriter& integer(std::int64_t value);
    RequestWriter& text(std::string_view value);
    RequestWriter& empty(int count = 1);
    /// How an integer that is not set is written where empty is not allowed: the largest int.
    RequestWriter& unset_integer();

    RequestWriter& integer(At at, std::int64_t value);
    /// An empty text is not set.
    RequestWriter& text(At at, std::string_view value);
    /// False is not set.
    RequestWriter& flag(At at, bool value);
    /// A size: decimal text in both forms.
    RequestWriter& quantity(At at, const std::optional<Decimal>& value);
    /// A price: a binary number in protobuf.
    RequestWriter& price(At at, const std::optional<Decimal>& value);
    /// A message inside the request; in the text form its fields just follow.
    RequestWriter& open(At at);
    RequestWriter& close();
    /// The 12 contract fields that requests share.
    RequestWriter& contract(At at, const Contract& contract);
    /// The same fields inside a message that was opened for them, which may have more.
    RequestWriter& contract_fields(const Contract& contract);

    /// The frame with its length.
    /// Errors: `Invalid`, for the first text that may not go on the wire.
    Result<std::string> finish();

 private:
    int server_version_;
    bool protobuf_;
    std::int64_t message_id_;
    FieldWriter fields_;  ///< Also checks the texts of the protobuf form.
    ProtoWriter proto_;
};

}  // namespace janus::ib::wire
