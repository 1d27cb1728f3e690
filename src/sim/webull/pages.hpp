#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/webull/endpoints.hpp"
#include "sim/webull/http_call.hpp"
#include "sim/webull/order_shelf.hpp"
#include "sim/webull/refusal.hpp"

namespace janus::sim::webull {

/// Which part of a list of orders a client asks for.
struct PageRequest {
    std::size_t size{10};
    std::uint64_t below{0};  ///< Only records with a lower sequence; 0 for all.
};

/// One page, and the key of the next one; nothing on the last page.
struct Page {
    std::vector<const OrderRecord*> records;
    std::optional<std::string> next_key;
};

/// Reads page size and cursor: `last_client_order_id` in the older generation, `pagination_key` in
/// the newer one.
/// Errors: 417 `PARAM_ERR` for a bad size or key, `ORDER_NOT_FOUND` for a cursor that is no order.
Answer<PageRequest> read_page_request(Generation generation, const QueryParameters& query,
                                      const OrderShelf& shelf, const std::string& account);

/// Cuts a page out of records that stand newest first.
Page page_of(std::span<const OrderRecord* const> records, const PageRequest& request);

/// The span of placing times that a history query asks for, by default the last seven days.
struct HistoryRange {
    Utc from;
    Utc until;  ///< Exclusive.
};

/// Reads `start_date`/`end_date` (US/Eastern days, both or neither, at most two years back) in the
/// older generation, `start_time`/`end_time` (at most six months apart) in the newer one.
/// Errors: 417 `PARAM_ERR`.
Answer<HistoryRange> read_history_range(Now now, Generation generation,
                                        const QueryParameters& query);

/// How far US/Eastern is behind UTC at this time, by the rule in force since 2007.
Duration eastern_offset_at(Utc at);

}  // namespace janus::sim::webull
