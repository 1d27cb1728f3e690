#include "gateway/ib/instruments.hpp"

#include <algorithm>
#include <utility>

#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/data_requests.hpp"
#include "gateway/ib/wire/requests.hpp"

namespace janus::ib {

Instruments::Instruments(const IbSettings& settings, Link& link, RequestIds& ids, Output& output)
    : settings_(settings), link_(link), ids_(ids), output_(output) {}

const wire::ContractData* Instruments::find(std::int64_t conid) const {
    const auto known = known_.find(conid);
    return known != known_.end() ? &known->second : nullptr;
}

Instrument Instruments::describe(const wire::Contract& contract) const {
    const auto* data = find(contract.conid);
    return data != nullptr ? instrument_of(*data) : instrument_of(contract);
}

void Instruments::want(Now now, std::int64_t conid) {
    if (conid <= 0 || known_.contains(conid) || by_conid_.contains(conid)) return;
    const auto request = ids_.next();
    wire::Contract contract;
    contract.conid = conid;
    link_.request(wire::request_contract_details(link_.server_version(), request, contract));
    questions_[request] = {conid, now.mono + settings_.timeouts.contract + link_.outbox().delay()};
    by_conid_.insert(conid);
    failures_.erase(conid);
}

std::string Instruments::failure_of(std::int64_t conid) const {
    const auto failure = failures_.find(conid);
    return failure != failures_.end() ? failure->second : std::string();
}

bool Instruments::on_contract_data(const wire::ContractData& data) {
    const auto question = questions_.find(data.request);
    if (question == questions_.end()) return false;
    if (data.contract.conid != question->second.conid) {
        output_.count("foreign_contract");
        return true;
    }
    // One row per exchange may come; the smart one is the one to keep.
    auto& best = question->second.best;
    if (!best || data.contract.exchange == "SMART") best = data;
    return true;
}

void Instruments::learn(const wire::ContractData& data) {
    const auto conid = data.contract.conid;
    known_[conid] = data;
    if (auto hours = TradingHours::parse(data.trading_hours, data.time_zone))
        hours_.insert_or_assign(conid, std::move(*hours));
}

/// Grids belong to exchanges, not to instruments: one answer serves thousands.
void Instruments::want_grid(const wire::ContractData& data) {
    const auto rule = find_rule_number(data, tradable_contract_of(data).exchange);
    if (!rule || grids_.knows(*rule) || !grids_asked_.insert(*rule).second) return;
    link_.request(wire::request_market_rule(link_.server_version(), *rule));
}

Result<void> Instruments::check_price_increment(std::int64_t conid, Price price) const {
    const auto* data = find(conid);
    if (data == nullptr) return {};
    const auto exchange = tradable_contract_of(*data).exchange;
    const auto rule = find_rule_number(*data, exchange);
    const auto nearest = rule ? grids_.find_nearest(*rule, price.value) : std::nullopt;
    if (!nearest) return {};
    return fail(ErrorCode::Denied, "price {} is no multiple of {} as {} wants it; {} and {} are",
                price, *grids_.find_increment(*rule, price.value), exchange, nearest->below,
                nearest->above);
}

std::optional<bool> Instruments::is_open(std::int64_t conid, Utc at) const {
    const auto hours = hours_.find(conid);
    return hours != hours_.end() ? hours->second.is_open(at) : std::nullopt;
}

bool Instruments::on_end(std::int64_t request) {
    const auto question = questions_.find(request);
    if (question == questions_.end()) return false;
    const auto best = std::move(question->second.best);
    if (best) {
        learn(*best);
        want_grid(*best);
    }
    settle(request, best ? "" : "IB described nothing");
    return true;
}

bool Instruments::on_error(const wire::ErrorMessage& error) {
    if (!questions_.contains(error.id)) return false;
    settle(error.id, fmt::format("error {}: {}", error.code, error.text));
    return true;
}

void Instruments::settle(std::int64_t request, std::string failure) {
    const auto question = questions_.find(request);
    const auto conid = question->second.conid;
    questions_.erase(question);
    by_conid_.erase(conid);
    if (!failure.empty()) failures_[conid] = std::move(failure);
    settled_.push_back(conid);
}

void Instruments::on_timeout(Now now) {
    std::vector<std::int64_t> late;
    for (const auto& [request, question] : questions_)
        if (now.mono >= question.deadline) late.push_back(request);
    for (const auto request : late) settle(request, "no answer");
}

std::optional<Instant> Instruments::deadline() const {
    std::optional<Instant> due;
    for (const auto& [request, question] : questions_)
        due = due ? std::min(*due, question.deadline) : question.deadline;
    return due;
}

void Instruments::on_closed() {
    grids_asked_.clear();
    while (!questions_.empty()) settle(questions_.begin()->first, "the connection closed");
}

std::vector<std::int64_t> Instruments::take_settled() {
    return std::exchange(settled_, {});
}

}  // namespace janus::ib
