#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "sim/ledger.hpp"
#include "sim/webull/endpoints.hpp"
#include "sim/webull/event_hub.hpp"
#include "sim/webull/http_call.hpp"
#include "sim/webull/order_queries.hpp"
#include "sim/webull/rate_limiter.hpp"
#include "sim/webull/reply_desk.hpp"
#include "sim/webull/token_book.hpp"
#include "sim/webull/trade_desk.hpp"

namespace janus::sim {

/// How the simulated Webull behaves without faults.
struct WebullServerSettings {
    Duration ping_interval{std::chrono::seconds(60)};
    std::size_t streams_max{5};  ///< Per app key.
    Duration clock_window{std::chrono::minutes(5)};
    bool token_check_enabled{false};
    Duration token_life{std::chrono::days(15)};
    bool rate_limits{true};                                 ///< The published ones.
    Duration cancel_delay{std::chrono::milliseconds(300)};  ///< From the request to the cancel.
};

/// Webull's REST and event servers as one pure machine over the simulated exchange. It shares no
/// code with the gateway, so that two independent readings of the protocol meet in every test.
/// The driver owns sockets and time: it hands calls and streams in, takes replies and outputs out
/// after every call, and hands every exchange event to `on_exchange`.
class WebullServer {
 public:
    /// `exchange` and `random` must outlive the server.
    WebullServer(Exchange& exchange, Random& random, WebullServerSettings settings);
    WebullServer(const WebullServer&) = delete;
    WebullServer& operator=(const WebullServer&) = delete;

    /// One call. Its reply comes from `take_replies`, perhaps later, perhaps never (fault
    /// `no_reply`).
    void on_http(Now now, HttpExchangeId id, const HttpCall& call);
    std::vector<HttpReply> take_replies();

    /// One subscription: metadata with lower-case names and the request bytes as received.
    void on_subscribe(Now now, StreamKey key, const std::map<std::string, std::string>& metadata,
                      const std::string& request);
    void on_stream_closed(Now now, StreamKey key);
    std::vector<StreamOutput> take_stream_outputs();

    void on_exchange(Now now, const ExchangeEvent& event);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    const Ledger& ledger() const { return ledger_; }
    /// Every fault there is, for the targets `webull` and `events`.
    static std::span<const FaultRow> faults();
    std::vector<FaultOrder> active_faults() const { return faults_.active(); }
    /// Errors: `NotFound`, `Invalid`.
    Result<void> set_fault(Now now, const FaultOrder& order);
    /// Places an order as if from the broker's own app; its reference is ignored.
    /// Errors: `NotFound` for an account that is not Webull's, `Rejected` by the exchange.
    Result<ExchangeOrderId> external_order(Now now, ExchangeOrder order);

 private:
    /// One call that was let in.
    struct Request {
        webull::Route route;
        const webull::Target& target;
        const HttpCall& call;
        std::string app_key;
    };
    using Body = webull::Answer<boost::json::value>;

    void handle(Now now, HttpExchangeId id, const HttpCall& call, const webull::Target& target,
                webull::Route route);
    void handle_late_calls(Now now);
    void apply_token_faults(Now now, const std::string& changed);
    std::optional<webull::Route> route_of(const HttpCall& call, const std::string& path) const;
    webull::Answer<std::string> admit(Now now, webull::Route route, const HttpCall& call,
                                      const webull::Target& target);
    bool swallow(Now now, HttpExchangeId id, const Request& request);
    Body answer(Now now, const Request& request);
    Body answer_token(Now now, const Request& request, const boost::json::object& body);
    Body answer_order(Now now, webull::Endpoint endpoint, const std::string& account,
                      const boost::json::object& body);
    Body answer_place(Now now, const std::string& account, const boost::json::object& body);
    Body answer_query(Now now, const Request& request);
    webull::Answer<std::string> account_of(const Request& request, std::string account) const;
    void note(Now now, webull::Endpoint endpoint, const HttpCall& call);
    bool tokens_needed(const std::string& app_key) const;
    std::string hidden_account() const;

    Exchange& exchange_;
    WebullServerSettings settings_;
    webull::FaultBook faults_;
    webull::Gatekeeper gatekeeper_;
    webull::RateLimiter limiter_;
    webull::TokenBook tokens_;
    webull::OrderShelf shelf_;
    webull::OrderQueries queries_;
    webull::EventHub hub_;
    webull::TradeDesk desk_;
    webull::ReplyDesk replies_;
    std::multimap<Instant, std::pair<HttpExchangeId, HttpCall>> late_calls_;
    Ledger ledger_;
};

}  // namespace janus::sim
