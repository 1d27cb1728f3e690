#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace janus::app {

/// Makes the state directory (mode 0700) when it is missing.
/// Errors: `Unavailable` when it cannot be made, `Invalid` when it is no directory.
Result<void> make_state_dir(const std::filesystem::path& dir);

/// `ports.json`: the addresses in use, for clients on this machine. Removed when it goes out of
/// scope.
class PortsFile {
 public:
    /// Errors: `Unavailable` when it cannot be written.
    static Result<PortsFile> write(const std::filesystem::path& dir,
                                   const std::vector<std::string>& grpc,
                                   const std::vector<std::string>& http);
    ~PortsFile();
    PortsFile(PortsFile&& other) noexcept : file_(std::exchange(other.file_, {})) {}
    PortsFile& operator=(PortsFile&&) = delete;

 private:
    explicit PortsFile(std::filesystem::path file) : file_(std::move(file)) {}
    std::filesystem::path file_;
};

}  // namespace janus::app
