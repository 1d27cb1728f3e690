#pragma once

#include <map>
#include <optional>
#include <string>

#include "sim/ib/context.hpp"

namespace janus::sim::ib {

/// Streaming prices: ticks, tick-by-tick and five-second bars, with the permission faults.
class MarketDesk {
 public:
    explicit MarketDesk(Context& context) : context_(context) {}

    void on_market_data(Now now, Session& session, FieldCursor& in);
    void on_cancel_market_data(Now now, Session& session, FieldCursor& in);
    void on_market_data_type(Now now, Session& session, FieldCursor& in);
    void on_tick_by_tick(Now now, Session& session, FieldCursor& in);
    void on_cancel_tick_by_tick(Now now, Session& session, FieldCursor& in);
    void on_bars(Now now, Session& session, FieldCursor& in);
    void on_cancel_bars(Now now, Session& session, FieldCursor& in);

    void on_quote(Now now, const std::string& symbol);
    /// Permission faults were switched: feeds change their type, end, or come back.
    void on_permissions_changed(Now now);
    /// Prices can flow again, or look different: every feed is told in full.
    void refresh(Now now);
    /// Every subscription is gone, as after 1101.
    void drop_feeds();
    void on_timeout(Now now);
    std::optional<Instant> deadline() const { return next_bar_; }

 private:
    bool check_subscription(Now now, const Session& session, RequestId id);
    std::optional<ContractRow> find_row(Now now, const Session& session, RequestId id,
                                        const ContractQuery& query);
    bool is_silent(const Session& session, const Feed& feed) const;
    bool settle_type(Now now, const Session& session, RequestId id, Feed& feed);
    SimQuote shown_quote_of(const Feed& feed) const;
    void send_ticks(Now now, const Session& session, RequestId id, Feed& feed);
    void send_tick_by_tick(Now now, const Session& session, RequestId id, Feed& feed);
    void send_bar(Now now, const Session& session, RequestId id, Feed& feed);
    void update(Now now, const Session& session, RequestId id, Feed& feed);

    /// Open, high and low of a symbol since the simulator saw its first price.
    struct Day {
        Price open, high, low;
    };
    const Day& day_of(const std::string& symbol);
    void send_day(const Session& session, RequestId id, Feed& feed);
    void send_states(Now now, const Session& session, RequestId id, const Feed& feed);
    void send_running_bar(Now now, const Session& session, RequestId id, Feed& feed);

    Context& context_;
    std::map<std::string, Day> days_;
    std::optional<Instant> next_bar_;
};

}  // namespace janus::sim::ib
