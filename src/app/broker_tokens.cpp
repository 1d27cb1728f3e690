#include "app/broker_tokens.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "config/setting.hpp"

namespace janus::app {
namespace {

/// A file descriptor that closes itself.
struct File {
    explicit File(int opened) : number(opened) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (number >= 0) ::close(number);
    }
    int number;
};

std::filesystem::path file_of(const std::filesystem::path& dir, const std::string& login) {
    return dir / ("webull_token." + login);
}

bool write_durably(const std::filesystem::path& path, const std::string& text) {
    ::unlink(path.c_str());
    const File file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    return file.number >= 0 &&
           ::write(file.number, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           ::fsync(file.number) == 0;
}

/// A renamed file is there after a crash only when its folder is on the disk as well.
bool rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return false;
    const File folder(::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder.number >= 0 && ::fsync(folder.number) == 0;
}

}  // namespace

Result<std::optional<KeptToken>> load_broker_token(const std::filesystem::path& dir,
                                                   const std::string& login) {
    const auto file = file_of(dir, login);
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(file, ignored)))
        return std::optional<KeptToken>{};
    const auto content = config::read_secret_file(file.string());
    if (!content) return std::unexpected(content.error());
    const auto& lines = content->reveal();
    const auto end = lines.find('\n');
    const auto issued = end == std::string::npos ? Result<Utc>(fail(ErrorCode::Malformed, "short"))
                                                 : parse_iso(lines.substr(end + 1));
    if (end == 0 || !issued)
        return fail(ErrorCode::Invalid,
                    "{} does not hold an access token; remove it to get a new one", file.string());
    return std::optional(KeptToken{Secret(lines.substr(0, end)), *issued});
}

Result<void> keep_broker_token(const std::filesystem::path& dir,
                               const gateway::IssuedToken& token) {
    const auto file = file_of(dir, token.login);
    const std::filesystem::path draft = file.string() + ".new";
    const auto lines = token.text.reveal() + "\n" + to_iso_seconds_text(token.issued) + "\n";
    if (write_durably(draft, lines) && rename_durably(draft, file)) return {};
    return fail(ErrorCode::Unavailable, "access token cannot be kept in {}: {}", file.string(),
                std::strerror(errno));
}

}  // namespace janus::app
