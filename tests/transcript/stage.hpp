#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "gateway/ib/ib_gateway.hpp"
#include "heard.hpp"
#include "layouts.hpp"
#include "script.hpp"

namespace janus::transcript {

/// Cuts the bytes of one message into the pieces in which they arrive.
using Cutter = std::function<std::vector<std::string>(const std::string&)>;

/// One gateway, the broker of a transcript before it, and a clock: performs inputs, keeps what the
/// gateway sends and says, and compares it with what is expected.
class Stage {
 public:
    /// `layouts` and `script` must outlive the stage.
    Stage(const Layouts& layouts, const Script& script, int version);
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    void deliver_by(Cutter cutter) { cutter_ = std::move(cutter); }

    /// Errors: `Malformed` for an input that is not understood.
    Result<void> perform(const Input& input);
    /// Compares what followed from a step with what the step expects, binds variables, and forgets
    /// it. Errors: `Invalid`, saying what was expected and what was found.
    Result<void> check(const Step& step) {
        return heard_.check(step, version_, gateway_->counters());
    }
    /// The same for messages alone: for recording what is said.
    Result<void> check_messages(const Step& step) { return heard_.check_messages(step, version_); }

    /// The bytes of a message of the broker; nothing when the input is something else.
    Result<std::optional<std::string>> bytes_of(const Input& input) const;
    void feed(const std::string& bytes);
    /// The broker or the network ends the connection, if there is one.
    void cut(const std::string& reason);
    /// Destroys the gateway and starts another that knows only what a journal holds.
    Result<void> drop();
    /// A polite broker answers everything until every account is Ready.
    /// Errors: when that takes longer than virtual `recovery_max`.
    Result<void> recover();
    /// Places one order of its own and sees it leave, under a number that none has had.
    Result<void> prove_alive();

    /// What was said since the last check, as lines.
    const std::vector<std::string>& said() const { return heard_.said; }
    const Audit& audit() const { return audit_; }
    bool is_started() const { return started_; }
    /// The ids of all messages that the broker has sent.
    const std::map<std::string, int>& ids_fed() const { return ids_fed_; }

 private:
    void open_gateway();
    ib::IbSettings settings() const;
    AccountName first_account() const;
    std::string account_codes() const;

    Result<void> on_do(const Input& input);
    Result<void> on_broker(const Input& input);
    Result<void> on_wait(const Input& input);
    Result<void> on_cut(const Input& input);
    Result<void> on_accept(const Input& input);
    Result<void> on_ready(const Input& input);
    Result<void> on_answer(const Input& input);
    Result<void> on_idle(const Input& input);
    Result<void> on_drop(const Input& input);

    Result<void> place(const Line& line);
    Result<void> place_again(const Line& line);
    Result<void> modify(const Line& line);
    Result<void> preview(const Line& line);
    Result<void> cancel_or_query(const Line& line);
    void command(const gateway::Command& command);
    Result<Line> filled_in(const Line& line) const;

    void take();
    void take_effect(const io::Effect& effect);
    void take_bytes(std::string_view bytes);
    void note_sent(Line line, std::string text);
    void say(std::string text);
    void move_to(Instant at);
    void wait(Duration span);
    bool wait_for_connect(Duration span);
    bool all_ready() const;

    Result<void> answer_all();
    Result<void> answer(const Line& request);
    Result<void> reply(const Line& line, const Variables& variables);
    Result<void> describe(const Line& request, const Variables& variables);

    const Layouts& layouts_;
    const Script& script_;
    int version_;
    Heard heard_;
    Cutter cutter_;
    Now now_{{std::chrono::seconds(100)}, {std::chrono::seconds(1'767'623'400)}};
    std::unique_ptr<Random> random_;
    std::unique_ptr<ib::IbGateway> gateway_;
    io::ChannelId channel_;
    bool open_{false};
    bool accepted_{false};
    bool started_{false};
    int connects_{0};
    std::map<std::string, gateway::Gate> gates_;
    std::vector<std::string> holdings_;
    std::map<std::uint64_t, gateway::PlaceOrder> orders_;
    std::deque<Line> unanswered_;
    Audit audit_;
    std::map<std::string, int> ids_fed_;
};

}  // namespace janus::transcript
