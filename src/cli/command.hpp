#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "cli/output.hpp"
#include "client/client.hpp"

namespace janus::cli {

/// The exit codes of the contract.
enum class Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    NotFound = 3,
    Denied = 4,
    Rejected = 5,
    Unknown = 6,
    NotConnected = 7,
    NotAuthorised = 8,
};

/// The exit code for an error of the server or of the connection to it.
Exit exit_of(ErrorCode code);
/// The exit code for where an order stands after `place`: done, rejected, unknown, not connected.
Exit exit_of_order(const v1::Order& order);

/// What a command works with.
struct Session {
    std::function<Result<client::Client*>()> connect;  ///< Makes the client at the first use.
    Output& output;
    std::string account;      ///< `--account`; empty when not given.
    bool interactive{false};  ///< A person at a terminal may be asked.
    std::function<bool(const std::string&)> confirm;

    /// One call to the server; complains and gives nothing when it fails, with the exit code in
    /// `exit`.
    template <typename Request, typename Response>
    std::optional<Response> call(grpc::Status (client::Client::Stub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              Response*),
                                 const Request& request) {
        auto connected = connect();
        auto response = connected ? (*connected)->call(method, request)
                                  : Result<Response>(std::unexpected(connected.error()));
        if (response) return std::move(*response);
        return fail_with(response.error()), std::nullopt;
    }
    template <typename Request, typename Message>
    void stream(std::unique_ptr<grpc::ClientReader<Message>> (client::Client::Stub::*method)(
                    grpc::ClientContext*, const Request&),
                const Request& request, const std::function<bool(const Message&)>& on_message) {
        auto connected = connect();
        if (!connected) return fail_with(connected.error());
        if (auto ended = (*connected)->stream(method, request, on_message); !ended)
            fail_with(ended.error());
    }
    void fail_with(const Error& error);

    Exit exit{Exit::Done};
};

/// One command: its name, its line of help, and how it takes its words from the command line.
/// `add` declares the options and sets the callback that runs it.
struct CommandRow {
    std::string_view name;
    std::string_view help;
    void (*add)(CLI::App& command, Session& session);
};

// Each group stands in its own file: account_commands.cpp, order_commands.cpp, ...
std::span<const CommandRow> account_commands();
std::span<const CommandRow> place_commands();
std::span<const CommandRow> order_commands();
std::span<const CommandRow> registry_commands();
std::span<const CommandRow> market_commands();
std::span<const CommandRow> admin_commands();

}  // namespace janus::cli
