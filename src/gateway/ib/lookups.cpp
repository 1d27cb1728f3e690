#include "gateway/ib/lookups.hpp"

#include <algorithm>
#include <utility>

#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/requests.hpp"

namespace janus::ib {
namespace {

using gateway::LookupStatus;

constexpr std::int64_t no_definition = 200;

std::string asked_text(const wire::Contract& contract) {
    std::string text =
        fmt::format("contract details {} '{}'", contract.security_type, contract.symbol);
    if (!contract.last_trade_date.empty()) text += " " + contract.last_trade_date;
    if (contract.strike) text += fmt::format(" {} {}", *contract.strike, contract.right);
    if (!contract.exchange.empty()) text += " " + contract.exchange;
    return text + " " + contract.currency;
}

}  // namespace

Lookups::Lookups(const IbSettings& settings, Link& link, RequestIds& ids, Output& output)
    : settings_(settings), link_(link), ids_(ids), output_(output) {}

void Lookups::on_lookup(Now now, const gateway::LookupInstrument& command) {
    const auto contract = lookup_contract_of(command.symbol);
    const auto request = ids_.next();
    const auto due = now.mono + settings_.timeouts.contract + link_.outbox().delay();
    lookups_.emplace(request,
                     Lookup{command.lookup, command.symbol, asked_text(contract), due, 0, {}});
    if (!link_.is_up()) return answer(request, LookupStatus::Failed, "IB is not connected");
    link_.request(wire::request_contract_details(link_.server_version(), request, contract));
}

bool Lookups::on_contract_data(const wire::ContractData& data) {
    const auto found = lookups_.find(data.request);
    if (found == lookups_.end()) return false;
    auto& lookup = found->second;
    ++lookup.rows;
    auto instrument = instrument_of(data);
    const bool wanted = instrument.symbol == lookup.symbol;
    if (wanted && lookup.candidates.size() < candidates_max)
        lookup.candidates.emplace(data.contract.conid, std::move(instrument));
    return true;
}

bool Lookups::on_end(std::int64_t request) {
    const auto found = lookups_.find(request);
    if (found == lookups_.end()) return false;
    const auto count = found->second.candidates.size();
    if (count == 0)
        answer(request, LookupStatus::NotFound, "IB has no such instrument in its default market");
    else if (count == 1)
        answer(request, LookupStatus::Unique, "");
    else
        answer(request, LookupStatus::Ambiguous, fmt::format("{} instruments match", count));
    return true;
}

bool Lookups::on_error(const wire::ErrorMessage& error) {
    if (!lookups_.contains(error.id)) return false;
    // 200 also says "ambiguous", which is no proof that nothing exists.
    const bool missing =
        error.code == no_definition && error.text.find("ambiguous") == std::string::npos;
    answer(error.id, missing ? LookupStatus::NotFound : LookupStatus::Failed,
           fmt::format("error {}: {}", error.code, error.text));
    return true;
}

void Lookups::answer(std::int64_t request, LookupStatus status, std::string reason) {
    const auto found = lookups_.find(request);
    auto& lookup = found->second;
    gateway::LookupResult result{lookup.id, status, {}, std::move(reason), {}};
    const bool complete = status == LookupStatus::Unique || status == LookupStatus::Ambiguous;
    if (complete)
        for (auto& [conid, instrument] : lookup.candidates)
            result.candidates.push_back(std::move(instrument));
    result.evidence = fmt::format("{}: {} rows, {} matching conids{}", lookup.asked, lookup.rows,
                                  lookup.candidates.size(),
                                  result.reason.empty() ? std::string() : "; " + result.reason);
    lookups_.erase(found);
    output_.emit(std::move(result));
}

void Lookups::on_timeout(Now now) {
    std::vector<std::int64_t> late;
    for (const auto& [request, lookup] : lookups_)
        if (now.mono >= lookup.deadline) late.push_back(request);
    for (const auto request : late) answer(request, LookupStatus::Failed, "IB did not answer");
}

std::optional<Instant> Lookups::deadline() const {
    std::optional<Instant> due;
    for (const auto& [request, lookup] : lookups_)
        due = due ? std::min(*due, lookup.deadline) : lookup.deadline;
    return due;
}

void Lookups::on_closed() {
    while (!lookups_.empty())
        answer(lookups_.begin()->first, LookupStatus::Failed, "the connection closed");
}

}  // namespace janus::ib
