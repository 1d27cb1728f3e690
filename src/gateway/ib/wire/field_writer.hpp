#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.hpp"
#include "base/result.hpp"

namespace janus::ib::wire {

/// Writes one framed message. Fields are NUL-separated, so a NUL inside a text would add a field
/// and turn a quantity into a price: any control byte and any over-long text is refused.
class FieldWriter {
 public:
    static constexpr std::size_t field_size_max = 512;

    explicit FieldWriter(std::int64_t message_id);

    FieldWriter& text(std::string_view field);
    FieldWriter& integer(std::int64_t value);
    FieldWriter& flag(bool value);
    FieldWriter& decimal(Decimal value);
    FieldWriter& optional_decimal(const std::optional<Decimal>& value);
    FieldWriter& empty(int count = 1);
    /// How an integer that is not set is written where empty is not allowed: the largest int.
    FieldWriter& unset_integer();

    /// The frame with its length prefix.
    /// Errors: `Invalid`, for the first text that was refused.
    Result<std::string> finish();

 private:
    std::string frame_;
    std::optional<std::string> problem_;
};

/// Puts the 4-byte length before a payload.
std::string framed(std::string_view payload);

}  // namespace janus::ib::wire
