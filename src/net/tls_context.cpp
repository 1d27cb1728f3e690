#include "net/tls_context.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/asio/ssl/context.hpp>

namespace janus::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr auto root_files = std::to_array<const char*>({
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",              // SUSE
});

std::shared_ptr<ssl::context> modern_context(ssl::context::method method) {
    auto context = std::make_shared<ssl::context>(method);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    return context;
}

/// When the file changed last, in whatever unit the system counts; 0 when it is not there.
std::int64_t change_stamp(const std::string& path) {
    std::error_code missing;
    const auto at = std::filesystem::last_write_time(path, missing);
    return missing ? 0 : at.time_since_epoch().count();
}

Result<std::shared_ptr<ssl::context>> make_client_context(const std::string& ca_file) {
    auto context = modern_context(ssl::context::tls_client);
    error_code error;
    context->set_default_verify_paths(error);
    context->set_verify_mode(ssl::verify_peer, error);
    if (ca_file.empty()) return context;
    if (auto usable = check_ca_file(ca_file); !usable) return std::unexpected(usable.error());
    context->load_verify_file(ca_file, error);
    if (error)
        return fail(ErrorCode::Invalid, "ca_file '{}' cannot be used: {}", ca_file,
                    error.message());
    return context;
}

}  // namespace

Result<std::shared_ptr<ssl::context>> TlsClientContexts::context_of(const std::string& ca_file) {
    const auto changed = ca_file.empty() ? 0 : change_stamp(ca_file);
    const auto found = entries_.find(ca_file);
    if (found != entries_.end() && found->second.changed == changed) return found->second.context;
    auto context = make_client_context(ca_file);
    if (context) entries_[ca_file] = {changed, *context};
    return context;
}

Result<std::shared_ptr<ssl::context>> make_server_context(const TlsFiles& files) {
    auto context = modern_context(ssl::context::tls_server);
    error_code error;
    context->use_certificate_chain_file(files.certificate_file, error);
    if (error)
        return fail(ErrorCode::Invalid, "certificate file '{}' could not be used: {}",
                    files.certificate_file, error.message());
    context->use_private_key_file(files.key_file, ssl::context::pem, error);
    if (error)
        return fail(ErrorCode::Invalid, "key file '{}' could not be used: {}", files.key_file,
                    error.message());
    return context;
}

Result<void> check_ca_file(const std::string& ca_file) {
    if (ca_file.empty()) return {};
    const auto text = read_file(ca_file);
    if (!text) return fail(ErrorCode::Invalid, "ca_file: {}", text.error().message);
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> source(
        BIO_new_mem_buf(text->data(), static_cast<int>(text->size())), BIO_free_all);
    const std::unique_ptr<X509, decltype(&X509_free)> first(
        PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr), X509_free);
    ERR_clear_error();
    if (first) return {};
    return fail(ErrorCode::Invalid,
                "ca_file '{}' holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
                ca_file);
}

Result<std::string> read_file(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return fail(ErrorCode::Invalid, "'{}' is a folder, not a file", path);
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) return fail(ErrorCode::Invalid, "file '{}' cannot be read", path);
    if (text.empty()) return fail(ErrorCode::Invalid, "file '{}' is empty", path);
    return text;
}

std::string system_roots() {
    for (const auto* path : root_files)
        if (auto text = read_file(path)) return *text;
    return {};
}

}  // namespace janus::net
