#include "sim/ib/market_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/ib/clock_text.hpp"

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

constexpr auto bar_length = 5s;
constexpr int competing_session = 10197;  // Prices come back when the other session ends.

struct PriceRow {
    int live, delayed;            ///< Tick types of the price.
    int size_live, size_delayed;  ///< Tick types of its size.
    Price SimQuote::* price;
    Quantity SimQuote::* size;
};
constexpr auto price_rows = std::to_array<PriceRow>({
    {1, 66, 0, 69, &SimQuote::bid,  &SimQuote::bid_size },
    {2, 67, 3, 70, &SimQuote::ask,  &SimQuote::ask_size },
    {4, 68, 5, 71, &SimQuote::last, &SimQuote::last_size},
});
constexpr int mark_type = 37;
constexpr int last_time_type = 45;
constexpr int delayed_last_time_type = 88;
constexpr int halted_type = 49;
constexpr int delayed_halted_type = 90;
constexpr int close_type = 9;
constexpr int delayed_close_type = 75;
constexpr int volume_type = 8;
constexpr int delayed_volume_type = 74;

struct FeedWord {
    std::string_view text;
    FeedKind kind;
};
constexpr auto tick_by_tick_words = std::to_array<FeedWord>({
    {"Last",     FeedKind::Last    },
    {"AllLast",  FeedKind::Last    },
    {"BidAsk",   FeedKind::BidAsk  },
    {"MidPoint", FeedKind::MidPoint},
});

struct PermissionText {
    int code;
    std::string_view text;
};
constexpr auto permission_texts = std::to_array<PermissionText>({
    {354,               "Requested market data is not subscribed."                       },
    {10089,             "Requested market data requires additional subscription for API."},
    {10168,             "Requested market data is not subscribed. Delayed data is off."  },
    {competing_session, "No market data during competing live session"                   },
});

std::string permission_text_of(int code) {
    const auto* row = std::ranges::find(permission_texts, code, &PermissionText::code);
    return row == permission_texts.end() ? "Market data are not available" : std::string(row->text);
}

Message tick_price(RequestId id, int type, Decimal price, Decimal size) {
    return Message(1).add(6).add(id).add(type).add(price).add(size).add(0);
}

Message tick_size(RequestId id, int type, Decimal size) {
    return Message(2).add(6).add(id).add(type).add(size);
}

Message tick_generic(RequestId id, int type, Decimal value) {
    return Message(45).add(6).add(id).add(type).add(value);
}

Message tick_text(RequestId id, int type, std::string_view text) {
    return Message(46).add(6).add(id).add(type).add(text);
}

/// Generic ticks that bring the mark price.
bool asks_for_mark(std::string_view generic_ticks) {
    while (!generic_ticks.empty()) {
        const auto comma = generic_ticks.find(',');
        const auto tick = generic_ticks.substr(0, comma);
        if (tick == "232" || tick == "221") return true;
        generic_ticks.remove_prefix(comma == std::string_view::npos ? generic_ticks.size()
                                                                    : comma + 1);
    }
    return false;
}

Decimal middle_of(const SimQuote& quote) {
    return Decimal::divide(quote.bid.value + quote.ask.value, Decimal::from_integer(2)).value();
}

Decimal bar_price_of(const Feed& feed, const SimQuote& quote) {
    if (feed.what == "BID") return quote.bid.value;
    if (feed.what == "ASK") return quote.ask.value;
    return feed.what == "MIDPOINT" ? middle_of(quote) : quote.last.value;
}

void extend_bar(Bar& bar, Decimal price, Decimal size) {
    if (bar.trades == 0) bar.open = bar.high = bar.low = price;
    bar.high = std::max(bar.high, price);
    bar.low = std::min(bar.low, price);
    bar.close = price;
    bar.volume += size;
    ++bar.trades;
}

/// A stock's day volume is told in lots of 100, from server version 220 on in shares.
Decimal shown_volume_of(const ContractRow& contract, Quantity volume, int version) {
    constexpr int volume_in_shares = 220;
    if (contract.instrument->asset_class != AssetClass::Equity || version >= volume_in_shares)
        return volume.value;
    return Decimal::divide(volume.value, Decimal::from_integer(100)).value();
}

bool covers(const FaultBox& faults, std::string_view fault, const std::string& symbol) {
    if (!faults.is_on(fault)) return false;
    const auto wanted = faults.text_of(fault, "symbol", "all");
    return wanted == "all" || wanted == symbol;
}

}  // namespace

void MarketDesk::on_market_data(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();
    const auto query = read_contract_query(in);
    if (query.security_type == "BAG") {
        context_.send_error(now, session, id, 321, "Error validating request: no combos here");
        return;
    }
    if (in.flag()) in.skip(3);
    const auto generic_ticks = in.text();
    const bool snapshot = in.flag();
    if (snapshot && !generic_ticks.empty()) {
        context_.send_error(now, session, id, 321,
                            "Error validating request: Snapshot market data subscription is not "
                            "applicable to generic ticks");
        return;
    }
    if (!check_subscription(now, session, id)) return;
    const auto row = find_row(now, session, id, query);
    if (!row) return;
    Feed feed;
    feed.contract = *row;
    feed.mark = asks_for_mark(generic_ticks);
    context_.send(session,
                  Message(81).add(id).add(row->instrument->tick_size).add("9c0001").add(3));
    if (!settle_type(now, session, id, feed)) return;
    update(now, session, id, feed);
    if (snapshot)
        context_.send(session, Message(57).add(1).add(id));
    else
        session.feeds[id] = feed;
}

void MarketDesk::on_cancel_market_data(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();
    if (session.feeds.erase(id) == 0)
        context_.send_error(now, session, id, 300,
                            fmt::format("Can't find EId with tickerId:{}", id));
}

void MarketDesk::on_market_data_type(Now, Session& session, FieldCursor& in) {
    in.skip();
    session.market_data_type = in.integer();
}

void MarketDesk::on_tick_by_tick(Now now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    const auto query = read_contract_query(in);
    const auto word = in.text();
    const auto* kind = std::ranges::find(tick_by_tick_words, word, &FeedWord::text);
    if (kind == tick_by_tick_words.end()) {
        context_.send_error(now, session, id, 321,
                            "Error validating request: Invalid tick type '" + word + "'");
        return;
    }
    if (!check_subscription(now, session, id)) return;
    const auto row = find_row(now, session, id, query);
    if (!row) return;
    Feed feed;
    feed.kind = kind->kind;
    feed.contract = *row;
    update(now, session, id, session.feeds[id] = feed);
}

void MarketDesk::on_cancel_tick_by_tick(Now now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    if (session.feeds.erase(id) == 0)
        context_.send_error(now, session, id, 300,
                            fmt::format("Can't find EId with tickerId:{}", id));
}

void MarketDesk::on_bars(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();
    const auto query = read_contract_query(in);
    in.skip();  // The length, which is always five seconds.
    const auto what = in.text();
    if (!check_subscription(now, session, id)) return;
    const auto row = find_row(now, session, id, query);
    if (!row) return;
    Feed feed;
    feed.kind = FeedKind::Bars;
    feed.contract = *row;
    feed.what = what;
    session.feeds[id] = feed;
    const auto into = now.utc.since_epoch % bar_length;
    if (!next_bar_) next_bar_ = now.mono + (bar_length - into);
}

void MarketDesk::on_cancel_bars(Now now, Session& session, FieldCursor& in) {
    on_cancel_market_data(now, session, in);
}

const MarketDesk::Day& MarketDesk::day_of(const std::string& symbol) {
    const auto last = context_.exchange.quote_of(symbol).last;
    auto& day = days_.try_emplace(symbol, Day{last, last, last}).first->second;
    day.high = std::max(day.high, last);
    day.low = std::min(day.low, last);
    return day;
}

void MarketDesk::on_quote(Now now, const std::string& symbol) {
    day_of(symbol);
    for (auto& [connection, session] : context_.sessions)
        for (auto& [id, feed] : session.feeds)
            if (feed.contract.instrument->symbol == symbol) update(now, session, id, feed);
}

void MarketDesk::on_permissions_changed(Now now) {
    for (auto& [connection, session] : context_.sessions) {
        for (auto feed = session.feeds.begin(); feed != session.feeds.end();) {
            feed->second.resend = true;
            const bool stays = feed->second.kind != FeedKind::Ticks ||
                               settle_type(now, session, feed->first, feed->second);
            if (stays) update(now, session, feed->first, feed->second);
            feed = stays ? std::next(feed) : session.feeds.erase(feed);
        }
    }
}

void MarketDesk::refresh(Now now) {
    for (auto& [connection, session] : context_.sessions)
        for (auto& [id, feed] : session.feeds) {
            feed.resend = true;
            update(now, session, id, feed);
        }
}

void MarketDesk::drop_feeds() {
    for (auto& [connection, session] : context_.sessions) session.feeds.clear();
}

void MarketDesk::on_timeout(Now now) {
    if (!next_bar_ || now.mono < *next_bar_) return;
    next_bar_.reset();
    for (auto& [connection, session] : context_.sessions)
        for (auto& [id, feed] : session.feeds) {
            if (feed.kind != FeedKind::Bars) continue;
            send_bar(now, session, id, feed);
            next_bar_ = now.mono + bar_length;
        }
}

bool MarketDesk::check_subscription(Now now, const Session& session, RequestId id) {
    if (session.feeds.contains(id)) {
        context_.send_error(now, session, id, 102, "Duplicate ticker ID");
        return false;
    }
    const auto lines = context_.faults.integer_of("lines_limit", "lines", 100);
    if (context_.faults.is_on("lines_limit") &&
        static_cast<std::int64_t>(session.feeds.size()) >= lines) {
        context_.send_error(now, session, id, 101, "Max number of tickers has been reached");
        return false;
    }
    return true;
}

std::optional<ContractRow> MarketDesk::find_row(Now now, const Session& session, RequestId id,
                                                const ContractQuery& query) {
    const auto row = find_contract(context_.exchange, query);
    if (row) return *row;
    context_.send_error(now, session, id, 200, row.error().message);
    return std::nullopt;
}

/// Decides whether a tick feed is live, delayed or refused, and tells the client.
bool MarketDesk::settle_type(Now now, const Session& session, RequestId id, Feed& feed) {
    const auto& faults = context_.faults;
    if (faults.is_on("no_market_data")) {
        const auto code = static_cast<int>(faults.integer_of("no_market_data", "code", 354));
        context_.send_error(now, session, id, code,
                            faults.text_of("no_market_data", "text", permission_text_of(code)));
        return code == competing_session;
    }
    const bool wants_delayed = session.market_data_type >= 3;
    if (faults.is_on("delayed_data") && !wants_delayed) {
        context_.send_error(now, session, id, 354, permission_text_of(354));
        return false;
    }
    feed.delayed = faults.is_on("delayed_data");
    feed.frozen = context_.exchange.phase() == MarketPhase::Closed &&
                  (session.market_data_type == 2 || session.market_data_type == 4);
    if (feed.delayed)
        context_.send_error(now, session, id, 10167,
                            "Requested market data is not subscribed. Displaying delayed market "
                            "data.");
    const int live_type = feed.frozen ? 2 : 1;
    const int delayed_type = feed.frozen ? 4 : 3;
    context_.send(session, Message(58).add(1).add(id).add(feed.delayed ? delayed_type : live_type));
    return true;
}

/// A closed market moves nothing; its last values are there for who asks for frozen data.
bool MarketDesk::is_silent(const Session& session, const Feed& feed) const {
    const bool closed =
        context_.exchange.phase() == MarketPhase::Closed && !(feed.frozen && feed.resend);
    return closed || session.step != SessionStep::Ready || !context_.prices_flow() ||
           context_.faults.is_on("no_market_data") ||
           covers(context_.faults, "stop_ticks", feed.contract.instrument->symbol);
}

SimQuote MarketDesk::shown_quote_of(const Feed& feed) const {
    auto quote = context_.exchange.quote_of(feed.contract.instrument->symbol);
    if (!covers(context_.faults, "no_quote", feed.contract.instrument->symbol)) return quote;
    for (const auto& row : price_rows) {
        quote.*row.price = {Decimal::from_integer(-1)};
        quote.*row.size = {};
    }
    return quote;
}

void MarketDesk::send_day(const Session& session, RequestId id, Feed& feed) {
    const auto& day = day_of(feed.contract.instrument->symbol);
    const auto tell = [&](int live, int delayed, Price price) {
        context_.send(session, tick_price(id, feed.delayed ? delayed : live, price.value, {}));
    };
    if (feed.resend || feed.high != day.high) tell(6, 72, day.high);
    if (feed.resend || feed.low != day.low) tell(7, 73, day.low);
    if (feed.resend) tell(14, 76, day.open);
    feed.high = day.high;
    feed.low = day.low;
}

void MarketDesk::send_states(Now now, const Session& session, RequestId id, const Feed& feed) {
    context_.send(session, tick_text(id, feed.delayed ? delayed_last_time_type : last_time_type,
                                     fmt::format("{}", now.utc.seconds())));
    if (feed.resend)
        context_.send(session,
                      tick_generic(id, feed.delayed ? delayed_halted_type : halted_type, {}));
    if (feed.mark)
        context_.send(session, tick_price(id, mark_type, shown_quote_of(feed).last.value, {}));
}

void MarketDesk::send_ticks(Now now, const Session& session, RequestId id, Feed& feed) {
    const auto quote = shown_quote_of(feed);
    for (const auto& row : price_rows) {
        const auto price = quote.*row.price;
        const auto size = quote.*row.size;
        const bool price_moved = feed.resend || price != feed.sent.*row.price;
        if (price_moved)
            context_.send(session, tick_price(id, feed.delayed ? row.delayed : row.live,
                                              price.value, size.value));
        if (price_moved || size != feed.sent.*row.size)
            context_.send(session, tick_size(id, feed.delayed ? row.size_delayed : row.size_live,
                                             size.value));
    }
    if (feed.resend || quote.volume != feed.sent.volume)
        context_.send(session,
                      tick_size(id, feed.delayed ? delayed_volume_type : volume_type,
                                shown_volume_of(feed.contract, quote.volume, session.version)));
    if (feed.resend || quote.close != feed.sent.close)
        context_.send(session, tick_price(id, feed.delayed ? delayed_close_type : close_type,
                                          quote.close.value, {}));
    if (feed.resend || quote.last != feed.sent.last) {
        send_day(session, id, feed);
        send_states(now, session, id, feed);
    }
    feed.sent = quote;
    feed.resend = false;
}

void MarketDesk::send_tick_by_tick(Now now, const Session& session, RequestId id, Feed& feed) {
    const auto quote = shown_quote_of(feed);
    Message message(99);
    message.add(id);
    switch (feed.kind) {
        case FeedKind::Last:
            message.add(1).add(now.utc.seconds()).add(quote.last.value).add(quote.last_size.value);
            message.add(0).add(feed.contract.primary_exchange).empty();
            break;
        case FeedKind::BidAsk:
            message.add(3).add(now.utc.seconds()).add(quote.bid.value).add(quote.ask.value);
            message.add(quote.bid_size.value).add(quote.ask_size.value).add(0);
            break;
        case FeedKind::MidPoint:
            message.add(4).add(now.utc.seconds()).add(middle_of(quote));
            break;
        case FeedKind::Ticks:
        case FeedKind::Bars:
        case FeedKind::History:
            return;
    }
    context_.send(session, message);
}

/// The bar that ends now; a bar without a trade stands at the present price.
void MarketDesk::send_bar(Now now, const Session& session, RequestId id, Feed& feed) {
    if (is_silent(session, feed)) return;
    const auto price = bar_price_of(feed, shown_quote_of(feed));
    auto bar = std::exchange(feed.bar, {});
    if (bar.trades == 0) bar.open = bar.high = bar.low = bar.close = price;
    const auto length = std::chrono::seconds(bar_length).count();
    const auto start = now.utc.seconds() / length * length - length;
    context_.send(session, Message(50)
                               .add(3)
                               .add(id)
                               .add(start)
                               .add(bar.open)
                               .add(bar.high)
                               .add(bar.low)
                               .add(bar.close)
                               .add(bar.volume)
                               .add(bar.close)
                               .add(bar.trades));
}

/// Of a history that is kept up to date: the running bar, each time that it changes. Open and close
/// stand side by side in this message.
void MarketDesk::send_running_bar(Now now, const Session& session, RequestId id, Feed& feed) {
    const auto start = now.utc.seconds() / feed.seconds * feed.seconds;
    if (std::exchange(feed.bar_start, start) != start) feed.bar = {};
    const auto quote = shown_quote_of(feed);
    extend_bar(feed.bar, bar_price_of(feed, quote), quote.last_size.value);
    const auto date = feed.date_format == 2 ? fmt::format("{}", start)
                                            : to_zoned_text({std::chrono::seconds(start)});
    context_.send(session, Message(90)
                               .add(id)
                               .add(feed.bar.trades)
                               .add(date)
                               .add(feed.bar.open)
                               .add(feed.bar.close)
                               .add(feed.bar.high)
                               .add(feed.bar.low)
                               .add(feed.bar.close)
                               .add(feed.bar.volume));
}

void MarketDesk::update(Now now, const Session& session, RequestId id, Feed& feed) {
    if (is_silent(session, feed)) return;
    switch (feed.kind) {
        case FeedKind::Ticks:
            send_ticks(now, session, id, feed);
            break;
        case FeedKind::Last:
        case FeedKind::BidAsk:
        case FeedKind::MidPoint:
            send_tick_by_tick(now, session, id, feed);
            break;
        case FeedKind::Bars: {
            const auto quote = shown_quote_of(feed);
            extend_bar(feed.bar, bar_price_of(feed, quote), quote.last_size.value);
            break;
        }
        case FeedKind::History:
            send_running_bar(now, session, id, feed);
            break;
    }
}

}  // namespace janus::sim::ib
