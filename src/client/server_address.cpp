#include "client/server_address.hpp"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>

namespace janus::client {
namespace {

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return fail(ErrorCode::NotFound, "{} cannot be read", path.string());
    return text.str();
}

/// The first address of a list in ports.json; empty when there is none.
std::string first_address(const boost::json::value& ports, std::string_view name) {
    const auto* object = ports.if_object();
    const auto* list = object && object->contains(name) ? object->at(name).if_array() : nullptr;
    const auto* text = list && !list->empty() ? list->front().if_string() : nullptr;
    return text ? std::string(*text) : "";
}

Result<void> read_ports(const std::filesystem::path& file, ServerAddress& address) {
    const auto text = read_file(file);
    if (!text)
        return fail(ErrorCode::Unavailable,
                    "no janusd has left its address in {}; start it, or name it with --server",
                    file.string());
    boost::system::error_code error;
    const auto ports = boost::json::parse(*text, error);
    if (!error) address.grpc = first_address(ports, "grpc");
    if (!error) address.http = first_address(ports, "http");
    if (address.grpc.empty())
        return fail(ErrorCode::Unavailable, "{} holds no gRPC address", file.string());
    return {};
}

}  // namespace

Result<ServerAddress> find_server(const AddressHints& hints) {
    ServerAddress address{.grpc = hints.server};
    if (address.grpc.empty())
        if (auto ports = read_ports(hints.state_dir / "ports.json", address); !ports)
            return std::unexpected(ports.error());
    const auto token_file = hints.token_file.empty() ? hints.state_dir / "token" : hints.token_file;
    auto token = read_file(token_file);
    if (!token)
        return fail(ErrorCode::Unauthorized, "token file {} cannot be read", token_file.string());
    while (!token->empty() && (token->back() == '\n' || token->back() == '\r')) token->pop_back();
    address.token = Secret(std::move(*token));
    return address;
}

}  // namespace janus::client
