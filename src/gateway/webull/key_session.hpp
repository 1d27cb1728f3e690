#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/event.hpp"
#include "gateway/webull/rest_client.hpp"
#include "gateway/webull/token_keeper.hpp"
#include "gateway/webull/wire/account_rows.hpp"

namespace janus::webull {

/// How far the app key is usable.
enum class KeyStep {
    Idle,
    ReadingConfig,
    CreatingToken,
    WaitingForApproval,  ///< A person must confirm in the phone app.
    ListingAccounts,
    Up,
    Stopped,
};
std::string_view to_text(KeyStep step);

/// Brings one app key from nothing to a list of its accounts: configuration, 2FA token, account
/// list by the newest URLs that the host knows. Retries for ever; every wait is data.
/// Used by the gateway, which hands it the answers to its own calls.
class KeySession {
 public:
    KeySession(const WebullSettings& settings, Outbox& out, RestClient& rest, Random& random);

    void start(Now now);
    void stop() {
        step_ = KeyStep::Stopped;
        relisting_ = false;
        tokens_.stop();
    }
    /// Answers to Config, TokenCreate, TokenCheck, TokenRefresh and AccountList.
    void on_answer(Now now, const Answer& answer);
    /// Another call was refused for its key, signature, clock or token: check the key once.
    void on_authentication_failure(Now now, const std::string& reason);
    /// The event stream was refused: have the token renewed, where tokens are used at all.
    void renew_token(Now now);
    /// Read the account list again: an account of ours was not in it.
    void list_again(Now now);
    void on_timeout(Now now);
    std::optional<Instant> deadline() const;

    KeyStep step() const { return step_; }
    bool up() const { return step_ == KeyStep::Up || relisting_; }
    /// What every account of the key shows while the key is not up.
    gateway::Gate gate() const { return gate_; }
    const std::string& reason() const { return reason_; }
    /// The accounts of the key, once after each complete list.
    std::optional<std::vector<wire::AccountRow>> take_accounts();
    /// Tokens that the broker has just confirmed, for the next run.
    std::vector<gateway::IssuedToken> take_issued_tokens() { return tokens_.take_issued(); }

 private:
    void go(Now now, KeyStep step);
    void ask(Now now);
    void ask_accounts(Now now);
    void on_config(Now now, const Answer& answer);
    void on_token(Now now, const Answer& answer);
    void on_pending(Now now, const wire::TokenRow& row);
    void on_account_page(Now now, const Answer& answer);
    void on_accounts_missing(Now now, const Answer& answer);
    void on_authentication_answer(Now now, const std::string& reason);
    void on_token_refused(Now now);
    void retry_later(Now now, const std::string& reason);
    void need_operator(Now now, std::string reason, Duration wait);
    void show(gateway::Gate gate, std::string reason);

    const WebullSettings& settings_;
    Outbox& out_;
    RestClient& rest_;
    Random& random_;
    Backoff backoff_;
    KeyStep step_{KeyStep::Idle};
    gateway::Gate gate_{gateway::Gate::Down};
    std::string reason_;
    std::optional<Instant> ask_at_;
    bool token_needed_{false};
    bool relisting_{false};  ///< The list is read again while the key stays up.
    TokenKeeper tokens_;
    std::optional<Instant> pending_since_;
    bool checked_token_{false};   ///< Once per failure: the token was confirmed anew.
    bool replaced_token_{false};  ///< Once per failure: a new token was asked for.
    bool tried_other_urls_{false};
    std::vector<wire::AccountRow> page_rows_;
    std::optional<std::vector<wire::AccountRow>> accounts_;
    std::string page_key_;
    int pages_{0};
};

}  // namespace janus::webull
