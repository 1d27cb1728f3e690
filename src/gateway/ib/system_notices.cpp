// Notices of the gateway that concern neither an order nor a request: it moves, a data farm fails.
#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/ib/farms.hpp"
#include "gateway/ib/ib_gateway.hpp"

namespace janus::ib {
namespace {

constexpr auto digits = std::string_view("0123456789");

/// The last number in the text, when it can be the port of a gateway: not one that only the
/// system's own services have, and not the present one.
std::optional<std::uint16_t> find_port(std::string_view text, std::uint16_t present) {
    constexpr int privileged_max = 1023;
    const auto last = text.find_last_of(digits);
    if (last == std::string_view::npos) return std::nullopt;
    const auto before = text.find_last_not_of(digits, last);
    const auto first = before == std::string_view::npos ? 0 : before + 1;
    std::uint16_t port = 0;
    const auto* end = text.data() + last + 1;
    const auto parsed = std::from_chars(text.data() + first, end, port);
    const bool good = parsed.ec == std::errc{} && parsed.ptr == end;
    if (!good || port <= privileged_max || port == present) return std::nullopt;
    return port;
}

enum class FarmState { Lost, Back };
struct FarmNotice {
    std::int64_t code;
    FarmState state;
};
/// Of market data; the farms of history and of security definitions carry no prices. A farm that
/// sleeps (2108) wakes up when it is asked.
constexpr auto farm_notices = std::to_array<FarmNotice>({
    {2103, FarmState::Lost},
    {2104, FarmState::Back},
});

}  // namespace

/// 1300: the gateway drops the connection and listens elsewhere, on the same host.
void IbGateway::on_port_changed(Now now, const std::string& text) {
    const auto port = find_port(text, link_.port());
    port_unknown_ = !port;
    if (!port) return link_.fail(now, "ib_port_changed " + text, Link::Pace::Slowest);
    output_.say(LogLevel::Warning,
                fmt::format("ib moves from port {} to {}; set it in the configuration",
                            link_.port(), *port));
    link_.follow_port(*port);
    link_.fail(now, fmt::format("ib_port_changed to {}: {}", *port, text));
}

/// Orders go on: a farm carries data only.
void IbGateway::on_farm_notice(const wire::ErrorMessage& error) {
    output_.count("farm_notices");
    const auto* row = std::ranges::find(farm_notices, error.code, &FarmNotice::code);
    const auto farm = farm_of(error.text);
    if (row == farm_notices.end() || farm.empty()) return;
    if (row->state == FarmState::Lost)
        quotes_.on_farm_lost(farm, fmt::format("error {}: {}", error.code, error.text));
    else
        quotes_.on_farm_back(farm);
}

}  // namespace janus::ib
