#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/setting.hpp"

/// Everything janusd can be told, declared once: this loads, checks, prints and documents it.
namespace janus::config {

struct DatabaseSection : Section {
    DatabaseSection() : Section("The dedicated PostgreSQL database with the symbol registry.") {}
    SecretText url{
        *this, "url",
        "libpq address of the database. It may hold a password: then use { file } or { env }.",
        PlainText::Allowed, "postgresql:///janus"};
};

struct ApiSection : Section {
    ApiSection() : Section("Where clients reach janusd. Only loopback addresses are allowed.") {}
    Texts grpc{*this, "grpc", "gRPC addresses, HOST:PORT; port 0 picks one.", {"127.0.0.1:2014"}};
    Texts http{
        *this, "http", "HTTP addresses: health, metrics; port 0 picks one.", {"127.0.0.1:2015"}};
};

struct StateSection : Section {
    StateSection() : Section("This server's own memory.") {}
    Text dir{*this, "dir", "Folder of the order journal, the access token and ports.json.",
             "var/janusd"};
};

struct LogSection : Section {
    LogSection() : Section("The log goes to standard error, one line an event.") {}
    Text level{
        *this,
        "level",
        "Lowest level that is written.",
        "info",
        {"trace", "debug", "info", "warning", "error"}
    };
};

struct RiskSection : Section {
    RiskSection() : Section("Limits on every order; an account may override them.") {}
    Amount max_order_quantity{*this, "max_order_quantity",
                              "Most shares or contracts in one order."};
    Amount max_order_notional{*this, "max_order_notional",
                              "Most money in one order; a market order is valued at a live price "
                              "and refused without one."};
    Amount max_open_orders{
        *this, "max_open_orders",
        "Most orders of one account that have not ended, unknown ones included."};
    Amount max_orders_per_second{*this, "max_orders_per_second",
                                 "Most new orders of one account within a second."};
    Amount price_distance_max{*this, "price_distance_max",
                              "Most per cent by which a limit price may be worse than the live "
                              "market; refused without a live price."};
};

struct MarketDataSection : Section {
    MarketDataSection() : Section("Market data through this account's broker.") {}
    Texts default_symbols{*this, "default_symbols", "Canonical symbols subscribed at start.", {}};
};

struct TradeEventsSection : Section {
    TradeEventsSection() : Section("Webull's stream of trade events.") {}
    Flag enabled{*this, "enabled", "Whether the stream is used; without it orders are polled.",
                 true};
    Span debounce{*this, "debounce", "Quiet time after events before the account is read afresh.",
                  std::chrono::seconds(1)};
    Span stale_after{*this, "stale_after",
                     "A stream without any message for so long is opened anew.",
                     std::chrono::seconds(300)};
};

/// What every account has, whatever its broker.
struct AccountSection : Section {
    explicit AccountSection(std::string_view help) : Section(help) {}
    RequiredText name{*this, "name", "Our alias: lower-case letters, digits, underscore."};
    RequiredText broker{*this, "broker", "ib or webull; decides which other keys the account has."};
    Flag allow_short{*this, "allow_short", "Whether short sales are accepted.", false};
    Sub<RiskSection> risk{*this, "risk"};
    Sub<MarketDataSection> market_data{*this, "market_data"};
};

struct IbAccountSection : AccountSection {
    IbAccountSection()
        : AccountSection("An account at Interactive Brokers, through TWS or IB Gateway.") {}
    Text host{*this, "host", "Host of TWS or IB Gateway.", "127.0.0.1"};
    Integer port{
        *this,
        "port",
        "Port of the API socket: 4001/4002 Gateway, 7496/7497 TWS.",
        4002,
        {1, 65535}
    };
    Integer client_id{
        *this,
        "client_id",
        "Unique per gateway; accounts with the same host, port and id share a connection. 0 may "
        "also cancel orders made by hand in TWS.",
        1,
        {0, 999'999}
    };
    Span open_orders_poll{*this, "open_orders_poll",
                          "How often to look for orders made elsewhere; 0s is never.",
                          std::chrono::seconds(10)};
    Integer max_version{
        *this,
        "max_version",
        "Highest server version to offer: text to 200, protobuf from 213.",
        225,
        {176, 225}
    };
    Integer messages_per_second{
        *this,
        "messages_per_second",
        "Most messages a second to the gateway. IB allows 50 for all its clients together; lower "
        "it "
        "when other programs share the gateway.",
        40,
        {1, 50}
    };
    Text market_data_kind{
        *this,
        "market_data_kind",
        "live: live quotes, and none where IB gives no right to them. delayed: there the quotes of "
        "15 "
        "minutes ago, marked as delayed.",
        "live",
        {"live", "delayed"}
    };
    Text account{*this, "account",
                 "IB's account code; may be left out when the login has exactly one.", ""};
};

struct WebullAccountSection : AccountSection {
    WebullAccountSection() : AccountSection("An account at Webull, through its OpenAPI.") {}
    SecretText app_key{*this, "app_key", "App Key.", PlainText::Allowed};
    SecretText app_secret{*this, "app_secret", "App Secret.", PlainText::Refused};
    Text region{*this, "region", "Decides the broker's hosts.", "us"};
    Text account_id{*this, "account_id",
                    "Webull's account id; may be left out when the key has exactly one account.",
                    ""};
    Text rest{*this, "rest", "Address of the REST service; the region's host when left out.", ""};
    Text events{*this, "events", "Address of the event service; the region's host when left out.",
                ""};
    Text ca_file{*this, "ca_file",
                 "File with an authority (PEM) that is trusted for both, besides the system's.",
                 ""};
    Text signature{
        *this, "signature", "Signature algorithm.", "HMAC-SHA256", {"HMAC-SHA256", "HMAC-SHA1"}
    };
    Text urls{
        *this, "urls", "Generation of URLs: auto, g3, g4.", "auto", {"auto", "g3", "g4"}
    };
    Flag batch_orders{
        *this, "batch_orders",
        "Whether orders that wait for Webull's limit go together, where the key may place "
        "batches.",
        false};
    Sub<TradeEventsSection> trade_events{*this, "trade_events"};
};

/// The whole file.
struct Settings : Section {
    Settings() : Section("Configuration of janusd.") {}
    Text default_account{*this, "default_account", "Account of commands that name none.", ""};
    Sub<DatabaseSection> database{*this, "database"};
    Sub<ApiSection> api{*this, "api"};
    Sub<StateSection> state{*this, "state"};
    Sub<LogSection> log{*this, "log"};
    Sub<RiskSection> risk{*this, "risk"};
    std::vector<std::unique_ptr<AccountSection>> accounts;
};

/// Loads a configuration; on error every problem is a line of the message.
/// Errors: `NotFound`, `Malformed`, `Invalid`.
Result<std::unique_ptr<Settings>> load(const std::filesystem::path& file);
/// The same for a text.
Result<std::unique_ptr<Settings>> parse(std::string_view text, std::string_view name);

/// The file in force by `--config`, `$JANUS_CONFIG`, `$XDG_CONFIG_HOME/janus/janus.toml`,
/// `/etc/janus/janus.toml`.
std::filesystem::path config_file_of(const std::string& option);

/// The settings as a commented TOML file, secrets left out.
std::string to_toml(const Settings& settings);
/// `docs/configuration.md`, from the same declarations.
std::string to_markdown();

}  // namespace janus::config
