// Ticks: thousands a second, so each is read in place into a record that the caller keeps. A layout
// is written once, for two readers: the strict one, which says what is wrong, and the plain one,
// which knows only what nearly every tick looks like and leaves all else to the strict one.
#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/short_number.hpp"
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/incoming.hpp"

namespace janus::ib::wire {
namespace {

/// Where the NULs of a short payload are, found all at once, so that no field waits for the one
/// before it.
class NulPlaces {
 public:
    static constexpr std::size_t size_min = 16;
    static constexpr std::size_t size_max = 48;

    /// Precondition: `size_min` to `size_max` bytes. The last blocks may overlap.
    explicit NulPlaces(std::string_view bytes) : places_(behind) {
        const auto rest = bytes.size() - size_min;
        places_ |= in_block(bytes.data()) | in_block(bytes.data() + rest) << rest;
        if (rest > size_min) places_ |= in_block(bytes.data() + size_min) << size_min;
    }
    /// The next one; behind the payload when there is none.
    std::size_t take() {
        const auto place = static_cast<std::size_t>(__builtin_ctzll(places_));
        places_ &= places_ - 1;
        return place;
    }

 private:
    static constexpr std::uint64_t behind = ~std::uint64_t{0} << size_max;

    /// Bit by bit, the first byte lowest, of `size_min` bytes.
    static std::uint64_t in_block(const char* at) {
#ifdef __SSE2__
        const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const auto found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()));
        return static_cast<std::uint64_t>(static_cast<unsigned>(found));
#else
        std::uint64_t mask = 0;
        for (std::size_t i = 0; i < size_min; ++i)
            mask |= static_cast<std::uint64_t>(at[i] == '\0') << i;
        return mask;
#endif
    }

    std::uint64_t places_;
};

// ---- layouts ----

/// They differ behind the head only.
void read_tick(FieldReader& in, TickKind kind, TickMessage& tick) {
    tick.kind = kind;
    tick.value.reset();
    tick.size.reset();
    tick.text = {};
    in.skip();  // Message version.
    tick.request = in.identifier();
    tick.type = in.integer();
    if (kind == TickKind::Text) {
        tick.text = in.text();
        return;
    }
    tick.value = in.optional_rounded();
    if (kind != TickKind::Price) return;
    tick.size = in.optional_rounded();
    in.skip();  // Attributes: may trade automatically, past limit, before the opening.
}

/// Of the id that a payload begins with: 1, 2, 45 or 46; nothing for any other. Which of them it
/// is, nobody can guess: selected, not branched by.
std::optional<TickKind> kind_of(const char* id) {
    const bool single = id[1] == '\0';
    const bool first = id[0] == '1' || id[1] == '5';
    const auto kind = single ? (first ? TickKind::Price : TickKind::Size)
                             : (first ? TickKind::Generic : TickKind::Text);
    const bool known = single ? id[0] == '1' || id[0] == '2'
                              : id[0] == '4' && (id[1] == '5' || id[1] == '6') && id[2] == '\0';
    return known ? std::optional(kind) : std::nullopt;
}

// ---- plain fields: each is told where it ends and how long it is ----

/// Ours have ten digits.
bool read_request(const char* end, std::size_t size, std::int64_t& request) {
    constexpr std::size_t more = 2;
    if (size != ShortNumber::size_max + more) return false;
    const ShortNumber low(end, ShortNumber::size_max);
    const auto tens = static_cast<std::uint64_t>(end[-10]) - '0';
    const auto ones = static_cast<std::uint64_t>(end[-9]) - '0';
    if (tens > 9 || ones > 9 || !low.is_digits()) return false;
    request = static_cast<std::int64_t>(tens * 10 + ones) * 100'000'000 + low.integer();
    return true;
}

/// One digit or two.
bool read_type(const char* end, std::size_t size, std::int64_t& type) {
    const auto ones = static_cast<std::uint64_t>(end[-1]) - '0';
    if (size - 1 > 1 || ones > 9) return false;
    type = static_cast<std::int64_t>(ones);
    if (size == 1) return true;
    const auto tens = static_cast<std::uint64_t>(end[-2]) - '0';
    type += static_cast<std::int64_t>(tens) * 10;
    return tens <= 9;
}

/// Behind a request, so that eight bytes lie before its end.
[[gnu::always_inline]] inline bool read_number(const char* end, std::size_t size,
                                               std::optional<Decimal>& number) {
    if (size - 1 >= ShortNumber::size_max) return false;
    const auto units = ShortNumber(end, size).units();
    if (!units) return false;
    number.emplace(Decimal::from_units(*units));
    return true;
}

}  // namespace

void decode_tick_price(FieldReader& in, TickMessage& tick) {
    read_tick(in, TickKind::Price, tick);
}

void decode_tick_size(FieldReader& in, TickMessage& tick) {
    read_tick(in, TickKind::Size, tick);
}

void decode_tick_generic(FieldReader& in, TickMessage& tick) {
    read_tick(in, TickKind::Generic, tick);
}

void decode_tick_string(FieldReader& in, TickMessage& tick) {
    read_tick(in, TickKind::Text, tick);
}

bool decode_plain_tick(std::string_view payload, TickMessage& tick) {
    if (payload.size() - NulPlaces::size_min > NulPlaces::size_max - NulPlaces::size_min)
        return false;
    const auto kind = kind_of(payload.data());
    if (!kind) return false;
    // All ends first: when the last one is the payload's, every field is there.
    NulPlaces ends(payload);
    ends.take();  // Of the message's id.
    const auto version = ends.take();
    const auto request = ends.take();
    const auto type = ends.take();
    const auto value = ends.take();
    const bool is_price = *kind == TickKind::Price;
    const auto size = is_price ? ends.take() : value;
    const auto last = is_price ? ends.take() : value;  // Of the attributes.
    if (last + 1 != payload.size()) return false;
    const auto* first = payload.data();
    tick.kind = *kind;
    if (!read_request(first + request, request - version - 1, tick.request)) return false;
    if (!read_type(first + type, type - request - 1, tick.type)) return false;
    tick.text = {};
    tick.size = std::optional<Decimal>();
    if (*kind == TickKind::Text) {
        tick.value = std::optional<Decimal>();
        tick.text = payload.substr(type + 1, value - type - 1);
        return true;
    }
    if (!read_number(first + value, value - type - 1, tick.value)) return false;
    return !is_price || read_number(first + size, size - value - 1, tick.size);
}

}  // namespace janus::ib::wire
