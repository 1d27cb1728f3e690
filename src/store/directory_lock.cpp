#include "store/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace janus::store {
namespace {

std::string holder_of(int descriptor) {
    std::array<char, 32> text{};
    const auto size = ::pread(descriptor, text.data(), text.size(), 0);
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "unknown";
}

Result<void> make_directory(const std::string& directory) {
    namespace files = std::filesystem;
    std::error_code error;
    if (files::is_directory(directory, error)) return {};
    if (files::create_directories(directory, error))
        files::permissions(directory, files::perms::owner_all, error);
    if (!error) return {};
    return fail(ErrorCode::Unavailable, "state directory '{}' cannot be made: {}", directory,
                error.message());
}

}  // namespace

Result<DirectoryLock> DirectoryLock::acquire(const std::string& directory) {
    if (auto made = make_directory(directory); !made) return std::unexpected(made.error());
    const auto path = directory + "/lock";
    DirectoryLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (lock.descriptor_ < 0)
        return fail(ErrorCode::Unavailable, "'{}' cannot be opened: {}", path,
                    std::strerror(errno));
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::Conflict, "state directory '{}' belongs to another process (pid {})",
                    directory, holder_of(lock.descriptor_));
    const auto number = std::to_string(::getpid());
    const bool written = ::ftruncate(lock.descriptor_, 0) == 0 &&
                         ::pwrite(lock.descriptor_, number.data(), number.size(), 0) > 0;
    static_cast<void>(written);  // The number only helps a person; the lock is what counts.
    return lock;
}

DirectoryLock::~DirectoryLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

}  // namespace janus::store
