#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "net/listen_address.hpp"

namespace janus::net {

/// Tests only: a folder with a certificate authority of its own; removed at the end.
class TestCertificates {
 public:
    enum class Validity { Good, Expired, NotYet };

    TestCertificates();
    ~TestCertificates();
    TestCertificates(const TestCertificates&) = delete;
    TestCertificates& operator=(const TestCertificates&) = delete;

    /// The authority's certificate, for `ca_file`.
    std::string ca_file() const { return (folder_ / "ca.pem").string(); }
    /// A certificate signed by the authority. `names` like `DNS:localhost,IP:127.0.0.1`.
    TlsFiles issue(const std::string& names, Validity validity = Validity::Good);

 private:
    struct Keys;
    std::filesystem::path folder_;
    std::unique_ptr<Keys> authority_;
    int issued_{0};
};

}  // namespace janus::net
