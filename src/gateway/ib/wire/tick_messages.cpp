// Ticks: thousands a second, so each is read in place into a record that the caller keeps. A layout
// is written once, for two readers: the strict one, which says what is wrong, and the plain one,
// which knows only what nearly every tick looks like and leaves all else to the strict one.
#include <cstring>

#include "gateway/ib/wire/decoders.hpp"

namespace janus::ib::wire {
namespace {

constexpr std::size_t digits_at_once = 8;

/// Eight bytes as a number, the first byte lowest.
std::uint64_t load(const char* at) {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < digits_at_once; ++i)
        bytes |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
    return bytes;
}

bool are_digits(std::uint64_t bytes) {
    constexpr std::uint64_t high_halves = 0xF0F0'F0F0'F0F0'F0F0;
    constexpr std::uint64_t threes = 0x3030'3030'3030'3030;
    constexpr std::uint64_t sixes =
        0x0606'0606'0606'0606;  // Lifts what is above 9 out of the threes.
    return (bytes & high_halves) == threes && ((bytes + sixes) & high_halves) == threes;
}

/// Neighbours are joined: eight digits to four pairs, to two fours, to one number.
std::uint64_t number_of(std::uint64_t digits) {
    digits &= 0x0F0F'0F0F'0F0F'0F0F;
    digits = (digits * 10 + (digits >> 8U)) & 0x00FF'00FF'00FF'00FF;
    digits = (digits * 100 + (digits >> 16U)) & 0x0000'FFFF'0000'FFFF;
    return (digits * 10'000 + (digits >> 32U)) & 0xFFFF'FFFF;
}

/// Reads fields that are plainly written; after the first other one, nothing it gives has worth.
class PlainReader {
 public:
    /// Precondition: the last byte before `end` is NUL.
    PlainReader(const char* at, const char* end) : at_(at), end_(end) {}

    void skip() {
        if (at_ == end_) return give_up();
        if (*at_ != '\0') ++at_;
        pass(at_);
    }
    std::int64_t integer() {
        if (at_ == end_) return odd_number();
        std::uint64_t value = 0;
        return whole_from(at_, value);
    }
    std::int64_t identifier() {
        std::uint64_t value = 0;
        if (end_ - at_ <= static_cast<std::ptrdiff_t>(digits_at_once)) return integer();
        const auto bytes = load(at_);
        if (!are_digits(bytes)) return integer();
        value = number_of(bytes);
        return whole_from(at_ + digits_at_once, value);
    }
    std::optional<Decimal> optional_rounded() {
        std::int64_t units = 0;
        const auto* stop = at_ == end_ ? nullptr : scan_plain(at_, units);
        if (stop == nullptr || units == FieldReader::largest_int_units) {
            give_up();
            return std::nullopt;
        }
        pass(stop);
        return Decimal::from_units(units);
    }
    std::string_view text() {
        if (at_ == end_) {
            give_up();
            return {};
        }
        const auto* from = at_;
        while (*at_ != '\0') ++at_;
        pass(at_);
        return {from, at_ - 1};
    }
    /// Every field was plain, and the last one was the last.
    bool is_read_exactly() const { return !odd_ && at_ == end_; }

 private:
    void pass(const char* stop) {
        if (*stop != '\0') return give_up();
        at_ = stop + 1;
    }
    void give_up() {
        odd_ = true;
        at_ = end_;
    }
    std::int64_t odd_number() {
        give_up();
        return 0;
    }
    /// Goes on behind `value`'s first digits.
    std::int64_t whole_from(const char* from, std::uint64_t value) {
        const auto* stop = scan_digits(from, value);
        const auto digits = static_cast<std::size_t>(stop - at_);
        if (digits - 1 >= plain_digits_max) return odd_number();
        pass(stop);
        return static_cast<std::int64_t>(value);
    }

    const char* at_;
    const char* end_;
    bool odd_{false};
};

// ---- layouts ----

template <typename Reader>
void read_head(Reader& in, TickKind kind, TickMessage& tick) {
    tick.kind = kind;
    in.skip();  // Message version.
    tick.request = in.identifier();
    tick.type = in.integer();
}

template <typename Reader>
void read_price(Reader& in, TickMessage& tick) {
    read_head(in, TickKind::Price, tick);
    tick.value = in.optional_rounded();
    tick.size = in.optional_rounded();
    in.skip();  // Attributes: may trade automatically, past limit, before the opening.
}

template <typename Reader>
void read_size(Reader& in, TickMessage& tick) {
    read_head(in, TickKind::Size, tick);
    tick.value = in.optional_rounded();
}

template <typename Reader>
void read_generic(Reader& in, TickMessage& tick) {
    read_head(in, TickKind::Generic, tick);
    tick.value = in.optional_rounded();
}

template <typename Reader>
void read_string(Reader& in, TickMessage& tick) {
    read_head(in, TickKind::Text, tick);
    tick.text = in.text();
}

}  // namespace

void decode_tick_price(FieldReader& in, TickMessage& tick) {
    read_price(in, tick);
}

void decode_tick_size(FieldReader& in, TickMessage& tick) {
    read_size(in, tick);
}

void decode_tick_generic(FieldReader& in, TickMessage& tick) {
    read_generic(in, tick);
}

void decode_tick_string(FieldReader& in, TickMessage& tick) {
    read_string(in, tick);
}

bool decode_plain_tick(std::string_view payload, TickMessage& tick) {
    constexpr std::size_t shortest = 8;
    if (payload.size() < shortest || payload.back() != '\0') return false;
    const auto* at = payload.data();
    const bool two_digits = at[1] != '\0';
    if (two_digits && (at[0] != '4' || at[2] != '\0')) return false;
    PlainReader in(at + (two_digits ? 3 : 2), at + payload.size());
    tick = {};
    if (!two_digits && at[0] == '1')
        read_price(in, tick);
    else if (!two_digits && at[0] == '2')
        read_size(in, tick);
    else if (two_digits && at[1] == '5')
        read_generic(in, tick);
    else if (two_digits && at[1] == '6')
        read_string(in, tick);
    else
        return false;
    return in.is_read_exactly();
}

}  // namespace janus::ib::wire
