#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace janus {

/// A number of up to eight letters whose end is known, read in one register without a branch for
/// each letter: how long a number is, is what a processor guesses wrong most. For messages that
/// come by the thousand; what is written otherwise is left to `scan_plain` and `Decimal::parse`.
class ShortNumber {
 public:
    static constexpr std::size_t size_max = 8;

    /// Precondition: `size_max` readable bytes lie before `end`; of these the last `size` count, 1
    /// to `size_max`.
    ShortNumber(const char* end, std::size_t size) {
        const auto others = 8 * (size_max - size);
        values_ = (load(end - size_max) ^ zeros) >> others << others;  // Zeros come before it.
        odd_ = (((values_ & ~high_bits) + above_nine) | values_) & high_bits;
    }

    bool is_digits() const { return odd_ == 0; }
    /// Precondition: `is_digits`.
    std::int64_t integer() const { return number_of(values_); }

    /// As a count of 1e-8, for digits with a point between two of them at most, such as `12` and
    /// `101.25`; nothing for anything else.
    [[gnu::always_inline]] std::optional<std::int64_t> units() const {
        constexpr auto unit_of_places = std::to_array<std::int64_t>(
            {100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10});
        if (is_digits()) return number_of(values_) * unit_of_places[0];
        const auto point = static_cast<std::size_t>(std::countr_zero(odd_)) & 0x38U;  // Bits below.
        const bool one = odd_ >> point == 0x80 && ((values_ >> point) & 0xFFU) == dot;
        if (!one || point == 8 * (size_max - 1)) return std::nullopt;
        const auto before = (std::uint64_t{1} << point) - 1;
        const auto behind = ~(before << 8U | 0xFFU);
        const auto closed = (values_ & behind) | (values_ & before) << 8U;
        return number_of(closed) * unit_of_places[size_max - 1 - point / 8];
    }

 private:
    static constexpr std::uint64_t zeros = 0x3030'3030'3030'3030;
    static constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
    static constexpr std::uint64_t above_nine = 0x7676'7676'7676'7676;  // Lifts 10 to 0x80.
    static constexpr std::uint64_t dot = '.' ^ 0x30;

    /// The first byte lowest.
    static std::uint64_t load(const char* at) {
        std::uint64_t letters = 0;
        std::memcpy(&letters, at, size_max);
        if constexpr (std::endian::native == std::endian::big) letters = std::byteswap(letters);
        return letters;
    }
    /// Neighbours are joined: eight digits to four pairs, to two fours, to one number.
    static std::int64_t number_of(std::uint64_t digits) {
        digits = (digits * 10 + (digits >> 8U)) & 0x00FF'00FF'00FF'00FF;
        digits = (digits * 100 + (digits >> 16U)) & 0x0000'FFFF'0000'FFFF;
        return static_cast<std::int64_t>((digits * 10'000 + (digits >> 32U)) & 0xFFFF'FFFF);
    }

    std::uint64_t values_;  ///< 0 to 9 where a digit is.
    std::uint64_t odd_;     ///< The high bit of each byte that is none.
};

}  // namespace janus
