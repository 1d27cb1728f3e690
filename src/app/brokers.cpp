#include "app/brokers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>

#include "app/broker_tokens.hpp"
#include "gateway/ib/ib_gateway.hpp"
#include "gateway/webull/webull_gateway.hpp"
#include "net/tls_context.hpp"

namespace janus::app {
namespace {

using Accounts = std::vector<const config::AccountSection*>;
using Gateways = std::vector<std::unique_ptr<gateway::Gateway>>;

/// Reads `https://127.0.0.1:8801`; nothing for an empty text, which means the broker's own host.
Result<std::optional<io::Endpoint>> parse_endpoint(const std::string& account,
                                                   const std::string& url) {
    if (url.empty()) return std::optional<io::Endpoint>{};
    io::Endpoint endpoint;
    std::string_view rest = url;
    endpoint.tls = rest.starts_with("https://");
    if (!endpoint.tls && !rest.starts_with("http://"))
        return fail(ErrorCode::Invalid,
                    "account {}: address '{}' must begin with https:// or http://", account, url);
    rest.remove_prefix(endpoint.tls ? 8 : 7);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    endpoint.port = endpoint.tls ? 443 : 80;
    if (const auto colon = rest.rfind(':'); colon != std::string_view::npos) {
        const auto digits = rest.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
        if (error != std::errc{} || end != digits.data() + digits.size() || endpoint.port == 0)
            return fail(ErrorCode::Invalid, "account {}: address '{}' has no valid port", account,
                        url);
        rest = rest.substr(0, colon);
    }
    if (rest.empty())
        return fail(ErrorCode::Invalid, "account {}: address '{}' names no host", account, url);
    endpoint.host = rest;
    const bool local = endpoint.host == "127.0.0.1" || endpoint.host == "localhost";
    if (!endpoint.tls && !local)
        return fail(ErrorCode::Invalid,
                    "account {}: address '{}' must be https; plain http is for this machine only",
                    account, url);
    return std::optional(endpoint);
}

ib::IbSettings ib_settings_of(const config::IbAccountSection& account) {
    ib::IbSettings login;
    login.host = *account.host;
    login.port = static_cast<std::uint16_t>(*account.port);
    login.client_id = *account.client_id;
    login.open_orders_poll = *account.open_orders_poll;
    login.version_max = static_cast<int>(*account.max_version);
    login.messages_per_second = static_cast<std::size_t>(*account.messages_per_second);
    if (*account.market_data_kind == "delayed") login.market_data = ib::MarketDataKind::Delayed;
    return login;
}

/// The complaint about accounts that share a connection, or a key, and differ in what it is like.
auto differ_by(const std::string& account, const AccountName& first, std::string_view shared) {
    return [&account, &first, shared](std::string_view setting) {
        return fail(ErrorCode::Invalid, "account {}: {} differs from that of {}, which has the {}",
                    account, setting, first, shared);
    };
}

/// Accounts that share a connection share what it is like.
Result<void> check_agree(const ib::IbSettings& login, const ib::IbSettings& other,
                         const std::string& account) {
    const auto differ = differ_by(account, login.accounts.front().name,
                                  "same host, port and client_id and so the same connection");
    if (login.open_orders_poll != other.open_orders_poll) return differ("open_orders_poll");
    if (login.version_max != other.version_max) return differ("max_version");
    if (login.messages_per_second != other.messages_per_second)
        return differ("messages_per_second");
    if (login.market_data != other.market_data) return differ("market_data_kind");
    return {};
}

Result<Gateways> make_ib(const Accounts& accounts, const std::string& /*state_dir*/,
                         Random& random) {
    std::map<std::tuple<std::string, std::int64_t, std::int64_t>, ib::IbSettings> logins;
    for (const auto* base : accounts) {
        const auto& account = dynamic_cast<const config::IbAccountSection&>(*base);
        const auto settings = ib_settings_of(account);
        const std::tuple key{*account.host, *account.port, *account.client_id};
        auto& login = logins.try_emplace(key, settings).first->second;
        if (!login.accounts.empty())
            if (auto ok = check_agree(login, settings, *account.name); !ok)
                return std::unexpected(ok.error());
        login.accounts.push_back({{*account.name}, *account.account});
    }
    Gateways gateways;
    for (auto& [key, login] : logins) {
        if (login.accounts.size() > 1 &&
            std::ranges::any_of(login.accounts, [](auto& a) { return a.code.empty(); }))
            return fail(ErrorCode::Invalid,
                        "account {}: several accounts share this connection, so each needs its "
                        "'account' code",
                        login.accounts.front().name);
        gateways.push_back(std::make_unique<ib::IbGateway>(std::move(login), random));
    }
    return gateways;
}

Result<webull::WebullSettings> webull_settings_of(const config::WebullAccountSection& account) {
    webull::WebullSettings settings{.app_key = *account.app_key, .app_secret = *account.app_secret};
    auto rest = parse_endpoint(*account.name, *account.rest);
    if (!rest) return std::unexpected(rest.error());
    auto events = parse_endpoint(*account.name, *account.events);
    if (!events) return std::unexpected(events.error());
    if (auto usable = net::check_ca_file(*account.ca_file); !usable)
        return fail(ErrorCode::Invalid, "account {}: {}", *account.name, usable.error().message);
    settings.region = *account.region;
    settings.rest = std::move(*rest);
    settings.events = std::move(*events);
    settings.ca_file = *account.ca_file;
    if (*account.signature == "HMAC-SHA1") settings.algorithm = webull::wire::Algorithm::HmacSha1;
    if (*account.urls == "g3") settings.generation = webull::UrlGeneration::G3;
    if (*account.urls == "g4") settings.generation = webull::UrlGeneration::G4;
    settings.batch_orders = *account.batch_orders;
    settings.trade_events_enabled = *account.trade_events.enabled;
    settings.debounce = *account.trade_events.debounce;
    settings.stale_after = *account.trade_events.stale_after;
    return settings;
}

/// Accounts of one app key share how it is spoken with.
Result<void> check_agree(const webull::WebullSettings& key, const webull::WebullSettings& other,
                         const std::string& account) {
    const auto differ = differ_by(account, key.accounts.front().name, "same app key");
    if (key.ca_file != other.ca_file) return differ("ca_file");
    if (key.app_secret.reveal() != other.app_secret.reveal()) return differ("app_secret");
    if (key.algorithm != other.algorithm) return differ("signature");
    if (key.generation != other.generation) return differ("urls");
    if (key.batch_orders != other.batch_orders) return differ("batch_orders");
    if (key.trade_events_enabled != other.trade_events_enabled)
        return differ("trade_events.enabled");
    if (key.debounce != other.debounce) return differ("trade_events.debounce");
    if (key.stale_after != other.stale_after) return differ("trade_events.stale_after");
    return {};
}

Result<Gateways> make_webull(const Accounts& accounts, const std::string& state_dir,
                             Random& random) {
    std::map<std::tuple<std::string, std::string, std::string, std::string>, webull::WebullSettings>
        keys;
    for (const auto* base : accounts) {
        const auto& account = dynamic_cast<const config::WebullAccountSection&>(*base);
        auto settings = webull_settings_of(account);
        if (!settings) return std::unexpected(settings.error());
        const std::tuple key{(*account.app_key).reveal(), *account.region, *account.rest,
                             *account.events};
        auto& entry = keys.try_emplace(key, *settings).first->second;
        if (!entry.accounts.empty())
            if (auto ok = check_agree(entry, *settings, *account.name); !ok)
                return std::unexpected(ok.error());
        entry.accounts.push_back({{*account.name}, *account.account_id});
    }
    Gateways gateways;
    for (auto& [key, settings] : keys) {
        auto completed = webull::completed(std::move(settings));
        if (!completed) return std::unexpected(completed.error());
        auto kept = load_broker_token(state_dir, webull::token_name_of(*completed));
        if (!kept) return std::unexpected(kept.error());
        if (*kept) completed->token = std::move((*kept)->text);
        if (*kept) completed->token_issued = (*kept)->issued;
        gateways.push_back(std::make_unique<webull::WebullGateway>(std::move(*completed), random));
    }
    return gateways;
}

/// The list of brokers: a third one is a row here, a folder in gateway/, and a column of the
/// registry.
struct BrokerRow {
    std::string_view key;
    Result<Gateways> (*make)(const Accounts& accounts, const std::string& state_dir,
                             Random& random);
};
constexpr auto brokers = std::to_array<BrokerRow>({
    {"ib",     make_ib    },
    {"webull", make_webull},
});

}  // namespace

Result<Gateways> make_gateways(const config::Settings& settings, Random& random) {
    Gateways all;
    for (const auto& broker : brokers) {
        Accounts accounts;
        for (const auto& account : settings.accounts)
            if (*account->broker == broker.key) accounts.push_back(account.get());
        auto made = broker.make(accounts, *settings.state.dir, random);
        if (!made) return std::unexpected(made.error());
        std::ranges::move(*made, std::back_inserter(all));
    }
    return all;
}

}  // namespace janus::app
