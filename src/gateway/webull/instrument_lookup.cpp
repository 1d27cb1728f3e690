#include "gateway/webull/instrument_lookup.hpp"

#include <array>

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/wire/account_rows.hpp"

namespace janus::webull {
namespace {

using gateway::LookupStatus;

constexpr auto categories = std::to_array<std::string_view>({"US_STOCK", "US_ETF"});

/// The rows of a complete answer that name exactly this symbol. Errors: an answer that is not
/// complete or cannot be read.
Result<std::vector<Instrument>> matches_of(const wire::Json& body, const CanonicalSymbol& symbol) {
    const auto page = wire::decode_page(body);
    if (!page) return std::unexpected(page.error());
    if (!page->next_key.empty())
        return fail(ErrorCode::Malformed, "answer about one symbol has several pages");
    std::vector<Instrument> out;
    for (const auto* json : page->rows) {
        auto row = wire::decode_stock(*json);
        if (!row) return std::unexpected(row.error());
        if (row->instrument.symbol == symbol) out.push_back(std::move(row->instrument));
    }
    return out;
}

}  // namespace

void InstrumentLookup::look_up(Now now, const gateway::LookupInstrument& lookup,
                               const std::string& refusal) {
    Open open{.symbol = lookup.symbol, .category = 0, .evidence = {}};
    const bool known_kind = ticker_of(lookup.symbol).has_value();
    const bool room = open_.size() < open_max && refusal.empty();
    const auto [at, is_new] = open_.try_emplace(lookup.lookup, std::move(open));
    if (!is_new) return;
    if (!known_kind)
        return finish(lookup.lookup, LookupStatus::NotFound,
                      "only shares and ETFs are looked up at Webull");
    if (!room)
        return finish(lookup.lookup, LookupStatus::Failed,
                      refusal.empty() ? "too many lookups are open" : refusal);
    ask(now, lookup.lookup, at->second);
}

void InstrumentLookup::ask(Now now, gateway::LookupId lookup, const Open& open) {
    Request request;
    request.ticket.call = wire::Call::Instruments;
    request.ticket.lookup = lookup;
    request.query = {
        {"symbols",  ticker_of(open.symbol)->value         },
        {"category", std::string(categories[open.category])}
    };
    rest_.submit(now, std::move(request));
}

void InstrumentLookup::finish(gateway::LookupId lookup, LookupStatus status, std::string reason) {
    const auto found = open_.find(lookup);
    out_.tell(gateway::LookupResult{.lookup = lookup,
                                    .status = status,
                                    .candidates = {},
                                    .reason = std::move(reason),
                                    .evidence = found->second.evidence});
    open_.erase(found);
}

void InstrumentLookup::on_answer(Now now, const Answer& answer) {
    const auto found = open_.find(answer.ticket.lookup);
    if (found == open_.end()) return;
    auto& open = found->second;
    if (answer.outcome != Outcome::Good)
        return finish(answer.ticket.lookup, LookupStatus::Failed, answer.reason());
    auto matches = matches_of(answer.body, open.symbol);
    if (!matches)
        return finish(answer.ticket.lookup, LookupStatus::Failed, matches.error().message);
    open.evidence += fmt::format("{}{} {}: {} exact", open.evidence.empty() ? "" : "; ",
                                 categories[open.category], open.symbol, matches->size());
    if (matches->empty() && open.category + 1 < categories.size()) {
        ++open.category;
        return ask(now, answer.ticket.lookup, open);
    }
    if (matches->empty())
        return finish(answer.ticket.lookup, LookupStatus::NotFound,
                      "Webull knows no stock or ETF of this symbol");
    out_.tell(gateway::LookupResult{
        .lookup = answer.ticket.lookup,
        .status = matches->size() == 1 ? LookupStatus::Unique : LookupStatus::Ambiguous,
        .candidates = std::move(*matches),
        .reason = {},
        .evidence = open.evidence});
    open_.erase(found);
}

}  // namespace janus::webull
