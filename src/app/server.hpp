#pragma once

#include <memory>
#include <string>

#include "app/logger.hpp"
#include "config/settings.hpp"

namespace janus::app {

/// The exit codes of the contract.
enum class ExitCode {
    Stopped = 0,
    Usage = 2,
    Configuration = 3,
    Database = 4,
    AddressInUse = 5,
    AlreadyOwned = 6,
    Internal = 70,
};

/// Whether engine and gateways can be made of these settings; reads the files that they name, and
/// neither writes nor connects. Errors: `Invalid`, naming the account.
Result<void> check(const config::Settings& settings);

/// janusd as a whole: where the concrete stores, gateways, drivers and servers meet the core on one
/// thread.
class Server {
 public:
    /// `config_file` is read again on SIGHUP.
    Server(const config::Settings& settings, std::string config_file, Logger& log);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Runs until told to stop. Prints `janusd ready` once every account has finished its first
    /// connect.
    ExitCode run();

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::app
