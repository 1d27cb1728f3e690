#include "core/order_previews.hpp"

#include <utility>
#include <vector>

namespace janus::core {

using gateway::OrderPreview;

void OrderPreviews::say(const Reply<OrderPreview>& reply, Result<OrderPreview> outcome) {
    if (reply) deferred_.later([reply, outcome = std::move(outcome)] { reply(outcome); });
}

Result<GatewayIndex> OrderPreviews::check_served(Now now, const Intents& intents) const {
    if (auto checked = check_(now, intents); !checked) return std::unexpected(checked.error());
    const auto index = gateways_.find_index(intents.front().account);
    JANUS_CHECK(index.has_value());
    const auto& gateway = gateways_.at(*index);
    if (!gateway.capabilities().preview)
        return fail(ErrorCode::Denied,
                    "{} previews no orders through Janus; ask for an account of "
                    "a broker that does, or place the order without a preview",
                    gateway.broker());
    if (waiters_.size() >= waiting_max)
        return fail(ErrorCode::Unavailable, "{} previews wait for an answer already", waiting_max);
    return *index;
}

void OrderPreviews::preview(Now now, const OrderIntent& intent, const std::string& who,
                            Reply<OrderPreview> reply) {
    start(now, {intent}, who, std::move(reply));
}

void OrderPreviews::preview_bracket(Now now, const BracketIntent& bracket, const std::string& who,
                                    Reply<OrderPreview> reply) {
    if (auto checked = check_bracket(bracket); !checked)
        return say(reply, std::unexpected(checked.error()));
    start(now, intents_of(bracket), who, std::move(reply));
}

void OrderPreviews::start(Now now, const Intents& intents, const std::string& who,
                          Reply<OrderPreview> reply) {
    const auto index = check_served(now, intents);
    if (!index) return say(reply, std::unexpected(index.error()));
    resolver_.resolve(
        now, *index, intents.front().symbol, who, "preview",
        [this, intents, reply = std::move(reply)](Now at, const Result<NativeId>& native_id) {
            ask(at, intents, native_id, reply);
        });
}

/// The number of the first; the others are only looked at.
Result<std::int64_t> OrderPreviews::prepare(GatewayIndex index, const Intents& intents,
                                            const NativeId& native_id) const {
    auto& gateway = gateways_.at(index);
    const auto number = gateway.prepare_order(intents.front(), native_id);
    for (std::size_t i = 1; number && i < intents.size(); ++i)
        if (auto more = gateway.prepare_order(intents[i], native_id); !more) return more;
    return number;
}

void OrderPreviews::ask(Now now, const Intents& intents, const Result<NativeId>& native_id,
                        Reply<OrderPreview> reply) {
    if (!native_id) return say(reply, std::unexpected(native_id.error()));
    // The look-up took time: what was allowed may not be any more.
    const auto index = check_served(now, intents);
    if (!index) return say(reply, std::unexpected(index.error()));
    const auto number = prepare(*index, intents, *native_id);
    if (!number) return say(reply, std::unexpected(number.error()));
    const gateway::PreviewId id{++last_};
    waiters_.emplace(id, Waiter{now.mono + answer_timeout_, std::move(reply)});
    gateways_.send(now, *index, gateway::PreviewOrder{id, intents.front(), *native_id, *number});
}

void OrderPreviews::on_result(const gateway::PreviewResult& result) {
    const auto node = waiters_.extract(result.preview);
    if (!node.empty()) say(node.mapped().reply, result.outcome);
}

void OrderPreviews::on_timeout(Now now) {
    std::vector<gateway::PreviewId> late;
    for (const auto& [id, waiter] : waiters_)
        if (waiter.due <= now.mono) late.push_back(id);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(answer_timeout_);
    for (const auto id : late)
        say(waiters_.extract(id).mapped().reply,
            fail(ErrorCode::Unavailable, "the broker gave no preview within {} s",
                 seconds.count()));
}

std::optional<Instant> OrderPreviews::deadline() const {
    std::optional<Instant> first;
    for (const auto& [id, waiter] : waiters_)
        if (!first || waiter.due < *first) first = waiter.due;
    return first;
}

}  // namespace janus::core
