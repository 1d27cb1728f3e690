#include "net/listen_address.hpp"

#include <charconv>

namespace janus::net {

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return fail(ErrorCode::Invalid, "address '{}' has no port, like 127.0.0.1:2014", text);
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return fail(ErrorCode::Invalid, "port of '{}' was '{}', not 0 to 65535", text, digits);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return fail(ErrorCode::Invalid, "address '{}' needs brackets around IPv6, like [::1]:80",
                    text);
    if (host.empty()) return fail(ErrorCode::Invalid, "address '{}' has no host", text);
    return ListenAddress{std::string(host), port};
}

std::string to_text(const ListenAddress& address) {
    const bool ipv6 = address.host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]:{}", address.host, address.port)
                : fmt::format("{}:{}", address.host, address.port);
}

}  // namespace janus::net
