#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "runs.hpp"
#include "webull_stage.hpp"

namespace janus::transcript {

/// The ways in which a transcript of Webull is re-run; as `Runs` for IB.
class WebullRuns {
 public:
    /// `bodies` and `script` must outlive it.
    WebullRuns(const Bodies& bodies, const Script& script, Bytes bytes)
        : bodies_(bodies), script_(script), bytes_(bytes) {}

    /// As written; remembers the endpoints and scenes that were met.
    Result<std::size_t> straight();
    /// Every answer's body is cut at each byte in turn: a failure, never an empty account, a fill
    /// or an end of an order.
    Result<std::size_t> truncated() const;
    /// Before each step every open request fails after it was sent and the stream ends. A polite
    /// broker then finds the account Ready and the stream live, each order sent at most once and
    /// told the truth of, each question answered once.
    Result<std::size_t> cut() const;
    /// The process ends before each step: the next one becomes Ready and places no order again.
    Result<std::size_t> drop() const;

    const std::map<std::string, int>& met() const { return met_; }

 private:
    Result<void> play(WebullStage& stage, std::size_t steps) const;
    Result<void> truncate(std::size_t step, std::size_t input, std::size_t size) const;
    static Result<void> heal(WebullStage& stage);
    Result<void> explained(Result<void> outcome, std::size_t step, const std::string& how) const;

    const Bodies& bodies_;
    const Script& script_;
    Bytes bytes_;
    std::map<std::string, int> met_;
};

}  // namespace janus::transcript
