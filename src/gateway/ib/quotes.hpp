#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ib/instruments.hpp"
#include "gateway/ib/link.hpp"
#include "gateway/ib/wire/error_codes.hpp"
#include "gateway/ib/wire/messages.hpp"
#include "gateway/ib/wire/tick_types.hpp"

namespace janus::ib {

/// The wanted tick subscriptions. Each is requested once per connection, and once more under a
/// fresh id when IB has lost its data; ticks for ids that were given up are counted and dropped.
/// What IB takes away for a while is asked for again after pauses that grow.
class Quotes {
 public:
    static constexpr Duration retry_first = std::chrono::seconds(60);
    static constexpr Duration retry_most = std::chrono::minutes(10);

    Quotes(Link& link, Instruments& instruments, Output& output);

    void on_subscribe(Now now, const gateway::SubscribeTicks& command);
    void on_unsubscribe(Now now, SubscriptionId subscription);

    /// Requests everything that is wanted: after a connect, or when IB lost its subscriptions.
    void request_all(Now now);
    /// The details of a conid are there, or could not be had.
    void on_settled(Now now, std::int64_t conid);
    void on_closed();

    void on_tick(const wire::TickMessage& tick);
    void on_market_data_type(const wire::MarketDataType& kind);
    /// True when the id is one of a subscription, living or given up.
    bool on_error(Now now, const wire::ErrorMessage& error);
    /// A data farm was lost or is back: the quality of its symbols follows, and of no others.
    void on_farm_lost(std::string_view farm, const std::string& reason);
    void on_farm_back(std::string_view farm);

    void on_timeout(Now now);
    std::optional<Instant> deadline() const { return retry_due_; }

 private:
    enum class Step { Idle, NeedsDetails, Requested, Refused };
    struct Subscription {
        SubscriptionId id;
        std::int64_t conid{0};
        Step step{Step::Idle};
        std::int64_t request{0};
        std::int64_t refused_by{0};  ///< The error code.
        std::optional<DataQuality> quality;
        std::string reason;
        std::string lost_farm;               ///< Whose loss took the quality away.
        std::optional<DataQuality> earlier;  ///< The quality before that.
        bool plain{false};                   ///< IB refused the generic ticks for it.
        std::optional<Instant> retry_at;
        Duration pause{retry_first};
    };

    void request(Now now, Subscription& subscription);
    void give_up(Subscription& subscription);
    void retry_one_refused_for_lines(Now now);
    std::size_t lines_used() const;
    void plan_retry(Now now, Subscription& subscription, std::int64_t code);
    void retry(Now now, Subscription& subscription);
    void refuse(Now now, Subscription& subscription, const wire::ErrorMessage& error);
    Subscription* find_by_request(std::int64_t request);
    void set_quality(Subscription& subscription, DataQuality quality, std::string reason);
    void note_flow(Subscription& subscription, bool delayed);
    void on_price(Subscription& subscription, const wire::TickRow& row,
                  const wire::TickMessage& tick);
    void push(const Subscription& subscription, TickField field,
              const std::optional<Decimal>& value);

    Link& link_;
    Instruments& instruments_;
    Output& output_;
    std::map<SubscriptionId, Subscription> wanted_;
    /// Index: request id - tick_id_min. Nothing for ids that were given up.
    std::vector<Subscription*> by_request_;
    /// Not after the first retry; asked for after every read, so it is no search.
    std::optional<Instant> retry_due_;
};

}  // namespace janus::ib
