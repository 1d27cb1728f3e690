#include "bench/bare_loops.hpp"

#include <bit>
#include <charconv>
#include <cstring>

#include "base/plain_number.hpp"
#include "gateway/ib/output.hpp"

namespace janus::bench {
namespace {

constexpr std::size_t prefix_size = 4;
constexpr std::size_t slots_max = 4096;

std::size_t size_at(const char* prefix) {
    std::uint32_t size = 0;
    std::memcpy(&size, prefix, prefix_size);
    return std::byteswap(size);
}

/// Calls `read` for every whole frame; gives the bytes that were used.
template <typename Read>
std::size_t each_frame(std::string_view bytes, Read read) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (static_cast<std::size_t>(end - at) >= prefix_size) {
        const auto size = size_at(at);
        if (static_cast<std::size_t>(end - at) - prefix_size < size) break;
        read(at + prefix_size, at + prefix_size + size);
        at += prefix_size + size;
    }
    return static_cast<std::size_t>(at - bytes.data());
}

const char* find_end(const char* at, const char* end) {
    return static_cast<const char*>(std::memchr(at, '\0', static_cast<std::size_t>(end - at)));
}

/// The fields of one message, one after the other.
template <Numbers numbers>
struct Cursor {
    const char* at;
    const char* end;

    std::int64_t integer() {
        if constexpr (numbers == Numbers::ByHand) {
            const bool negative = *at == '-';
            std::uint64_t value = 0;
            at = scan_digits(at + (negative ? 1 : 0), value) + 1;
            return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
        } else {
            const char* const stop = find_end(at, end);
            std::int64_t value = 0;
            std::from_chars(at, stop, value);
            at = stop + 1;
            return value;
        }
    }
    std::int64_t number() {
        if constexpr (numbers == Numbers::ByHand) {
            std::int64_t units = 0;
            const char* stop = scan_plain(at, units);
            if (stop == nullptr) stop = find_end(at, end);
            at = stop + 1;
            return units;
        } else {
            const char* const stop = find_end(at, end);
            double value = 0;
            std::from_chars(at, stop, value);
            at = stop + 1;
            return std::bit_cast<std::int64_t>(value);
        }
    }
    std::string_view text() {
        const char* const from = at;
        const char* const stop = find_end(at, end);
        at = stop + 1;
        return {from, stop};
    }
};

}  // namespace

std::size_t ReadOnly::consume(std::string_view bytes) {
    sum += static_cast<unsigned char>(bytes.back());
    return bytes.size();
}

std::size_t FindFields::consume(std::string_view bytes) {
    return each_frame(bytes, [this](const char* at, const char* end) {
        ++messages;
        while (at != end) {
            const char* const stop = find_end(at, end);
            ++fields;
            sum += static_cast<std::uint64_t>(stop - at);
            at = stop + 1;
        }
    });
}

template <Numbers numbers>
ParseTyped<numbers>::ParseTyped() : slots_(slots_max) {}

template <Numbers numbers>
void ParseTyped<numbers>::read(const char* from, const char* end) {
    ++messages_;
    Cursor<numbers> in{from, end};
    const auto id = in.integer();
    const bool tick = id == 1 || id == 2 || id == 45 || id == 46;
    if (!tick) {
        for (std::size_t i = 0; in.at != end; ++i) {
            const auto first = *in.at;
            if ((first >= '0' && first <= '9') || first == '-')
                values_[i % values_.size()] = in.number();
            else
                texts_[i % texts_.size()] = in.text();
        }
        return;
    }
    values_[0] = in.integer();
    auto& slot = slots_[static_cast<std::size_t>(in.integer() - ib::tick_id_min) % slots_max];
    const auto type = static_cast<std::size_t>(in.integer()) % 128;
    if (id == 46) {
        slot.texts[type] = in.text();
        return;
    }
    slot.values[type] = in.number();
    if (id != 1) return;
    slot.sizes[type] = in.number();
    values_[1] = in.integer();
}

template <Numbers numbers>
std::size_t ParseTyped<numbers>::consume(std::string_view bytes) {
    return each_frame(bytes, [this](const char* at, const char* end) { read(at, end); });
}

template <Numbers numbers>
std::uint64_t ParseTyped<numbers>::sum() const {
    std::uint64_t sum = static_cast<std::uint64_t>(values_[0]);
    for (const auto& slot : slots_)
        for (const auto value : slot.values) sum += static_cast<std::uint64_t>(value);
    return sum;
}

template class ParseTyped<Numbers::FromChars>;
template class ParseTyped<Numbers::ByHand>;

}  // namespace janus::bench
