#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/decimal.hpp"
#include "base/result.hpp"

namespace janus::ib::wire {

/// True for what IB writes when a number is not set: empty, the largest int, long or double, NaN,
/// Infinity. Such a field means "absent", never a number.
bool is_unset(std::string_view text);

/// Turns `\uXXXX` escapes (server version 153 and later write long names and error texts so) into
/// UTF-8, and control characters into blanks.
std::string unescaped(std::string_view text);

/// Reads the NUL-terminated fields of one payload in place. It remembers its first problem, so that
/// a decoder reads straight down and asks once, in `finish`. Views live as long as the payload.
class FieldReader {
 public:
    FieldReader(std::string_view payload, int server_version);

    /// True when the negotiated server version has what came with `gate`.
    bool has(int gate) const { return server_version_ >= gate; }

    std::string_view text();
    void skip(std::size_t count = 1);
    /// Empty reads as 0, as plain integer fields do.
    std::int64_t integer();
    bool flag();
    /// A value that must be there, exact.
    Decimal decimal();
    std::optional<Decimal> optional_decimal();
    /// For what the broker has computed: rounded half-even to 8 places.
    std::optional<Decimal> optional_rounded();
    Decimal rounded();
    /// The length of a list whose rows have at least one field each.
    std::size_t count();

    /// Notes a problem; only the first one counts.
    void refuse(std::string problem);
    /// Fields that nobody has read yet.
    std::size_t rest() const;
    /// Without a problem, to the last byte.
    bool is_read_exactly() const { return !problem_ && at_ == payload_.size(); }

    /// The decoded message, or the first problem.
    template <typename Message, typename Whole>
    Result<Message> finish(Whole&& whole) {
        if (problem_) return fail(ErrorCode::Malformed, "{}", *problem_);
        return Message(std::forward<Whole>(whole));
    }

 private:
    std::string_view payload_;
    std::size_t at_{0};
    std::size_t index_{0};
    int server_version_;
    std::optional<std::string> problem_;
};

}  // namespace janus::ib::wire
