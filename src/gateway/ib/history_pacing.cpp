#include "gateway/ib/history_pacing.hpp"

#include <algorithm>
#include <utility>

namespace janus::ib {

Instant HistoryPacing::window_free_at(const PacedQuestion& question) const {
    if (!question.small_bars) return {};
    std::size_t used = question.weight;
    for (const auto& sent : sent_)
        if (sent.question.small_bars) used += sent.question.weight;
    // Each that falls out of the window, the oldest first, makes room for its weight.
    Instant free;
    for (const auto& sent : sent_) {
        if (used <= window_max) break;
        if (!sent.question.small_bars) continue;
        used -= sent.question.weight;
        free = sent.at + window;
    }
    return free;
}

Instant HistoryPacing::free_at(const PacedQuestion& question) const {
    auto free = std::max(paused_until_, window_free_at(question));
    std::size_t about_it = 0;
    for (auto sent = sent_.rbegin(); sent != sent_.rend(); ++sent) {
        if (sent->question.whole == question.whole) free = std::max(free, sent->at + same_pause);
        if (sent->question.instrument != question.instrument) continue;
        if (++about_it == burst_max) free = std::max(free, sent->at + burst_span);
    }
    return free;
}

void HistoryPacing::on_sent(Now now, PacedQuestion question) {
    while (!sent_.empty() && now.mono - sent_.front().at >= window) sent_.pop_front();
    sent_.push_back({now.mono, std::move(question)});
}

}  // namespace janus::ib
