#include "sim/ib/reference_desk.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/ib/clock_text.hpp"

namespace janus::sim::ib {
namespace {

constexpr std::size_t samples_max = 16;
constexpr std::string_view not_found = "No security definition has been found for the request";

bool is_stock(const SimInstrument& instrument) {
    return instrument.asset_class == AssetClass::Equity;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A'))
                                              : static_cast<char>(letter);
    });
    return result;
}

/// The same market rule, once for each valid exchange.
std::string repeated_rule(std::int64_t rule, std::string_view exchanges) {
    std::string list = fmt::format("{}", rule);
    const auto more = std::ranges::count(exchanges, ',');
    for (std::ptrdiff_t index = 0; index < more; ++index) list += fmt::format(",{}", rule);
    return list;
}

/// Regular and extended hours of today and tomorrow, as text in the instrument's zone.
std::string hours_text(Utc at, std::string_view opens, std::string_view closes) {
    std::string text;
    for (int day = 0; day < 2; ++day) {
        const auto date = to_date_text(at + std::chrono::hours(24 * day));
        if (day > 0) text += ';';
        text += weekday_of(at + std::chrono::hours(24 * day)) >= 5
                    ? date + ":CLOSED"
                    : fmt::format("{}:{}-{}:{}", date, opens, date, closes);
    }
    return text;
}

/// A future trades from the evening before to the afternoon, with a pause of an hour.
std::string future_hours_text(Utc at) {
    std::string text;
    for (int day = 0; day < 2; ++day) {
        const auto today = at + std::chrono::hours(24 * day);
        const auto before = to_date_text(today + std::chrono::hours(-24));
        if (day > 0) text += ';';
        text += weekday_of(today) >= 5
                    ? to_date_text(today) + ":CLOSED"
                    : fmt::format("{}:1700-{}:1600", before, to_date_text(today));
    }
    return text;
}

/// Pairs trade around the clock.
std::string shown_hours_of(const SimInstrument& instrument, Utc at, std::string_view opens,
                           std::string_view closes) {
    if (instrument.asset_class == AssetClass::Future) return future_hours_text(at);
    const bool pair =
        instrument.asset_class == AssetClass::Forex || instrument.asset_class == AssetClass::Crypto;
    return pair ? hours_text(at, "0000", "2400") : hours_text(at, opens, closes);
}

std::string zone_of(const SimInstrument& instrument) {
    return instrument.asset_class == AssetClass::Future ? "US/Central" : "US/Eastern";
}

std::string shown_trade_date_of(const SimInstrument& instrument) {
    if (instrument.last_trade_date.empty()) return {};
    return instrument.asset_class == AssetClass::Future
               ? instrument.last_trade_date + " 08:30 " + zone_of(instrument)
               : instrument.last_trade_date;
}

std::int64_t underlying_conid_of(const Exchange& exchange, const SimInstrument& instrument) {
    if (instrument.asset_class != AssetClass::Option) return 0;
    for (const auto& candidate : exchange.scenario().instruments)
        if (is_stock(candidate) && candidate.ib_symbol == instrument.ib_symbol)
            return candidate.ib_conid;
    return 0;
}

/// The seventeen fields that only a fund has.
void add_fund(Message& message) {
    message.add("Simulated fund").add("Simulated family").add("Open end").empty(4);
    message.add(0).add(0).add(0).empty(5).add("N").add("000");
}

}  // namespace

void ReferenceDesk::on_contract_details(Now now, Session& session, FieldCursor& in) {
    in.skip();
    const auto id = in.integer();
    const auto query = read_contract_query(in);
    in.skip();  // Expired ones are not in this world.
    const bool by_security_id = !in.text().empty();
    const auto rows =
        by_security_id ? std::vector<ContractRow>{} : find_contracts(context_.exchange, query);
    if (rows.empty()) {
        context_.send_error(now, session, id, 200, not_found);
        return;
    }
    for (const auto& row : rows) {
        const bool bond = row.instrument->asset_class == AssetClass::Bond;
        context_.send(session, bond ? bond_message(now, session.version, id, row)
                                    : details_message(now, session.version, id, row));
    }
    context_.send(session, Message(52).add(1).add(id));
}

void ReferenceDesk::on_matching_symbols(Now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    const auto pattern = lower(in.text());
    std::vector<const SimInstrument*> found;
    for (const auto& instrument : context_.exchange.scenario().instruments)
        if (is_stock(instrument) && instrument.ib_conid != 0 && found.size() < samples_max &&
            (lower(instrument.ib_symbol).starts_with(pattern) ||
             lower(instrument.description).contains(pattern)))
            found.push_back(&instrument);
    Message message(79);
    message.add(id).add(static_cast<std::int64_t>(found.size()));
    for (const auto* instrument : found)
        message.add(instrument->ib_conid)
            .add(instrument->ib_symbol)
            .add(security_type_of(*instrument))
            .add(instrument->ib_exchange)
            .add(instrument->currency)
            .add(1)
            .add("OPT")
            .add(instrument->description)
            .empty();
    context_.send(session, message);
}

void ReferenceDesk::on_market_rule(Now now, Session& session, FieldCursor& in) {
    const auto rule = in.integer();
    const auto grid = find_market_rule(context_.exchange, rule);
    if (!grid) {
        context_.send_error(now, session, -1, 321,
                            fmt::format("Error validating request: unknown market rule {}", rule));
        return;
    }
    // Below one dollar shares move in hundredths of a cent.
    const bool cents = *grid == Decimal::from_units(Decimal::units_per_one / 100);
    Message message(93);
    message.add(rule).add(cents ? 2 : 1);
    message.add(0).add(cents ? Decimal::from_units(Decimal::units_per_one / 10'000) : *grid);
    if (cents) message.add(1).add(*grid);
    context_.send(session, message);
}

void ReferenceDesk::on_option_parameters(Now, Session& session, FieldCursor& in) {
    const auto id = in.integer();
    const auto underlying = in.text();
    in.skip(2);
    const auto conid = in.integer();
    std::set<std::string> expirations;
    std::map<Decimal, std::string> strikes;
    for (const auto& instrument : context_.exchange.scenario().instruments) {
        if (instrument.asset_class != AssetClass::Option || instrument.ib_symbol != underlying)
            continue;
        expirations.insert(instrument.last_trade_date);
        if (const auto strike = Decimal::parse(instrument.strike))
            strikes[*strike] = instrument.strike;
    }
    if (!expirations.empty()) {
        Message message(75);
        message.add(id).add("SMART").add(conid).add(underlying).add("100");
        message.add(static_cast<std::int64_t>(expirations.size()));
        for (const auto& expiration : expirations) message.add(expiration);
        message.add(static_cast<std::int64_t>(strikes.size()));
        for (const auto& [value, strike] : strikes) message.add(strike);
        context_.send(session, message);
    }
    context_.send(session, Message(76).add(id));
}

void ReferenceDesk::on_depth(Now now, Session& session, FieldCursor& in) {
    in.skip();
    context_.send_error(now, session, in.integer(), 10092,
                        "Deep market data is not supported for this combination of security "
                        "type/exchange");
}

void ReferenceDesk::on_depth_exchanges(Now, Session& session, FieldCursor&) {
    context_.send(session, Message(80).add(0));
}

void ReferenceDesk::on_smart_components(Now, Session& session, FieldCursor& in) {
    context_.send(session, Message(82).add(in.integer()).add(1).add(0).add("NASDAQ").add("Q"));
}

void ReferenceDesk::on_family_codes(Now, Session& session, FieldCursor&) {
    Message message(78);
    message.add(static_cast<std::int64_t>(context_.accounts.size()));
    for (const auto& account : context_.accounts) message.add(account).empty();
    context_.send(session, message);
}

void ReferenceDesk::on_user_info(Now, Session& session, FieldCursor& in) {
    context_.send(session, Message(107).add(in.integer()).empty());
}

void ReferenceDesk::on_news_providers(Now, Session& session, FieldCursor&) {
    context_.send(session, Message(85).add(0));
}

void ReferenceDesk::on_current_time(Now now, Session& session, FieldCursor&) {
    context_.send(session, Message(49).add(1).add(now.utc.seconds()));
}

void ReferenceDesk::on_current_time_in_millis(Now now, Session& session, FieldCursor&) {
    context_.send(session, Message(109).add(now.utc.milliseconds()));
}

/// An option's underlying is a stock of this world; a future's is an index that nobody trades.
void ReferenceDesk::add_underlying(Message& message, const SimInstrument& instrument) const {
    if (instrument.asset_class == AssetClass::Option)
        message.add(instrument.ib_symbol).add("STK");
    else if (instrument.asset_class == AssetClass::Future)
        message.add(instrument.ib_symbol).add("IND");
    else
        message.empty(2);
}

Message ReferenceDesk::details_message(Now now, int version, RequestId id,
                                       const ContractRow& row) const {
    const auto& instrument = *row.instrument;
    const auto exchanges = valid_exchanges_of(row);
    const bool stock = is_stock(instrument);
    Message message(10);
    message.add(id).add(instrument.ib_symbol).add(security_type_of(instrument));
    message.add(shown_trade_date_of(instrument));
    if (version >= 182) message.add(instrument.last_trade_date);
    message.add(instrument.strike.empty() ? "0" : instrument.strike)
        .add(instrument.right)
        .add(row.exchange)
        .add(instrument.currency)
        .add(instrument.ib_local_symbol)
        .add(instrument.ib_trading_class)
        .add(instrument.ib_trading_class)
        .add(row.conid)
        .add(instrument.tick_size)
        .add(multiplier_text_of(instrument))
        .add(
            "ACTIVETIM,DAY,FOK,GTC,GTD,IOC,LIT,LMT,LOC,MIT,MKT,MOC,OCA,OPG,STP,STPLMT,TRAIL,"
            "TRAILLMT,WHATIF")
        .add(exchanges)
        .add(1)
        .add(underlying_conid_of(context_.exchange, instrument))
        .add(instrument.description)
        .add(row.primary_exchange)
        .add(instrument.contract_month)
        .empty(3)  // Industry, category, subcategory.
        .add(zone_of(instrument))
        .add(shown_hours_of(instrument, now.utc, "0400", "2000"))
        .add(shown_hours_of(instrument, now.utc, "0930", "1600"))
        .empty(2);  // EV rule and multiplier.
    if (stock)
        message.add(1).add("ISIN").add(fmt::format("US{:09}0", row.conid));
    else
        message.add(0);
    message.add(stock ? "1" : unset_int);
    add_underlying(message, instrument);
    message.add(repeated_rule(market_rule_of(context_.exchange, instrument.tick_size), exchanges))
        .add(instrument.last_trade_date)
        .add(stock ? "COMMON" : "")
        .add(stock ? "0.0001" : "1")
        .add(stock ? "0.0001" : "1")
        .add(stock ? "100" : "1");
    if (version >= 179 && instrument.asset_class == AssetClass::Fund) add_fund(message);
    if (version >= 186) message.add(0);
    return message;
}

Message ReferenceDesk::bond_message(Now now, int version, RequestId id,
                                    const ContractRow& row) const {
    const auto& instrument = *row.instrument;
    Message message(18);
    message.add(id).add(instrument.ib_symbol).add(security_type_of(instrument));
    message.empty(2).add(instrument.last_trade_date).empty(4);  // CUSIP to coupon type.
    message.add(0).add(0).add(0).empty();                       // Convertible to description.
    message.add(row.exchange)
        .add(instrument.currency)
        .add(instrument.ib_trading_class)
        .add(instrument.ib_trading_class)
        .add(row.conid)
        .add(instrument.tick_size)
        .add("LMT,MKT")
        .add(valid_exchanges_of(row))
        .empty(2)
        .add(0)
        .empty()
        .add(instrument.description);
    if (version >= 188)
        message.add(zone_of(instrument))
            .add(hours_text(now.utc, "0800", "1700"))
            .add(hours_text(now.utc, "0800", "1700"));
    message.empty(2).add(0).add(unset_int);  // EV rule and multiplier, ids, group.
    return message.add(market_rule_of(context_.exchange, instrument.tick_size)).repeat("1", 3);
}

}  // namespace janus::sim::ib
