#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace janus::net {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A whole HTTP/1.1 message.
struct HttpMessage {
    int status{0};  ///< Replies only.
    std::string method;
    std::string target;  ///< Requests only, as is the method.
    HttpHeaders headers;
    std::string body;
    bool keep_alive{false};
};

/// What a reader refuses; larger messages are errors.
struct HttpLimits {
    std::size_t header_size_max{64U << 10U};
    std::size_t body_size_max{8U << 20U};
};

/// Where a broken message offends.
enum class HttpFault { Malformed, HeadersTooLarge, BodyTooLarge };

struct HttpReadError {
    HttpFault fault{HttpFault::Malformed};
    std::string reason;
};

enum class HttpSide { Request, Reply };
enum class HasBody { No, Yes };

/// Reads one message after the other out of a byte stream. Bytes beyond a message stay for the
/// next. Interim replies (1xx) are skipped.
class HttpReader {
 public:
    HttpReader(HttpSide side, HttpLimits limits);
    ~HttpReader();
    HttpReader(HttpReader&&) noexcept;
    HttpReader& operator=(HttpReader&&) noexcept;

    /// Replies only, before any byte of the reply: `No` for the answer to HEAD.
    void expect_body(HasBody has_body);
    /// Takes bytes; returns a message when one is whole. Call with nothing to go on with what is
    /// left. After an error the stream is unusable.
    std::expected<std::optional<HttpMessage>, HttpReadError> feed(std::string_view bytes);
    /// The stream has ended: a reply without a length is whole now; anything half is an error.
    std::expected<std::optional<HttpMessage>, HttpReadError> finish();
    /// True when the headers are in and ask for `100 Continue` before the body. Once per message.
    bool take_wants_continue();
    /// True between messages, with no byte of the next one.
    bool is_idle() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The first header of this name in any case; it lives as long as the headers.
std::optional<std::string_view> find_header(const HttpHeaders& headers, std::string_view name);
/// Checks that names are tokens and values hold no line break. Errors: `Invalid`, naming the
/// header.
Result<void> check_headers(const HttpHeaders& headers);
/// True for a method like `GET` and for a target of visible ASCII that starts with `/`.
bool is_method(std::string_view text);
bool is_target(std::string_view text);
std::string_view reason_phrase(int status);

}  // namespace janus::net
