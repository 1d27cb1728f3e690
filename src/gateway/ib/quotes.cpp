#include "gateway/ib/quotes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/ib/farms.hpp"
#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/requests.hpp"
#include "gateway/ib/wire/times.hpp"

namespace janus::ib {
namespace {

constexpr std::int64_t lines_exhausted = 101;
constexpr std::int64_t not_valid = 321;

/// What passes by itself, and how soon it is worth to ask again.
struct RetryRow {
    std::int64_t code;
    Duration first;
};
constexpr auto retries = std::to_array<RetryRow>({
    {323,   Quotes::retry_first    }, // A server error.
    {10197, Quotes::retry_first    }, // The same user has live data elsewhere.
    {10225, std::chrono::seconds(1)}, // Bust event: the subscription was ended.
});

/// Generic ticks to ask for, by security type. IB refuses the whole request for one that a kind
/// does not have.
struct GenericRow {
    std::string_view security_type;
    std::string_view ticks;
};
constexpr auto generic_ticks = std::to_array<GenericRow>({
    {"STK", "232"}, // The mark price.
    {"OPT", "232"},
    {"FUT", "232"},
});

std::string_view generic_ticks_of(std::string_view security_type) {
    const auto* row = std::ranges::find(generic_ticks, security_type, &GenericRow::security_type);
    return row != generic_ticks.end() ? row->ticks : std::string_view();
}

constexpr std::optional<Decimal> no_value{};

/// Whole seconds since 1970; nothing for anything else.
std::optional<Decimal> find_seconds(std::string_view text) {
    const auto at = wire::find_moment(text);
    return at ? std::optional(Decimal::from_integer(at->seconds())) : std::nullopt;
}

/// IB writes "no quote" as -1 or 0 with no size.
bool is_no_quote(const wire::TickMessage& tick) {
    if (!tick.value) return true;
    const bool sizeless = !tick.size || tick.size->is_zero();
    return sizeless && (tick.value->is_zero() || *tick.value == Decimal::from_integer(-1));
}

std::optional<DataQuality> find_quality(std::int64_t type) {
    switch (type) {
        case 1:
            return DataQuality::Live;
        case 2:
            return DataQuality::Frozen;
        case 3:
            return DataQuality::Delayed;
        case 4:
            return DataQuality::DelayedFrozen;
        default:
            return std::nullopt;
    }
}

bool is_delayed(const std::optional<DataQuality>& quality) {
    return quality == DataQuality::Delayed || quality == DataQuality::DelayedFrozen;
}

}  // namespace

Quotes::Quotes(Link& link, Instruments& instruments, Output& output)
    : link_(link), instruments_(instruments), output_(output) {}

void Quotes::on_subscribe(Now now, const gateway::SubscribeTicks& command) {
    auto [at, fresh] = wanted_.try_emplace(command.subscription);
    auto& subscription = at->second;
    if (!fresh) return;
    subscription.id = command.subscription;
    subscription.conid = conid_of(command.native_id);
    if (subscription.conid == 0) {
        subscription.step = Step::Refused;
        return set_quality(subscription, DataQuality::None,
                           fmt::format("'{}' is no conid", command.native_id));
    }
    request(now, subscription);
}

void Quotes::on_unsubscribe(Now now, SubscriptionId id) {
    const auto found = wanted_.find(id);
    if (found == wanted_.end()) return;
    const bool requested = found->second.step == Step::Requested;
    if (requested)
        link_.request(wire::cancel_market_data(link_.server_version(), found->second.request));
    give_up(found->second);
    wanted_.erase(found);
    if (requested) retry_one_refused_for_lines(now);
}

void Quotes::request(Now now, Subscription& subscription) {
    if (!link_.is_up() || subscription.conid == 0) return;
    const auto* details = instruments_.find(subscription.conid);
    if (details == nullptr) {
        subscription.step = Step::NeedsDetails;
        return instruments_.want(now, subscription.conid);
    }
    subscription.request = tick_id_min + static_cast<std::int64_t>(by_request_.size());
    subscription.step = Step::Requested;
    by_request_.push_back(&subscription);
    wire::Contract contract;
    contract.conid = subscription.conid;
    contract.exchange = tradable_contract_of(*details).exchange;
    const auto generic =
        subscription.plain ? std::string_view() : generic_ticks_of(details->contract.security_type);
    link_.request(
        wire::request_market_data(link_.server_version(), subscription.request, contract, generic));
}

std::size_t Quotes::lines_used() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        wanted_, [](const auto& entry) { return entry.second.step == Step::Requested; }));
}

void Quotes::give_up(Subscription& subscription) {
    if (subscription.step == Step::Requested)
        by_request_[static_cast<std::size_t>(subscription.request - tick_id_min)] = nullptr;
    subscription.step = Step::Idle;
}

void Quotes::retry_one_refused_for_lines(Now now) {
    for (auto& [id, subscription] : wanted_) {
        if (subscription.step != Step::Refused || subscription.refused_by != lines_exhausted)
            continue;
        return request(now, subscription);
    }
}

void Quotes::request_all(Now now) {
    for (auto& [id, subscription] : wanted_) {
        give_up(subscription);
        subscription.quality.reset();
        subscription.lost_farm.clear();
        subscription.retry_at.reset();
        request(now, subscription);
    }
}

void Quotes::on_settled(Now now, std::int64_t conid) {
    for (auto& [id, subscription] : wanted_) {
        if (subscription.step != Step::NeedsDetails || subscription.conid != conid) continue;
        if (instruments_.find(conid) != nullptr) {
            request(now, subscription);
            continue;
        }
        subscription.step = Step::Refused;
        set_quality(subscription, DataQuality::None,
                    "no contract details: " + instruments_.failure_of(conid));
    }
}

void Quotes::on_closed() {
    by_request_.clear();
    for (auto& [id, subscription] : wanted_) {
        subscription.step = Step::Idle;
        subscription.lost_farm.clear();
        subscription.retry_at.reset();
        subscription.pause = retry_first;
        set_quality(subscription, DataQuality::None, "not connected");
    }
}

Quotes::Subscription* Quotes::find_by_request(std::int64_t request) {
    const auto index = request - tick_id_min;
    const bool known = index >= 0 && index < static_cast<std::int64_t>(by_request_.size());
    return known ? by_request_[static_cast<std::size_t>(index)] : nullptr;
}

void Quotes::set_quality(Subscription& subscription, DataQuality quality, std::string reason) {
    if (subscription.quality == quality && subscription.reason == reason) return;
    subscription.quality = quality;
    subscription.reason = reason;
    output_.emit(gateway::QuoteQualityChanged{subscription.id, quality, std::move(reason)});
}

/// Ticks say by themselves what they are when IB has not said it before.
void Quotes::note_flow(Subscription& subscription, bool delayed) {
    if (delayed && !is_delayed(subscription.quality))
        return set_quality(subscription, DataQuality::Delayed, "");
    const bool unsaid = !subscription.quality || subscription.quality == DataQuality::None;
    if (!delayed && unsaid) set_quality(subscription, DataQuality::Live, "");
}

/// Writes in place: copying an optional that was only just written makes a processor wait.
void Quotes::push(const Subscription& subscription, TickField field,
                  const std::optional<Decimal>& value) {
    auto& tick = output_.ticks.emplace_back(subscription.id, field);
    if (value) tick.value.emplace(*value);
}

void Quotes::on_tick(const wire::TickMessage& tick) {
    auto* subscription = find_by_request(tick.request);
    if (subscription == nullptr) return output_.count("late_tick");
    const auto* row = wire::find_tick_row(tick.type);
    if (row == nullptr) return;
    if (tick.kind == wire::TickKind::Price) return on_price(*subscription, *row, tick);
    if (tick.kind == wire::TickKind::Text)
        return push(*subscription, row->field, find_seconds(tick.text));
    // IB writes a generic -1 while it does not know.
    const bool unknown =
        tick.kind == wire::TickKind::Generic && tick.value && tick.value->is_negative();
    push(*subscription, row->field, unknown ? no_value : tick.value);
}

/// The size that arrives with a price is an event of its own.
void Quotes::on_price(Subscription& subscription, const wire::TickRow& row,
                      const wire::TickMessage& tick) {
    const auto& value = is_no_quote(tick) ? no_value : tick.value;
    if (value && row.field != TickField::Mark) note_flow(subscription, row.delayed);
    push(subscription, row.field, value);
    if (row.size && tick.size) push(subscription, *row.size, tick.size);
}

void Quotes::on_market_data_type(const wire::MarketDataType& kind) {
    auto* subscription = find_by_request(kind.request);
    if (subscription == nullptr) return output_.count("late_tick");
    if (const auto quality = find_quality(kind.type))
        return set_quality(*subscription, *quality, "");
    output_.count("unknown_market_data_type");
}

bool Quotes::on_error(Now now, const wire::ErrorMessage& error) {
    if (error.id < tick_id_min) return false;
    auto* subscription = find_by_request(error.id);
    if (subscription == nullptr) {
        // 300 and its like for a request that was given up: a harmless race.
        output_.count("late_tick_error");
        return true;
    }
    refuse(now, *subscription, error);
    return true;
}

void Quotes::refuse(Now now, Subscription& subscription, const wire::ErrorMessage& error) {
    const bool generic = error.code == not_valid && !subscription.plain &&
                         (error.text.contains("generic tick") || error.text.contains("Generic"));
    if (generic) {
        output_.count("generic_ticks_refused");
        subscription.plain = true;
        give_up(subscription);
        return request(now, subscription);
    }
    const auto* reaction = wire::find_quote_reaction(error.code);
    if (reaction == nullptr) output_.count(fmt::format("tick_error_{}", error.code));
    plan_retry(now, subscription, error.code);
    if (reaction == nullptr) return;
    auto reason = fmt::format("error {}: {}", error.code, error.text);
    if (reaction->ends) {
        give_up(subscription);
        subscription.step = Step::Refused;
        subscription.refused_by = error.code;
    }
    if (error.code == lines_exhausted)
        output_.emit(gateway::LineBudgetChanged{lines_used(), reason});
    set_quality(subscription, reaction->quality, std::move(reason));
}

void Quotes::plan_retry(Now now, Subscription& subscription, std::int64_t code) {
    const auto* row = std::ranges::find(retries, code, &RetryRow::code);
    if (row == retries.end()) return;
    const bool again = subscription.pause > retry_first;
    subscription.retry_at = now.mono + (again ? subscription.pause : row->first);
    subscription.pause = std::min(subscription.pause * 2, retry_most);
    retry_due_ = retry_due_ ? std::min(*retry_due_, *subscription.retry_at) : subscription.retry_at;
}

/// Data that flow again on their own need no new request.
void Quotes::retry(Now now, Subscription& subscription) {
    subscription.retry_at.reset();
    if (subscription.quality != DataQuality::None) {
        subscription.pause = retry_first;
        return;
    }
    output_.count("quotes_asked_again");
    if (subscription.step == Step::Requested)
        link_.request(wire::cancel_market_data(link_.server_version(), subscription.request));
    give_up(subscription);
    request(now, subscription);
}

void Quotes::on_timeout(Now now) {
    if (!retry_due_ || now.mono < *retry_due_) return;
    retry_due_.reset();
    for (auto& [id, subscription] : wanted_) {
        if (subscription.retry_at && now.mono >= *subscription.retry_at) retry(now, subscription);
        const auto& at = subscription.retry_at;
        if (at) retry_due_ = retry_due_ ? std::min(*retry_due_, *at) : at;
    }
}

void Quotes::on_farm_lost(std::string_view farm, const std::string& reason) {
    for (auto& [id, subscription] : wanted_) {
        const auto* details = instruments_.find(subscription.conid);
        if (subscription.step != Step::Requested || details == nullptr ||
            !subscription.lost_farm.empty() || !serves(farm, details->contract))
            continue;
        subscription.lost_farm = farm;
        subscription.earlier = subscription.quality;
        set_quality(subscription, DataQuality::None, reason);
    }
}

/// The quality of before holds again, unless something else was said or ticks came meanwhile.
void Quotes::on_farm_back(std::string_view farm) {
    for (auto& [id, subscription] : wanted_) {
        if (subscription.lost_farm != farm || subscription.lost_farm.empty()) continue;
        subscription.lost_farm.clear();
        const bool still = subscription.quality == DataQuality::None;
        if (still && subscription.earlier) set_quality(subscription, *subscription.earlier, "");
        if (still && !subscription.earlier) subscription.quality.reset();
    }
}

}  // namespace janus::ib
