#include "gateway/ib/bars.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/ib/history.hpp"
#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/data_requests.hpp"

namespace janus::ib {
namespace {

/// What passes by itself: the stream is asked for again. All other errors end it.
constexpr auto passing_codes = std::to_array<std::int64_t>({
    10182,  // Live updates failed: disconnected.
    10197,  // The same user has live data elsewhere.
    10225,  // Bust event; the subscription was ended.
});

bool passes(const wire::ErrorMessage& error) {
    return history_status_of(error) == gateway::HistoryStatus::Busy ||
           std::ranges::find(passing_codes, error.code) != passing_codes.end();
}

}  // namespace

Bars::Bars(Link& link, Instruments& instruments, RequestIds& ids, HistoryPacing& pacing,
           Output& output)
    : link_(link), instruments_(instruments), ids_(ids), pacing_(pacing), output_(output) {}

void Bars::on_subscribe(Now now, const gateway::SubscribeBars& command) {
    const auto conid = conid_of(command.native_id);
    if (conid == 0)
        return output_.emit(gateway::BarsEnded{command.subscription,
                                               fmt::format("'{}' is no conid", command.native_id)});
    if (streams_.size() >= streams_max && !streams_.contains(command.subscription))
        return output_.emit(gateway::BarsEnded{
            command.subscription, fmt::format("{} streams of bars are the limit", streams_max)});
    Stream stream;
    stream.id = command.subscription;
    stream.conid = conid;
    stream.source = command.source;
    stream.hours = command.hours;
    if (!streams_.emplace(command.subscription, stream).second) return;
    if (link_.is_up()) instruments_.want(now, conid);
}

void Bars::on_unsubscribe(SubscriptionId id) {
    const auto found = streams_.find(id);
    if (found == streams_.end()) return;
    if (found->second.request != 0)
        link_.request(wire::cancel_real_time_bars(link_.server_version(), found->second.request));
    streams_.erase(found);
}

void Bars::request_all(Now now) {
    for (auto& [id, stream] : streams_) {
        stream.request = 0;
        stream.not_before = {};
        stream.pause = retry_first;
        instruments_.want(now, stream.conid);
    }
}

wire::Contract Bars::contract_of(const Stream& stream) const {
    wire::Contract contract;
    contract.conid = stream.conid;
    if (const auto* details = instruments_.find(stream.conid))
        contract.exchange = tradable_contract_of(*details).exchange;
    return contract;
}

PacedQuestion Bars::question_of(const Stream& stream) const {
    wire::HistoryQuery query;
    query.contract = contract_of(stream);
    query.size = BarSize::Seconds5;
    query.source = stream.source;
    query.hours = stream.hours;
    return paced_question_of(query, "stream");
}

void Bars::send_waiting(Now now) {
    if (!link_.is_up()) return;
    std::vector<std::pair<SubscriptionId, std::string>> ended;
    for (auto& [id, stream] : streams_) {
        if (stream.request != 0 || stream.not_before > now.mono) continue;
        if (instruments_.find(stream.conid) != nullptr) {
            if (pacing_.free_at(question_of(stream)) <= now.mono) send(now, stream);
        } else if (!instruments_.is_pending(stream.conid)) {
            ended.emplace_back(id, "no contract details: " + instruments_.failure_of(stream.conid));
        }
    }
    for (auto& [id, reason] : ended) end(id, std::move(reason));
}

void Bars::send(Now now, Stream& stream) {
    stream.request = ids_.next();
    pacing_.on_sent(now, question_of(stream));
    link_.request(wire::request_real_time_bars(link_.server_version(), stream.request,
                                               contract_of(stream), stream.source, stream.hours));
}

Bars::Stream* Bars::find_by_request(std::int64_t request) {
    const auto found = std::ranges::find_if(
        streams_, [request](const auto& entry) { return entry.second.request == request; });
    return found != streams_.end() && request != 0 ? &found->second : nullptr;
}

void Bars::on_bar(const wire::RealTimeBar& message) {
    auto* stream = find_by_request(message.request);
    if (stream == nullptr) return output_.count("late_bar");
    stream->pause = retry_first;
    output_.emit(gateway::BarClosed{stream->id, message.bar});
}

bool Bars::on_error(Now now, const wire::ErrorMessage& error) {
    auto* stream = find_by_request(error.id);
    if (stream == nullptr) return false;
    if (!passes(error)) {
        end(stream->id, fmt::format("error {}: {}", error.code, error.text));
        return true;
    }
    output_.count(fmt::format("bars_error_{}", error.code));
    stream->request = 0;
    stream->not_before = now.mono + stream->pause;
    stream->pause = std::min(stream->pause * 2, retry_most);
    return true;
}

void Bars::end(SubscriptionId id, std::string reason) {
    streams_.erase(id);
    output_.emit(gateway::BarsEnded{id, std::move(reason)});
}

std::optional<Instant> Bars::deadline() const {
    std::optional<Instant> due;
    if (!link_.is_up()) return due;
    for (const auto& [id, stream] : streams_) {
        if (stream.request != 0 || instruments_.find(stream.conid) == nullptr) continue;
        const auto at = std::max(stream.not_before, pacing_.free_at(question_of(stream)));
        due = due ? std::min(*due, at) : at;
    }
    return due;
}

/// What is wanted stays wanted: the next connection requests it.
void Bars::on_closed() {
    for (auto& [id, stream] : streams_) stream.request = 0;
}

}  // namespace janus::ib
