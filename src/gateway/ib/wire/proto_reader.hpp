#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/decimal.hpp"
#include "base/result.hpp"

namespace janus::ib::wire {

/// What a message and the messages inside it have in common while they are read.
struct ProtoTrouble {
    std::optional<std::string> problem;  ///< The first one.
    std::size_t surplus{0};              ///< Fields that Janus does not know.
};

/// Reads the fields of one protobuf message in place, strictly: every length stays inside the
/// message, a varint has at most 10 bytes and 64 bits, and the wire type must be the one that the
/// field has. Nothing is copied; views live as long as the payload.
/// Source: protobuf encoding guide; of the wire types all but the groups.
class ProtoReader {
 public:
    ProtoReader(std::string_view message, ProtoTrouble& trouble)
        : rest_(message), trouble_(&trouble) {}

    /// Goes to the next field; false at the end and after a problem.
    bool next();
    /// The number of the present field.
    std::uint64_t field() const { return field_; }

    // The value of the present field.
    std::int64_t integer();
    bool flag() { return integer() != 0; }
    std::string_view text();
    /// A message inside this one.
    ProtoReader message() { return {text(), *trouble_}; }
    /// A binary number; nothing when it is one of the values that stand for "not set".
    std::optional<Decimal> binary();
    /// Decimal text, exact; nothing when it is one of the texts that stand for "not set".
    std::optional<Decimal> quantity();
    /// The same, rounded half-even to 8 places.
    std::optional<Decimal> rounded();

    /// Such values where they must be set.
    Decimal needed_binary() { return needed(binary()); }
    Decimal needed_quantity() { return needed(quantity()); }

    /// Notes a problem; only the first one counts, and reading ends.
    void refuse(std::string problem);
    void note_surplus() { ++trouble_->surplus; }
    bool is_fine() const { return !trouble_->problem; }

    /// The decoded message, or the first problem.
    template <typename Message, typename Whole>
    Result<Message> finish(Whole&& whole) {
        if (trouble_->problem) return fail(ErrorCode::Malformed, "{}", *trouble_->problem);
        return Message(std::forward<Whole>(whole));
    }

 private:
    enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5 };

    /// Nearly all have one byte: tags, sizes, types.
    std::optional<std::uint64_t> take_varint() {
        if (rest_.empty() || static_cast<unsigned char>(rest_.front()) > 0x7F)
            return take_long_varint();
        const auto value = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::optional<std::uint64_t> take_long_varint();
    bool take_fixed(std::size_t size);
    bool take_value(std::uint64_t wire_type);
    bool is(WireType type);
    Decimal needed(const std::optional<Decimal>& value);

    std::string_view rest_;
    ProtoTrouble* trouble_;
    std::uint64_t field_{0};
    WireType type_{WireType::Varint};
    std::uint64_t number_{0};  ///< Of the present field, when it is one.
    std::string_view bytes_;   ///< Of the present field, when it has a length.
};

template <typename Whole>
using ReadField = void (*)(ProtoReader& in, Whole& out);

/// One field of a message: its number and what becomes of it.
template <typename Whole>
struct ProtoField {
    std::size_t number;
    ReadField<Whole> read;
};

/// The fields of a message, by number up to the highest that Janus knows the meaning of. What is in
/// the message and not in the table is of no use to Janus.
template <typename Whole, std::size_t Known>
using ProtoLayout = std::array<ReadField<Whole>, Known + 1>;

/// Makes a layout of rows in any order.
template <std::size_t Known, typename Whole, std::size_t Count>
consteval ProtoLayout<Whole, Known> layout_of(const ProtoField<Whole> (&fields)[Count]) {
    ProtoLayout<Whole, Known> layout{};
    for (const auto& field : fields) {
        if (field.number == 0 || field.number > Known || layout[field.number] != nullptr)
            throw "a number beyond the known ones, or twice";
        layout[field.number] = field.read;
    }
    return layout;
}

/// Which of the fields up to 63 a message had.
class SeenFields {
 public:
    void add(std::uint64_t number) {
        if (number < 64) bits_ |= std::uint64_t{1} << number;
    }
    bool has(std::uint64_t number) const { return ((bits_ >> number) & 1U) != 0; }

 private:
    std::uint64_t bits_{0};
};

/// Reads a message to its end; fields with numbers beyond the known ones are counted as surplus.
template <typename Whole, std::size_t Size>
SeenFields read_fields(ProtoReader in, Whole& out,
                       const std::array<ReadField<Whole>, Size>& layout) {
    SeenFields seen;
    while (in.next()) {
        seen.add(in.field());
        if (in.field() >= Size)
            in.note_surplus();
        else if (const auto read = layout[in.field()])
            read(in, out);
    }
    return seen;
}

template <typename Member>
struct WholeOf;
template <typename Whole, typename Value>
struct WholeOf<Value Whole::*> {
    using type = Whole;
};
template <auto Member>
using whole_of = WholeOf<decltype(Member)>::type;

// Rows for members that take the value as it is; of `Whole` or of a base of it.
template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> integer(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.integer(); }};
}
template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> flag(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.flag(); }};
}
template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> text(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.text(); }};
}
/// A price or another number that is binary on the wire.
template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> binary(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.binary(); }};
}
template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> quantity(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.quantity(); }};
}
template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> rounded(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.rounded(); }};
}

template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> needed_binary(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.needed_binary(); }};
}
template <auto Member, typename Whole = whole_of<Member>>
constexpr ProtoField<Whole> needed_quantity(std::size_t number) {
    return {number, [](ProtoReader& in, Whole& out) { out.*Member = in.needed_quantity(); }};
}

}  // namespace janus::ib::wire
