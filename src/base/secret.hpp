#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>

namespace janus {

/// A text that must not be seen: it formats as `***`. `reveal` is for signing, for the wire,
/// and for the one person who asks for it by name.
class Secret {
 public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }
    friend bool operator==(const Secret&, const Secret&) = default;

 private:
    std::string text_;
};

}  // namespace janus

template <>
struct fmt::formatter<janus::Secret> : fmt::formatter<std::string> {
    auto format(const janus::Secret&, fmt::format_context& context) const {
        return fmt::formatter<std::string>::format("***", context);
    }
};
