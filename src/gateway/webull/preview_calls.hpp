#pragma once

#include <string>

#include "gateway/command.hpp"
#include "gateway/webull/outbox.hpp"
#include "gateway/webull/rest_client.hpp"

namespace janus::webull {

/// Asks Webull what an order would cost. Nothing is placed, and every question is answered once.
/// Used by the gateway.
class PreviewCalls {
 public:
    PreviewCalls(Outbox& out, RestClient& rest) : out_(out), rest_(rest) {}

    /// `refusal` says why the account cannot be asked now; empty when it can.
    void preview(Now now, std::size_t account, const std::string& account_id,
                 const gateway::PreviewOrder& preview, const std::string& refusal);
    /// Answers to Preview.
    void on_answer(const Answer& answer);

 private:
    void answer(gateway::PreviewId preview, Result<gateway::OrderPreview> outcome);

    Outbox& out_;
    RestClient& rest_;
};

}  // namespace janus::webull
