#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace janus {

/// A value with a meaning: two ids of different kinds do not mix.
template <typename Value, typename Tag>
struct Tagged {
    Value value{};
    friend constexpr auto operator<=>(const Tagged&, const Tagged&) = default;
};

}  // namespace janus

template <typename Value, typename Tag>
struct std::hash<janus::Tagged<Value, Tag>> {
    std::size_t operator()(const janus::Tagged<Value, Tag>& id) const noexcept {
        return std::hash<Value>{}(id.value);
    }
};
