#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "domain/symbol.hpp"

/// Whatever is read as a number or a name is written and read back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto number = janus::Decimal::parse(text))
        JANUS_CHECK(janus::Decimal::parse(number->to_text()) == *number);
    static_cast<void>(janus::Decimal::parse_rounded(text));
    static_cast<void>(janus::parse_iso(text));
    if (const auto symbol = janus::CanonicalSymbol::parse(text))
        JANUS_CHECK(janus::CanonicalSymbol::parse(symbol->text()) == *symbol);
    return 0;
}
