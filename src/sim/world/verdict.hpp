#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace janus::sim {

/// What must hold in every world; the numbers are those of the architecture page.
enum class Invariant {
    AtMostOnce,       ///< 1: an intent's place message is on the wire at most once.
    DurableFirst,     ///< 2: it is in the journal before its first byte.
    KnownOutcome,     ///< 3: after a restart it is never sent, acknowledged, rejected or unknown.
    Executions,       ///< 5: booked executions equal the broker's.
    Feed,             ///< 6: a subscriber sees a legal path without gaps.
    FilledShrank,     ///< 7: filled never shrinks but by correction.
    Registry,         ///< 8: no id from an ambiguous or incomplete answer.
    TicksMovedBooks,  ///< 9: the same run with and without ticks leaves the same books.
    Limits,           ///< 11: nothing over its limits or from a halted account leaves.
    Contagion,        ///< 12: one broker's trouble changes nothing at the other.
    Secret,           ///< 14: no secret in any log line.
    Healing,          ///< 15: everything is ready a minute after the faults, and well in the end.
    Orders,           ///< In the end every order stands where the exchange says.
    Positions,        ///< In the end every holding is the exchange's.
    Balances,         ///< In the end every cash is the exchange's.
    Answers,          ///< Every call is answered once.
    Progress,         ///< Time goes on: nothing asks to be called for ever without effect.
};
/// `1 at most once`, ...
std::string_view to_text(Invariant invariant);

/// A broken promise, with what was seen.
struct Violation {
    Invariant invariant{Invariant::Progress};
    std::string what;
    friend bool operator==(const Violation&, const Violation&) = default;
};

/// Gathers what the checkers of one run find.
class Verdict {
 public:
    static constexpr std::size_t violations_max = 40;

    template <typename... Args>
    void against(Invariant invariant, fmt::format_string<Args...> format, Args&&... args) {
        if (violations_.size() < violations_max)
            violations_.push_back({invariant, fmt::format(format, std::forward<Args>(args)...)});
    }
    const std::vector<Violation>& violations() const { return violations_; }

 private:
    std::vector<Violation> violations_;
};

}  // namespace janus::sim
