#include "gateway/ib/history.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/times.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib {
namespace {

using gateway::HistoryStatus;

/// What the text of an error says: IB has one code for many things here.
struct TextRow {
    std::string_view part;
    HistoryStatus status;
};
constexpr auto texts = std::to_array<TextRow>({
    {"pacing violation", HistoryStatus::Busy     },
    {"Pacing violation", HistoryStatus::Busy     },
    {"no data",          HistoryStatus::NoData   },
    {"No data",          HistoryStatus::NoData   },
    {"query cancelled",  HistoryStatus::Cancelled},
});
constexpr std::int64_t historical_service = 162;
constexpr std::int64_t pacing_or_permission = 420;

/// Bars carry the seconds since 1970, or the date where they are of a day and more.
std::optional<Utc> find_start(std::string_view date) {
    constexpr std::size_t date_size = 8;
    return date.size() == date_size ? wire::find_date(date) : wire::find_moment(date);
}

/// Rising by start, each start once.
bool is_in_order(const std::vector<Bar>& bars) {
    return std::ranges::adjacent_find(bars, std::ranges::greater_equal(), &Bar::start) ==
           bars.end();
}

}  // namespace

HistoryStatus history_status_of(const wire::ErrorMessage& error) {
    if (error.code != historical_service && error.code != pacing_or_permission)
        return HistoryStatus::Failed;
    const auto* row = std::ranges::find_if(
        texts, [&](const TextRow& text) { return error.text.contains(text.part); });
    return row != texts.end() ? row->status : HistoryStatus::Failed;
}

PacedQuestion paced_question_of(const wire::HistoryQuery& query, std::string_view kind) {
    const auto instrument = fmt::format("{} {} {}", query.contract.conid, query.contract.exchange,
                                        wire::to_word(query.source));
    const auto end = query.end ? wire::dashed_text(*query.end) : std::string("now");
    return {fmt::format("{} {} {} {} {} {}", kind, instrument, wire::to_word(query.size), end,
                        wire::duration_text(query.span), static_cast<int>(query.hours)),
            instrument, query.source == BarSource::BidAsk ? 2U : 1U,
            query.size <= BarSize::Seconds30};
}

History::History(const IbSettings& settings, Link& link, Instruments& instruments, RequestIds& ids,
                 Output& output)
    : settings_(settings), link_(link), instruments_(instruments), ids_(ids), output_(output) {}

void History::on_request(Now now, const gateway::RequestHistory& command) {
    Question question;
    question.id = command.request;
    question.conid = conid_of(command.native_id);
    question.query = {0,           {},          command.size, command.source, command.hours,
                      command.end, command.span};
    ask(now, std::move(question));
}

void History::on_request(Now now, const gateway::RequestHeadTimestamp& command) {
    Question question;
    question.id = command.request;
    question.kind = Kind::Head;
    question.conid = conid_of(command.native_id);
    question.query.source = command.source;
    question.query.hours = command.hours;
    ask(now, std::move(question));
}

void History::ask(Now now, Question question) {
    if (question.conid == 0) return answer(question, HistoryStatus::Failed, "its id is no conid");
    if (!link_.is_up()) return answer(question, HistoryStatus::Failed, "IB is not connected");
    if (waiting_.size() >= waiting_max)
        return answer(question, HistoryStatus::Busy,
                      fmt::format("{} questions are waiting already", waiting_max));
    instruments_.want(now, question.conid);
    waiting_.push_back(std::move(question));
}

Instant History::free_at(const Question& question) const {
    return pacing_.free_at(paced_question_of(question.query, kind_text(question.kind)));
}

void History::send_waiting(Now now) {
    if (waiting_.empty()) return;
    auto waiting = std::exchange(waiting_, {});
    for (auto& question : waiting) {
        const auto* details = instruments_.find(question.conid);
        if (details == nullptr && !instruments_.is_pending(question.conid)) {
            answer(question, HistoryStatus::Failed,
                   "no contract details: " + instruments_.failure_of(question.conid));
            continue;
        }
        if (details != nullptr) {
            question.query.contract.conid = question.conid;
            question.query.contract.exchange = tradable_contract_of(*details).exchange;
        }
        const bool room = under_way_.size() < under_way_max && link_.is_up();
        if (details != nullptr && room && free_at(question) <= now.mono)
            send(now, std::move(question));
        else
            waiting_.push_back(std::move(question));
    }
}

void History::send(Now now, Question question) {
    const auto version = link_.server_version();
    const auto request = question.query.request = ids_.next();
    link_.request(question.kind == Kind::Bars
                      ? wire::request_historical_data(version, question.query)
                      : wire::request_head_timestamp(version, question.query));
    pacing_.on_sent(now, paced_question_of(question.query, kind_text(question.kind)));
    question.deadline = now.mono + settings_.timeouts.history + link_.outbox().delay();
    under_way_.emplace(request, std::move(question));
}

void History::cancel_at_broker(const Question& question) {
    const auto version = link_.server_version();
    link_.request(question.kind == Kind::Bars
                      ? wire::cancel_historical_data(version, question.query.request)
                      : wire::cancel_head_timestamp(version, question.query.request));
}

History::Question History::take_under_way(std::int64_t request) {
    auto node = under_way_.extract(request);
    return std::move(node.mapped());
}

void History::on_cancel(gateway::HistoryId id) {
    const auto waits = std::ranges::find(waiting_, id, &Question::id);
    if (waits != waiting_.end()) {
        answer(*waits, HistoryStatus::Cancelled, "cancelled before it was sent");
        waiting_.erase(waits);
        return;
    }
    const auto sent =
        std::ranges::find_if(under_way_, [id](const auto& entry) { return entry.second.id == id; });
    if (sent == under_way_.end()) return;  // It was answered a moment ago.
    const auto question = take_under_way(sent->first);
    cancel_at_broker(question);
    answer(question, HistoryStatus::Cancelled, "cancelled");
}

void History::on_data(wire::HistoricalData data) {
    const auto found = under_way_.find(data.request);
    if (found == under_way_.end()) return output_.count("late_history");
    take_bars(found->second, data.bars);
    found->second.has_data = true;
    if (link_.server_version() < wire::gate::historical_data_end) complete(data.request);
}

void History::on_end(const wire::HistoricalDataEnd& end) {
    const auto found = under_way_.find(end.request);
    if (found == under_way_.end()) return output_.count("late_end");
    if (found->second.has_data) return complete(end.request);
    answer(take_under_way(end.request), HistoryStatus::Failed, "the end came without bars");
}

void History::take_bars(Question& question, const std::vector<wire::HistoricalBar>& rows) {
    for (const auto& row : rows) {
        const auto start = find_start(row.date);
        if (!start) {
            output_.count("unreadable_bar");
            question.unreadable = true;
            return;
        }
        auto bar = row.bar;
        bar.start = *start;
        if (!question.query.end || bar.start < *question.query.end) question.bars.push_back(bar);
    }
}

void History::complete(std::int64_t request) {
    auto question = take_under_way(request);
    if (question.unreadable)
        return answer(question, HistoryStatus::Failed, "the date of a bar was unreadable");
    if (!is_in_order(question.bars))
        return answer(question, HistoryStatus::Failed, "the bars were not in order");
    answer(question, HistoryStatus::Complete, "");
}

void History::on_head_timestamp(const wire::HeadTimestamp& head) {
    if (!under_way_.contains(head.request)) return output_.count("late_history");
    const auto question = take_under_way(head.request);
    cancel_at_broker(question);  // IB counts it as open until then.
    const auto earliest = find_start(head.text);
    if (!earliest)
        return answer(question, HistoryStatus::Failed,
                      fmt::format("the time was unreadable: '{}'", head.text.substr(0, 40)));
    output_.emit(gateway::HeadTimestampResult{question.id, HistoryStatus::Complete, earliest, ""});
}

bool History::on_error(Now now, const wire::ErrorMessage& error) {
    if (!under_way_.contains(error.id)) return false;
    const auto status = history_status_of(error);
    if (status == HistoryStatus::Busy) {
        output_.count("history_pacing");
        pacing_.pause_until(now.mono + pacing_pause);
    }
    answer(take_under_way(error.id), status, fmt::format("error {}: {}", error.code, error.text));
    return true;
}

void History::answer(const Question& question, HistoryStatus status, std::string reason) {
    if (question.kind == Kind::Head)
        return output_.emit(
            gateway::HeadTimestampResult{question.id, status, std::nullopt, std::move(reason)});
    const bool complete = status == HistoryStatus::Complete;
    output_.emit(gateway::HistoryResult{
        question.id, status, complete ? question.bars : std::vector<Bar>(), std::move(reason)});
}

void History::on_timeout(Now now) {
    std::vector<std::int64_t> late;
    for (const auto& [request, question] : under_way_)
        if (now.mono >= question.deadline) late.push_back(request);
    for (const auto request : late) {
        const auto question = take_under_way(request);
        cancel_at_broker(question);
        answer(question, HistoryStatus::Failed, "IB did not answer");
    }
}

std::optional<Instant> History::deadline() const {
    std::optional<Instant> due;
    const auto add = [&due](Instant at) { due = due ? std::min(*due, at) : at; };
    for (const auto& [request, question] : under_way_) add(question.deadline);
    if (under_way_.size() >= under_way_max) return due;
    for (const auto& question : waiting_)
        if (instruments_.find(question.conid) != nullptr) add(free_at(question));
    return due;
}

void History::on_closed(const std::string& reason) {
    for (const auto& question : std::exchange(waiting_, {}))
        answer(question, HistoryStatus::Cancelled, reason);
    for (const auto& [request, question] : std::exchange(under_way_, {}))
        answer(question, HistoryStatus::Cancelled, reason);
}

}  // namespace janus::ib
