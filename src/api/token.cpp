#include "api/token.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace janus::api {
namespace {

constexpr std::size_t token_bytes = 32;

/// A file descriptor that closes itself.
struct File {
    int number{-1};
    explicit File(int opened) : number(opened) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (number >= 0) ::close(number);
    }
};

Result<Secret> make_token(const std::filesystem::path& path) {
    std::array<unsigned char, token_bytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return fail(ErrorCode::Internal, "no random bytes for the token");
    std::string text;
    for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
    const auto draft = path.string() + ".new";
    ::unlink(draft.c_str());
    {
        const File file(
            ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        const auto line = text + "\n";
        const bool written =
            file.number >= 0 &&
            ::write(file.number, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
            ::fsync(file.number) == 0;
        if (!written)
            return fail(ErrorCode::Unavailable, "token file {} cannot be written: {}", draft,
                        std::strerror(errno));
    }
    if (::rename(draft.c_str(), path.c_str()) != 0)
        return fail(ErrorCode::Unavailable, "token file {} cannot be written: {}", path.string(),
                    std::strerror(errno));
    return Secret(text);
}

Result<Secret> read_token(const File& file, const std::string& name) {
    struct stat status{};
    if (::fstat(file.number, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(ErrorCode::Invalid, "token file {} is not a plain file", name);
    if ((status.st_mode & 0077U) != 0)
        return fail(ErrorCode::Invalid,
                    "token file {} has mode {:04o}; others could read it, use 0600", name,
                    status.st_mode & 07777U);
    std::array<char, 128> buffer{};
    const auto size = ::read(file.number, buffer.data(), buffer.size());
    std::string text(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    const bool hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (text.size() != 2 * token_bytes || !hex)
        return fail(ErrorCode::Invalid,
                    "token file {} does not hold a token; remove it to get a new one", name);
    return Secret(std::move(text));
}

}  // namespace

Result<Secret> load_or_make_token(const std::filesystem::path& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (file.number >= 0) return read_token(file, path.string());
    if (errno == ENOENT) return make_token(path);
    return fail(ErrorCode::Invalid, "token file {} cannot be read: {}", path.string(),
                std::strerror(errno));
}

bool is_same_token(const Secret& expected, std::string_view given) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> left{};
    std::array<unsigned char, SHA256_DIGEST_LENGTH> right{};
    const auto& text = expected.reveal();
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), left.data());
    SHA256(reinterpret_cast<const unsigned char*>(given.data()), given.size(), right.data());
    return !text.empty() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace janus::api
