#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "config/setting.hpp"

namespace janus::config {
namespace {

constexpr std::size_t secret_size_max = 4'096;

/// A descriptor that closes itself.
struct Opened {
    explicit Opened(const std::string& file)
        : number(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) {}
    ~Opened() {
        if (number >= 0) ::close(number);
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    int number;
};

Result<void> check_folder(const std::string& file) {
    const auto folder = std::filesystem::absolute(file).parent_path();
    struct stat status{};
    const bool known = ::stat(folder.c_str(), &status) == 0;
    const bool open_to_all = (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
    if (known && open_to_all)
        return fail(ErrorCode::Invalid,
                    "secret file {} lies in a folder that everyone may write to", file);
    return {};
}

Result<void> check_mode(const Opened& opened, const std::string& file) {
    struct stat status{};
    if (::fstat(opened.number, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(ErrorCode::Invalid, "secret file {} is not a plain file", file);
    if ((status.st_mode & 0077U) != 0)
        return fail(ErrorCode::Invalid,
                    "secret file {} has mode {:04o}; others could read it, use 0600", file,
                    status.st_mode & 07777U);
    return {};
}

}  // namespace

Result<Secret> read_secret_file(const std::string& file) {
    const Opened opened(file);
    if (opened.number < 0) {
        const char* why = errno == ELOOP ? "it is a symbolic link" : std::strerror(errno);
        return fail(ErrorCode::Invalid, "secret file {} cannot be read: {}", file, why);
    }
    if (auto mode = check_mode(opened, file); !mode) return std::unexpected(mode.error());
    if (auto folder = check_folder(file); !folder) return std::unexpected(folder.error());
    std::array<char, secret_size_max> buffer{};
    const auto size = ::read(opened.number, buffer.data(), buffer.size());
    std::string text(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty()) return fail(ErrorCode::Invalid, "secret file {} is empty", file);
    return Secret(std::move(text));
}

}  // namespace janus::config
