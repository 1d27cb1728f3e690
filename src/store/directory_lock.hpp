#pragma once

#include <string>

#include "base/result.hpp"

namespace janus::store {

/// Ownership of a state directory by this process, through a lock on its file `lock`. It ends with
/// the object or with the process, however that ends.
class DirectoryLock {
 public:
    /// Makes the directory (0700) when it is missing. Errors: `Conflict` when another process owns
    /// it, naming its number; `Unavailable` when it cannot be made or written.
    static Result<DirectoryLock> acquire(const std::string& directory);
    ~DirectoryLock();
    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&& other) noexcept;

 private:
    explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_{-1};
};

}  // namespace janus::store
