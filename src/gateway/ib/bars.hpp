#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ib/history_pacing.hpp"
#include "gateway/ib/instruments.hpp"
#include "gateway/ib/link.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// The wanted streams of 5-second bars. Each is requested once per connection, within the pacing of
/// history; one that IB breaks off is asked for again after a pause that grows. A refusal ends it.
class Bars {
 public:
    static constexpr std::size_t streams_max = 100;
    static constexpr Duration retry_first = std::chrono::seconds(15);
    static constexpr Duration retry_most = std::chrono::minutes(10);

    /// `pacing` is that of the questions about the past: IB counts both together.
    Bars(Link& link, Instruments& instruments, RequestIds& ids, HistoryPacing& pacing,
         Output& output);

    void on_subscribe(Now now, const gateway::SubscribeBars& command);
    void on_unsubscribe(SubscriptionId id);
    /// Requests everything that is wanted: after a connect, or when IB lost its subscriptions.
    void request_all(Now now);
    void on_bar(const wire::RealTimeBar& message);
    /// True when the id is one of a stream.
    bool on_error(Now now, const wire::ErrorMessage& error);

    /// Sends what may go now. Called when anything has happened.
    void send_waiting(Now now);
    std::optional<Instant> deadline() const;
    void on_closed();

 private:
    struct Stream {
        SubscriptionId id;
        std::int64_t conid{0};
        BarSource source{BarSource::Trades};
        BarHours hours{BarHours::All};
        std::int64_t request{0};  ///< 0 while it waits.
        Instant not_before;
        Duration pause{retry_first};
    };
    Stream* find_by_request(std::int64_t request);
    wire::Contract contract_of(const Stream& stream) const;
    PacedQuestion question_of(const Stream& stream) const;
    void send(Now now, Stream& stream);
    void end(SubscriptionId id, std::string reason);

    Link& link_;
    Instruments& instruments_;
    RequestIds& ids_;
    HistoryPacing& pacing_;
    Output& output_;
    std::map<SubscriptionId, Stream> streams_;
};

}  // namespace janus::ib
