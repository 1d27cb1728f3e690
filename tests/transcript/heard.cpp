// What is compared: what was sent and said with what a transcript expects.
#include <algorithm>
#include <array>

#include "heard.hpp"

namespace janus::transcript {
namespace {

/// Messages that trade must all be expected; others may go without a word.
bool is_strict(const Line& line) {
    constexpr auto strict = std::to_array<std::string_view>({
        "PLACE_ORDER", "CANCEL_ORDER", "GLOBAL_CANCEL",  // IB.
        "place", "batch_place", "replace", "cancel"      // Webull.
    });
    return std::ranges::find(strict, line.words.front()) != strict.end();
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

bool Heard::fits(const Line& expected, const Line& found) {
    Variables fresh;
    const auto same = [&](const std::string& pattern, const std::string& text) {
        if (const auto name = variable_of(pattern); name && !variables.contains(*name)) {
            fresh[*name] = text;
            return true;
        }
        const auto filled = substituted(pattern, variables);
        return filled && matches(*filled, text);
    };
    if (expected.words.size() != found.words.size()) return false;
    for (std::size_t i = 0; i < expected.words.size(); ++i)
        if (!same(expected.words[i], found.words[i])) return false;
    for (const auto& [name, pattern] : expected.values) {
        const auto* text = found.find(name);
        if (text == nullptr || !same(pattern, *text)) return false;
    }
    variables.insert(fresh.begin(), fresh.end());
    return true;
}

std::string Heard::shown() const {
    std::string out;
    for (const auto& one : sent) out += "\n      > " + one.text;
    for (const auto& text : said) out += "\n      ! " + text;
    return out.empty() ? "\n      nothing" : out;
}

void Heard::forget() {
    sent.clear();
    said.clear();
}

Result<void> Heard::check(const Step& step, int version, const Counters& counters) {
    if (problem) return fail(ErrorCode::Invalid, "{}", *problem);
    auto ok = check_sent(step, version);
    if (ok) ok = check_events(step, version);
    if (ok) ok = check_counts(step, version, counters);
    forget();
    return ok;
}

Result<void> Heard::check_messages(const Step& step, int version) {
    if (problem) return fail(ErrorCode::Invalid, "{}", *problem);
    auto ok = check_sent(step, version);
    forget();
    return ok;
}

Result<void> Heard::check_events(const Step& step, int version) {
    std::size_t at = 0;
    for (const auto* expected : of_kind(step, '!', version)) {
        if (is_nothing(*expected)) continue;
        const auto found = at < said.size() ? parse_line(said[at]) : Line{};
        if (found && fits(expected->line, *found)) {
            ++at;
            continue;
        }
        return fail(ErrorCode::Invalid, "line {}\n    expected: {}\n    found:{}", expected->number,
                    expected->text, shown());
    }
    if (at == said.size()) return {};
    return fail(ErrorCode::Invalid, "\n    expected: nothing more than is written\n    found: ! {}",
                said[at]);
}

Result<void> Heard::check_sent(const Step& step, int version) {
    std::size_t at = 0;
    const auto skip = [&](bool all) {
        while (at < sent.size() && (all || !is_strict(sent[at].line))) ++at;
    };
    for (const auto* expected : of_kind(step, '>', version)) {
        const auto quiet = [](const Sent& one) {
            return one.line.words.front() == "CURRENT_TIME_REQUEST";
        };
        if (is_nothing(*expected) && std::ranges::all_of(sent, quiet)) continue;
        while (at < sent.size() && !is_nothing(*expected)) {
            if (fits(expected->line, sent[at].line)) break;
            if (is_strict(sent[at].line)) {
                at = sent.size();
                break;
            }
            ++at;
        }
        if (at < sent.size() && !is_nothing(*expected)) {
            ++at;
            continue;
        }
        return fail(ErrorCode::Invalid, "line {}\n    expected: {}\n    found:{}", expected->number,
                    expected->text, shown());
    }
    skip(false);
    if (at >= sent.size()) return {};
    return fail(ErrorCode::Invalid, "\n    expected: no such message\n    found: > {}",
                sent[at].text);
}

Result<void> Heard::check_counts(const Step& step, int version, const Counters& counters) {
    for (const auto* expected : of_kind(step, 'c', version)) {
        const auto& words = expected->line.words;
        const auto found = counters.find(words.front());
        const auto count = found != counters.end() ? found->second : 0;
        if (words.size() == 2 && words[1] == std::to_string(count)) continue;
        return fail(ErrorCode::Invalid, "line {}\n    expected: {}\n    found: {}",
                    expected->number, expected->text, count);
    }
    return {};
}

}  // namespace janus::transcript
