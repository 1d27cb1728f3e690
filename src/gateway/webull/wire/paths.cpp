#include "gateway/webull/wire/paths.hpp"

#include <algorithm>
#include <array>

namespace janus::webull::wire {
namespace {

using namespace std::chrono_literals;

// Source: reference 3.1. Limits count per app key and per endpoint, so cancels never wait for
// places: their budget of their own is their reserve.
// clang-format off
constexpr auto calls = std::to_array<CallRow>({
    {Call::Config, "config", "GET",
     "/openapi/config", "/openapi/config",
     2, 4s, 10, 30s, Repeat::Safe},
    {Call::TokenCreate, "token create", "POST",
     "/openapi/auth/token/create", "/openapi/auth/token/create",
     2, 4s, 10, 30s, Repeat::Safe},
    {Call::TokenCheck, "token check", "POST",
     "/openapi/auth/token/check", "/openapi/auth/token/check",
     2, 4s, 10, 30s, Repeat::Safe},
    {Call::TokenRefresh, "token refresh", "POST",
     "/openapi/auth/token/refresh", "/openapi/auth/token/refresh",
     2, 4s, 10, 30s, Repeat::Safe},
    {Call::AccountList, "account list", "GET",
     "/openapi/account/list", "/trading/accounts/list",
     3, 4500ms, 10, 30s, Repeat::Safe},
    {Call::Balance, "balance", "GET",
     "/openapi/assets/balance", "/trading/assets/balances/get",
     1, 1100ms, 2, 2s, Repeat::Safe},
    {Call::Positions, "positions", "GET",
     "/openapi/assets/positions", "/trading/assets/positions/list",
     1, 1100ms, 2, 2s, Repeat::Safe},
    {Call::Instruments, "instruments", "GET",
     "/openapi/instrument/stock/list", "/trading/instruments/stocks/profiles/list",
     10, 1250ms, 60, 60s, Repeat::Safe},
    {Call::Preview, "preview", "POST",
     "/openapi/trade/order/preview", "/trading/orders/preview",
     10, 100ms, 150, 10s, Repeat::Safe},
    {Call::Place, "place", "POST",
     "/openapi/trade/order/place", "/trading/orders/place",
     20, 125ms, 600, 60s, Repeat::Never},
    // 600 a minute in one source, 150 in another.
    {Call::BatchPlace, "batch place", "POST",
     "/openapi/trade/order/batch-place", "/trading/orders/batch-place",
     15, 450ms, 150, 60s, Repeat::Never},
    {Call::Replace, "replace", "POST",
     "/openapi/trade/order/replace", "/trading/orders/replace",
     20, 125ms, 600, 60s, Repeat::Never},
    {Call::Cancel, "cancel", "POST",
     "/openapi/trade/order/cancel", "/trading/orders/cancel",
     20, 125ms, 600, 60s, Repeat::Safe},
    {Call::OpenOrders, "open orders", "GET",
     "/openapi/trade/order/open", "/trading/orders/open-orders/list",
     1, 1100ms, 2, 2s, Repeat::Safe},
    {Call::History, "history", "GET",
     "/openapi/trade/order/history", "/trading/orders/historical-orders/list",
     1, 1100ms, 2, 2s, Repeat::Safe},
    {Call::Detail, "order detail", "GET",
     "/openapi/trade/order/detail", "/trading/orders/get",
     1, 1100ms, 2, 2s, Repeat::Safe},
});
// clang-format on

constexpr bool rows_follow_the_enum() {
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (calls[i].call != static_cast<Call>(i)) return false;
    return true;
}
static_assert(rows_follow_the_enum());
static_assert(std::ranges::all_of(calls, [](const CallRow& row) {
    return row.burst + row.window / row.refill <= row.limit;
}));
static_assert(std::ranges::count(calls, Repeat::Never, &CallRow::repeat) == 3);

}  // namespace

std::string_view to_text(Generation generation) {
    return generation == Generation::G3 ? "g3" : "g4";
}

std::string_view version_of(Generation generation) {
    return generation == Generation::G3 ? "v2" : "v3";
}

const CallRow& row_of(Call call) {
    return calls[static_cast<std::size_t>(call)];
}

std::string_view path_of(Call call, Generation generation) {
    return generation == Generation::G3 ? row_of(call).g3 : row_of(call).g4;
}

}  // namespace janus::webull::wire
