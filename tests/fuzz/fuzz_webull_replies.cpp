#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "gateway/webull/test_desk.hpp"

using namespace janus::webull;
using janus::webull::wire::Call;
namespace gateway = janus::gateway;

namespace {

constexpr auto calls = std::to_array<Call>({
    Call::Config,
    Call::TokenCreate,
    Call::TokenCheck,
    Call::TokenRefresh,
    Call::AccountList,
    Call::Balance,
    Call::Positions,
    Call::Instruments,
    Call::Preview,
    Call::Place,
    Call::Replace,
    Call::Cancel,
    Call::OpenOrders,
    Call::History,
    Call::Detail,
});
constexpr auto statuses =
    std::to_array<int>({200, 200, 200, 200, 201, 302, 401, 403, 404, 417, 429, 500, 503, 0});

constexpr char separator = '\x1e';  // ASCII's own; no body has it.
constexpr int parts_max = 4;

/// A broker that answers everything well.
Desk make_desk() {
    auto settings = desk_settings();
    settings.token = janus::Secret(token_text);
    Desk desk(std::move(settings));
    const auto token = ok(
        fmt::format(R"({{"token":"{}","expires":1774358400000,"status":"NORMAL"}})", token_text));
    desk.replies["/openapi/config"] = ok(R"({"token_check_enabled":true})");
    for (const auto* path :
         {"/openapi/auth/token/create", "/openapi/auth/token/check", "/openapi/auth/token/refresh"})
        desk.replies[path] = token;
    const auto receipt =
        ok(fmt::format(R"({{"client_order_id":"{}","order_id":"B1"}})", client_1.value));
    for (const auto posted : {Call::Place, Call::Replace, Call::Cancel})
        desk.replies[std::string(wire::path_of(posted, wire::Generation::G4))] = receipt;
    desk.replies[std::string(wire::path_of(Call::OpenOrders, wire::Generation::G4))] =
        ok("[" + order_group(client_1.value, "SUBMITTED") + "]");
    return desk;
}

/// Which call, which status, and then any bytes as the body of its replies. Behind the last call
/// they are an event of the stream, which is returned.
std::string spoil(Desk& desk, std::string_view part) {
    if (part.size() < 2) return {};
    std::string body(part.substr(2));
    const auto which = static_cast<std::uint8_t>(part[0]) % (calls.size() + 1);
    if (which == calls.size()) return body;
    const auto code = statuses[static_cast<std::uint8_t>(part[1]) % statuses.size()];
    desk.replies[std::string(wire::path_of(calls[which], wire::Generation::G4))] =
        code == 0 ? lost() : status(code, std::move(body));
    return {};
}

gateway::PreviewOrder preview_command(const gateway::PlaceOrder& place) {
    return {
        .preview = gateway::PreviewId{5},
        .intent = {.account = place.account,
                                      .symbol = place.symbol,
                                      .side = place.side,
                                      .type = place.type,
                                      .quantity = place.quantity,
                                      .limit_price = place.limit_price},
        .native_id = place.native_id,
        .number = 0
    };
}

/// Everything that is asked of a broker, once; in little time, because polls cost signatures.
/// Meanwhile its stream says `event`, as a message and as the JSON of one.
void use(Desk& desk, const std::string& event) {
    const auto place = desk.place_command();
    desk.command(gateway::Start{});
    desk.run(3s);
    desk.command(gateway::StartTradeEvents{});
    desk.stream_message({});
    desk.command(place);
    desk.command(preview_command(place));
    desk.command(gateway::LookupInstrument{gateway::LookupId{1}, place.symbol});
    desk.run(1s);
    desk.stream_event(order_event(client_1.value, "PARTIAL_FILLED", "FILLED", "3"));
    if (!event.empty()) {
        desk.stream_bytes(event);
        desk.stream_event(event);
    }
    auto changed = desk.place_command();
    changed.quantity = janus::Quantity{janus::Decimal::from_integer(50)};
    desk.command(gateway::ModifyOrder{changed, {}});
    desk.run(1s);
    desk.command(gateway::CancelOrder{place.order, client_1, {}, place.account});
    desk.command(gateway::QueryOrder{place.order, client_1, {}, place.account});
    desk.stream_control(wire::event_type::auth_error);
    desk.run(6s);
    desk.command(gateway::Stop{});
    desk.run(4s);
}

void check_text(std::string_view text) {
    for (const auto* secret : {key_text, secret_text, token_text, account_1})
        JANUS_CHECK(text.find(secret) == std::string_view::npos);
}

void check_said(const Desk& desk) {
    for (const auto& event : desk.events)
        std::visit(
            []<typename Told>(const Told& told) {
                if constexpr (requires { check_text(told.reason); }) check_text(told.reason);
                if constexpr (requires { check_text(told.text); }) check_text(told.text);
                if constexpr (requires { check_text(told.evidence); }) check_text(told.evidence);
                if constexpr (std::is_same_v<Told, gateway::PreviewResult>)
                    if (!told.outcome) check_text(told.outcome.error().message);
                if constexpr (std::is_same_v<Told, gateway::AccountsListed>)
                    for (const auto& account : told.accounts) check_text(account.label);
                if constexpr (std::is_same_v<Told, gateway::OrderReport>)
                    JANUS_CHECK(!told.filled || !told.filled->value.is_negative());
            },
            event);
}

}  // namespace

/// One part or several, apart by the separator, for replies that are strange together. The gateway
/// sends a place and a replace once, ends when it is told to, and says nothing secret.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    Desk desk = make_desk();
    std::string event;
    for (int parts = 0; parts < parts_max && !rest.empty(); ++parts) {
        const auto part = rest.substr(0, rest.find(separator));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (auto told = spoil(desk, part); !told.empty()) event = std::move(told);
    }
    use(desk, event);
    JANUS_CHECK(desk.requests_to(wire::path_of(Call::Place, wire::Generation::G4)) <= 1);
    JANUS_CHECK(desk.requests_to(wire::path_of(Call::Replace, wire::Generation::G4)) <= 1);
    JANUS_CHECK(desk.gateway().stopped());
    check_said(desk);
    return 0;
}
