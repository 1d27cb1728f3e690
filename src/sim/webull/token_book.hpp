#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/time.hpp"
#include "sim/webull/refusal.hpp"

namespace janus::sim::webull {

enum class TokenStatus { Pending, Normal, Invalid, Expired };

std::string_view to_text(TokenStatus status);  ///< `PENDING`, `NORMAL`, ...
std::optional<TokenStatus> find_token_status(std::string_view text);

/// An access token of one app key, as the token calls show it.
struct Token {
    std::string text;
    Utc expires;
    TokenStatus status{TokenStatus::Normal};
    int checks{0};  ///< How often it was checked while pending.
};

/// How tokens behave while the fault `token_state` is on.
struct TokenScript {
    std::string app_key{"*"};                     ///< Whose; `*` for every key's.
    TokenStatus state{TokenStatus::Pending};      ///< What existing tokens become at once.
    TokenStatus new_state{TokenStatus::Pending};  ///< What tokens are when they are created.
    int checks{3};  ///< After so many checks a pending token becomes `then`; 0 keeps it pending.
    TokenStatus then{TokenStatus::Normal};
};

/// The access tokens of all app keys: one each, good for so long.
class TokenBook {
 public:
    TokenBook(Random& random, Duration life) : random_(random), life_(life) {}

    /// A new token, or the old one again when it is still good.
    Token create(Now now, const std::string& app_key, const std::string& old_token);
    /// Errors: 417 `INVALID_TOKEN` for a token that this key does not have.
    Answer<Token> check(Now now, const std::string& app_key, const std::string& token);
    /// A good token with its life made long again. Errors: as `check`.
    Answer<Token> refresh(Now now, const std::string& app_key, const std::string& token);
    /// Whether a protected call may pass. Errors: 401 without a token, 417 with a bad one.
    Answer<void> check_access(Now now, const std::string& app_key, std::string_view token);

    /// Puts the script in force and applies it to the tokens that exist; nothing ends it.
    void follow(std::optional<TokenScript> script);
    /// From now on tokens live so long; those that exist live no longer than that.
    void set_life(Now now, Duration life);

 private:
    const TokenScript* script_of(const std::string& app_key) const;
    Token* find(Now now, const std::string& app_key, std::string_view token);

    Random& random_;
    Duration life_;
    std::map<std::string, Token> tokens_;
    std::optional<TokenScript> script_;
};

}  // namespace janus::sim::webull
