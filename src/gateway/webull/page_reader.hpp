#pragma once

#include <set>
#include <string>
#include <vector>

#include "gateway/webull/rest_client.hpp"
#include "gateway/webull/wire/account_rows.hpp"

namespace janus::webull {

/// Reads the pages of one list to its end. A page that cannot be read fails the whole list: a
/// shorter list would look like cancelled orders or sold holdings. Source: reference 3.2.
class PageReader {
 public:
    static constexpr int pages_max = 300;
    static constexpr int page_size = 100;
    static constexpr std::size_t page_size_min = 10;  ///< No server page is shorter, but the last.

    explicit PageReader(wire::Generation generation) : generation_(generation) {}

    /// The query parameters of the next page.
    std::vector<wire::Parameter> cursor() const;
    /// Takes the groups of a page of orders. True when more pages follow.
    Result<bool> take_orders(const wire::Json& body);
    /// Takes the rows of a page of positions. True when more pages follow.
    Result<bool> take_positions(const wire::Json& body, const AccountName& account, Utc at);

    std::vector<wire::OrderRow>& orders() { return orders_; }
    std::vector<Position>& positions() { return positions_; }
    /// Pages that only repeated what was there: the cursor of the broker does not move.
    int repeats() const { return repeats_; }

 private:
    bool more(const wire::Page& page, const std::string& last_id, bool something_new);

    wire::Generation generation_;
    std::string key_;
    std::string last_client_order_id_;
    std::set<std::string> seen_;
    int pages_{0};
    int repeats_{0};
    std::vector<wire::OrderRow> orders_;
    std::vector<Position> positions_;
};

}  // namespace janus::webull
