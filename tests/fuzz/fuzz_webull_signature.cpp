#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "gateway/webull/wire/signature.hpp"

using namespace janus::webull::wire;

namespace {

/// The text up to the next line break, which is taken away with it.
std::string take_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

/// Lines: host, path, then `name=value` up to an empty line, then the body, if there is more.
RestToSign read_request(std::string_view text) {
    RestToSign request{.host = take_line(text), .path = take_line(text), .query = {}, .body = {}};
    while (!text.empty()) {
        const auto line = take_line(text);
        if (line.empty()) break;
        const auto equal = std::min(line.find('='), line.size());
        request.query.emplace_back(line.substr(0, equal),
                                   line.substr(std::min(equal + 1, line.size())));
    }
    if (!text.empty()) request.body = text;
    return request;
}

void check_encodings(const RestToSign& request) {
    for (const auto& [name, value] : request.query) {
        const auto encoded = form_encode({
            {name, value}
        });
        const auto equal = encoded.find('=');
        JANUS_CHECK(form_decode(encoded.substr(0, equal)) == name);
        JANUS_CHECK(form_decode(encoded.substr(equal + 1)) == value);
        JANUS_CHECK(percent_encode(value).size() >= value.size());
    }
}

/// Values of one name keep their order; names may come in any.
RestToSign shuffled(RestToSign request) {
    // Backwards by name; a multimap keeps the order of what is equal.
    std::multimap<std::string, std::string, std::greater<>> sorted;
    for (auto& [name, value] : request.query) sorted.emplace(name, value);
    request.query.assign(sorted.begin(), sorted.end());
    return request;
}

}  // namespace

/// Any texts as the parts of a signed request: the order of its parameters never matters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(form_decode(text));
    const auto request = read_request(text);
    const Stamp stamp{"2026-03-09T14:30:05Z", "6f1d2b7e0c3a5e4f9a8b112233445566"};
    for (const auto algorithm : {Algorithm::HmacSha1, Algorithm::HmacSha256}) {
        const SigningKey key{janus::Secret("app-key"), janus::Secret("app-secret"), algorithm};
        const auto plain = rest_string_to_sign(key, stamp, request);
        JANUS_CHECK(plain == rest_string_to_sign(key, stamp, shuffled(request)));
        JANUS_CHECK(plain.starts_with(request.path));
        const auto signature = sign_rest(key, stamp, request);
        JANUS_CHECK(signature.size() == (algorithm == Algorithm::HmacSha1 ? 28U : 44U));
        JANUS_CHECK(signature == sign_rest(key, stamp, shuffled(request)));
        JANUS_CHECK(sign_stream(key, stamp, text).size() == signature.size());
    }
    check_encodings(request);
    return 0;
}
