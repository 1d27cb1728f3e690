// What is compared: what was sent and said with what a transcript expects.
#include <algorithm>

#include "stage.hpp"

namespace janus::transcript {
namespace {

/// Messages that trade must all be expected; others may go without a word.
bool is_strict(const Line& line) {
    const auto& name = line.words.front();
    return name == "PLACE_ORDER" || name == "CANCEL_ORDER" || name == "GLOBAL_CANCEL";
}

bool is_nothing(const Expectation& expected) {
    return expected.line.words == std::vector<std::string>{"nothing"};
}

std::vector<const Expectation*> of_kind(const Step& step, char kind, int version) {
    std::vector<const Expectation*> out;
    for (const auto& one : step.expected)
        if (one.kind == kind && version >= one.version_min && version <= one.version_max)
            out.push_back(&one);
    return out;
}

}  // namespace

bool Stage::fits(const Line& expected, const Line& found) {
    Variables fresh;
    const auto same = [&](const std::string& pattern, const std::string& text) {
        if (const auto name = variable_of(pattern); name && !variables_.contains(*name)) {
            fresh[*name] = text;
            return true;
        }
        const auto filled = substituted(pattern, variables_);
        return filled && matches(*filled, text);
    };
    if (expected.words.size() != found.words.size()) return false;
    for (std::size_t i = 0; i < expected.words.size(); ++i)
        if (!same(expected.words[i], found.words[i])) return false;
    for (const auto& [name, pattern] : expected.values) {
        const auto* text = found.find(name);
        if (text == nullptr || !same(pattern, *text)) return false;
    }
    variables_.insert(fresh.begin(), fresh.end());
    return true;
}

std::string Stage::shown() const {
    std::string out;
    for (const auto& sent : sent_) out += "\n      > " + sent.text;
    for (const auto& text : said_) out += "\n      ! " + text;
    return out.empty() ? "\n      nothing" : out;
}

Result<void> Stage::check(const Step& step) {
    if (problem_) return fail(ErrorCode::Invalid, "{}", *problem_);
    auto ok = check_sent(step);
    if (ok) ok = check_events(step);
    if (ok) ok = check_counts(step);
    sent_.clear();
    said_.clear();
    return ok;
}

Result<void> Stage::check_messages(const Step& step) {
    if (problem_) return fail(ErrorCode::Invalid, "{}", *problem_);
    auto ok = check_sent(step);
    sent_.clear();
    said_.clear();
    return ok;
}

Result<void> Stage::check_events(const Step& step) {
    std::size_t at = 0;
    for (const auto* expected : of_kind(step, '!', version_)) {
        if (is_nothing(*expected)) continue;
        const auto found = at < said_.size() ? parse_line(said_[at]) : Line{};
        if (found && fits(expected->line, *found)) {
            ++at;
            continue;
        }
        return fail(ErrorCode::Invalid, "line {}\n    expected: {}\n    found:{}", expected->number,
                    expected->text, shown());
    }
    if (at == said_.size()) return {};
    return fail(ErrorCode::Invalid, "\n    expected: nothing more than is written\n    found: ! {}",
                said_[at]);
}

Result<void> Stage::check_sent(const Step& step) {
    std::size_t at = 0;
    const auto skip = [&](bool all) {
        while (at < sent_.size() && (all || !is_strict(sent_[at].line))) ++at;
    };
    for (const auto* expected : of_kind(step, '>', version_)) {
        const auto quiet = [](const Sent& sent) {
            return sent.line.words.front() == "CURRENT_TIME_REQUEST";
        };
        if (is_nothing(*expected) && std::ranges::all_of(sent_, quiet)) continue;
        while (at < sent_.size() && !is_nothing(*expected)) {
            if (fits(expected->line, sent_[at].line)) break;
            if (is_strict(sent_[at].line)) {
                at = sent_.size();
                break;
            }
            ++at;
        }
        if (at < sent_.size() && !is_nothing(*expected)) {
            ++at;
            continue;
        }
        return fail(ErrorCode::Invalid, "line {}\n    expected: {}\n    found:{}", expected->number,
                    expected->text, shown());
    }
    skip(false);
    if (at >= sent_.size()) return {};
    return fail(ErrorCode::Invalid, "\n    expected: no such message\n    found: > {}",
                sent_[at].text);
}

Result<void> Stage::check_counts(const Step& step) {
    for (const auto* expected : of_kind(step, 'c', version_)) {
        const auto& words = expected->line.words;
        const auto found = gateway_->counters().find(words.front());
        const auto count = found != gateway_->counters().end() ? found->second : 0;
        if (words.size() == 2 && words[1] == std::to_string(count)) continue;
        return fail(ErrorCode::Invalid, "line {}\n    expected: {}\n    found: {}",
                    expected->number, expected->text, count);
    }
    return {};
}

}  // namespace janus::transcript
