#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "base/plain_number.hpp"

namespace janus {
namespace {

using Wide = __int128;

enum class Rounding { Refuse, HalfEven };

constexpr int exponent_max = 400;

/// Divides half-even; `denominator` is positive.
Wide divide_half_even(Wide numerator, Wide denominator) {
    Wide quotient = numerator / denominator;
    const Wide rest = numerator % denominator;
    const Wide twice = rest < 0 ? -2 * rest : 2 * rest;
    const bool odd = quotient % 2 != 0;
    if (twice > denominator || (twice == denominator && odd)) quotient += numerator < 0 ? -1 : 1;
    return quotient;
}

std::optional<std::int64_t> narrow(Wide value) {
    if (value > std::numeric_limits<std::int64_t>::max() ||
        value < -std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

/// The parts of a written number: up to 36 significant digits and a power of ten.
struct Written {
    Wide digits{0};
    int exponent{0};
    bool negative{false};
    bool sticky{false};  ///< A dropped digit was not zero.
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes the digits of one side of the point; false when there is not one.
bool take_run(std::string_view& text, Written& out, bool after_point) {
    constexpr Wide limit = static_cast<Wide>(1'000'000'000'000'000'000) * 1'000'000'000'000'000'000;
    const auto before = text.size();
    for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1)) {
        if (out.digits < limit / 10) {
            out.digits = out.digits * 10 + (text[0] - '0');
            out.exponent -= after_point ? 1 : 0;
        } else {
            out.sticky |= text[0] != '0';
            out.exponent += after_point ? 0 : 1;
        }
    }
    return text.size() != before;
}

bool take_exponent(std::string_view text, Written& out) {
    if (text.empty()) return true;
    if (text[0] != 'e' && text[0] != 'E') return false;
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '+') text.remove_prefix(1);
    if (text.empty() || (!is_digit(text[0]) && text[0] != '-')) return false;
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    if (std::abs(exponent) > exponent_max) return false;
    out.exponent += exponent;
    return true;
}

std::optional<Written> read_written(std::string_view text) {
    Written out;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        out.negative = text[0] == '-';
        text.remove_prefix(1);
    }
    const bool whole = take_run(text, out, false);
    bool fraction = false;
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        fraction = take_run(text, out, true);
    }
    if (!whole && !fraction) return std::nullopt;
    if (!take_exponent(text, out)) return std::nullopt;
    return out;
}

/// Removes `places` decimal digits from the end, remembering whether something was lost.
void shift_right(Written& value, int places) {
    for (; places > 1 && value.digits != 0; --places) {
        value.sticky |= value.digits % 10 != 0;
        value.digits /= 10;
    }
    if (places > 1) value.digits = 0;
}

/// The value in units of 1e-8; nothing when it does not fit or would need a refused rounding.
std::optional<std::int64_t> to_units(Written value, Rounding rounding) {
    int shift = value.exponent + Decimal::places_max;
    for (; shift > 0 && value.digits != 0; --shift) {
        if (value.digits > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
        value.digits *= 10;
    }
    Wide units = value.digits;
    if (shift < 0) {
        shift_right(value, -shift);
        const Wide last = value.digits % 10;
        if (rounding == Rounding::Refuse && (last != 0 || value.sticky)) return std::nullopt;
        units = value.digits / 10;
        const bool up = last > 5 || (last == 5 && (value.sticky || units % 2 != 0));
        if (up) ++units;
    } else if (rounding == Rounding::Refuse && value.sticky) {
        return std::nullopt;
    }
    return narrow(value.negative ? -units : units);
}

/// What nearly every number is: short and plain, and then exact whichever the rounding.
std::optional<Decimal> find_plain(std::string_view text) {
    constexpr std::size_t short_max = 23;
    std::array<char, short_max + 1> ended;
    if (text.size() > short_max) return std::nullopt;
    *std::ranges::copy(text, ended.begin()).out = '\0';
    std::int64_t units = 0;
    if (scan_plain(ended.data(), units) != ended.data() + text.size()) return std::nullopt;
    return Decimal::from_units(units);
}

Result<Decimal> parse_with(std::string_view text, Rounding rounding) {
    if (const auto plain = find_plain(text)) return *plain;
    constexpr std::size_t length_max = 64;
    const auto shown = text.substr(0, length_max);
    const auto written = text.size() <= 400 ? read_written(text) : std::nullopt;
    if (!written) return fail(ErrorCode::Malformed, "number was '{}'", shown);
    const auto units = to_units(*written, rounding);
    if (!units)
        return fail(ErrorCode::Malformed,
                    "number '{}' is too large or has more than 8 decimal places", shown);
    return Decimal::from_units(*units);
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
    return parse_with(text, Rounding::Refuse);
}

Result<Decimal> Decimal::parse_rounded(std::string_view text) {
    return parse_with(text, Rounding::HalfEven);
}

std::string Decimal::to_text() const {
    auto text = to_fixed(places_max);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string Decimal::to_fixed(int places) const {
    JANUS_CHECK(places >= 0 && places <= places_max);
    Wide step = 1;
    for (int i = places; i < places_max; ++i) step *= 10;
    const Wide scaled = divide_half_even(units_, step);
    const Wide one = units_per_one / step;
    const Wide magnitude = scaled < 0 ? -scaled : scaled;
    const auto whole = static_cast<std::int64_t>(magnitude / one);
    const auto rest = static_cast<std::int64_t>(magnitude % one);
    const char* sign = scaled < 0 ? "-" : "";
    if (places == 0) return fmt::format("{}{}", sign, whole);
    return fmt::format("{}{}.{:0{}}", sign, whole, rest, places);
}

Decimal operator+(Decimal a, Decimal b) {
    std::int64_t sum = 0;
    JANUS_CHECK(!__builtin_add_overflow(a.units_, b.units_, &sum));
    return Decimal(sum);
}

Decimal operator-(Decimal a, Decimal b) {
    std::int64_t difference = 0;
    JANUS_CHECK(!__builtin_sub_overflow(a.units_, b.units_, &difference));
    return Decimal(difference);
}

std::optional<Decimal> Decimal::multiply(Decimal a, Decimal b) {
    const auto units = narrow(divide_half_even(Wide{a.units_} * b.units_, units_per_one));
    if (!units) return std::nullopt;
    return Decimal(*units);
}

std::optional<Decimal> Decimal::divide(Decimal a, Decimal b) {
    if (b.is_zero()) return std::nullopt;
    const Wide numerator = Wide{a.units_} * units_per_one;
    const auto units = narrow(b.units_ < 0 ? divide_half_even(-numerator, -Wide{b.units_})
                                           : divide_half_even(numerator, b.units_));
    if (!units) return std::nullopt;
    return Decimal(*units);
}

std::optional<Decimal> Decimal::weighted_average(Decimal a, Decimal x, Decimal b, Decimal y) {
    Wide weight = Wide{x.units_} + y.units_;
    if (weight == 0) return std::nullopt;
    Wide first = Wide{a.units_} * x.units_;
    Wide second = Wide{b.units_} * y.units_;
    Wide sum = 0;
    if (__builtin_add_overflow(first, second, &sum)) return std::nullopt;
    if (weight < 0) {
        weight = -weight;
        sum = -sum;
    }
    const auto units = narrow(divide_half_even(sum, weight));
    if (!units) return std::nullopt;
    return Decimal(*units);
}

}  // namespace janus
