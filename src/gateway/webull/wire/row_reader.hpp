#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "gateway/webull/wire/json.hpp"

namespace janus::webull::wire {

/// Names under which one member may come, the usual one first.
using Names = std::initializer_list<std::string_view>;

/// Reads the members of one object; remembers its first problem, which `finish` reports.
/// JSON null and an empty text count as missing. The row must outlive the reader.
class RowReader {
 public:
    RowReader(const Json& row, std::string_view what);

    std::string text(Names names);                      ///< Must be there.
    std::string text_or_empty(Names names);             ///< May be missing.
    Decimal decimal(Names names);                       ///< Exact, must be there.
    std::optional<Decimal> find_decimal(Names names);   ///< Exact, may be missing.
    std::optional<Decimal> find_computed(Names names);  ///< Rounded: what the broker has computed.
    std::optional<Utc> find_time(Names names);          ///< ISO text; may be missing.

    void stop(std::string problem);

    template <typename T>
    Result<T> finish(T value) {
        if (problem_) return fail(ErrorCode::Malformed, "{}: {}", what_, *problem_);
        return value;
    }

 private:
    const Json* find(Names names) const;
    /// The text of a string or number; nothing when it is missing.
    const std::string* find_text(Names names);
    std::optional<Decimal> keep(Names names, Result<Decimal> value);

    const Json& row_;
    std::string what_;
    std::optional<std::string> problem_;
};

}  // namespace janus::webull::wire
