#pragma once

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "sim/webull/refusal.hpp"

namespace janus::sim::webull {

/// Reads a request body. Errors: 400 `ILLEGAL_PARAMETER` when it is no JSON object.
Answer<boost::json::object> parse_object(std::string_view body);

/// A member as text, whether it was sent as a string or as a number; empty when it is missing, null
/// or of another kind.
std::string text_of(const boost::json::object& object, std::string_view name);

/// A member that is a non-empty array of objects, else nothing.
const boost::json::array* find_objects(const boost::json::object& object, std::string_view name);

}  // namespace janus::sim::webull
