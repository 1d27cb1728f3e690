// Bars, price grids and the values of single accounts.
#include "gateway/ib/wire/decoders.hpp"
#include "gateway/ib/wire/times.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {
namespace {

/// The largest answer that IB gives has some ten thousand bars.
constexpr std::size_t bars_max = 100'000;
constexpr std::size_t steps_max = 1'000;

/// -1 stands for "no volume" and the like: quotes have none.
template <typename Value>
std::optional<Value> counted(const std::optional<Decimal>& number) {
    if (!number || number->is_negative()) return std::nullopt;
    return Value{*number};
}

void take_prices(FieldReader& in, Bar& bar) {
    bar.open = {in.rounded()};
    bar.high = {in.rounded()};
    bar.low = {in.rounded()};
    bar.close = {in.rounded()};
}

/// An average is computed from trades; without a volume IB writes -1 or 0 for it.
void take_trades(FieldReader& in, Bar& bar) {
    bar.volume = counted<Quantity>(in.optional_rounded());
    const auto average = in.optional_rounded();
    if (bar.volume && average) bar.average = Price{*average};
    const auto trades = in.integer();
    if (trades >= 0) bar.trades = trades;
}

std::size_t take_count(FieldReader& in, std::size_t most, std::string_view what) {
    const auto count = in.count();
    if (count <= most) return count;
    in.refuse(fmt::format("{} {} are more than {}", count, what, most));
    return 0;
}

}  // namespace

Result<Message> decode_real_time_bar(FieldReader& in) {
    in.skip();  // Message version.
    RealTimeBar out;
    out.request = in.integer();
    const auto start = find_moment(in.integer());
    if (!start) in.refuse("the bar has no time");
    out.bar.start = start.value_or(Utc{});
    take_prices(in, out.bar);
    take_trades(in, out.bar);
    return in.finish<Message>(std::move(out));
}

Result<Message> decode_historical_data(FieldReader& in) {
    HistoricalData out;
    out.request = in.integer();
    if (!in.has(gate::historical_data_end)) in.skip(2);  // First and last moment of the span.
    const auto count = take_count(in, bars_max, "bars");
    out.bars.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto& row = out.bars.emplace_back();
        row.date = in.text();
        take_prices(in, row.bar);
        take_trades(in, row.bar);
    }
    return in.finish<Message>(std::move(out));
}

Result<Message> decode_historical_data_end(FieldReader& in) {
    HistoricalDataEnd out{in.integer()};
    in.skip(2);  // First and last moment of the span.
    return in.finish<Message>(out);
}

Result<Message> decode_head_timestamp(FieldReader& in) {
    HeadTimestamp out;
    out.request = in.integer();
    out.text = in.text();
    return in.finish<Message>(std::move(out));
}

Result<Message> decode_market_rule(FieldReader& in) {
    MarketRule out;
    out.rule = in.integer();
    const auto count = take_count(in, steps_max, "price steps");
    for (std::size_t i = 0; i < count; ++i) {
        auto& step = out.steps.emplace_back();
        step.low_edge = in.rounded();
        step.increment = in.rounded();
    }
    return in.finish<Message>(std::move(out));
}

Result<Message> decode_profit_and_loss(FieldReader& in) {
    ProfitAndLoss out;
    out.request = in.integer();
    out.daily = in.optional_rounded();
    out.unrealized = in.optional_rounded();
    out.realized = in.optional_rounded();
    return in.finish<Message>(out);
}

Result<Message> decode_account_update(FieldReader& in) {
    in.skip();  // Message version.
    AccountUpdate out;
    out.request = in.integer();
    out.account = in.text();
    in.skip();  // Model.
    out.key = in.text();
    out.value = in.text();
    out.currency = in.text();
    return in.finish<Message>(std::move(out));
}

Result<Message> decode_account_update_end(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(AccountUpdateEnd{in.integer()});
}

Result<Message> decode_account_position(FieldReader& in) {
    in.skip();  // Message version.
    AccountPosition out;
    out.request = in.integer();
    out.account = in.text();
    out.contract = take_contract(in);
    out.quantity = in.decimal();
    out.average_cost = in.optional_rounded();
    in.skip();  // Model.
    return in.finish<Message>(std::move(out));
}

Result<Message> decode_account_position_end(FieldReader& in) {
    in.skip();  // Message version.
    return in.finish<Message>(AccountPositionEnd{in.integer()});
}

}  // namespace janus::ib::wire
