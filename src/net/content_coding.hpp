#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace janus::net {

/// Undoes a Content-Encoding: `gzip`, `x-gzip`, `deflate`, `identity` or nothing.
/// Errors: `Malformed` for another coding, a broken body, or one above `size_max` bytes.
Result<std::string> decode_content(std::string_view coding, std::string body, std::size_t size_max);

}  // namespace janus::net
