#include "gateway/ib/quotes.hpp"

#include <charconv>
#include <utility>

#include "gateway/ib/naming.hpp"
#include "gateway/ib/wire/requests.hpp"

namespace janus::ib {
namespace {

constexpr std::int64_t lines_exhausted = 101;

/// 0 when the text is no conid.
std::int64_t conid_of(const NativeId& id) {
    std::int64_t conid = 0;
    const auto* end = id.value.data() + id.value.size();
    const auto parsed = std::from_chars(id.value.data(), end, conid);
    return parsed.ec == std::errc{} && parsed.ptr == end && conid > 0 ? conid : 0;
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
    link_.request(
        wire::request_market_data(link_.server_version(), subscription.request, contract));
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

void Quotes::push(const Subscription& subscription, TickField field,
                  const std::optional<Decimal>& value) {
    output_.ticks.push_back(Tick{subscription.id, field, value});
}

void Quotes::on_tick(const wire::TickMessage& tick) {
    auto* subscription = find_by_request(tick.request);
    if (subscription == nullptr) return output_.count("late_tick");
    const auto* row = wire::find_tick_row(tick.type);
    if (row == nullptr) return;
    switch (tick.kind) {
        case wire::TickKind::Price:
            return on_price(*subscription, *row, tick);
        case wire::TickKind::Size:
            return push(*subscription, row->field, tick.value);
        case wire::TickKind::Generic:
        case wire::TickKind::Text:
            return;
    }
}

/// The size that arrives with a price is an event of its own.
void Quotes::on_price(Subscription& subscription, const wire::TickRow& row,
                      const wire::TickMessage& tick) {
    const auto value = is_no_quote(tick) ? std::optional<Decimal>() : tick.value;
    if (value) note_flow(subscription, row.delayed);
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

bool Quotes::on_error(const wire::ErrorMessage& error) {
    if (error.id < tick_id_min) return false;
    auto* subscription = find_by_request(error.id);
    if (subscription == nullptr) {
        // 300 and its like for a request that was given up: a harmless race.
        output_.count("late_tick_error");
        return true;
    }
    const auto* reaction = wire::find_quote_reaction(error.code);
    if (reaction == nullptr) {
        output_.count(fmt::format("tick_error_{}", error.code));
        return true;
    }
    if (reaction->ends) {
        give_up(*subscription);
        subscription->step = Step::Refused;
        subscription->refused_by = error.code;
    }
    set_quality(*subscription, reaction->quality,
                fmt::format("error {}: {}", error.code, error.text));
    return true;
}

}  // namespace janus::ib
