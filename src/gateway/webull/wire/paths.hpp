#pragma once

#include <chrono>
#include <string_view>

#include "base/time.hpp"

namespace janus::webull::wire {

/// The generations of Webull's URLs that Janus speaks.
enum class Generation { G3, G4 };
std::string_view to_text(Generation generation);     ///< `g3`, `g4`
std::string_view version_of(Generation generation);  ///< The header `x-version`: `v2`, `v3`.

/// Every REST call that Janus makes.
enum class Call {
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
    OpenOrders,
    History,
    Detail,
};

/// What may happen to a request whose answer did not come or was a server error.
enum class Repeat {
    Never,  ///< Places and a replace: at most once on the wire, whatever happens.
    Safe,   ///< Reads, and what changes nothing when it is said twice (cancel).
};

/// One call: where it goes, how often it may be made, and whether it may be repeated.
/// `burst` and `refill` are the key's budget, chosen so that no window of the published limit is
/// ever exceeded: burst + window / refill <= limit.
struct CallRow {
    Call call;
    std::string_view name;
    std::string_view method;
    std::string_view g3;
    std::string_view g4;
    int burst;
    Duration refill;
    int limit;        ///< Published: so many ...
    Duration window;  ///< ... in this time.
    Repeat repeat;
};
const CallRow& row_of(Call call);
std::string_view path_of(Call call, Generation generation);

}  // namespace janus::webull::wire
