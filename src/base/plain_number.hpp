#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// Numbers as nearly every message writes them, read in one pass, in place: by hand, because a
/// broker sends thousands a second. Whatever is written otherwise is left to `Decimal::parse`.
namespace janus {

/// More digits could exceed an int64.
inline constexpr std::size_t plain_digits_max = 18;

/// Reads the digits at `at` into `value` and returns where they end. Past 19 digits the value is
/// worthless: the caller counts them. A byte that is no digit must follow in readable memory.
inline const char* scan_digits(const char* at, std::uint64_t& value) {
    for (;; ++at) {
        const auto digit = static_cast<std::uint64_t>(static_cast<unsigned char>(*at)) - '0';
        if (digit > 9) return at;
        value = value * 10 + digit;
    }
}

/// Reads `12`, `-0.5`, `101.250` as a count of 1e-8: up to 18 digits, up to 8 of them after the
/// point. Returns where the number ends, or nothing when it is written otherwise, or too large. A
/// byte that is neither digit nor point must follow in readable memory, such as a NUL.
inline const char* scan_plain(const char* at, std::int64_t& units) {
    constexpr auto unit_of_places = std::to_array<std::int64_t>(
        {100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1});
    const bool negative = *at == '-';
    if (negative) ++at;
    std::uint64_t digits = 0;
    const char* end = scan_digits(at, digits);
    auto count = static_cast<std::size_t>(end - at);
    std::size_t places = 0;
    if (*end == '.') {
        const char* fraction = end + 1;
        end = scan_digits(fraction, digits);
        places = static_cast<std::size_t>(end - fraction);
        count += places;
    }
    if (count - 1 >= plain_digits_max || places >= unit_of_places.size()) return nullptr;
    std::int64_t value = 0;
    if (__builtin_mul_overflow(static_cast<std::int64_t>(digits), unit_of_places[places], &value))
        return nullptr;
    units = negative ? -value : value;
    return end;
}

/// The same of a text whose end is known: nothing when it is written otherwise.
inline std::optional<std::int64_t> plain_units(std::string_view text) {
    std::array<char, 24> copy{};
    if (text.size() >= copy.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) copy[i] = text[i];
    std::int64_t units = 0;
    if (scan_plain(copy.data(), units) != copy.data() + text.size()) return std::nullopt;
    return units;
}

}  // namespace janus
