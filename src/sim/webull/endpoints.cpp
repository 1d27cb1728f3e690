#include "sim/webull/endpoints.hpp"

#include <array>

namespace janus::sim::webull {
namespace {

using namespace std::chrono_literals;

constexpr auto rows = std::to_array<EndpointRow>({
    {Endpoint::Config,       "config",        "GET",  "/openapi/config",                  "",                                 0,   1s },
    {Endpoint::TokenCreate,  "token_create",  "POST", "/openapi/auth/token/create",
     "/auth/tokens/create",                                                                                                   10,  30s},
    {Endpoint::TokenCheck,   "token_check",   "POST", "/openapi/auth/token/check",        "/auth/tokens/check",
     10,                                                                                                                           30s},
    {Endpoint::TokenRefresh, "token_refresh", "POST", "/openapi/auth/token/refresh",      "",                                 10,  30s},
    {Endpoint::AccountList,  "account_list",  "GET",  "/openapi/account/list",
     "/trading/accounts/list",                                                                                                10,  30s},
    {Endpoint::Balance,      "balance",       "GET",  "/openapi/assets/balance",          "/trading/assets/balances/get",
     2,                                                                                                                            2s },
    {Endpoint::Positions,    "positions",     "GET",  "/openapi/assets/positions",
     "/trading/assets/positions/list",                                                                                        2,   2s },
    {Endpoint::Instruments,  "instruments",   "GET",  "/openapi/instrument/stock/list",
     "/trading/instruments/stocks/profiles/list",                                                                             60,  60s},
    {Endpoint::Preview,      "preview",       "POST", "/openapi/trade/order/preview",
     "/trading/orders/preview",                                                                                               150, 10s},
    {Endpoint::Place,        "place",         "POST", "/openapi/trade/order/place",       "/trading/orders/place",            600,
     60s                                                                                                                              },
    {Endpoint::BatchPlace,   "batch_place",   "POST", "/openapi/trade/order/batch-place",
     "/trading/orders/batch-place",                                                                                           600, 60s},
    {Endpoint::Replace,      "replace",       "POST", "/openapi/trade/order/replace",
     "/trading/orders/replace",                                                                                               600, 60s},
    {Endpoint::Cancel,       "cancel",        "POST", "/openapi/trade/order/cancel",      "/trading/orders/cancel",
     600,                                                                                                                          60s},
    {Endpoint::Open,         "open",          "GET",  "/openapi/trade/order/open",        "/trading/orders/open-orders/list",
     2,                                                                                                                            2s },
    {Endpoint::History,      "history",       "GET",  "/openapi/trade/order/history",
     "/trading/orders/historical-orders/list",                                                                                2,   2s },
    {Endpoint::Detail,       "detail",        "GET",  "/openapi/trade/order/detail",      "/trading/orders/get",              2,
     2s                                                                                                                               },
});

constexpr bool rows_follow_the_enum() {
    for (std::size_t at = 0; at < rows.size(); ++at)
        if (static_cast<std::size_t>(rows[at].endpoint) != at) return false;
    return rows.size() == static_cast<std::size_t>(Endpoint::Detail) + 1;
}
static_assert(rows_follow_the_enum());

}  // namespace

std::span<const EndpointRow> endpoint_rows() {
    return rows;
}

const EndpointRow& row_of(Endpoint endpoint) {
    return rows[static_cast<std::size_t>(endpoint)];
}

std::optional<Route> find_route(std::string_view method, std::string_view path) {
    if (path.empty()) return std::nullopt;
    for (const auto& row : rows) {
        if (row.method != method) continue;
        if (row.g3_path == path) return Route{row.endpoint, Generation::G3};
        if (row.g4_path == path) return Route{row.endpoint, Generation::G4};
    }
    return std::nullopt;
}

}  // namespace janus::sim::webull
