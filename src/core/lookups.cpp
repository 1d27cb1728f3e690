#include "core/lookups.hpp"

#include <algorithm>
#include <utility>

namespace janus::core {
namespace {

using gateway::LookupStatus;

LookupAnswer failed(std::string reason) {
    return {.status = LookupStatus::Failed,
            .candidates = {},
            .reason = std::move(reason),
            .evidence = {}};
}

LookupAnswer not_found(std::string reason, std::string evidence) {
    return {.status = LookupStatus::NotFound,
            .candidates = {},
            .reason = std::move(reason),
            .evidence = std::move(evidence)};
}

std::string describe(const Instrument& instrument) {
    return fmt::format("{} ({} {} {}, {})", instrument.native_id, instrument.broker_symbol,
                       instrument.exchange, instrument.currency, instrument.description);
}

/// A unique candidate must still be what was asked for: this id for the ticker fallback, and no
/// instrument that carries another name.
LookupAnswer confirmed(const CanonicalSymbol& symbol, const std::optional<NativeId>& must_be,
                       const gateway::LookupResult& result) {
    const auto& found = result.candidates.front();
    if (found.native_id.value.empty()) return failed("the answer held no id");
    if (must_be && found.native_id != *must_be)
        return not_found(fmt::format("the answer was {}, which does not confirm ticker {}",
                                     describe(found), *must_be),
                         result.evidence);
    if (found.symbol && *found.symbol != symbol)
        return not_found(
            fmt::format("the answer was {}, which Janus names {}", describe(found), *found.symbol),
            result.evidence);
    return {.status = LookupStatus::Unique,
            .candidates = {found},
            .reason = {},
            .evidence = result.evidence};
}

LookupAnswer answer_of(const CanonicalSymbol& symbol, const std::optional<NativeId>& must_be,
                       const gateway::LookupResult& result) {
    switch (result.status) {
        case LookupStatus::Unique:
            if (result.candidates.size() == 1) return confirmed(symbol, must_be, result);
            return failed(
                fmt::format("a unique answer held {} candidates", result.candidates.size()));
        case LookupStatus::Ambiguous:
        case LookupStatus::NotFound:
        case LookupStatus::Failed:
            break;
    }
    return {result.status, result.candidates, result.reason, result.evidence};
}

}  // namespace

Result<void> check_kind_supported(const gateway::Gateway& gateway, const CanonicalSymbol& symbol) {
    if (!gateway.capabilities().ticker_fallback) return {};
    if (gateway.fallback_native_id(symbol)) return {};
    return fail(ErrorCode::NotFound, "{} cannot be asked for {} (kind {}); map its id by hand",
                gateway.broker(), symbol, janus::to_text(symbol.asset_class()));
}

std::string to_text(const std::vector<Instrument>& candidates) {
    constexpr std::size_t shown_max = 8;
    std::string text;
    for (std::size_t i = 0; i < candidates.size() && i < shown_max; ++i)
        text += (i == 0 ? "" : "; ") + describe(candidates[i]);
    if (candidates.size() > shown_max)
        text += fmt::format("; and {} more", candidates.size() - shown_max);
    return text;
}

Lookups::Lookups(const GatewaySet& gateways, Duration timeout)
    : gateways_(gateways), timeout_(timeout) {}

std::optional<LookupAnswer> Lookups::find_known(Now now, const Question& question) const {
    const auto& [gateway, symbol] = question;
    if (auto supported = check_kind_supported(gateways_.at(gateway), symbol); !supported)
        return not_found(supported.error().message, {});
    const auto remembered = not_found_.find(question);
    if (remembered != not_found_.end() && now.mono < remembered->second.until)
        return remembered->second.answer;
    if (!gateways_.ready(gateway)) return failed(gateways_.why_not_ready(gateway));
    if (open_.size() >= open_max && !asked_.contains(question))
        return failed(fmt::format("{} look-ups are open", open_.size()));
    return std::nullopt;
}

void Lookups::ask(Now now, GatewayIndex gateway, const CanonicalSymbol& symbol, Done done) {
    const Question question{gateway, symbol};
    if (const auto known = find_known(now, question)) return done(now, *known);
    if (const auto asked = asked_.find(question); asked != asked_.end()) {
        open_.at(asked->second).waiting.push_back(std::move(done));
        return;
    }
    const gateway::LookupId lookup{++last_lookup_};
    Open open{.question = question,
              .must_be = gateways_.at(gateway).fallback_native_id(symbol),
              .deadline = now.mono + timeout_,
              .waiting = {}};
    open.waiting.push_back(std::move(done));
    open_.emplace(lookup, std::move(open));
    asked_.emplace(question, lookup);
    gateways_.send(now, gateway, gateway::LookupInstrument{lookup, symbol});
}

void Lookups::on_result(Now now, const gateway::LookupResult& result) {
    const auto found = open_.find(result.lookup);
    if (found == open_.end()) return;
    const auto& open = found->second;
    finish(now, result.lookup, answer_of(open.question.second, open.must_be, result));
}

void Lookups::on_timeout(Now now) {
    // The timeout is one for all, so the oldest question is due first.
    while (!open_.empty() && open_.begin()->second.deadline <= now.mono) {
        const auto& [lookup, open] = *open_.begin();
        finish(now, lookup,
               failed(fmt::format("lookup_timeout: {} gave no answer about {}",
                                  gateways_.broker_of(open.question.first), open.question.second)));
    }
}

std::optional<Instant> Lookups::deadline() const {
    if (open_.empty()) return std::nullopt;
    return open_.begin()->second.deadline;
}

void Lookups::finish(Now now, gateway::LookupId lookup, const LookupAnswer& answer) {
    const auto open = open_.extract(lookup).mapped();
    asked_.erase(open.question);
    if (answer.status == LookupStatus::NotFound) remember(now, open.question, answer);
    for (const auto& done : open.waiting) done(now, answer);
}

void Lookups::remember(Now now, const Question& question, const LookupAnswer& answer) {
    std::erase_if(not_found_, [&](const auto& entry) { return entry.second.until <= now.mono; });
    if (not_found_.size() >= remembered_max) {
        const auto oldest = std::ranges::min_element(
            not_found_, {}, [](const auto& entry) { return entry.second.until; });
        not_found_.erase(oldest);
    }
    not_found_.insert_or_assign(question, Remembered{now.mono + not_found_for, answer});
}

}  // namespace janus::core
