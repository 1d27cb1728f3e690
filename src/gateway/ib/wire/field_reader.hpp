#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/decimal.hpp"
#include "base/plain_number.hpp"
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
/// What nearly every field looks like is read in this header; the rest in the source file.
class FieldReader {
 public:
    FieldReader(std::string_view payload, int server_version)
        : first_(payload.data()),
          at_(first_),
          end_(first_ + payload.size()),
          server_version_(server_version) {
        if (payload.empty() || payload.back() != '\0') refuse_open_end();
    }

    /// True when the negotiated server version has what came with `gate`.
    bool has(int gate) const { return server_version_ >= gate; }

    /// What is written like the largest int is for `is_unset` to judge, by its letters.
    static constexpr std::int64_t largest_int_units = 2'147'483'647 * Decimal::units_per_one;

    std::string_view text() {
        if (at_ == end_) return missing();
        const auto* from = at_;
        const auto* nul = static_cast<const char*>(std::memchr(at_, '\0', left()));
        pass(nul);
        return {from, nul};
    }
    void skip() {
        // Versions, flags and masks, which is what gets skipped, have one letter or none.
        if (at_ != end_ && *at_ == '\0')
            pass(at_);
        else if (at_ != end_ && at_[1] == '\0')
            pass(at_ + 1);
        else
            text();
    }
    void skip(std::size_t count);
    /// Empty reads as 0, as plain integer fields do.
    std::int64_t integer() {
        if (at_ == end_) return odd_integer();
        const bool negative = *at_ == '-';
        const auto* from = negative ? at_ + 1 : at_;
        std::uint64_t value = 0;
        const auto* stop = scan_digits(from, value);
        const auto digits = static_cast<std::size_t>(stop - from);
        if (*stop != '\0' || digits - 1 >= plain_digits_max) return odd_integer();
        pass(stop);
        return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
    }
    /// An integer that has many digits as a rule, such as the id of a request of ours.
    std::int64_t identifier() { return integer(); }
    bool flag();
    /// A value that must be there, exact.
    Decimal decimal();
    std::optional<Decimal> optional_decimal() {
        if (const auto value = take_plain()) return value;
        return odd_decimal();
    }
    /// For what the broker has computed: rounded half-even to 8 places.
    std::optional<Decimal> optional_rounded() {
        if (const auto value = take_plain()) return value;
        return odd_rounded();
    }
    Decimal rounded();
    /// The length of a list whose rows have at least one field each.
    std::size_t count();

    /// Notes a problem; only the first one counts.
    void refuse(std::string problem);
    /// Fields that nobody has read yet.
    std::size_t rest() const;
    /// Without a problem, to the last byte.
    bool is_read_exactly() const { return !problem_ && at_ == end_; }

    /// The decoded message, or the first problem.
    template <typename Message, typename Whole>
    Result<Message> finish(Whole&& whole) {
        if (problem_) return fail(ErrorCode::Malformed, "{}", *problem_);
        return Message(std::forward<Whole>(whole));
    }

 private:
    std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
    void pass(const char* nul) {
        at_ = nul + 1;
        ++index_;
    }
    /// The next field when it is a plainly written number that can be no sentinel.
    std::optional<Decimal> take_plain() {
        if (at_ == end_) return std::nullopt;
        std::int64_t units = 0;
        const auto* stop = scan_plain(at_, units);
        if (stop == nullptr || *stop != '\0' || units == largest_int_units) return std::nullopt;
        pass(stop);
        return Decimal::from_units(units);
    }
    void refuse_open_end();
    std::string_view missing();
    std::int64_t odd_integer();
    std::optional<Decimal> odd_decimal();
    std::optional<Decimal> odd_rounded();

    const char* first_;
    const char* at_;
    const char* end_;  ///< At `first_`, or right behind a NUL, which ends every scan.
    std::size_t index_{0};
    int server_version_;
    std::optional<std::string> problem_;
};

}  // namespace janus::ib::wire
