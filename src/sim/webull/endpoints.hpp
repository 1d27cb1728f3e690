#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"

namespace janus::sim::webull {

/// What the simulated REST server can be asked.
enum class Endpoint {
    Config,
    TokenCreate,
    TokenCheck,
    TokenRefresh,
    AccountList,
    Balance,
    Positions,
    Instruments,
    Preview,
    Place,
    BatchPlace,
    Replace,
    Cancel,
    Open,
    History,
    Detail,
};

/// The two generations of addresses that are alive at once. They differ in paths, in how lists are
/// wrapped and in how pages are asked for.
enum class Generation { G3, G4 };

/// One row of the published table of calls.
/// Source: protocol sheet, section 3.1, with the documented limit per app key.
struct EndpointRow {
    Endpoint endpoint;
    std::string_view name;  ///< What faults call it: `place`, `open`, `token_check`.
    std::string_view method;
    std::string_view g3_path;
    std::string_view g4_path;  ///< Empty when the newer generation has none.
    int calls_max;             ///< Within `window`; 0 when no limit is published.
    Duration window;
};

/// Every row, in the order of the enum.
std::span<const EndpointRow> endpoint_rows();
const EndpointRow& row_of(Endpoint endpoint);

/// Whether it brings new orders, one or many.
inline bool places_orders(Endpoint endpoint) {
    return endpoint == Endpoint::Place || endpoint == Endpoint::BatchPlace;
}

/// Where a request goes.
struct Route {
    Endpoint endpoint;
    Generation generation;
};

/// Nothing for an address or a method that does not exist.
std::optional<Route> find_route(std::string_view method, std::string_view path);

}  // namespace janus::sim::webull
