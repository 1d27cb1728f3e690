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

/// Where the NULs of a short payload are, bit by bit, the first byte lowest: found all at once, so
/// that no field waits for the one before it.
struct NulMask {
    static constexpr std::size_t size_min = 16;
    static constexpr std::size_t size_max = 48;

    /// Precondition: `size_min` to `size_max` bytes. The last blocks may overlap.
    static std::uint64_t of(std::string_view bytes) {
        const auto size = bytes.size();
        std::uint64_t mask = in_block(bytes.data()) | in_block(bytes.data() + size - size_min)
                                                          << (size - size_min);
        for (std::size_t at = size_min; at + size_min < size; at += size_min)
            mask |= in_block(bytes.data() + at) << at;
        return mask;
    }

 private:
    /// Of `size_min` bytes.
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
};

/// Reads fields that are plainly written; after the first other one, nothing it gives has worth.
class PlainReader {
 public:
    static constexpr std::size_t size_min = NulMask::size_min;
    static constexpr std::size_t size_max = NulMask::size_max;

    /// Precondition: a payload of `size_min` to `size_max` bytes.
    explicit PlainReader(std::string_view payload)
        : first_(payload.data()), size_(payload.size()), nuls_(NulMask::of(payload) | behind) {}

    void skip() { next(); }
    /// Tick types have one digit or two.
    std::int64_t integer() {
        const auto field = next();
        good_ &= field.size - 1 < 2;
        if (!good_) return 0;
        const auto last = digit(field.end - 1);
        return field.size == 1 ? last : digit(field.end - 2) * 10 + last;
    }
    /// Ours have ten digits.
    std::int64_t identifier() {
        constexpr std::size_t more = 2;
        const auto field = next();
        good_ &= field.size == ShortNumber::size_max + more;
        if (!good_) return 0;
        const ShortNumber last(first_ + field.end, ShortNumber::size_max);
        good_ &= last.is_digits();
        const auto from = field.end - field.size;
        return (digit(from) * 10 + digit(from + 1)) * 100'000'000 + last.integer();
    }
    /// Behind an identifier, so that eight bytes lie before its end.
    [[gnu::always_inline]] std::optional<Decimal> optional_rounded() {
        const auto field = next();
        good_ &= field.size - 1 < ShortNumber::size_max;
        if (!good_) return std::nullopt;
        const auto units = ShortNumber(first_ + field.end, field.size).units();
        good_ &= units.has_value();
        return Decimal::from_units(units.value_or(0));
    }
    std::string_view text() {
        const auto field = next();
        good_ &= from_ <= size_;
        if (!good_) return {};
        return {first_ + field.end - field.size, field.size};
    }
    /// Every field was there and plain, and the last one ended the payload.
    bool is_read_exactly() const { return good_ && from_ == size_; }

 private:
    /// Where a field would end that is not there: so far behind that it is too long for any number.
    static constexpr std::uint64_t behind = std::uint64_t{1} << 63U;
    static_assert(63 - size_max > ShortNumber::size_max + 2);

    struct Field {
        std::size_t end;  ///< Where its NUL is.
        std::size_t size;
    };
    std::int64_t digit(std::size_t at) {
        const auto value = static_cast<std::int64_t>(first_[at]) - '0';
        good_ &= static_cast<std::uint64_t>(value) <= 9;
        return value;
    }
    Field next() {
        const auto end = static_cast<std::size_t>(std::countr_zero(nuls_));
        const auto size = end - from_;
        nuls_ = (nuls_ & (nuls_ - 1)) | behind;
        from_ = end + 1;
        return {end, size};
    }

    const char* first_;
    std::size_t size_;
    std::uint64_t nuls_;
    std::size_t from_{0};
    bool good_{true};
};

// ---- layouts ----

/// They differ behind the head only.
template <typename Reader>
void read_tick(Reader& in, TickKind kind, TickMessage& tick) {
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
    if (payload.size() < PlainReader::size_min || payload.size() > PlainReader::size_max)
        return false;
    const auto kind = kind_of(payload.data());
    if (!kind) return false;
    PlainReader in(payload);
    in.skip();  // The id.
    read_tick(in, *kind, tick);
    return in.is_read_exactly();
}

}  // namespace janus::ib::wire
