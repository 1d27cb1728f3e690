#include "bench/market_path.hpp"

#include "bench/ib_broker.hpp"

namespace janus::bench {
namespace {

ib::IbSettings settings_for(std::uint16_t port) {
    ib::IbSettings settings;
    settings.port = port;
    settings.client_id = 7;
    settings.accounts = {
        {{"ib_main"}, "DU1000001"}
    };
    settings.messages_per_second = 1'000'000;  // Getting ready is not what is measured.
    return settings;
}

/// SAAA, SAAB, ...: tickers have no digits.
CanonicalSymbol symbol_of(std::size_t number) {
    std::string text = "SAAA";
    for (std::size_t i = text.size() - 1; i > 0; --i, number /= 26)
        text[i] = static_cast<char>('A' + number % 26);
    return CanonicalSymbol::parse(text).value();
}

std::vector<core::SymbolRecord> records_of(std::size_t symbols) {
    std::vector<core::SymbolRecord> records;
    for (std::size_t i = 1; i <= symbols; ++i)
        records.push_back({.id = {},
                           .symbol = symbol_of(i),
                           .asset_class = AssetClass::Equity,
                           .currency = "USD",
                           .native_ids = {{"ib", NativeId{std::to_string(i)}}},
                           .description = {},
                           .created = {},
                           .updated = {}});
    return records;
}

constexpr auto price_fields =
    std::to_array<TickField>({TickField::Bid, TickField::Ask, TickField::Last, TickField::BidSize,
                              TickField::AskSize, TickField::LastSize, TickField::Close,
                              TickField::Open, TickField::High, TickField::Low, TickField::Volume});

}  // namespace

std::vector<std::unique_ptr<gateway::Gateway>> MarketPath::make_gateways(std::uint16_t port,
                                                                         Random& random) {
    std::vector<std::unique_ptr<gateway::Gateway>> made;
    made.push_back(std::make_unique<ib::IbGateway>(settings_for(port), random));
    return made;
}

MarketPath::MarketPath(std::size_t symbols, std::uint16_t port)
    : gateways_(make_gateways(port, random_)),
      gateway_(gateways_.front().get()),
      gateway_set_(gateways_),
      registry_(store_, log_),
      lookups_(gateway_set_, std::chrono::seconds(15)),
      resolver_(gateway_set_, registry_, lookups_),
      market_data_(gateway_set_, registry_, resolver_, log_, {.lines_max = symbols}),
      symbols_(symbols) {
    registry_.load(records_of(symbols));
}

void MarketPath::start(Now now) {
    gateway_->on_command(now, gateway::Start{});
    for (std::size_t i = 1; i <= symbols_; ++i)
        market_data_.subscribe(now, symbol_of(i), "bench",
                               [](Now, const Result<core::QuoteView>&) {});
    pump(now);
}

void MarketPath::on_io(Now now, const io::Event& event) {
    gateway_->on_io(now, event);
    pump(now);
}

void MarketPath::on_timeout(Now now) {
    gateway_->on_timeout(now);
    market_data_.on_timeout(now);
    pump(now);
}

std::optional<Instant> MarketPath::deadline() const {
    const auto first = gateway_->deadline();
    const auto second = market_data_.deadline();
    if (!first || !second) return first ? first : second;
    return std::min(*first, *second);
}

/// As Engine::pump does it, and the fan-out's question for what has changed.
void MarketPath::pump(Now now) {
    for (const auto& event : gateway_->take_events()) on_event(now, event);
    gateway_->take_ticks(ticks_);
    for (const auto& tick : ticks_) ++by_field_[static_cast<std::size_t>(tick.field)];
    market_data_.on_ticks(now, ticks_);
    changed_ += market_data_.take_changed().size();
}

void MarketPath::on_event(Now now, const gateway::Event& event) {
    ++typed_events_;
    if (const auto* gate = std::get_if<gateway::GateChanged>(&event)) {
        gateway_set_.on_gate_changed(*gate);
        market_data_.on_gate_changed(now, *gate);
    } else if (const auto* quality = std::get_if<gateway::QuoteQualityChanged>(&event)) {
        market_data_.on_quality_changed(now, *quality);
    }
}

std::vector<std::string> MarketPath::subscribe_in_memory(Now now) {
    IbBroker broker;
    start(now);
    for (auto effects = take_effects(); !effects.empty(); effects = take_effects())
        for (const auto& effect : effects) {
            if (const auto* connect = std::get_if<io::Connect>(&effect)) {
                channel_ = connect->channel;
                on_io(now, io::Connected{channel_});
            } else if (const auto* send = std::get_if<io::Send>(&effect)) {
                on_io(now, io::Received{channel_, broker.answer(send->bytes)});
            }
        }
    return broker.requests();
}

std::uint64_t MarketPath::price_events() const {
    std::uint64_t sum = 0;
    for (const auto field : price_fields) sum += by_field_[static_cast<std::size_t>(field)];
    return sum;
}

}  // namespace janus::bench
