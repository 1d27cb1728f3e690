#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "gateway/command.hpp"

namespace janus::ib {

/// The steps of a fresh look at IB's books. Each has an end marker of its own.
enum class Stage {
    Positions,
    Contracts,
    Balances,
    OpenOrders,
    AllOpenOrders,
    CompletedOrders,
    Executions,
};

/// `positions`, `contracts`, ...
std::string_view to_text(Stage stage);

/// Everything, the orders alone, or only the list of those that are open.
enum class Extent { Everything, Orders, OpenOrders };

/// One look at the books, stage after stage. At most one is under way: most of IB's lists carry no
/// request id, so two at once could not be told apart.
struct Round {
    Extent extent{Extent::Everything};
    std::size_t at{0};
    Instant deadline;  ///< Of the current stage, in total, however slowly its bytes drip.
    std::int64_t request{0};
    bool summary_open{false};  ///< The account summary has not ended yet.
    bool says_stages{false};  ///< The gate's reason names them: the first download after a connect.
    bool unreadable{false};   ///< A message with orders in it could not be read.
    bool again{false};        ///< What was fetched may be stale: look once more before Ready.
    std::vector<gateway::QueryOrder> queries;

    std::span<const Stage> stages() const;
    Stage stage() const { return stages()[at]; }
};

/// What the next round is to do, gathered while one is under way.
struct Wanted {
    bool everything{false};
    bool orders{false};
    std::vector<gateway::QueryOrder> queries;
    Instant not_before;

    bool any() const { return everything || orders || !queries.empty(); }
};

/// Most lists of IB end with a marker that names no request. A marker ends a stage only when no
/// earlier request of its kind still owes one.
struct EndsDue {
    int positions{0};
    int open_orders{0};
    int completed_orders{0};
};

}  // namespace janus::ib
