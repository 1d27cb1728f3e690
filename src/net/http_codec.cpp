#include "net/http_codec.hpp"

#include <algorithm>
#include <variant>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace janus::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

using RequestParser = http::request_parser<http::string_body>;
using ReplyParser = http::response_parser<http::string_body>;
using Parser = std::variant<RequestParser, ReplyParser>;

HttpReadError read_error(const error_code& error) {
    if (error == http::error::body_limit) return {HttpFault::BodyTooLarge, "the body is too large"};
    if (error == http::error::header_limit)
        return {HttpFault::HeadersTooLarge, "the headers are too large"};
    if (error == http::error::partial_message)
        return {HttpFault::Malformed, "the connection ended before the message was whole"};
    return {HttpFault::Malformed, fmt::format("no valid HTTP: {}", error.message())};
}

std::string text_of(boost::core::string_view view) {
    return {view.data(), view.size()};
}

template <typename Fields>
HttpHeaders headers_of(const Fields& fields) {
    HttpHeaders headers;
    for (const auto& field : fields)
        headers.emplace_back(text_of(field.name_string()), text_of(field.value()));
    return headers;
}

HttpMessage message_of(RequestParser& parser) {
    auto& request = parser.get();
    return {.status = 0,
            .method = text_of(request.method_string()),
            .target = text_of(request.target()),
            .headers = headers_of(request),
            .body = std::move(request.body()),
            .keep_alive = request.keep_alive()};
}

HttpMessage message_of(ReplyParser& parser) {
    auto& reply = parser.get();
    const bool bounded = !reply.need_eof();
    return {.status = static_cast<int>(reply.result_int()),
            .method = {},
            .target = {},
            .headers = headers_of(reply),
            .body = std::move(reply.body()),
            .keep_alive = reply.keep_alive() && bounded};
}

bool same_letters(char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
}

bool is_token_char(char c) {
    constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           signs.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, is_token_char);
}

}  // namespace

struct HttpReader::Parts {
    HttpSide side{HttpSide::Request};
    HttpLimits limits;
    HasBody has_body{HasBody::Yes};
    std::unique_ptr<Parser> parser;
    std::string waiting;  ///< Bytes that no parser has taken yet.
    bool continue_told{false};

    void renew() {
        if (side == HttpSide::Request)
            parser = std::make_unique<Parser>(std::in_place_type<RequestParser>);
        else
            parser = std::make_unique<Parser>(std::in_place_type<ReplyParser>);
        std::visit([this](auto& one) { set_limits(one); }, *parser);
        if (auto* reply = std::get_if<ReplyParser>(parser.get()))
            reply->skip(has_body == HasBody::No);
        continue_told = false;
    }
    template <typename One>
    void set_limits(One& one) const {
        one.eager(true);
        one.header_limit(static_cast<std::uint32_t>(limits.header_size_max));
        one.body_limit(limits.body_size_max);
    }
    /// Gives the parser what waits, as long as it takes something.
    std::optional<HttpReadError> parse() {
        std::size_t taken = 0;
        error_code error;
        bool done = false;
        while (!done && taken < waiting.size()) {
            const boost::asio::const_buffer rest(waiting.data() + taken, waiting.size() - taken);
            const auto used = std::visit([&](auto& one) { return one.put(rest, error); }, *parser);
            taken += used;
            if (error == http::error::need_more) break;
            if (error) return read_error(error);
            done = is_done();
            if (used == 0) break;
        }
        waiting.erase(0, taken);
        return std::nullopt;
    }
    bool is_done() const {
        return std::visit([](const auto& one) { return one.is_done(); }, *parser);
    }
    HttpMessage take() {
        auto message = std::visit([](auto& one) { return message_of(one); }, *parser);
        renew();
        return message;
    }
};

HttpReader::HttpReader(HttpSide side, HttpLimits limits) : parts_(std::make_unique<Parts>()) {
    parts_->side = side;
    parts_->limits = limits;
    parts_->renew();
}
HttpReader::~HttpReader() = default;
HttpReader::HttpReader(HttpReader&&) noexcept = default;
HttpReader& HttpReader::operator=(HttpReader&&) noexcept = default;

void HttpReader::expect_body(HasBody has_body) {
    parts_->has_body = has_body;
    parts_->renew();
}

std::expected<std::optional<HttpMessage>, HttpReadError> HttpReader::feed(std::string_view bytes) {
    parts_->waiting += bytes;
    while (true) {
        if (auto error = parts_->parse()) return std::unexpected(*error);
        if (!parts_->is_done()) return std::nullopt;
        auto message = parts_->take();
        const bool interim = message.status >= 100 && message.status < 200;
        if (!interim) return message;
    }
}

std::expected<std::optional<HttpMessage>, HttpReadError> HttpReader::finish() {
    if (is_idle()) return std::nullopt;
    error_code error;
    std::visit([&](auto& one) { one.put_eof(error); }, *parts_->parser);
    if (error) return std::unexpected(read_error(error));
    if (!parts_->is_done()) return std::unexpected(read_error(http::error::partial_message));
    return parts_->take();
}

bool HttpReader::take_wants_continue() {
    const auto* parser = std::get_if<RequestParser>(parts_->parser.get());
    if (parser == nullptr || !parser->is_header_done() || parts_->continue_told) return false;
    parts_->continue_told = true;
    return parser->get()[http::field::expect] == "100-continue";
}

bool HttpReader::is_idle() const {
    const auto started = [](const auto& one) { return one.got_some(); };
    return parts_->waiting.empty() && !std::visit(started, *parts_->parser);
}

std::optional<std::string_view> find_header(const HttpHeaders& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (std::ranges::equal(key, name, same_letters)) return value;
    return std::nullopt;
}

Result<void> check_headers(const HttpHeaders& headers) {
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    for (const auto& [name, value] : headers) {
        if (!is_token(name)) return fail(ErrorCode::Invalid, "header name '{}' is no token", name);
        if (std::ranges::any_of(value, breaks))
            return fail(ErrorCode::Invalid, "header {} holds a line break", name);
    }
    return {};
}

bool is_method(std::string_view text) {
    return is_token(text);
}

bool is_target(std::string_view text) {
    const auto visible = [](char c) { return c > ' ' && c <= '~'; };
    return text.starts_with('/') && std::ranges::all_of(text, visible);
}

std::string_view reason_phrase(int status) {
    const auto view = http::obsolete_reason(static_cast<http::status>(status));
    return {view.data(), view.size()};
}

}  // namespace janus::net
