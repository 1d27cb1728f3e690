#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace janus {

/// A fixed-point number: an int64 count of 1e-8. Covers about ±92 billion. Used for every price,
/// quantity and amount of money; never rounded where nobody sees it.
class Decimal {
 public:
    static constexpr std::int64_t units_per_one = 100'000'000;
    static constexpr int places_max = 8;

    constexpr Decimal() = default;
    static constexpr Decimal from_units(std::int64_t units) { return Decimal(units); }
    /// `whole` must lie within ±92 billion.
    static constexpr Decimal from_integer(std::int64_t whole) {
        return Decimal(whole * units_per_one);
    }

    /// Reads `12`, `-0.5`, `1e3`, `6.0E-5`; exact or an error: a ninth decimal place is refused.
    /// Errors: `Malformed` for text that is no number (also NaN, Infinity, empty), too large, or
    /// finer than 1e-8.
    static Result<Decimal> parse(std::string_view text);
    /// Like `parse`, but rounds half-even to 8 places. For numbers that a broker has computed.
    static Result<Decimal> parse_rounded(std::string_view text);

    constexpr std::int64_t units() const { return units_; }
    constexpr bool is_zero() const { return units_ == 0; }
    constexpr bool is_negative() const { return units_ < 0; }
    constexpr bool is_positive() const { return units_ > 0; }
    constexpr bool is_whole() const { return units_ % units_per_one == 0; }
    constexpr Decimal abs() const { return units_ < 0 ? Decimal(-units_) : *this; }
    /// True when this number is a whole multiple of `step`; `step` must be positive.
    constexpr bool is_multiple_of(Decimal step) const { return units_ % step.units_ == 0; }

    /// Shortest text without exponent: `12`, `-0.5`, `0.00000001`.
    std::string to_text() const;
    /// Exactly `places` (0 to 8) decimals, rounded half-even. For people only.
    std::string to_fixed(int places) const;

    /// Sum and difference; overflow is a broken promise.
    friend Decimal operator+(Decimal a, Decimal b);
    friend Decimal operator-(Decimal a, Decimal b);
    constexpr Decimal operator-() const { return Decimal(-units_); }
    Decimal& operator+=(Decimal other) { return *this = *this + other; }
    Decimal& operator-=(Decimal other) { return *this = *this - other; }

    /// Product and quotient rounded half-even to 1e-8; nothing on overflow or division by zero.
    static std::optional<Decimal> multiply(Decimal a, Decimal b);
    static std::optional<Decimal> divide(Decimal a, Decimal b);
    /// (a×x + b×y) / (x+y) in one rounding: the average of two fills. Nothing when x+y is zero or
    /// on overflow.
    static std::optional<Decimal> weighted_average(Decimal a, Decimal x, Decimal b, Decimal y);

    friend constexpr auto operator<=>(Decimal, Decimal) = default;

 private:
    explicit constexpr Decimal(std::int64_t units) : units_(units) {}
    std::int64_t units_{0};
};

}  // namespace janus

template <>
struct fmt::formatter<janus::Decimal> : fmt::formatter<std::string> {
    auto format(janus::Decimal value, fmt::format_context& context) const {
        return fmt::formatter<std::string>::format(value.to_text(), context);
    }
};
