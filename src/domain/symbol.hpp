#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace janus {

/// What kind of instrument it is. `Other` is a kind Janus shows but does not trade.
enum class AssetClass { Equity, Future, Option, Forex, Crypto, Bond, Fund, Other };

/// `EQUITY`, `FUTURE`, ... as stored in the registry and shown by the API.
std::string_view to_text(AssetClass asset_class);
Result<AssetClass> parse_asset_class(std::string_view text);

/// Janus's own name of an instrument; everything a person sees or types.
///
/// | kind   | form                               | example              |
/// |--------|------------------------------------|----------------------|
/// | equity | ROOT or ROOT.CLASS (1 to 3 letters) | `AAPL`, `BRK.B`      |
/// | future | ROOT.YYMM, the contract month       | `NQ.2603`            |
/// | option | UNDERLYING.YYMMDD.C|P.STRIKE        | `AAPL.260320.C.152.5`|
/// | forex  | BASE.QUOTE, two currencies          | `EUR.USD`            |
/// | crypto | COIN.QUOTE, the second a currency   | `BTC.USD`            |
///
/// Upper-case ASCII letters, digits and dots; at most 32 characters. Immutable, ordered by its
/// text.
class CanonicalSymbol {
 public:
    static constexpr std::size_t length_max = 32;

    /// Reads a name as a person types it: lower case is raised, nothing else is repaired.
    /// Errors: `Invalid`, saying which character or part is wrong.
    static Result<CanonicalSymbol> parse(std::string_view text);

    const std::string& text() const { return text_; }
    /// Equity, Future, Option, Forex or Crypto; the form of the name decides.
    AssetClass asset_class() const { return asset_class_; }

    friend auto operator<=>(const CanonicalSymbol& a, const CanonicalSymbol& b) {
        return a.text_ <=> b.text_;
    }
    friend bool operator==(const CanonicalSymbol& a, const CanonicalSymbol& b) {
        return a.text_ == b.text_;
    }

 private:
    CanonicalSymbol(std::string text, AssetClass asset_class)
        : text_(std::move(text)), asset_class_(asset_class) {}
    std::string text_;
    AssetClass asset_class_;
};

/// The parts of an option's name; `parse` has made sure that they are there.
struct OptionParts {
    std::string underlying;  ///< `AAPL`
    std::string expiry;      ///< `260320`, YYMMDD
    char right{'C'};         ///< `C` or `P`
    std::string strike;      ///< `152.5`
};
/// Precondition: `symbol.asset_class() == AssetClass::Option`.
OptionParts option_parts_of(const CanonicalSymbol& symbol);

/// The parts of a future's name.
struct FutureParts {
    std::string root;   ///< `NQ`
    std::string month;  ///< `2603`, YYMM
};
/// Precondition: `symbol.asset_class() == AssetClass::Future`.
FutureParts future_parts_of(const CanonicalSymbol& symbol);

/// The parts of a pair's name.
struct PairParts {
    std::string base;   ///< `EUR`, `BTC`: what is bought.
    std::string quote;  ///< `USD`: what it costs.
};
/// Precondition: `symbol.asset_class()` is Forex or Crypto.
PairParts pair_parts_of(const CanonicalSymbol& symbol);

}  // namespace janus

template <>
struct fmt::formatter<janus::CanonicalSymbol> : fmt::formatter<std::string> {
    auto format(const janus::CanonicalSymbol& symbol, fmt::format_context& context) const {
        return fmt::formatter<std::string>::format(symbol.text(), context);
    }
};

template <>
struct std::hash<janus::CanonicalSymbol> {
    std::size_t operator()(const janus::CanonicalSymbol& symbol) const noexcept {
        return std::hash<std::string>{}(symbol.text());
    }
};
