#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "gateway/command.hpp"
#include "gateway/io.hpp"
#include "gateway/webull/outbox.hpp"
#include "gateway/webull/settings.hpp"
#include "gateway/webull/timing.hpp"
#include "gateway/webull/wire/json.hpp"
#include "gateway/webull/wire/paths.hpp"
#include "gateway/webull/wire/signature.hpp"

namespace janus::webull {

/// What a request was made for; comes back with its answer.
struct Ticket {
    wire::Call call{wire::Call::Config};
    std::size_t account{0};  ///< Index in the settings.
    std::uint32_t run{0};    ///< The read it belongs to; answers of earlier reads are dropped.
    OrderId order;           ///< 0 when the core has not asked.
    ClientOrderId client_order_id;
    gateway::LookupId lookup;
    gateway::PreviewId preview;
};

/// What a place adds to a batch.
struct BatchPart {
    std::string account_id;
    std::string order;  ///< JSON.
};

struct Request {
    Ticket ticket;
    std::vector<wire::Parameter> query;
    std::optional<std::string> body;
    std::string category;                 ///< Header of a place.
    std::optional<Instant> send_before;   ///< Later it is not sent any more.
    int attempts_max{3};                  ///< Of a call that may be repeated.
    std::optional<BatchPart> batch_part;  ///< Of a place that may go together with others.
    std::vector<Ticket> members;          ///< Of a batch: its places, each with an answer.
};

/// HTTP statuses that mean the same for every call.
inline constexpr int unauthorized = 401;
inline constexpr int too_many_requests = 429;

/// How an exchange ended.
enum class Outcome {
    Good,        ///< 2xx with a JSON body.
    Refused,     ///< Any other status.
    Unreadable,  ///< 2xx with a body that is no JSON.
    NotSent,     ///< Proven: no byte of it left.
    Lost,        ///< It may have arrived; the reply did not.
};

struct Answer {
    Ticket ticket;
    Outcome outcome{Outcome::Lost};
    int status{0};
    wire::Json body;
    std::string code;     ///< `error_code` of a refusal.
    std::string message;  ///< What went wrong, for a person.
    /// `417 OPENAPI_PARAM_ERR: text` or the reason of the failure.
    std::string reason() const;
};

/// Signs, paces, sends and repeats the REST calls of one app key. A call that must not be said
/// twice (a place, a replace) is sent at most once, whatever happens. Lives in the gateway.
class RestClient {
 public:
    static constexpr std::size_t queue_max = 2'000;  ///< More is answered NotSent at once.
    static constexpr std::size_t cancel_reserve = 500;

    RestClient(const WebullSettings& settings, Outbox& out, Random& random);

    void submit(Now now, Request request);
    /// Forgets a question for an order's detail that has not left yet. False when there is none.
    bool withdraw_detail(std::size_t account, const ClientOrderId& client_order_id);
    void on_response(Now now, const io::HttpResponse& response);
    void on_failed(Now now, const io::HttpFailed& failed);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    std::vector<Answer> take_answers() { return std::exchange(answers_, {}); }

    wire::Generation generation() const { return generation_; }
    void set_generation(wire::Generation generation) { generation_ = generation; }
    void set_token(std::optional<Secret> token) { token_ = std::move(token); }
    const wire::SigningKey& key() const { return key_; }
    /// The nonce and the time of one signature. No nonce is used twice.
    wire::Stamp next_stamp(Now now);

    /// Server clock minus ours, as the header `Date` last said (whole seconds).
    std::optional<Duration> clock_skew() const { return clock_skew_; }
    /// True when our clock is so far off that signatures are refused.
    bool clock_is_off() const;
    /// `clock_skew: ...`, with how far and which way it is off, for people.
    std::string clock_trouble() const;

    /// The account cannot take orders any more: places and replaces that wait are answered
    /// NotSent.
    void drop_places(std::size_t account, const std::string& reason);
    /// Nothing more is sent: what waits is answered NotSent, reads in flight are forgotten.
    void stop();
    bool places_in_flight() const;
    /// Gives up on the replies that are still missing: each is answered Lost.
    void abandon();

 private:
    struct Waiting {
        Request request;
        int attempts{0};
        Instant not_before{};
        bool may_have_arrived{false};  ///< An earlier attempt.
    };
    struct Flying {
        Waiting waiting;
        Instant lost_at;
    };

    void pump(Now now);
    void pump_call(Now now, wire::Call call);
    Waiting with_companions(Now now, Waiting first, std::deque<Waiting>& queue);
    void send(Now now, Waiting waiting);
    void tell(const Request& request, Answer answer);
    std::vector<io::Header> headers_of(const Request& request, const wire::Stamp& stamp,
                                       const std::string& path) const;
    void obey(Now now, wire::Call call, const io::HttpResponse& response);
    void finish(Now now, Waiting waiting, Answer answer);
    void measure_clock(Now now, const std::vector<io::Header>& headers);
    std::optional<Waiting> take_flying(io::HttpId id);
    RateBudget& budget_of(wire::Call call);

    const WebullSettings& settings_;
    Outbox& out_;
    Random& random_;
    wire::SigningKey key_;
    wire::Generation generation_{wire::Generation::G4};
    std::optional<Secret> token_;
    std::string nonce_prefix_;
    std::uint64_t nonce_count_{0};
    std::uint32_t last_id_{0};
    std::map<wire::Call, RateBudget> budgets_;
    std::map<wire::Call, std::deque<Waiting>> waiting_;
    std::map<wire::Call, int> throttles_;  ///< 429s in a row.
    std::size_t waiting_count_{0};
    std::map<io::HttpId, Flying> flying_;
    std::vector<Answer> answers_;
    std::optional<Duration> clock_skew_;
    bool skew_alarmed_{false};
    bool batches_{false};  ///< Until they are refused.
    bool stopped_{false};
};

}  // namespace janus::webull
