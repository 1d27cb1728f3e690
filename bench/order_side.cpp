#include "bench/order_side.hpp"

#include <stdexcept>
#include <utility>

#include "bench/measure.hpp"
#include "gateway/ib/ib_gateway.hpp"
#include "net/clock.hpp"

namespace janus::bench {
namespace {

const AccountName account{"ib_main"};

core::EngineSettings engine_settings() {
    core::EngineSettings settings;
    settings.accounts.push_back(
        {account, {.max_order_quantity = Quantity{Decimal::from_integer(1000)}}, {}});
    return settings;
}

std::vector<std::unique_ptr<gateway::Gateway>> make_gateways(Random& random) {
    ib::IbSettings settings;
    settings.client_id = 7;
    settings.accounts = {
        {account, "DU1000001"}
    };
    settings.messages_per_second = 1'000'000;  // The broker's rate is not what is measured.
    std::vector<std::unique_ptr<gateway::Gateway>> made;
    made.push_back(std::make_unique<ib::IbGateway>(settings, random));
    return made;
}

core::SymbolRecord record() {
    return {.id = {},
            .symbol = CanonicalSymbol::parse("SAAA").value(),
            .asset_class = AssetClass::Equity,
            .currency = "USD",
            .native_ids = {{"ib", NativeId{"1"}}},
            .description = {},
            .created = {},
            .updated = {}};
}

OrderIntent intent_of(std::uint64_t number) {
    OrderIntent intent{.account = account, .symbol = record().symbol};
    intent.type = OrderType::Limit;
    intent.quantity = Quantity{Decimal::from_integer(10)};
    intent.limit_price = Price{Decimal::from_integer(100)};
    intent.idempotency_key = "bench-" + std::to_string(number);
    return intent;
}

}  // namespace

void ReplyBox::put(core::JournalAppended reply) {
    const std::scoped_lock lock(mutex_);
    replies_.push_back(std::move(reply));
    filled_.notify_one();
}

core::JournalAppended ReplyBox::take() {
    std::unique_lock lock(mutex_);
    if (!filled_.wait_for(lock, std::chrono::seconds(10), [this] { return !replies_.empty(); }))
        throw std::runtime_error("the journal does not answer");
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    return reply;
}

OrderSide::OrderSide(core::Journal& journal, core::JournalContents contents, ReplyBox& box)
    : box_(box) {
    engine_ = std::make_unique<core::Engine>(engine_settings(), make_gateways(random_), registry_,
                                             journal, log_, random_);
    gateway_ = engine_->gateways().front().get();
    const auto now = net::system_now();
    engine_->start(now, {record()}, std::move(contents));
    settle(now);
    // The first order asks for the contract and is no measure of anything.
    place_one();
}

/// Performs what the gateway wants; what it sends waits for `finish_order` to answer it.
void OrderSide::perform(Now now) {
    engine_->pump(now);
    for (auto effects = gateway_->take_effects(); !effects.empty();
         effects = gateway_->take_effects()) {
        for (auto& effect : effects) perform(now, effect);
        engine_->pump(now);
    }
}

void OrderSide::perform(Now now, io::Effect& effect) {
    if (const auto* connect = std::get_if<io::Connect>(&effect)) {
        channel_ = connect->channel;
        gateway_->on_io(now, io::Connected{channel_});
    } else if (const auto* send = std::get_if<io::Send>(&effect)) {
        unanswered_ += send->bytes;
    }
}

void OrderSide::settle(Now now) {
    for (perform(now); !unanswered_.empty(); perform(now))
        gateway_->on_io(now,
                        io::Received{channel_, broker_.answer(std::exchange(unanswered_, {}))});
}

/// A refusal ends the order, and its record is durable before the next one is measured.
void OrderSide::finish_order() {
    while (ended_ < placed_) {
        settle(net::system_now());
        if (ended_ < placed_) engine_->on_journal_reply(net::system_now(), box_.take());
    }
}

/// Whether the gateway has handed out bytes: nothing else is due at this moment.
bool OrderSide::take_placed() {
    const auto before = unanswered_.size();
    perform(net::system_now());
    return unanswered_.size() > before;
}

double OrderSide::place_one() {
    const auto intent = intent_of(++placed_);
    const auto began = wall();
    engine_->place_order(net::system_now(), intent, {"bench"}, [this](const Result<Order>& order) {
        if (!order) throw std::runtime_error(order.error().message);
        ++ended_;
    });
    while (!take_placed()) engine_->on_journal_reply(net::system_now(), box_.take());
    const auto seconds = wall() - began;
    finish_order();
    return seconds;
}

}  // namespace janus::bench
