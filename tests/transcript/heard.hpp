#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "line.hpp"
#include "script.hpp"

namespace janus::transcript {

/// What a gateway has sent and said since the last check, and the variables that a transcript has
/// bound so far. Compares it with what a step expects.
class Heard {
 public:
    struct Sent {
        Line line;
        std::string text;
    };
    using Counters = std::map<std::string, std::uint64_t>;

    /// Compares, binds variables, and forgets what it has compared. Errors: `Invalid`, saying what
    /// was expected and what was found.
    Result<void> check(const Step& step, int version, const Counters& counters);
    /// The same for messages alone: for recording what is said.
    Result<void> check_messages(const Step& step, int version);
    void forget();

    Variables variables;
    std::vector<Sent> sent;
    std::vector<std::string> said;
    std::optional<std::string> problem;  ///< A message of ours that nobody understands.

 private:
    Result<void> check_events(const Step& step, int version);
    Result<void> check_sent(const Step& step, int version);
    static Result<void> check_counts(const Step& step, int version, const Counters& counters);
    bool fits(const Line& expected, const Line& found);
    std::string shown() const;
};

}  // namespace janus::transcript
