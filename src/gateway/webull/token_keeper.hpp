#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/event.hpp"
#include "gateway/gateway.hpp"
#include "gateway/webull/rest_client.hpp"
#include "gateway/webull/wire/account_rows.hpp"

namespace janus::webull {

/// The access token of one app key: its text, since when, until when, and its renewal ahead of its
/// end, while the old one goes on working. What a new start needs is handed out by `take_issued`.
/// Part of the key session; the first token of a start is brought by that one's own steps.
class TokenKeeper {
 public:
    TokenKeeper(const WebullSettings& settings, Outbox& out, RestClient& rest, Random& random);

    /// The body of a call about the current token; an empty object while there is none.
    std::string body() const;
    bool has_token() const { return text_.has_value(); }

    /// The broker confirmed a token: it is used from now on.
    void adopt(Now now, const wire::TokenRow& row);
    /// The broker has made a token that a person must confirm; nothing works until then.
    void await_approval(const wire::TokenRow& row, const std::string& reason);
    /// The broker refuses the token.
    void drop(const std::string& reason);

    /// Renew now, because the broker seems not to like the token any more.
    void renew(Now now);
    /// Answers to TokenRefresh, and to TokenCheck for a renewed token.
    void on_answer(Now now, const Answer& answer);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;
    void stop();

    /// True once when the time of the token in use is over.
    bool take_ended() { return std::exchange(ended_, false); }
    /// Tokens that a new start should be given.
    std::vector<gateway::IssuedToken> take_issued() { return std::exchange(issued_tokens_, {}); }

 private:
    void submit(Now now, wire::Call call, const Secret& token);
    void on_renewed(Now now, const wire::TokenRow& row);
    void on_not_renewed(Now now, const std::string& reason);
    void plan_renewal(Now now);
    void plan_retry(Now now, Duration wait);
    void show(gateway::TokenState state, std::string reason);

    const WebullSettings& settings_;
    Outbox& out_;
    RestClient& rest_;
    Random& random_;
    std::string login_;
    std::optional<Secret> text_;
    std::optional<Secret> confirmed_;  ///< The last text that was handed out or given at start.
    std::optional<Utc> issued_;
    std::optional<Utc> expires_;
    std::optional<gateway::TokenState> shown_;
    std::string reason_;

    std::optional<Instant> renew_at_;
    std::optional<Instant> end_at_;
    bool ended_{false};
    std::optional<Secret> fresh_;  ///< A renewed token that a person must confirm.
    std::optional<Instant> fresh_since_;
    std::optional<Instant> check_at_;
    std::vector<gateway::IssuedToken> issued_tokens_;
};

}  // namespace janus::webull
