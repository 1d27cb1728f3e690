#include "sim/webull/token_book.hpp"

#include <algorithm>
#include <array>

namespace janus::sim::webull {
namespace {

constexpr int token_digits = 32;

struct StatusWord {
    TokenStatus status;
    std::string_view text;
};
constexpr auto status_words = std::to_array<StatusWord>({
    {TokenStatus::Pending, "PENDING"},
    {TokenStatus::Normal,  "NORMAL" },
    {TokenStatus::Invalid, "INVALID"},
    {TokenStatus::Expired, "EXPIRED"},
});
static_assert(status_words[static_cast<std::size_t>(TokenStatus::Expired)].text == "EXPIRED");

}  // namespace

std::string_view to_text(TokenStatus status) {
    return status_words[static_cast<std::size_t>(status)].text;
}

std::optional<TokenStatus> find_token_status(std::string_view text) {
    for (const auto& word : status_words)
        if (word.text == text) return word.status;
    return std::nullopt;
}

Token TokenBook::create(Now now, const std::string& app_key, const std::string& old_token) {
    const auto* known = find(now, app_key, old_token);
    if (known != nullptr &&
        (known->status == TokenStatus::Normal || known->status == TokenStatus::Pending))
        return *known;
    const auto* script = script_of(app_key);
    const auto status = script != nullptr ? script->new_state : TokenStatus::Normal;
    return tokens_[app_key] = Token{random_hex(random_, token_digits), now.utc + life_, status, 0};
}

Answer<Token> TokenBook::check(Now now, const std::string& app_key, const std::string& token) {
    auto* known = find(now, app_key, token);
    if (known == nullptr) return refuse("INVALID_TOKEN", "The token is not known");
    const auto* script = script_of(app_key);
    const bool counts =
        script != nullptr && script->checks > 0 && known->status == TokenStatus::Pending;
    if (counts && ++known->checks >= script->checks) known->status = script->then;
    return *known;
}

Answer<Token> TokenBook::refresh(Now now, const std::string& app_key, const std::string& token) {
    auto* known = find(now, app_key, token);
    if (known == nullptr) return refuse("INVALID_TOKEN", "The token is not known");
    if (known->status == TokenStatus::Normal) known->expires = now.utc + life_;
    return *known;
}

Answer<void> TokenBook::check_access(Now now, const std::string& app_key, std::string_view token) {
    if (token.empty()) return refuse(401, "UNAUTHORIZED", "x-access-token is missing");
    const auto* known = find(now, app_key, token);
    if (known == nullptr || known->status != TokenStatus::Normal)
        return refuse("INVALID_TOKEN", "The access token is not usable");
    return {};
}

void TokenBook::follow(std::optional<TokenScript> script) {
    script_ = std::move(script);
    for (auto& [app_key, token] : tokens_) {
        token.checks = 0;
        if (const auto* own = script_of(app_key))
            token.status = own->state;
        else if (!script_ && token.status == TokenStatus::Pending)
            token.status = TokenStatus::Normal;
    }
}

void TokenBook::set_life(Now now, Duration life) {
    life_ = life;
    for (auto& [app_key, token] : tokens_) token.expires = std::min(token.expires, now.utc + life_);
}

const TokenScript* TokenBook::script_of(const std::string& app_key) const {
    const bool applies = script_ && (script_->app_key == "*" || script_->app_key == app_key);
    return applies ? &*script_ : nullptr;
}

Token* TokenBook::find(Now now, const std::string& app_key, std::string_view token) {
    const auto found = tokens_.find(app_key);
    if (found == tokens_.end() || token.empty() || found->second.text != token) return nullptr;
    if (now.utc >= found->second.expires) found->second.status = TokenStatus::Expired;
    return &found->second;
}

}  // namespace janus::sim::webull
