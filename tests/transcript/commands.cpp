#include "commands.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "event_text.hpp"

namespace janus::transcript {
namespace {

using namespace std::chrono_literals;

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::toupper(letter));
    });
    return text;
}

std::uint32_t number_at(const Line& line, std::size_t index) {
    std::uint32_t value = 0;
    if (index < line.words.size()) {
        const auto& text = line.words[index];
        std::from_chars(text.data(), text.data() + text.size(), value);
    }
    return value;
}

std::string word_at(const Line& line, std::size_t index) {
    return index < line.words.size() ? line.words[index] : std::string();
}

/// Reads the optional numbers of a line; the first problem counts.
class Numbers {
 public:
    explicit Numbers(const Line& line) : line_(line) {}

    template <typename Target>
    Numbers& take(std::string_view name, std::optional<Target>& into) {
        const auto* text = line_.find(name);
        if (text == nullptr) return *this;
        const auto value = Decimal::parse(*text);
        if (!value)
            problem_ = value.error().message;
        else
            into = Target{*value};
        return *this;
    }
    Result<void> finish() const {
        if (problem_) return fail(ErrorCode::Malformed, "{}", *problem_);
        return {};
    }

 private:
    const Line& line_;
    std::optional<std::string> problem_;
};

OrderType type_by_prices(const OrderIntent& intent) {
    const bool trails = intent.trail_amount || intent.trail_percent;
    if (trails) return intent.limit_offset ? OrderType::TrailingStopLimit : OrderType::TrailingStop;
    if (intent.limit_price) return intent.stop_price ? OrderType::StopLimit : OrderType::Limit;
    return intent.stop_price ? OrderType::Stop : OrderType::Market;
}

Result<void> take_words(OrderIntent& intent, const Line& line) {
    const auto side = parse_side(upper(word_at(line, 3)));
    const auto quantity = Decimal::parse(word_at(line, 4));
    if (!side || !quantity) return fail(ErrorCode::Malformed, "order needs a side and a quantity");
    intent.side = *side;
    intent.quantity = {*quantity};
    intent.type = type_by_prices(intent);
    if (const auto* text = line.find("type")) {
        const auto type = parse_order_type(upper(*text));
        if (!type) return std::unexpected(type.error());
        intent.type = *type;
    }
    if (const auto* text = line.find("time_in_force")) {
        const auto time = parse_time_in_force(upper(*text));
        if (!time) return std::unexpected(time.error());
        intent.time_in_force = *time;
    }
    if (const auto* text = line.find("session")) {
        const auto session = parse_trading_session(upper(*text));
        if (!session) return std::unexpected(session.error());
        intent.session = *session;
    }
    if (const auto* text = line.find("good_till")) {
        const auto at = parse_iso(*text);
        if (!at) return std::unexpected(at.error());
        intent.good_till = *at;
    }
    return {};
}

template <typename Kind, std::size_t count>
Kind kind_of(const std::string& text, const std::array<Kind, count>& kinds) {
    const auto found = std::ranges::find(kinds, text, [](Kind kind) { return to_text(kind); });
    return found != kinds.end() ? *found : kinds.front();
}

BarSize size_of(const Line& line) {
    constexpr auto sizes = std::to_array<BarSize>({
        BarSize::Minute1,
        BarSize::Seconds5,
        BarSize::Seconds30,
        BarSize::Minutes5,
        BarSize::Hour1,
        BarSize::Day1,
        BarSize::Week1,
        BarSize::Month1,
    });
    return kind_of(line.value_of("size", "1m"), sizes);
}

BarSource source_of(const Line& line) {
    constexpr auto sources = std::to_array<BarSource>({
        BarSource::Trades,
        BarSource::Midpoint,
        BarSource::Bid,
        BarSource::Ask,
        BarSource::BidAsk,
        BarSource::AdjustedTrades,
    });
    return kind_of(line.value_of("source", "trades"), sources);
}

}  // namespace

Result<Duration> parse_span(std::string_view text) {
    struct Unit {
        std::string_view word;
        Duration span;
    };
    constexpr auto units = std::to_array<Unit>({
        {"ms", 1ms },
        {"s",  1s  },
        {"m",  1min},
        {"h",  1h  },
        {"d",  24h },
    });
    std::int64_t count = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view word(read.ptr, text.data() + text.size());
    const auto unit = std::ranges::find(units, word, &Unit::word);
    if (read.ec != std::errc{} || unit == units.end())
        return fail(ErrorCode::Malformed, "'{}' is no span such as 15s", text);
    return unit->span * count;
}

NativeId native_id_of(const Layouts& layouts, const std::string& symbol) {
    const auto name = layouts.find_preset_by("canonical", symbol);
    if (!name) return {};
    return {layouts.find_preset(*name)->at("conid")};
}

Result<OrderIntent> intent_of(const Line& line, const AccountName& account) {
    auto symbol = CanonicalSymbol::parse(word_at(line, 5));
    if (!symbol) return std::unexpected(symbol.error());
    OrderIntent out{.account = {line.value_of("account", account.value)},
                    .symbol = std::move(*symbol)};
    auto ok = Numbers(line)
                  .take("limit", out.limit_price)
                  .take("stop", out.stop_price)
                  .take("trail", out.trail_amount)
                  .take("trail_percent", out.trail_percent)
                  .take("offset", out.limit_offset)
                  .finish();
    if (!ok) return std::unexpected(ok.error());
    if (ok = take_words(out, line); !ok) return std::unexpected(ok.error());
    out.oca_group = line.value_of("oca", "");
    return out;
}

gateway::PlaceOrder place_of(const OrderIntent& intent, OrderId order, std::int64_t number) {
    gateway::PlaceOrder out{.symbol = intent.symbol};
    out.order = order;
    out.client_order_id = {reference_of(order.value)};
    out.number = number;
    out.account = intent.account;
    out.side = intent.side;
    out.type = intent.type;
    out.quantity = intent.quantity;
    out.limit_price = intent.limit_price;
    out.stop_price = intent.stop_price;
    out.trail_amount = intent.trail_amount;
    out.trail_percent = intent.trail_percent;
    out.limit_offset = intent.limit_offset;
    out.good_till = intent.good_till;
    out.oca_group = intent.oca_group;
    out.time_in_force = intent.time_in_force;
    out.session = intent.session;
    return out;
}

Result<void> change(gateway::PlaceOrder& order, const Line& line) {
    std::optional<Quantity> quantity;
    auto ok = Numbers(line)
                  .take("quantity", quantity)
                  .take("limit", order.limit_price)
                  .take("stop", order.stop_price)
                  .take("trail", order.trail_amount)
                  .finish();
    if (quantity) order.quantity = *quantity;
    return ok;
}

Result<gateway::Command> command_of(const Line& line, const Layouts& layouts,
                                    const AccountName& account) {
    const auto verb = word_at(line, 1);
    const auto number = number_at(line, 2);
    if (verb == "start") return gateway::Start{};
    if (verb == "stop") return gateway::Stop{};
    if (verb == "refresh") return gateway::RefreshAccount{account};
    if (verb == "unsubscribe") return gateway::UnsubscribeTicks{{number}};
    if (verb == "unbars") return gateway::UnsubscribeBars{{number}};
    if (verb == "cancel_history") return gateway::CancelHistory{{number}};
    auto symbol = CanonicalSymbol::parse(word_at(line, 3));
    if (!symbol) return fail(ErrorCode::Malformed, "'do {}' is not understood", verb);
    const NativeId id{line.value_of("conid", native_id_of(layouts, symbol->text()).value)};
    const auto hours = line.find("all_hours") != nullptr ? BarHours::All : BarHours::Regular;
    if (verb == "lookup") return gateway::LookupInstrument{{number}, *symbol};
    if (verb == "subscribe") return gateway::SubscribeTicks{{number}, id, *symbol};
    if (verb == "bars")
        return gateway::SubscribeBars{{number}, id, *symbol, source_of(line), hours};
    if (verb == "head")
        return gateway::RequestHeadTimestamp{{number}, id, *symbol, source_of(line), hours};
    if (verb != "history") return fail(ErrorCode::Malformed, "'do {}' is not understood", verb);
    const auto span = parse_span(line.value_of("span", "1d"));
    if (!span) return std::unexpected(span.error());
    std::optional<Utc> end;
    if (const auto* text = line.find("end")) end = parse_iso(*text).value();
    return gateway::RequestHistory{{number},        id,    *symbol, size_of(line),
                                   source_of(line), hours, end,     *span};
}

}  // namespace janus::transcript
