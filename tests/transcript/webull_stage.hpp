#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "gateway/webull/webull_gateway.hpp"
#include "heard.hpp"
#include "script.hpp"
#include "webull_bodies.hpp"

namespace janus::transcript {

/// Webull's gateway, the broker of a transcript before it, and a clock: performs inputs, keeps what
/// the gateway asks and says, and compares it with what is expected.
class WebullStage {
 public:
    /// `bodies` must outlive the stage.
    explicit WebullStage(const Bodies& bodies);
    WebullStage(const WebullStage&) = delete;
    WebullStage& operator=(const WebullStage&) = delete;

    /// Errors: `Malformed` for an input that is not understood, or answers what nobody has asked.
    Result<void> perform(const Input& input);
    Result<void> check(const Step& step) { return heard_.check(step, 0, gateway_->counters()); }
    Result<void> check_messages(const Step& step) { return heard_.check_messages(step, 0); }

    /// The body that an input answers with; nothing when the input is something else.
    Result<std::optional<std::string>> body_of(const Input& input) const;
    /// The same answer with only the first `size` bytes of its body.
    Result<void> answer_cut(const Input& input, std::size_t size);
    /// Every request that is open fails after it was sent, and the stream ends with this code.
    void cut(int code);
    /// Destroys the gateway and starts another.
    void drop();
    /// A polite broker answers everything until the account is Ready and the stream lives.
    /// Errors: when that takes longer than virtual `recovery_max`.
    Result<void> recover();
    /// Places one order of its own and sees it leave.
    Result<void> prove_alive();

    const std::vector<std::string>& said() const { return heard_.said; }
    const Audit& audit() const { return audit_; }
    bool is_started() const { return started_; }
    /// Endpoints that were answered and scenes that were told, by how often.
    const std::map<std::string, int>& met() const { return met_; }

 private:
    inline static const AccountName account{"webull_main"};

    struct Open {
        io::HttpId id;
        std::string endpoint;
        std::vector<std::string> clients;  ///< The client order ids that it is about.
    };
    /// Whether a request brings new orders, one or many.
    static bool places_orders(const Open& open) {
        return open.endpoint == "place" || open.endpoint == "batch_place";
    }

    void open_gateway();
    void begin();
    Result<void> on_do(const Input& input);
    Result<void> on_answer(const Input& input);
    Result<void> on_fail(const Input& input);
    Result<void> on_event(const Input& input);
    Result<void> on_control(const Input& input);
    Result<void> on_stream_end(const Input& input);
    Result<void> on_wait(const Input& input);
    Result<void> on_ready(const Input& input);
    Result<void> on_polite(const Input& input);
    Result<void> on_drop(const Input& input);
    Result<void> place(const Line& line);
    Result<void> change_or_ask(const Line& line);
    Result<void> preview(const Line& line);

    Result<Open> take_open(const std::string& endpoint);
    void respond(const Open& open, int status, std::string body, const Line& line);
    static std::string batch_receipts(const std::vector<std::string>& clients);
    Result<void> answer_politely();
    void tell(const webull::wire::SubscribeResponse& response);
    void command(const gateway::Command& what);
    void take();
    void note_request(const io::HttpRequest& request);
    void move_to(Instant at);
    void wait(Duration span);
    bool is_settled() const;

    const Bodies& bodies_;
    Heard heard_;
    Now now_{{std::chrono::seconds(1000)}, {std::chrono::seconds(1'773'066'605)}};
    std::unique_ptr<Random> random_;
    std::unique_ptr<webull::WebullGateway> gateway_;
    std::deque<Open> open_;
    std::optional<io::StreamId> stream_;
    bool stream_greeted_{false};
    bool started_{false};
    bool events_wanted_{false};
    std::string gate_;
    std::string stream_state_;
    std::map<std::uint64_t, gateway::PlaceOrder> orders_;
    Audit audit_;
    std::map<std::string, int> met_;
};

}  // namespace janus::transcript
