#include "app/sim_certificates.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace janus::app {
namespace {

constexpr long day_seconds = 24L * 60 * 60;
constexpr long certificate_days = 365;
constexpr int serial_bits = 63;
constexpr const char* server_names = "IP:127.0.0.1,DNS:localhost";
constexpr const char* authority_name = "Janus simulated authority";
constexpr const char* stranger_name = "Some other authority";

/// From when until when a certificate is good, in days from now.
struct Validity {
    long from{-1};
    long until{certificate_days};
};

/// A certificate that no client may accept. One that is not valid yet stays so for as long as the
/// folder is good.
struct FlawRow {
    std::string_view flaw;
    const char* issuer{authority_name};
    const char* names{server_names};
    Validity validity{};
};
constexpr auto flaw_rows = std::to_array<FlawRow>({
    {.flaw = "expired",       .validity = {-30, -1}                               },
    {.flaw = "not_yet_valid", .validity = {certificate_days, 2 * certificate_days}},
    {.flaw = "wrong_name",    .names = "DNS:elsewhere.example"                    },
    {.flaw = "unknown_ca",    .issuer = stranger_name                             },
});

template <auto Free>
struct Release {
    template <typename T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;

/// A new certificate with everything but its extensions and its signature.
Certificate blank_certificate(EVP_PKEY* subject_key, const char* subject, const char* issuer,
                              Validity validity = {}) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    const std::unique_ptr<BIGNUM, Release<BN_free>> number(BN_new());
    BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from * day_seconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.until * day_seconds);
    X509_set_pubkey(certificate.get(), subject_key);
    const auto name = [](X509_NAME* target, const char* common) {
        X509_NAME_add_entry_by_txt(target, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common), -1, -1, 0);
    };
    name(X509_get_subject_name(certificate.get()), subject);
    const std::unique_ptr<X509_NAME, Release<X509_NAME_free>> issuer_name(X509_NAME_new());
    name(issuer_name.get(), issuer);
    X509_set_issuer_name(certificate.get(), issuer_name.get());
    return certificate;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    JANUS_CHECK(extension != nullptr);
    X509_add_ext(certificate, extension.get(), -1);
}

Key make_key() {
    Key key(EVP_EC_gen("P-256"));
    JANUS_CHECK(key != nullptr);
    return key;
}

Certificate make_authority(EVP_PKEY* key, const char* name) {
    auto authority = blank_certificate(key, name, name);
    auto* raw = authority.get();
    add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(raw, raw, NID_subject_key_identifier, "hash");
    JANUS_CHECK(X509_sign(raw, key, EVP_sha256()) > 0);
    return authority;
}

/// An authority whose key is stored nowhere.
struct Authority {
    explicit Authority(const char* name) : certificate(make_authority(key.get(), name)) {}
    Key key{make_key()};
    Certificate certificate;
};

Certificate make_server(EVP_PKEY* key, const Authority& signer, const FlawRow& row) {
    auto server = blank_certificate(key, "localhost", row.issuer, row.validity);
    auto* raw = server.get();
    auto* authority = signer.certificate.get();
    add_extension(raw, authority, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(raw, authority, NID_key_usage, "critical,digitalSignature");
    add_extension(raw, authority, NID_ext_key_usage, "serverAuth");
    add_extension(raw, authority, NID_subject_alt_name, row.names);
    add_extension(raw, authority, NID_subject_key_identifier, "hash");
    add_extension(raw, authority, NID_authority_key_identifier, "keyid");
    JANUS_CHECK(X509_sign(raw, signer.key.get(), EVP_sha256()) > 0);
    return server;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    JANUS_CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
    return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    JANUS_CHECK(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) ==
                1);
    return text_of(bio.get());
}

/// Writes beside the file and renames, so that nobody ever reads half of it.
Result<void> write_file(const std::string& path, const std::string& content, mode_t mode) {
    const auto beside = fmt::format("{}.{}", path, ::getpid());
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0)
        return fail(ErrorCode::Unavailable, "'{}' cannot be written: {}", path,
                    std::strerror(errno));
    const auto written = ::write(file, content.data(), content.size());
    const bool whole = written == static_cast<ssize_t>(content.size());
    const bool done = ::close(file) == 0 && whole && std::rename(beside.c_str(), path.c_str()) == 0;
    if (done) return {};
    ::unlink(beside.c_str());
    return fail(ErrorCode::Unavailable, "'{}' cannot be written: {}", path, std::strerror(errno));
}

Certificate read_certificate(const std::string& path) {
    const Bio bio(BIO_new_file(path.c_str(), "r"));
    return Certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

Key read_key(const std::string& path) {
    const Bio bio(BIO_new_file(path.c_str(), "r"));
    return Key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

bool is_good_for_a_day(X509* certificate) {
    std::time_t tomorrow = std::time(nullptr) + day_seconds;
    return X509_cmp_time(X509_get0_notAfter(certificate), &tomorrow) > 0 &&
           X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0;
}

/// Whether the three files belong together and can be served today.
bool are_usable(const SimCertificates& files) {
    const auto authority = read_certificate(files.ca_file);
    const auto server = read_certificate(files.certificate_file);
    const auto key = read_key(files.key_file);
    if (!authority || !server || !key) return false;
    return is_good_for_a_day(authority.get()) && is_good_for_a_day(server.get()) &&
           X509_verify(server.get(), X509_get0_pubkey(authority.get())) == 1 &&
           X509_check_private_key(server.get(), key.get()) == 1 &&
           X509_check_ip_asc(server.get(), "127.0.0.1", 0) == 1 &&
           X509_check_host(server.get(), "localhost", 0, 0, nullptr) == 1 &&
           std::ranges::all_of(flaw_rows, [&](const FlawRow& row) {
               const auto flawed = read_certificate(files.files_for(row.flaw).certificate_file);
               return flawed && X509_check_private_key(flawed.get(), key.get()) == 1;
           });
}

Result<void> write_certificate(const std::string& path, const Certificate& certificate) {
    return write_file(path, pem_of(certificate.get()), 0644);
}

Result<void> make_files(const SimCertificates& files) {
    const auto key = make_key();
    const Authority authority(authority_name);
    const Authority stranger(stranger_name);
    if (auto done = write_file(files.key_file, pem_of(key.get()), 0600); !done) return done;
    for (const auto& row : flaw_rows) {
        const auto& signer = std::string_view(row.issuer) == stranger_name ? stranger : authority;
        const auto path = files.files_for(row.flaw).certificate_file;
        if (auto done = write_certificate(path, make_server(key.get(), signer, row)); !done)
            return done;
    }
    const auto server = make_server(key.get(), authority, {});
    if (auto done = write_certificate(files.certificate_file, server); !done) return done;
    return write_certificate(files.ca_file, authority.certificate);
}

}  // namespace

net::TlsFiles SimCertificates::files_for(std::string_view flaw) const {
    if (flaw.empty()) return {certificate_file, key_file};
    return {fmt::format("{}.{}", certificate_file, flaw), key_file};
}

Result<SimCertificates> prepare_certificates(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::Unavailable, "folder '{}' cannot be made: {}", folder,
                    error.message());
    const SimCertificates files{folder + "/ca.pem", folder + "/server.pem", folder + "/server.key"};
    if (are_usable(files)) return files;
    if (auto made = make_files(files); !made) return std::unexpected(made.error());
    return files;
}

}  // namespace janus::app
