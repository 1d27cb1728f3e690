#include <cstdio>
#include <cstdlib>
#include <map>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "net/test_certificates.hpp"
#include "net/tls_context.hpp"

namespace janus::net {
namespace {

constexpr long day_seconds = 24L * 3600;

template <auto Release>
struct Releaser {
    template <typename T>
    void operator()(T* value) const {
        Release(value);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releaser<X509_free>>;
struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

void set_name(X509_NAME* name, const char* text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate new_certificate(EVP_PKEY* key, const char* name, long serial) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * day_seconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), day_seconds);
    X509_set_pubkey(certificate.get(), key);
    set_name(X509_get_subject_name(certificate.get()), name);
    return certificate;
}

void write_certificate(const std::string& path, X509* certificate) {
    const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "w"));
    PEM_write_X509(file.get(), certificate);
}

void write_key(const std::string& path, EVP_PKEY* key) {
    const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "w"));
    PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace

struct TestCertificates::Keys {
    Key key{EVP_EC_gen("P-256")};
    Certificate certificate;
};

TestCertificates::TestCertificates() : authority_(std::make_unique<Keys>()) {
    auto pattern = (std::filesystem::temp_directory_path() / "janus-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    auto* key = authority_->key.get();
    auto certificate = new_certificate(key, "Test Authority", 1);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate.get(), key, EVP_sha256());
    write_certificate(ca_file(), certificate.get());
    authority_->certificate = std::move(certificate);
}

TestCertificates::~TestCertificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

TlsFiles TestCertificates::issue(const std::string& names, Validity validity) {
    const auto stem = (folder_ / ("server" + std::to_string(++issued_))).string();
    const TlsFiles files{stem + ".pem", stem + ".key"};
    const Key key(EVP_EC_gen("P-256"));
    const auto certificate = new_certificate(key.get(), "server", 1 + issued_);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority_->certificate.get()));
    add_extension(certificate.get(), NID_subject_alt_name, names);
    if (validity == Validity::Expired)
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), -day_seconds);
    if (validity == Validity::NotYet)
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), day_seconds / 2);
    X509_sign(certificate.get(), authority_->key.get(), EVP_sha256());
    write_certificate(files.certificate_file, certificate.get());
    write_key(files.key_file, key.get());
    return files;
}

namespace {

TEST(ServerContext, TakesACertificateWithItsKeyAndRefusesAStrangersKey) {
    TestCertificates certificates;
    const auto one = certificates.issue("DNS:localhost");
    const auto other = certificates.issue("DNS:localhost");
    EXPECT_TRUE(make_server_context(one));
    EXPECT_FALSE(make_server_context({one.certificate_file, other.key_file}));
}

TEST(ServerContext, NamesTheFileThatCannotBeRead) {
    const auto context = make_server_context({"/nowhere/cert.pem", "/nowhere/key.pem"});
    ASSERT_FALSE(context);
    EXPECT_EQ(context.error().code, ErrorCode::Invalid);
    EXPECT_NE(context.error().message.find("/nowhere/cert.pem"), std::string::npos);
}

TEST(ClientContexts, KeepAContextUntilItsFileChanges) {
    TestCertificates certificates;
    TlsClientContexts contexts;
    const auto first = contexts.context_of(certificates.ca_file());
    const auto again = contexts.context_of(certificates.ca_file());
    ASSERT_TRUE(first && again);
    EXPECT_EQ(*first, *again);
    std::filesystem::last_write_time(
        certificates.ca_file(),
        std::filesystem::last_write_time(certificates.ca_file()) + std::chrono::seconds(1));
    const auto changed = contexts.context_of(certificates.ca_file());
    ASSERT_TRUE(changed);
    EXPECT_NE(*first, *changed);
}

TEST(ClientContexts, RefuseAnAnchorThatIsNoCertificateAndSayWhatItIs) {
    TestCertificates certificates;
    const auto key = certificates.issue("DNS:localhost").key_file;
    const std::map<std::string, std::string> complaints{
        {"/nowhere/ca.pem", "ca_file: file '/nowhere/ca.pem' cannot be read"},
        {"/dev/null",       "ca_file: file '/dev/null' is empty"            },
        {"/tmp",            "ca_file: '/tmp' is a folder, not a file"       },
        {key,               "ca_file '" + key + "' holds no certificate"    },
    };
    for (const auto& [file, complaint] : complaints) {
        TlsClientContexts contexts;
        const auto context = contexts.context_of(file);
        ASSERT_FALSE(context) << file;
        EXPECT_EQ(context.error().code, ErrorCode::Invalid);
        EXPECT_TRUE(context.error().message.starts_with(complaint)) << context.error().message;
    }
    EXPECT_TRUE(check_ca_file(certificates.ca_file()));
    EXPECT_TRUE(check_ca_file(""));
}

}  // namespace
}  // namespace janus::net
