#include "sim/world/janus_side.hpp"

#include <algorithm>

#include "gateway/ib/ib_gateway.hpp"
#include "gateway/webull/webull_gateway.hpp"

namespace janus::sim {
namespace {

void take_earlier(std::optional<Instant>& first, const std::optional<Instant>& other) {
    if (other && (!first || *other < *first)) first = other;
}

::janus::ib::IbSettings ib_settings(const Sabotage& sabotage) {
    ::janus::ib::IbSettings settings;
    settings.client_id = 11;
    for (const auto& account : world_accounts())
        if (account.line == Line::Ib) settings.accounts.push_back({account.name, account.id});
    if (sabotage.ib) sabotage.ib(settings);
    return settings;
}

constexpr std::string_view other_key = "other-key";
constexpr std::string_view other_secret = "other-secret";

core::EngineSettings engine_settings(const Sabotage& sabotage) {
    core::EngineSettings settings;
    for (const auto& account : world_accounts())
        settings.accounts.push_back(
            {account.name, {.max_order_quantity = order_quantity_max()}, {}});
    settings.accounts.front().default_symbols = {CanonicalSymbol::parse("AAPL").value()};
    if (sabotage.settings) sabotage.settings(settings);
    return settings;
}

}  // namespace

const std::vector<WorldAccount>& world_accounts() {
    static const std::vector<WorldAccount> accounts{
        {{"ib_main"},         "DU1000001",       Line::Ib         },
        {{"ib_second"},       "DU1000002",       Line::Ib         },
        {{"webull_personal"}, "WBSIM0000000001", Line::Webull     },
        {{"webull_second"},   "WBSIM0000000002", Line::Webull     },
        {{"webull_other"},    "WBSIM0000000003", Line::WebullOther},
    };
    return accounts;
}

Scenario world_scenario() {
    auto scenario = default_scenario();
    scenario.app_keys.push_back({std::string(other_key), std::string(other_secret)});
    scenario.accounts.push_back(
        {.broker = SimBroker::Webull,
         .id = "WBSIM0000000003",
         .number = "CVA00003",
         .app_key = std::string(other_key),
         .cash = {Decimal::from_integer(80'000)},
         .holdings = {{"MSFT", {Decimal::from_integer(20)}, {Decimal::from_integer(395)}}}});
    return scenario;
}

Quantity order_quantity_max() {
    return {Decimal::from_integer(200)};
}

void WorldJournal::append(core::JournalAppend request) {
    if (sabotage_.journal) sabotage_.journal(request);
    twin_.append(std::move(request));
}

void WorldRegistry::submit(core::RegistryRequest request) {
    auto* write = std::get_if<core::RegistryWrite>(&request);
    if (sabotage_.registry && write != nullptr) sabotage_.registry(*write);
    twin_.submit(std::move(request));
}

::janus::webull::WebullSettings JanusSide::webull_settings(Line line) const {
    const bool other = line == Line::WebullOther;
    ::janus::webull::WebullSettings settings{
        .app_key = Secret{std::string(other ? other_key : "demo-key")},
        .app_secret = Secret{std::string(other ? other_secret : "demo-secret")}};
    settings.batch_orders = other;
    settings.rest = io::Endpoint{.host = "127.0.0.1", .port = 8801};
    settings.events = io::Endpoint{.host = "127.0.0.1", .port = 8802};
    for (const auto& account : world_accounts())
        if (account.line == line) settings.accounts.push_back({account.name, account.id});
    if (const auto kept = tokens_.find(token_name_of(settings)); kept != tokens_.end()) {
        settings.token = kept->second.text;
        settings.token_issued = kept->second.issued;
    }
    if (sabotage_.webull) sabotage_.webull(settings);
    return ::janus::webull::completed(std::move(settings)).value();
}

std::vector<std::unique_ptr<gateway::Gateway>> JanusSide::make_gateways() {
    std::vector<std::unique_ptr<gateway::Gateway>> gateways;
    gateways.push_back(std::make_unique<::janus::ib::IbGateway>(ib_settings(sabotage_), *random_));
    for (const auto line : {Line::Webull, Line::WebullOther})
        gateways.push_back(
            std::make_unique<::janus::webull::WebullGateway>(webull_settings(line), *random_));
    if (sabotage_.gateway)
        for (auto& gateway : gateways) gateway = sabotage_.gateway(std::move(gateway));
    return gateways;
}

void JanusSide::start() {
    ++lives_;
    trace_.note("world", "janusd starts, life {}", lives_);
    random_.emplace(seed_ * 1000 + static_cast<std::uint64_t>(lives_));
    engine_ = std::make_unique<core::Engine>(engine_settings(sabotage_), make_gateways(), registry_,
                                             journal_, trace_, *random_);
    engine_->start(clock_.now(), registry().records(), journal().contents());
}

void JanusSide::crash() {
    trace_.note("world", "janusd is killed");
    engine_.reset();
    journal().crash();
    registry().crash();
}

gateway::Gateway& JanusSide::gateway_of(Line line) {
    return *engine_->gateways()[static_cast<std::size_t>(line)];
}

void JanusSide::on_io(Line line, const io::Event& event) {
    if (running()) gateway_of(line).on_io(clock_.now(), event);
}

bool JanusSide::pump() {
    if (!running()) return false;
    bool moved = false;
    const auto now = clock_.now();
    engine_->pump(now);
    for (auto& reply : registry().take_replies(now)) {
        engine_->on_registry_reply(now, std::move(reply));
        moved = true;
    }
    for (auto& reply : journal().take_replies(now)) {
        engine_->on_journal_reply(now, std::move(reply));
        moved = true;
    }
    if (moved) engine_->pump(now);
    keep_tokens();
    return moved;
}

void JanusSide::keep_tokens() {
    for (const auto& gateway : engine_->gateways())
        for (auto& issued : gateway->take_tokens()) tokens_[issued.login] = issued;
}

std::vector<io::Effect> JanusSide::take_effects(Line line) {
    if (!running()) return {};
    auto effects = gateway_of(line).take_effects();
    if (sabotage_.wire) sabotage_.wire(effects);
    return effects;
}

std::optional<Instant> JanusSide::deadline() const {
    if (!running()) return std::nullopt;
    auto first = engine_->deadline();
    take_earlier(first, journal().deadline());
    take_earlier(first, registry().deadline());
    return first;
}

void JanusSide::on_timeout() {
    if (!running()) return;
    const auto due = engine_->deadline();
    if (due && *due <= clock_.mono) engine_->on_timeout(clock_.now());
}

}  // namespace janus::sim
