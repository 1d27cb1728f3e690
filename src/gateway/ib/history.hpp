#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/ib/history_pacing.hpp"
#include "gateway/ib/instruments.hpp"
#include "gateway/ib/link.hpp"
#include "gateway/ib/wire/data_requests.hpp"
#include "gateway/ib/wire/messages.hpp"

namespace janus::ib {

/// Answers questions about the past: bars, and when they begin. Each question gets exactly one
/// answer, whatever happens. Questions wait in line for IB's pacing and for the details of their
/// instrument; one that must wait does not hold up the others.
class History {
 public:
    static constexpr std::size_t waiting_max = 200;
    static constexpr std::size_t under_way_max = 20;
    static constexpr Duration pacing_pause = std::chrono::seconds(60);

    History(const IbSettings& settings, Link& link, Instruments& instruments, RequestIds& ids,
            Output& output);

    void on_request(Now now, const gateway::RequestHistory& command);
    void on_request(Now now, const gateway::RequestHeadTimestamp& command);
    void on_cancel(gateway::HistoryId id);

    void on_data(wire::HistoricalData data);
    void on_end(const wire::HistoricalDataEnd& end);
    void on_head_timestamp(const wire::HeadTimestamp& head);
    /// True when the id is one of a question under way.
    bool on_error(Now now, const wire::ErrorMessage& error);

    /// Sends what may go now. Called when anything has happened.
    void send_waiting(Now now);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    /// Everything is answered as cancelled.
    void on_closed(const std::string& reason);

    /// Streams of bars count among the questions.
    HistoryPacing& pacing() { return pacing_; }

 private:
    enum class Kind { Bars, Head };
    static std::string_view kind_text(Kind kind) { return kind == Kind::Bars ? "bars" : "head"; }
    struct Question {
        gateway::HistoryId id;
        Kind kind{Kind::Bars};
        std::int64_t conid{0};
        wire::HistoryQuery query;
        Instant deadline;  ///< Once it is under way.
        std::vector<Bar> bars;
        bool has_data{false};
        bool unreadable{false};  ///< A bar could not be read: the answer would have a hole.
    };
    void ask(Now now, Question question);
    Instant free_at(const Question& question) const;
    void send(Now now, Question question);
    void take_bars(Question& question, const std::vector<wire::HistoricalBar>& rows);
    void complete(std::int64_t request);
    void answer(const Question& question, gateway::HistoryStatus status, std::string reason);
    void cancel_at_broker(const Question& question);
    Question take_under_way(std::int64_t request);

    const IbSettings& settings_;
    Link& link_;
    Instruments& instruments_;
    RequestIds& ids_;
    Output& output_;
    HistoryPacing pacing_;
    std::deque<Question> waiting_;
    std::map<std::int64_t, Question> under_way_;  ///< By request id.
};

/// What an error to such a question says; for some codes only its text tells.
gateway::HistoryStatus history_status_of(const wire::ErrorMessage& error);

/// What IB counts a question about this instrument as.
PacedQuestion paced_question_of(const wire::HistoryQuery& query, std::string_view kind);

}  // namespace janus::ib
