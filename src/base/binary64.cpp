#include "base/binary64.hpp"

#include <bit>

namespace janus::binary64 {
namespace {

using Wide = unsigned __int128;

constexpr std::uint64_t sign_bit = 0x8000'0000'0000'0000;
constexpr int fraction_bits = 52;
constexpr std::uint64_t hidden_bit = std::uint64_t{1} << fraction_bits;
constexpr int exponent_bias = 1023;
constexpr int wide_bits = 128;
constexpr int shift_max = 120;  // Fits into Wide; beyond it a number is far below 1e-8.
constexpr std::uint64_t ten_to_places_max = Decimal::units_per_one;

int bit_size(std::uint64_t value) {
    return static_cast<int>(std::bit_width(value));
}

/// A positive number as `mantissa / 2^shift`.
struct Fraction {
    std::uint64_t mantissa{0};
    int shift{0};
};

Fraction fraction_of(std::uint64_t bits) {
    const auto exponent = static_cast<int>((bits >> fraction_bits) & 0x7FFU);
    const auto fraction = bits & (hidden_bit - 1);
    // Subnormal numbers have no hidden bit and the exponent of the smallest normal ones.
    if (exponent == 0) return {fraction, fraction_bits + exponent_bias - 1};
    return {fraction | hidden_bit, fraction_bits + exponent_bias - exponent};
}

/// A number in some unit, cut down to a whole one, and what was cut off, in units of 2^-shift.
struct Cut {
    std::uint64_t whole{0};
    Wide rest{0};
    Wide one{1};
};

Cut cut(Wide scaled, int shift) {
    const Wide one = Wide{1} << static_cast<unsigned>(shift);
    return {static_cast<std::uint64_t>(scaled >> static_cast<unsigned>(shift)), scaled & (one - 1),
            one};
}

/// Whether a decimal that lies `distance` away from the number still reads as the number: it does
/// up to half the gap to the neighbour, which is `scale` wide, or half of that below a power of
/// two. On the border itself the even mantissa wins.
bool reads_back(Wide distance, bool below, std::uint64_t mantissa, std::uint64_t scale) {
    const Wide gap = below && mantissa == hidden_bit ? Wide{scale} : Wide{scale} * 2;
    const Wide reach = distance * 4;
    return mantissa % 2 == 0 ? reach <= gap : reach < gap;
}

/// The nearest decimal with so many places as 1/`scale` counts, when it reads back as the number.
std::optional<std::uint64_t> find_short(const Fraction& number, std::uint64_t scale) {
    const auto [whole, rest, one] = cut(Wide{number.mantissa} * scale, number.shift);
    if (rest * 2 < one || (rest * 2 == one && whole % 2 == 0))
        return reads_back(rest, true, number.mantissa, scale) ? std::optional(whole) : std::nullopt;
    return reads_back(one - rest, false, number.mantissa, scale) ? std::optional(whole + 1)
                                                                 : std::nullopt;
}

/// Rounded to 8 places. The shortest decimal of the number may end in a 5 at the ninth place: then
/// it lies on the middle, whichever side the binary number happens to be on.
std::uint64_t rounded_units(const Fraction& number) {
    if (const auto nine = find_short(number, ten_to_places_max * 10); nine && *nine % 10 == 5)
        return *nine / 10 + *nine / 10 % 2;
    const auto [whole, rest, one] = cut(Wide{number.mantissa} * ten_to_places_max, number.shift);
    const bool up = rest * 2 > one || (rest * 2 == one && whole % 2 != 0);
    return up ? whole + 1 : whole;
}

std::optional<std::uint64_t> find_units(const Fraction& number) {
    constexpr int whole_bits_max = 37;  // Decimals end at 2^36.4.
    if (number.mantissa == 0) return 0;
    const int size = bit_size(number.mantissa) - number.shift;
    if (size > whole_bits_max) return std::nullopt;
    if (number.shift > shift_max) return 0;
    std::uint64_t scale = 1;
    for (; scale <= ten_to_places_max; scale *= 10)
        if (const auto found = find_short(number, scale))
            return *found * (ten_to_places_max / scale);
    return rounded_units(number);
}

/// Rounds to 53 bits, half-even; `sticky` stands for more bits that are not all zero.
std::uint64_t rounded_mantissa(Wide value, int dropped, bool sticky) {
    auto [whole, rest, one] = cut(value, dropped);
    const bool up = rest * 2 > one || (rest * 2 == one && (sticky || whole % 2 != 0));
    return up ? whole + 1 : whole;
}

}  // namespace

std::optional<Decimal> to_decimal(std::uint64_t bits) {
    if (is_no_number(bits)) return std::nullopt;
    const auto units = find_units(fraction_of(bits & ~sign_bit));
    if (!units || *units > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    const auto value = static_cast<std::int64_t>(*units);
    return Decimal::from_units((bits & sign_bit) != 0 ? -value : value);
}

std::uint64_t from_decimal(Decimal value) {
    if (value.is_zero()) return 0;
    const bool negative = value.is_negative();
    const auto units = negative ? 0 - static_cast<std::uint64_t>(value.units())
                                : static_cast<std::uint64_t>(value.units());
    // With the highest bit at a fixed place the quotient has at least 93 bits: 53 and the rounding.
    const int shift = wide_bits - 8 - bit_size(units);
    const Wide scaled = Wide{units} << static_cast<unsigned>(shift);
    const Wide quotient = scaled / ten_to_places_max;
    const auto high = static_cast<std::uint64_t>(quotient >> 64U);
    const int size = 64 + bit_size(high);
    const int dropped = size - fraction_bits - 1;
    auto mantissa = rounded_mantissa(quotient, dropped, scaled % ten_to_places_max != 0);
    auto exponent = size - 1 - shift + exponent_bias;
    if (mantissa == hidden_bit * 2) {
        mantissa = hidden_bit;
        ++exponent;
    }
    return (negative ? sign_bit : 0) | (static_cast<std::uint64_t>(exponent) << fraction_bits) |
           (mantissa & (hidden_bit - 1));
}

}  // namespace janus::binary64
