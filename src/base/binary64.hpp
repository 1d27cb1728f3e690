#pragma once

#include <cstdint>
#include <optional>

#include "base/decimal.hpp"

/// The one border between decimals and the 64-bit binary floating-point numbers (IEEE 754) that
/// some wire formats carry. Such a number is handled as its bits, with integers only: Janus
/// calculates with nothing but `Decimal`.
namespace janus::binary64 {

inline constexpr std::uint64_t largest = 0x7FEF'FFFF'FFFF'FFFF;
inline constexpr std::uint64_t infinity = 0x7FF0'0000'0000'0000;

/// True for NaN and either infinity: no number at all.
constexpr bool is_no_number(std::uint64_t bits) {
    return (bits & infinity) == infinity;
}

/// The decimal that a person would write for the number: the one with the fewest places that reads
/// back as the same bits, so that 123.45 is exactly 123.45. Beyond 8 places it is rounded half-even
/// to 8. Nothing for what is no number, and for what is too large for a `Decimal`.
std::optional<Decimal> to_decimal(std::uint64_t bits);

/// The bits of the number nearest to a decimal; of two equally near ones, the even one.
std::uint64_t from_decimal(Decimal value);

}  // namespace janus::binary64
