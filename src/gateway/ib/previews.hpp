#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "gateway/ib/output.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// Questions what an order would do to its account. Each has an order number of its own, which
/// never becomes an order: IB answers with one openOrder that says "what if", or with an error for
/// that number. Every question gets exactly one answer.
class Previews {
 public:
    static constexpr std::size_t waiting_max = 100;
    static constexpr Duration answer_wait = std::chrono::seconds(10);

    explicit Previews(Output& output) : output_(output) {}

    /// Takes a question that is to be sent; its time counts from here.
    void add(Now now, const gateway::PreviewOrder& command);
    /// The questions that have not been sent, in their order.
    std::deque<gateway::PreviewOrder>& waiting() { return waiting_; }
    const std::deque<gateway::PreviewOrder>& waiting() const { return waiting_; }
    void on_sent(Now now, const gateway::PreviewOrder& command);
    /// Answers a question that was not sent or gets no other answer.
    void fail_one(gateway::PreviewId preview, std::string reason);

    /// An openOrder that says "what if". False when nobody asked.
    bool on_answer(const wire::OrderRow& row);
    /// False when the error is for no question of ours.
    bool on_error(const wire::ErrorMessage& error);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    /// Everything that is open gets its answer now.
    void on_closed(const std::string& reason);

 private:
    struct Question {
        gateway::PreviewId preview;
        Instant deadline;
        std::string notices;  ///< What IB said of the order besides.
    };
    void answer(std::int64_t number, Result<gateway::OrderPreview> outcome);

    Output& output_;
    std::deque<gateway::PreviewOrder> waiting_;
    std::map<gateway::PreviewId, Instant> waiting_until_;
    std::map<std::int64_t, Question> asked_;  ///< By order number.
};

}  // namespace janus::ib
