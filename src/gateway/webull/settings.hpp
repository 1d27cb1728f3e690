#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "domain/ids.hpp"
#include "gateway/io.hpp"
#include "gateway/webull/wire/crypto.hpp"

namespace janus::webull {

/// One account of the key.
struct WebullAccount {
    AccountName name;
    std::string account_id;  ///< Empty: the only account of the key.
};

/// Which URLs to speak; `Auto` asks for G4 first and falls back to G3.
enum class UrlGeneration { Auto, G3, G4 };

/// Everything that one gateway (one app key) is told. Durations have the broker's limits in mind.
struct WebullSettings {
    Secret app_key;
    Secret app_secret;
    std::optional<Secret> token;      ///< The 2FA token of an earlier run.
    std::optional<Utc> token_issued;  ///< When that one was first confirmed.
    std::string region{"us"};
    std::optional<io::Endpoint> rest;    ///< Default: the region's host.
    std::optional<io::Endpoint> events;  ///< Default: the region's host.
    std::string ca_file;                 ///< Extra trust anchor (PEM) for both.
    std::string signed_host;  ///< As signed; empty: the host, with its port when that is unusual.
    wire::Algorithm algorithm{wire::Algorithm::HmacSha256};
    UrlGeneration generation{UrlGeneration::Auto};
    std::vector<WebullAccount> accounts;

    bool batch_orders{false};  ///< Places that wait for their turn go together.
    bool trade_events_enabled{true};
    Duration debounce{std::chrono::seconds(1)};  ///< Quiet time before a refresh.
    Duration stale_after{std::chrono::seconds(300)};
    Duration ping_silence_max{std::chrono::seconds(150)};    ///< Pings come every 60 s.
    Duration poll_interval{std::chrono::seconds(10)};        ///< While any order is open.
    Duration silent_poll_interval{std::chrono::seconds(3)};  ///< The same, when events are missing.
    Duration idle_poll_interval{std::chrono::seconds(60)};   ///< While none is.
    Duration request_timeout{std::chrono::seconds(10)};
    Duration signature_window{
        std::chrono::seconds(300)};  ///< Undocumented; the broker's is unknown.
    Duration clock_skew_alarm{std::chrono::seconds(2)};
    Duration token_renewal{std::chrono::hours(48)};  ///< So long before its end it is renewed.
    Duration miss_after{std::chrono::seconds(10)};   ///< A change that no event announced by then.
    int misses_until_silent{3};
    int failures_until_degraded{3};
};

/// The hosts of one region.
struct RegionRow {
    std::string_view region;
    std::string_view rest;
    std::string_view events;
};
/// Nothing for a region Janus does not know. Source: reference 1.1.
const RegionRow* find_region(std::string_view region);

/// The accounts of the key, `webull_personal+webull_second`: its name for people.
std::string login_of(const WebullSettings& settings);
/// Names the key where its token is kept: a digest of the app key and its host.
std::string token_name_of(const WebullSettings& settings);

/// The settings with every default filled in.
/// Errors: `Invalid`: no key, no account, unknown region, two accounts that cannot both be meant.
Result<WebullSettings> completed(WebullSettings settings);

}  // namespace janus::webull
