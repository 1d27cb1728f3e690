#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// What a decoder is compared with: loops that do a part of its work and nothing else. Each
/// takes bytes that begin with a frame and returns how many of them it has used up.
namespace janus::bench {

/// Reads nothing of it.
struct ReadOnly {
    std::size_t consume(std::string_view bytes);
    std::uint64_t sum{0};
};

/// Finds every frame and, with memchr, every field.
struct FindFields {
    std::size_t consume(std::string_view bytes);
    std::uint64_t messages{0};
    std::uint64_t fields{0};
    std::uint64_t sum{0};
};

/// The latest values of one request, by tick type.
struct TypedSlot {
    std::array<std::int64_t, 128> values{};
    std::array<std::int64_t, 128> sizes{};
    std::array<std::string_view, 128> texts{};
};

/// How a typed loop reads its numbers.
enum class Numbers {
    FromChars,  ///< memchr, then std::from_chars: into doubles.
    ByHand,     ///< In one pass with Janus's own scanner: into counts of 1e-8.
};

/// Reads every field of every message into plain typed slots: integers, numbers, views of texts.
/// No check of ranges, no sentinels, no events.
template <Numbers numbers>
class ParseTyped {
 public:
    ParseTyped();
    std::size_t consume(std::string_view bytes);
    std::uint64_t messages() const { return messages_; }
    std::uint64_t sum() const;

 private:
    void read(const char* at, const char* end);

    std::vector<TypedSlot> slots_;
    std::array<std::int64_t, 256> values_{};
    std::array<std::string_view, 256> texts_{};
    std::uint64_t messages_{0};
};

extern template class ParseTyped<Numbers::FromChars>;
extern template class ParseTyped<Numbers::ByHand>;

}  // namespace janus::bench
