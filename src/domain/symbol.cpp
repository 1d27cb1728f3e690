#include "domain/symbol.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace janus {
namespace {

using Parts = std::vector<std::string_view>;

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool all_letters(std::string_view text) {
    return std::ranges::all_of(text, is_letter);
}
bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, is_digit);
}

std::string raised(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

Parts split(std::string_view text) {
    Parts parts;
    for (std::size_t at = 0;;) {
        const auto dot = text.find('.', at);
        parts.push_back(text.substr(at, dot - at));
        if (dot == std::string_view::npos) return parts;
        at = dot + 1;
    }
}

bool is_month(std::string_view text) {
    return text.size() == 2 && all_digits(text) && text >= "01" && text <= "12";
}

/// Currencies that instruments are quoted in. No class of shares is called like one of them, so a
/// name that ends in one is a pair.
constexpr auto currencies = std::to_array<std::string_view>({
    "AED", "AUD", "BRL", "CAD", "CHF", "CLP", "CNH", "CNY", "COP", "CZK", "DKK", "EUR", "GBP",
    "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP",
    "PLN", "QAR", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR",
});
static_assert(std::ranges::is_sorted(currencies));

bool is_currency(std::string_view text) {
    return std::ranges::binary_search(currencies, text);
}

bool is_pair(const Parts& parts) {
    constexpr std::size_t coin_size_min = 2;
    return parts.size() == 2 && parts[0].size() >= coin_size_min && is_currency(parts[1]) &&
           parts[0] != parts[1];
}

bool is_equity(const Parts& parts) {
    if (parts.size() == 1) return true;
    return parts.size() == 2 && parts[1].size() <= 3 && all_letters(parts[1]);
}

bool is_future(const Parts& parts) {
    return parts.size() == 2 && parts[1].size() == 4 && all_digits(parts[1]) &&
           is_month(parts[1].substr(2));
}

bool is_expiry(std::string_view text) {
    return text.size() == 6 && all_digits(text) && is_month(text.substr(2, 2)) &&
           text.substr(4) >= "01" && text.substr(4) <= "31";
}

bool is_strike(const Parts& parts, std::size_t at) {
    const auto count = parts.size() - at;
    if (count < 1 || count > 2 || !all_digits(parts[at])) return false;
    const bool canonical = parts[at] == "0" || parts[at][0] != '0';
    return canonical && (count == 1 || (all_digits(parts[at + 1]) && parts[at + 1].back() != '0'));
}

/// Where the expiry of an option's name stands: after the underlying, which may have a class of its
/// own.
std::size_t expiry_index(const Parts& parts) {
    for (std::size_t at = 1; at <= 2 && at < parts.size(); ++at)
        if (is_expiry(parts[at])) return at;
    return 0;
}

bool is_option(const Parts& parts) {
    const auto at = expiry_index(parts);
    if (at == 0 || at + 2 >= parts.size()) return false;
    const bool underlying = at == 1 || (parts[1].size() <= 3 && all_letters(parts[1]));
    return underlying && (parts[at + 1] == "C" || parts[at + 1] == "P") && is_strike(parts, at + 2);
}

std::string joined(const Parts& parts, std::size_t from, std::size_t to) {
    std::string out(parts[from]);
    for (auto at = from + 1; at < to; ++at) (out += '.') += parts[at];
    return out;
}

/// The text for an error: control and non-ASCII bytes become `?`, long ones are cut.
std::string shown(std::string_view text) {
    std::string out(text.substr(0, 40));
    for (char& c : out)
        if (c < ' ' || c > '~') c = '?';
    return out;
}

Result<void> check_characters(std::string_view text, std::string_view raw) {
    if (text.empty()) return fail(ErrorCode::Invalid, "symbol was empty");
    if (text.size() > CanonicalSymbol::length_max)
        return fail(ErrorCode::Invalid, "symbol '{}...' has {} characters, at most {} are allowed",
                    shown(raw), text.size(), CanonicalSymbol::length_max);
    const auto bad = std::ranges::find_if(
        text, [](char c) { return !is_letter(c) && !is_digit(c) && c != '.'; });
    if (bad == text.end()) return {};
    const std::string hint = *bad == ' ' || *bad == '-' || *bad == '/'
                                 ? "; class shares are written with a dot, like BRK.B"
                                 : "";
    return fail(ErrorCode::Invalid, "symbol '{}' may hold only letters, digits and dots{}",
                shown(raw), hint);
}

}  // namespace

Result<CanonicalSymbol> CanonicalSymbol::parse(std::string_view raw) {
    auto text = raised(raw);
    if (auto characters = check_characters(text, raw); !characters)
        return std::unexpected(characters.error());
    const auto parts = split(text);
    const bool hole = std::ranges::any_of(parts, [](auto part) { return part.empty(); });
    if (!hole && is_future(parts)) return CanonicalSymbol(std::move(text), AssetClass::Future);
    if (!hole && is_option(parts)) return CanonicalSymbol(std::move(text), AssetClass::Option);
    if (!hole && is_pair(parts)) {
        const auto kind = is_currency(parts[0]) ? AssetClass::Forex : AssetClass::Crypto;
        return CanonicalSymbol(std::move(text), kind);
    }
    if (!hole && is_equity(parts)) return CanonicalSymbol(std::move(text), AssetClass::Equity);
    return fail(ErrorCode::Invalid,
                "symbol '{}' is neither an equity (AAPL, BRK.B), a future (NQ.2603), an option "
                "(AAPL.260320.C.150) nor a pair (EUR.USD, BTC.USD)",
                shown(raw));
}

OptionParts option_parts_of(const CanonicalSymbol& symbol) {
    JANUS_CHECK(symbol.asset_class() == AssetClass::Option);
    const auto parts = split(symbol.text());
    const auto at = expiry_index(parts);
    return {joined(parts, 0, at), std::string(parts[at]), parts[at + 1][0],
            joined(parts, at + 2, parts.size())};
}

FutureParts future_parts_of(const CanonicalSymbol& symbol) {
    JANUS_CHECK(symbol.asset_class() == AssetClass::Future);
    const auto parts = split(symbol.text());
    return {std::string(parts[0]), std::string(parts[1])};
}

PairParts pair_parts_of(const CanonicalSymbol& symbol) {
    JANUS_CHECK(symbol.asset_class() == AssetClass::Forex ||
                symbol.asset_class() == AssetClass::Crypto);
    const auto parts = split(symbol.text());
    return {std::string(parts[0]), std::string(parts[1])};
}

}  // namespace janus
