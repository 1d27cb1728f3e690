#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/tagged.hpp"

namespace janus::sim {

/// Names one exchange between a client and the simulated REST server. The driver chooses it and
/// never reuses it.
using HttpExchangeId = Tagged<std::uint64_t, struct HttpExchangeIdTag>;

/// A request as the driver read it from the socket.
struct HttpCall {
    std::string method;
    std::string target;                          ///< Path and query, still encoded.
    std::map<std::string, std::string> headers;  ///< Lower-case names; `host` is among them.
    std::string body;
};

/// What goes back to the client. With `drop` the connection is reset and nothing is written.
struct HttpReply {
    HttpExchangeId id;
    int status{200};
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    bool drop{false};
};

namespace webull {

/// The parameters of a query in the order of the wire, decoded.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// A request target taken apart.
struct Target {
    std::string path;
    QueryParameters query;
};

/// Takes `/a/b?x=1&y=a+b` apart; `+` and `%20` are both a space in the query.
/// Errors: `Malformed` for a broken percent escape.
Result<Target> parse_target(std::string_view text);

/// The value of a parameter; empty when it is missing.
std::string_view value_of(const QueryParameters& query, std::string_view name);

/// The value of a header; empty when it is missing.
std::string_view header_of(const HttpCall& call, std::string_view lower_name);

}  // namespace webull
}  // namespace janus::sim
