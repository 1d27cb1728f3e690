#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace janus::gateway {

/// One word of a broker and what it means here. Of several words for one value the first is the
/// one that Janus writes; the others are spellings that it reads.
template <typename Value>
struct Word {
    std::string_view word;
    Value value;
};

template <typename Value, std::size_t Count>
constexpr std::optional<Value> find_value(const std::array<Word<Value>, Count>& table,
                                          std::string_view word) {
    const auto* row = std::ranges::find(table, word, &Word<Value>::word);
    if (row == table.end()) return std::nullopt;
    return row->value;
}

/// The word that Janus writes. Every value must have a row.
template <typename Value, std::size_t Count>
constexpr std::string_view first_word_of(const std::array<Word<Value>, Count>& table, Value value) {
    return std::ranges::find(table, value, &Word<Value>::value)->word;
}

}  // namespace janus::gateway
