#pragma once

#include <expected>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace janus {

/// What kind of "no" an error is. Clients map it to an exit code and to a status of the API.
enum class ErrorCode {
    Invalid,       ///< The input is malformed or breaks a rule.
    NotFound,      ///< No such symbol, account, order.
    Ambiguous,     ///< Several things match; the message lists them.
    Conflict,      ///< It contradicts what is already stored.
    Denied,        ///< Janus refuses: rules, limits, gate, halt.
    Rejected,      ///< The broker refuses, in its own words.
    Unknown,       ///< It may or may not have happened.
    Unavailable,   ///< A broker, the database or the server cannot be reached now.
    Unauthorized,  ///< The caller may not do this.
    Malformed,     ///< Bytes from outside cannot be read.
    Internal,      ///< Our own fault.
};

/// One word for the code, as it appears in the API and in logs: `invalid`, `not_found`, ...
std::string_view to_text(ErrorCode code);

/// An error with a sentence for a person: what was wrong with what, and what to do.
struct Error {
    ErrorCode code{ErrorCode::Internal};
    std::string message;
    friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = std::expected<T, Error>;

/// Makes the error side of a Result: `return fail(ErrorCode::Invalid, "price was '{}'", text);`
template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format,
                                          Args&&... args) {
    return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

/// Ends the process with file and line when `condition` is false: a broken promise of our own code.
void check(bool condition, const char* what, const char* file, int line);

}  // namespace janus

/// Always on, also in release: a broken promise must not trade.
#define JANUS_CHECK(condition) ::janus::check((condition), #condition, __FILE__, __LINE__)
