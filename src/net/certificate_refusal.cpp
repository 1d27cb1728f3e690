#include "net/certificate_refusal.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/x509v3.h>

#include "base/time.hpp"

namespace janus::net {
namespace {

constexpr std::size_t name_size_max = 64;
constexpr std::size_t names_max = 3;

/// What a stranger wrote, fit to be shown.
std::string shown(const ASN1_STRING* text) {
    const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
    const std::string_view whole(data, static_cast<std::size_t>(ASN1_STRING_length(text)));
    std::string name(whole.substr(0, name_size_max));
    std::ranges::replace_if(name, [](char c) { return c < ' ' || c > '~'; }, '?');
    return name;
}

std::string common_name_of(const X509_NAME* name) {
    const int place = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (place < 0) return "?";
    return shown(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)));
}

std::string shown_address(const ASN1_OCTET_STRING* bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
    const bool known = family == AF_INET || ASN1_STRING_length(bytes) == 16;
    if (known) ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
    return text.data();
}

struct FreeNames {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

/// The hosts that a certificate is for: `a.example, b.example`.
std::string names_of(X509* certificate) {
    const std::unique_ptr<GENERAL_NAMES, FreeNames> names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> found;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) found.push_back(shown(name->d.dNSName));
        if (name->type == GEN_IPADD) found.push_back(shown_address(name->d.iPAddress));
    }
    if (found.empty()) return common_name_of(X509_get_subject_name(certificate));
    const bool more = found.size() > names_max;
    if (more) found.resize(names_max);
    return fmt::format("{}{}", fmt::join(found, ", "), more ? ", ..." : "");
}

std::string shown_time(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable time";
    return to_iso_seconds_text(Utc{std::chrono::seconds(::timegm(&parts))});
}

/// One refused certificate of a chain; the first is the peer's own.
struct Refused {
    X509* certificate;
    std::string name;  ///< `the certificate`, or that of an authority above it.
    const std::string& host;
};

std::string expired(const Refused& refused) {
    return fmt::format("{} expired on {}; is the clock of this machine right?", refused.name,
                       shown_time(X509_get0_notAfter(refused.certificate)));
}
std::string not_yet_valid(const Refused& refused) {
    return fmt::format("{} is not valid before {}; is the clock of this machine right?",
                       refused.name, shown_time(X509_get0_notBefore(refused.certificate)));
}
std::string wrong_name(const Refused& refused) {
    return fmt::format("{} is for {}, not for {}", refused.name, names_of(refused.certificate),
                       refused.host);
}
std::string unknown_authority(const Refused& refused) {
    return fmt::format(
        "{} is from '{}', which is not trusted here: somebody may stand between; an authority that "
        "you trust belongs into ca_file",
        refused.name, common_name_of(X509_get_issuer_name(refused.certificate)));
}

struct ReasonRow {
    int error;
    std::string (*sentence)(const Refused& refused);
};
constexpr auto reasons = std::to_array<ReasonRow>({
    {X509_V_ERR_CERT_HAS_EXPIRED,                  expired          },
    {X509_V_ERR_CERT_NOT_YET_VALID,                not_yet_valid    },
    {X509_V_ERR_HOSTNAME_MISMATCH,                 wrong_name       },
    {X509_V_ERR_IP_ADDRESS_MISMATCH,               wrong_name       },
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,         unknown_authority},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, unknown_authority},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,   unknown_authority},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,       unknown_authority},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,         unknown_authority},
});

}  // namespace

std::string refusal_of(X509_STORE_CTX* context, const std::string& host) {
    const int error = X509_STORE_CTX_get_error(context);
    auto* certificate = X509_STORE_CTX_get_current_cert(context);
    const auto* row = std::ranges::find(reasons, error, &ReasonRow::error);
    if (row == reasons.end() || certificate == nullptr)
        return fmt::format("the certificate is refused: {}", X509_verify_cert_error_string(error));
    const bool own = X509_STORE_CTX_get_error_depth(context) == 0;
    const auto name = own ? std::string("the certificate")
                          : fmt::format("the certificate of the authority '{}'",
                                        common_name_of(X509_get_subject_name(certificate)));
    return row->sentence({certificate, name, host});
}

}  // namespace janus::net
