#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "sim/webull/webull_server.hpp"
#include "webull/trade_event.pb.h"

namespace janus::sim {

/// A client of the simulated Webull for tests: signs calls, moves the clock, reads answers.
class TestClient {
 public:
    struct Reply {
        int status{0};
        boost::json::value body;  ///< Null when the text was no JSON.
        std::string text;
        bool dropped{false};
        std::string header(std::string_view name) const;
        std::vector<std::pair<std::string, std::string>> headers;
        /// A member of the body as text; empty when it is not there.
        std::string operator[](std::string_view name) const;
    };

    explicit TestClient(WebullServerSettings settings = {.rate_limits = false},
                        Scenario scenario = quiet_scenario());

    /// The default scenario with prices that stand still.
    static Scenario quiet_scenario();

    /// Sends one signed call; nothing when no reply has come yet.
    std::optional<Reply> call(const std::string& method, const std::string& target,
                              const std::string& body = "",
                              std::map<std::string, std::string> extra = {});
    Reply get(const std::string& target) { return call("GET", target).value(); }
    Reply post(const std::string& target, const std::string& body) {
        return call("POST", target, body).value();
    }
    /// A signed call that is not sent; tests spoil it.
    HttpCall signed_call(const std::string& method, const std::string& target,
                         const std::string& body = "");
    std::optional<Reply> send(const HttpCall& call);
    /// A reply that came late.
    std::optional<Reply> take_late();

    /// Places a plain order of the first account; `price` empty for a market order.
    Reply place(const std::string& client_order_id, const std::string& side,
                const std::string& symbol, const std::string& quantity, const std::string& price);
    static std::string order_body(const std::string& client_order_id, const std::string& side,
                                  const std::string& symbol, const std::string& quantity,
                                  const std::string& price);
    std::string status_of(const std::string& client_order_id);

    /// Opens a stream for both accounts with the given bits; returns its key.
    StreamKey subscribe(std::uint32_t type = 1);
    /// What came on the stream since the last call.
    std::vector<::grpc::trade::event::SubscribeResponse> take_messages(StreamKey key);
    /// The order events among them, as JSON.
    std::vector<boost::json::object> take_events(StreamKey key);
    /// The status with which a stream was ended.
    std::optional<int> end_of(StreamKey key);

    /// Moves the time in steps of 50 ms and carries the exchange's events over.
    void advance(Duration span);
    void fault(const std::string& target, const std::string& name,
               std::map<std::string, std::string> parameters = {}, bool enabled = true);

    Now now{.mono = {std::chrono::hours(1)}, .utc = {std::chrono::seconds(1'773'066'605)}};
    std::string app_key{"demo-key"};
    std::string secret{"demo-secret"};
    std::string algorithm{"HMAC-SHA256"};
    std::string account{"WBSIM0000000001"};
    Exchange exchange;
    Random random{7};
    WebullServer server;

 private:
    void pump();
    std::map<std::string, std::string> signed_metadata(const std::string& request);
    Reply reply_of(const HttpReply& reply) const;

    std::uint64_t last_exchange_{0};
    std::uint64_t last_nonce_{0};
    std::uint64_t last_stream_{0};
    std::vector<StreamOutput> outputs_;
};

/// A member of a JSON object as text.
std::string text_in(const boost::json::object& object, std::string_view name);
/// The rows of a list, bare or wrapped.
const boost::json::array& rows_of(const boost::json::value& body);

}  // namespace janus::sim
