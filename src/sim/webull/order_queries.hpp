#pragma once

#include <optional>
#include <string>

#include <boost/json/fwd.hpp>

#include "sim/webull/endpoints.hpp"
#include "sim/webull/fault_book.hpp"
#include "sim/webull/http_call.hpp"
#include "sim/webull/order_shelf.hpp"
#include "sim/webull/pages.hpp"
#include "sim/webull/refusal.hpp"
#include "sim/webull/reports.hpp"

namespace janus::sim::webull {

/// What the three order queries share.
struct OrderQuery {
    Generation generation;
    std::string account;
    const QueryParameters& parameters;
};

/// Answers open, history and detail from the shelf. Lists stand newest first.
class OrderQueries {
 public:
    OrderQueries(const Exchange& exchange, const OrderShelf& shelf, const FaultBook& faults)
        : exchange_(exchange), shelf_(shelf), faults_(faults) {}

    Answer<boost::json::value> open(const OrderQuery& query) const;
    Answer<boost::json::value> history(Now now, const OrderQuery& query) const;
    Answer<boost::json::value> detail(const OrderQuery& query) const;

    /// A list as its generation shows it: bare, or in `data` with the key of the next page.
    boost::json::value list_of(Generation generation, boost::json::array rows,
                               const std::optional<std::string>& next_key) const;

 private:
    Answer<PageRequest> page_request(const OrderQuery& query) const;
    const ExchangeOrder* find_past(Now now, const OrderRecord& record) const;
    RowStyle row_style() const;

    const Exchange& exchange_;
    const OrderShelf& shelf_;
    const FaultBook& faults_;
};

}  // namespace janus::sim::webull
