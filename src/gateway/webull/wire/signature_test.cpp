#include "gateway/webull/wire/signature.hpp"

#include <set>

#include <gtest/gtest.h>

#include "gateway/webull/wire/subscribe.hpp"

// Source of every value: reference 1.7, vectors made with the signing code of the broker's own SDK.
namespace janus::webull::wire {
namespace {

constexpr auto order_body =
    R"({"account_id":"JNS7QK20ACC0001","new_orders":[{"combo_type":"NORMAL",)"
    R"("client_order_id":"jns-000000000042","symbol":"MSFT","instrument_type":"EQUITY",)"
    R"("market":"US","order_type":"LIMIT","limit_price":"401.25","quantity":"7",)"
    R"("support_trading_session":"CORE","side":"BUY","time_in_force":"DAY",)"
    R"("entrust_type":"QTY"}]})";

SigningKey usual_key(Algorithm algorithm) {
    return {.app_key = Secret("ak_5f2c9d10e4b7"),
            .app_secret = Secret("sk-Qm7Zr4Tb1Lx9"),
            .algorithm = algorithm};
}

Stamp stamp(std::string nonce) {
    return {.timestamp = "2026-03-09T14:30:05Z", .nonce = std::move(nonce)};
}

std::string bytes_of(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return out;
}

const std::vector<Parameter> open_query{
    {"account_id", "JNS7QK20ACC0001"},
    {"page_size",  "20"             }
};
constexpr auto open_nonce = "6f1d2b7e-0c3a-5e4f-9a8b-112233445566";

TEST(WebullSignature, V0IsThePublishedExample) {
    const SigningKey key{.app_key = Secret("776da210ab4a452795d74e726ebd74b6"),
                         .app_secret = Secret("0f50a2e853334a9aae1a783bee120c1f"),
                         .algorithm = Algorithm::HmacSha1};
    const Stamp at{.timestamp = "2022-01-04T03:55:31Z",
                   .nonce = "48ef5afed43d4d91ae514aaeafbc29ba"};
    const std::string body =
        R"({"k1":123,"k2":"this is the api request body","k3":true,"k4":{"foo":[1,2]}})";
    EXPECT_EQ(body_digest(key.algorithm, body, HexCase::Upper), "E296C96787E1A309691CEF3692F5EEDD");
    const RestToSign request{
        .host = "api.webull.com",
        .path = "/trade/place_order",
        .query = {{"a1", "webull"}, {"a2", "123"}, {"a3", "xxx"}, {"q1", "yyy"}},
        .body = body
    };
    EXPECT_EQ(sign_rest(key, at, request), "kvlS6opdZDhEBo5jq40nHYXaLvM=");
}

TEST(WebullSignature, V1GetWithQueryBySha1) {
    const auto key = usual_key(Algorithm::HmacSha1);
    const RestToSign request{.host = "api.webull.com",
                             .path = "/openapi/trade/order/open",
                             .query = open_query,
                             .body = {}};
    EXPECT_EQ(rest_string_to_sign(key, stamp(open_nonce), request),
              "/openapi/trade/order/"
              "open&account_id=JNS7QK20ACC0001&host=api.webull.com&page_size=20&x-app-key=ak_"
              "5f2c9d10e4b7&x-signature-algorithm=HMAC-SHA1&x-signature-nonce=6f1d2b7e-0c3a-5e4f-"
              "9a8b-112233445566&x-signature-version=1.0&x-timestamp=2026-03-09T14:30:05Z");
    EXPECT_EQ(sign_rest(key, stamp(open_nonce), request), "77ITjMWSzdBjsczECT2xjxo17mo=");
}

TEST(WebullSignature, V2GetWithQueryBySha256) {
    const auto key = usual_key(Algorithm::HmacSha256);
    const RestToSign request{.host = "api.sandbox.webull.com",
                             .path = "/trading/orders/open-orders/list",
                             .query = open_query,
                             .body = {}};
    EXPECT_EQ(percent_encode(rest_string_to_sign(key, stamp(open_nonce), request)),
              "%2Ftrading%2Forders%2Fopen-orders%2Flist%26account_id%3DJNS7QK20ACC0001%26host%"
              "3Dapi.sandbox.webull.com%26page_size%3D20%26x-app-key%3Dak_5f2c9d10e4b7%26x-"
              "signature-algorithm%3DHMAC-SHA256%26x-signature-nonce%3D6f1d2b7e-0c3a-5e4f-9a8b-"
              "112233445566%26x-signature-version%3D1.0%26x-timestamp%3D2026-03-09T14%3A30%3A05Z");
    EXPECT_EQ(sign_rest(key, stamp(open_nonce), request),
              "vPbJxC7N6UVZqzl4rFFGbKvBvW7sYqDVcj6APP0lzWw=");
}

TEST(WebullSignature, V3GetWithoutQuery) {
    const RestToSign request{
        .host = "127.0.0.1", .path = "/openapi/account/list", .query = {}, .body = {}};
    EXPECT_EQ(sign_rest(usual_key(Algorithm::HmacSha256),
                        stamp("0a0b0c0d-1111-5222-8333-444455556666"), request),
              "VY9E8YB4q+xGv0jeowSa5EM/w9oElPSjT+SDDjE3Org=");
}

constexpr auto place_nonce = "9d3c7f60-2a41-5b8c-8e55-0f1e2d3c4b5a";
constexpr auto place_signature = "m1OPaPZJsIyPvVgoQSwXBq30zEUo6IfGzD9k9Loi68o=";

RestToSign place_request(std::string host) {
    return {.host = std::move(host),
            .path = "/openapi/trade/order/place",
            .query = {},
            .body = order_body};
}

TEST(WebullSignature, V4PostWithBodyAndPortInTheHost) {
    const auto key = usual_key(Algorithm::HmacSha256);
    EXPECT_EQ(std::string(order_body).size(), 313U);
    EXPECT_EQ(body_digest(key.algorithm, order_body, HexCase::Upper),
              "D1654E17B5BE4EBE1645ED43F93BC9760AAE579DF09CE897CAF9C0B724A896F1");
    EXPECT_EQ(sign_rest(key, stamp(place_nonce), place_request("127.0.0.1:18080")),
              place_signature);
}

/// The known mistakes, made here on purpose out of the same parts: each must give exactly the
/// listed wrong result, which proves that the right one avoids it.
TEST(WebullSignature, V4KnownMistakesGiveTheirKnownWrongResults) {
    const auto key = usual_key(Algorithm::HmacSha256);
    const auto at = stamp(place_nonce);
    const auto request = place_request("127.0.0.1:18080");
    const auto right = rest_string_to_sign(key, at, request);
    const auto digest = body_digest(key.algorithm, order_body, HexCase::Upper);
    const auto mac_of = [&key](std::string_view secret, std::string_view message) {
        return base64(mac(key.algorithm, secret, message));
    };
    const std::string secret = key.app_secret.reveal() + "&";
    const auto with = [&](std::string_view from, std::string_view to) {
        auto text = right;
        text.replace(text.find(from), from.size(), to);
        return mac_of(secret, percent_encode(text));
    };
    std::string slash_left;
    std::string lower_hex = percent_encode(right);
    for (const char c : right) slash_left += c == '/' ? "/" : percent_encode(std::string(1, c));
    for (std::size_t i = 0; i < lower_hex.size(); ++i)
        if (lower_hex[i] == '%')
            for (const auto j : {i + 1, i + 2})
                lower_hex[j] = static_cast<char>(std::tolower(lower_hex[j]));
    auto blanks = request;
    std::string spaced;
    for (const char* c = order_body; *c != '\0'; ++c) {
        spaced += *c;
        if (*c == ':' || *c == ',') spaced += ' ';
    }
    blanks.body = spaced;
    auto versioned = right;
    versioned.replace(versioned.find("&" + digest), std::string::npos, "&x-version=v2&" + digest);
    auto host_last = right;
    host_last.erase(host_last.find("host=127.0.0.1:18080&"), 21);
    host_last.insert(host_last.find("&" + digest), "&host=127.0.0.1:18080");

    const std::vector<std::pair<std::string, std::string>> mistakes{
        {"VwA9esJvS0V5mj3BYhgB9Rok5bCcGYFAj96g0OvPLng=",
         mac_of(key.app_secret.reveal(), percent_encode(right))},
        {"H9VWpeyrd+Lq5uREYO3n1QXTXjmzs0h8/J1tfWknKbY=",
         with(digest, body_digest(key.algorithm, order_body, HexCase::Lower))},
        {"Ogzwgyb7j5qG2/f5YW+gatm7hA+oYLuOVE61aWxXaik=", with("&" + digest, "")},
        {"/oIZLaAijgXhuex+SD1ba72gh6Ud+EMh06OVWzpQSqc=",
         with(digest, body_digest(Algorithm::HmacSha1, order_body, HexCase::Upper))},
        {"Sz26fJper/VGdOLR2rI27bCRVD3gwi96RpERAuyJxKs=", mac_of(secret, right)},
        {"uhVGYUvWvXwTgVUwVhlgbsdth2WEittjtfUcoc6D/cY=", mac_of(secret, slash_left)},
        {"plGp47LA2HJBdOX/z8LYloK0PcOiSmxMmnEPokYotI8=", mac_of(secret, lower_hex)},
        {"yyen+MPbQcxKYNc+WIrXNNLrS1UjayxU2y6X9vgD2iY=",
         sign_rest(key, at, place_request("127.0.0.1"))},
        {"+lOa1tyYruobwDq0m6A6esOav10ayTEa1XxY2QPzQrg=", sign_rest(key, at, blanks)},
        {"GeyDLGjmVCjXDeg2Gng64kSxw3jJUK9NzOlDNTxu0Og=", mac_of(secret, percent_encode(versioned))},
        {"5oMnYUjImmhqGU5lDMzAqB5YcoNALhkSZ7zcuSP/Eog=", mac_of(secret, percent_encode(host_last))},
    };
    for (const auto& [wrong, made] : mistakes) {
        EXPECT_EQ(made, wrong);
        EXPECT_NE(sign_rest(key, at, request), wrong);
    }
}

TEST(WebullSignature, V5PostWithBodyBySha1) {
    const auto key = usual_key(Algorithm::HmacSha1);
    EXPECT_EQ(body_digest(key.algorithm, order_body, HexCase::Upper),
              "A6EBBF97D4F2BE16A6E5D14082E0E4DA");
    EXPECT_EQ(sign_rest(key, stamp(place_nonce), place_request("api.webull.com")),
              "RzJof6wsip42tx5t79Xzojvqg10=");
}

TEST(WebullSignature, V6EmptyObjectCountsAsABody) {
    const auto key = usual_key(Algorithm::HmacSha256);
    EXPECT_EQ(body_digest(key.algorithm, "{}", HexCase::Upper),
              "44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A");
    RestToSign request{.host = "api.sandbox.webull.com",
                       .path = "/openapi/auth/token/create",
                       .query = {},
                       .body = "{}"};
    const auto at = stamp("11111111-2222-5333-8444-555555555555");
    EXPECT_EQ(sign_rest(key, at, request), "8Ahmi0Qms6iel4I8K6W1eSmQxI4dQk30Suf8yzNK9R0=");
    request.body.reset();
    EXPECT_NE(sign_rest(key, at, request), "8Ahmi0Qms6iel4I8K6W1eSmQxI4dQk30Suf8yzNK9R0=");
}

TEST(WebullSignature, V7UnusualCharactersEverywhere) {
    const SigningKey key{.app_key = Secret("key with space/+="),
                         .app_secret = Secret("s3cr&t=+/ü"),
                         .algorithm = Algorithm::HmacSha256};
    const RestToSign request{
        .host = "127.0.0.1",
        .path = "/openapi/instrument/stock/list",
        .query = {{"symbols", "BRK B,BF/B"},
                  {"note", "a+b=c&d%20~*'()!é€"},
                  {"category", "US_STOCK"}},
        .body = {}
    };
    EXPECT_EQ(form_encode(request.query),
              "symbols=BRK+B%2CBF%2FB&note=a%2Bb%3Dc%26d%2520~%2A%27%28%29%21%C3%A9%E2%82%AC&"
              "category=US_STOCK");
    const auto at = stamp("nonce~1*2");
    EXPECT_EQ(percent_encode(rest_string_to_sign(key, at, request)),
              "%2Fopenapi%2Finstrument%2Fstock%2Flist%26category%3DUS_STOCK%26host%3D127.0.0.1%"
              "26note%3Da%2Bb%3Dc%26d%2520~%2A%27%28%29%21%C3%A9%E2%82%AC%26symbols%3DBRK%20B%2CBF%"
              "2FB%26x-app-key%3Dkey%20with%20space%2F%2B%3D%26x-signature-algorithm%3DHMAC-SHA256%"
              "26x-signature-nonce%3Dnonce~1%2A2%26x-signature-version%3D1.0%26x-timestamp%3D2026-"
              "03-09T14%3A30%3A05Z");
    EXPECT_EQ(sign_rest(key, at, request), "D2cmsIAv+knuZVBIgZnTAH1nRD5UxSX/sopiteMzsJQ=");
    EXPECT_NE(sign_rest(key, at, request), "BeIv5cb0AioQ/qle2Fg+NC8yEvoGNC8fTKYkvs0KiPU=");
}

TEST(WebullSignature, V8UnusualBodyIsSignedByItsBytes) {
    const auto body = bytes_of(
        "7b226163636f756e745f6964223a224143432f312b32222c22636c69656e745f6f726465725f6964223a226e61"
        "c3af7665205c2269645c2220e697a5e69cac20f09f98805c6e5c74227d");
    ASSERT_EQ(body.size(), 74U);
    const SigningKey key{.app_key = Secret("ak_5f2c9d10e4b7"),
                         .app_secret = Secret("s3cr&t=+/ü"),
                         .algorithm = Algorithm::HmacSha256};
    EXPECT_EQ(body_digest(key.algorithm, body, HexCase::Upper),
              "54D45D6CEC9F023957DF2C755BCB8EB81AD33D7330CBB8E294AE5FA92B7B07CB");
    const RestToSign request{
        .host = "127.0.0.1", .path = "/openapi/trade/order/cancel", .query = {}, .body = body};
    EXPECT_EQ(sign_rest(key, stamp("77777777-8888-5999-8aaa-bbbbbbbbbbbb"), request),
              "vwF5N8K4UFXzTAGt/ftitMGGevdrJEAN3kSvRFqws1k=");
}

TEST(WebullSignature, V9QueryNameEqualToASignedNameIsAppended) {
    const RestToSign request{
        .host = "127.0.0.1",
        .path = "/openapi/trade/order/detail",
        .query = {{"host", "evil.example"}, {"account_id", "A1"}},
        .body = {}
    };
    EXPECT_EQ(sign_rest(usual_key(Algorithm::HmacSha256),
                        stamp("22222222-3333-5444-8555-666666666666"), request),
              "z/pcNJo3ykV59zp7711LT+ypQPFAb109LzZa1GogA1A=");
}

constexpr auto stream_nonce = "abcdef01-2345-5678-89ab-cdef01234567";

std::string request_bytes(std::uint32_t type, std::vector<std::string> accounts) {
    return encode(SubscribeRequest{.subscribe_type = type,
                                   .timestamp = 1773066605123,
                                   .content_type = {},
                                   .payload = {},
                                   .accounts = std::move(accounts)});
}

TEST(WebullSignature, V10StreamBySha256) {
    const auto bytes = request_bytes(3, {"JNS7QK20ACC0001"});
    EXPECT_EQ(bytes, bytes_of("080310c3a48598cd332a0f4a4e5337514b323041434330303031"));
    const auto key = usual_key(Algorithm::HmacSha256);
    EXPECT_EQ(stream_string_to_sign(key, stamp(stream_nonce), bytes),
              "x-app-key=ak_5f2c9d10e4b7=x-signature-algorithm=HMAC-SHA256=x-signature-nonce="
              "abcdef01-2345-5678-89ab-cdef01234567=x-signature-version=1.0=x-timestamp=2026-03-"
              "09T14:30:05Z&a38f4f2bc2330a076cd71b4e87610d543c5a3971c72561a4b65ce4fea8b61a8d");
    EXPECT_EQ(sign_stream(key, stamp(stream_nonce), bytes),
              "duZzv5rkMOLwKBjMFbo9UE4ZoQQoQcHegdbeI8lsAf0=");
}

TEST(WebullSignature, V10KnownMistakesGiveTheirKnownWrongResults) {
    const auto key = usual_key(Algorithm::HmacSha256);
    const auto bytes = request_bytes(3, {"JNS7QK20ACC0001"});
    const auto right = stream_string_to_sign(key, stamp(stream_nonce), bytes);
    const auto lower = body_digest(key.algorithm, bytes, HexCase::Lower);
    const auto upper = body_digest(key.algorithm, bytes, HexCase::Upper);
    const auto made = [&key](std::string_view text) {
        return base64(mac(key.algorithm, key.app_secret.reveal() + "&", percent_encode(text)));
    };
    auto ampersands = right;
    for (const std::string_view name :
         {"=x-signature-algorithm", "=x-signature-nonce", "=x-signature-version", "=x-timestamp"})
        ampersands[ampersands.find(name)] = '&';
    const auto with_upper = [&](std::string text) {
        return text.replace(text.find(lower), lower.size(), upper);
    };
    const std::vector<std::pair<std::string, std::string>> mistakes{
        {"/9Q6OodkW5nszpun6tOj1hXzUrQIa0m1i5jjh6jPqrk=", made(ampersands)            },
        {"Cj0EbWg4JkYC19fBnBr0/Y2/f2RCv1Vab4qPkXPp1CM=", made(with_upper(right))     },
        {"Y0eXfqN7HKGH+fWdvqjvhKqRXu7b2V5nUvPdktwAnCA=", made(with_upper(ampersands))},
        {"t03taXwLHM6YGvxoBZxFxfHjlEY2WQE2Qp8yJIPXbZY=",
         made("host=events-api.webull.com=" + right)                                 },
        {"VJKQnSbsQFawyfa5S7tglY6rkcX282YHqXwSWk2OpzU=",
         made("/grpc.trade.event.EventService/Subscribe&" + ampersands)              },
    };
    for (const auto& [wrong, result] : mistakes) {
        EXPECT_EQ(result, wrong);
        EXPECT_NE(sign_stream(key, stamp(stream_nonce), bytes), wrong);
    }
}

TEST(WebullSignature, V11StreamBySha1) {
    const auto key = usual_key(Algorithm::HmacSha1);
    const auto bytes = request_bytes(3, {"JNS7QK20ACC0001"});
    EXPECT_EQ(body_digest(key.algorithm, bytes, HexCase::Lower),
              "5514fe341cb9ba25d8c489ee8ab6cfaa");
    EXPECT_EQ(sign_stream(key, stamp(stream_nonce), bytes), "+A9Ir/lh8msst9s+VawdBDBn/w8=");
}

TEST(WebullSignature, V12StreamWithTwoAccounts) {
    const auto bytes = request_bytes(7, {"JNS7QK20ACC0001", "JNS7QK20ACC0002"});
    EXPECT_EQ(bytes, bytes_of("080710c3a48598cd332a0f4a4e5337514b3230414343303030312a0f4a4e5337514b"
                              "323041434330303032"));
    EXPECT_EQ(sign_stream(usual_key(Algorithm::HmacSha256), stamp(stream_nonce), bytes),
              "yay16QOfcsTWFsgXV+86RnOEPP4mF38VeHOdaGSqAC4=");
}

TEST(WebullSignature, V13StreamWithAnEmptyMessage) {
    EXPECT_EQ(encode(SubscribeRequest{}), "");
    EXPECT_EQ(sign_stream(usual_key(Algorithm::HmacSha256), stamp(stream_nonce), ""),
              "Z8hn2RrMxtpGh6qT4n+NVtqnooataPVretWTvscC4ck=");
}

TEST(WebullSignature, HeadersAreTheSixSignedOnesAndNeverTheSecret) {
    const auto key = usual_key(Algorithm::HmacSha256);
    std::set<std::string> names;
    for (const auto& [name, value] : signature_headers(key, stamp("n"), "s")) {
        names.insert(name);
        EXPECT_NE(value, key.app_secret.reveal());
    }
    EXPECT_EQ(names,
              (std::set<std::string>{"x-app-key", "x-signature", "x-signature-algorithm",
                                     "x-signature-nonce", "x-signature-version", "x-timestamp"}));
}

TEST(WebullFormEncoding, DecodingTakesBackWhatEncodingMade) {
    std::string all;
    for (int i = 1; i < 256; ++i) all += static_cast<char>(i);
    const auto encoded = form_encode({
        {"a", all}
    });
    EXPECT_EQ(form_decode(encoded.substr(2)).value(), all);
    EXPECT_EQ(form_decode("a%20b+c").value(), "a b c");
    for (const auto* broken : {"%", "%4", "%G1", "%1G", "abc%"})
        EXPECT_FALSE(form_decode(broken).has_value()) << broken;
}

}  // namespace
}  // namespace janus::webull::wire
