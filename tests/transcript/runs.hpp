#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "layouts.hpp"
#include "script.hpp"
#include "stage.hpp"

namespace janus::transcript {

/// How thorough re-runs are: at some byte positions of a message, or at every one.
enum class Bytes { Some, Every };

/// The ways in which a transcript is re-run. Each returns how many times a gateway was run, or what
/// went wrong: the file, the step, the byte, what was expected and what was found.
class Runs {
 public:
    /// `layouts` and `script` must outlive it.
    Runs(const Layouts& layouts, const Script& script, Bytes bytes)
        : layouts_(layouts), script_(script), bytes_(bytes) {}

    /// As written, at every version; remembers the ids of the messages that came.
    Result<std::size_t> straight();
    /// Every message of the broker in two pieces, cut at each byte in turn, and byte by byte: what
    /// is said is the same.
    Result<std::size_t> split() const;
    /// The connection is lost after each step and after each byte of each message. Nothing is said
    /// that a whole message did not say; a polite broker then finds the gateway Ready, each order
    /// sent at most once and told the truth of, each question answered once.
    Result<std::size_t> cut() const;
    /// The process ends after each step: the next one becomes Ready and reuses no number.
    Result<std::size_t> drop() const;

    const std::map<std::string, int>& ids_fed() const { return ids_fed_; }

 private:
    /// What a run as written says, and how long its messages are: by step.
    struct Profile {
        std::vector<std::vector<std::string>> said;
        std::vector<std::vector<std::size_t>> sizes;  ///< Of each input; 0 for what is no message.
    };
    /// Where a connection is lost: before this byte of this input of this step.
    struct Point {
        std::size_t step{0};
        std::size_t input{0};
        std::size_t byte{0};
    };

    bool is_present(const Step& step, int version) const;
    /// Re-runs in pieces, cut and dropped are of this version only.
    int newest() const { return script_.versions.back(); }
    std::vector<std::size_t> positions_in(std::size_t size) const;

    Result<Profile> profile_at(int version, std::map<std::string, int>* ids) const;
    Result<void> play(Stage& stage, int version, std::size_t steps) const;
    Result<void> split_by(int version, const Profile& profile, const Cutter& cutter) const;
    Result<std::size_t> cut_step(int version, const Profile& profile, std::size_t step) const;
    Result<void> cut_at(int version, const Profile& profile, Point point) const;
    Result<void> heal(Stage& stage, const Profile& profile, Point point) const;
    Result<void> drop_before(int version, std::size_t step) const;
    Result<void> explained(Result<void> outcome, int version, std::size_t step,
                           const std::string& how) const;

    const Layouts& layouts_;
    const Script& script_;
    Bytes bytes_;
    std::map<std::string, int> ids_fed_;
};

}  // namespace janus::transcript
