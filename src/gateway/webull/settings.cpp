#include "gateway/webull/settings.hpp"

#include <array>
#include <set>

namespace janus::webull {
namespace {

// clang-format off
constexpr auto regions = std::to_array<RegionRow>({
    {"us", "api.webull.com", "events-api.webull.com"},
    {"us_sandbox", "api.sandbox.webull.com", "events-api.sandbox.webull.com"},
    {"us_uat", "us-openapi-alb.uat.webullbroker.com", "us-openapi-events.uat.webullbroker.com"},
    {"hk", "api.webull.hk", "events-api.webull.hk"},
    {"hk_sandbox", "api.sandbox.webull.hk", "events-api.sandbox.webull.hk"},
    {"hk_uat", "hk-openapi.uat.webullbroker.com", "hk-openapi-events-api.uat.webullbroker.com"},
    {"jp", "api.webull.co.jp", "events-api.webull.co.jp"},
    {"jp_uat", "jp-openapi-alb.uat.webullbroker.com", "jp-openapi-events.uat.webullbroker.com"},
    {"sg", "api.webull.com.sg", "events-api.webull.com.sg"},
    {"th", "api.webull.co.th", "events-api.webull.co.th"},
    {"au", "api.webull.com.au", "events-api.webull.com.au"},
    {"za", "api.webull.com.au", "events-api.webull.com.au"},
    {"my", "api.webull.com.my", "events-api.webull.com.my"},
    {"uk", "api.webull-uk.com", "events-api.webull-uk.com"},
    {"eu", "api.webull.eu", "events-api.webull.eu"},
    {"br", "api.webull.com", "events-api.webull.com"},
    {"mx", "api.webull.com", "events-api.webull.com"},
});
// clang-format on

constexpr std::uint16_t https_port = 443;
constexpr std::uint16_t http_port = 80;

io::Endpoint default_endpoint(std::string_view host) {
    return {.host = std::string(host), .port = https_port, .tls = true, .ca_file = {}};
}

std::string signed_host_of(const io::Endpoint& rest) {
    const bool usual = rest.port == (rest.tls ? https_port : http_port);
    return usual ? rest.host : fmt::format("{}:{}", rest.host, rest.port);
}

Result<void> check_accounts(const std::vector<WebullAccount>& accounts) {
    if (accounts.empty()) return fail(ErrorCode::Invalid, "Webull key has no account");
    std::set<std::string> names;
    std::set<std::string> ids;
    for (const auto& account : accounts) {
        if (account.account_id.empty() && accounts.size() > 1)
            return fail(ErrorCode::Invalid,
                        "account {} needs an account_id: its app key serves several accounts",
                        account.name);
        if (!names.insert(account.name.value).second || !ids.insert(account.account_id).second)
            return fail(ErrorCode::Invalid, "account {} is there twice", account.name);
    }
    return {};
}

}  // namespace

const RegionRow* find_region(std::string_view region) {
    for (const auto& row : regions)
        if (row.region == region) return &row;
    return nullptr;
}

std::string login_of(const WebullSettings& settings) {
    std::string name;
    for (const auto& account : settings.accounts)
        name += (name.empty() ? "" : "+") + account.name.value;
    return name;
}

std::string token_name_of(const WebullSettings& settings) {
    constexpr std::size_t digits = 16;
    const auto named = settings.app_key.reveal() + "\n" + settings.region + "\n" +
                       (settings.rest ? settings.rest->host : "");
    return wire::body_digest(wire::Algorithm::HmacSha256, named, wire::HexCase::Lower)
        .substr(0, digits);
}

Result<WebullSettings> completed(WebullSettings settings) {
    if (settings.app_key.empty() || settings.app_secret.empty())
        return fail(ErrorCode::Invalid, "Webull account needs app_key and app_secret");
    if (auto accounts = check_accounts(settings.accounts); !accounts)
        return std::unexpected(accounts.error());
    const auto* row = find_region(settings.region);
    if (row == nullptr)
        return fail(ErrorCode::Invalid, "region '{}' is unknown to Webull, e.g. us, us_sandbox, hk",
                    settings.region);
    if (!settings.rest) settings.rest = default_endpoint(row->rest);
    if (!settings.events) settings.events = default_endpoint(row->events);
    settings.rest->ca_file = settings.events->ca_file = settings.ca_file;
    if (settings.signed_host.empty()) settings.signed_host = signed_host_of(*settings.rest);
    return settings;
}

}  // namespace janus::webull
