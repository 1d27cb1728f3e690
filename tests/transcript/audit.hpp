#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/result.hpp"
#include "gateway/event.hpp"
#include "line.hpp"

namespace janus::transcript {

/// Counts what must hold whatever happens to the connection: each order leaves at most once, what
/// is said of it is true of its bytes, and each question has one answer.
class Audit {
 public:
    /// The gateway has reserved this number; the core's journal knows it from here on.
    void on_prepared(std::int64_t number);
    void on_placed(std::uint64_t order);
    void on_modified(std::uint64_t order);
    void on_asked(std::string question);
    /// A message of ours has been handed to the connection.
    void on_sent(const Line& message);
    /// It is proven that the place message with this reference did not leave after all.
    void on_never_left(const std::string& reference);
    void on_event(const gateway::Event& event);
    /// The process is gone: what it owed is the journal's, which calls an unanswered order unknown.
    void on_process_ended();

    /// The highest number that a journal would hold.
    std::int64_t highest_number() const { return highest_; }
    bool is_used(std::int64_t number) const { return numbers_.contains(number); }
    /// Fills and ends that the gateway has claimed.
    std::size_t claims() const { return claims_; }

    /// Errors: the first promise that was broken. To be asked when the gateway is Ready again.
    Result<void> check() const;

 private:
    struct Placed {
        int left{0};     ///< Place messages with its reference.
        int changes{0};  ///< Modifications of it.
        int not_sent{0};
        int uncertain{0};
        int evidence{0};
    };
    static Result<void> check(std::uint64_t order, const Placed& placed);
    Placed* find_placed(const std::string& reference);

    std::map<std::uint64_t, Placed> placed_;
    std::set<std::int64_t> numbers_;    ///< That left.
    std::map<std::string, int> asked_;  ///< Answers by question.
    std::int64_t highest_{0};
    std::size_t claims_{0};
};

}  // namespace janus::transcript
