#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "gateway/webull/place_batch.hpp"
#include "gateway/webull/wire/account_rows.hpp"

using namespace janus::webull::wire;
using janus::webull::Answer;
using janus::webull::Outcome;

namespace {

/// Every decoder of one row of a list.
void decode_row(const Json& row) {
    const janus::AccountName account{"webull"};
    static_cast<void>(decode_account(row));
    static_cast<void>(decode_position(row, account, {}));
    static_cast<void>(decode_stock(row));
    const auto group = decode_order_group(row);
    if (!group) return;
    for (const auto& order : group->orders) {
        const auto report = to_report(order, account);
        JANUS_CHECK(!report.filled || !report.filled->value.is_negative());
        JANUS_CHECK(!report.quantity || !report.quantity->value.is_negative());
    }
}

/// As the reply to a batch of two: each order has its own answer, and none is made up.
void decode_batch(const Json& body) {
    std::vector<janus::webull::Ticket> members(2);
    members[0].client_order_id = janus::ClientOrderId{"a"};
    members[1].client_order_id = janus::ClientOrderId{"b"};
    const Answer whole{.ticket = {}, .outcome = Outcome::Good, .status = 200, .body = body};
    const auto answers = janus::webull::answers_of_batch(members, whole);
    JANUS_CHECK(answers.size() == members.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        JANUS_CHECK(answers[i].ticket.client_order_id == members[i].client_order_id);
        JANUS_CHECK(answers[i].outcome != Outcome::NotSent && answers[i].outcome != Outcome::Lost);
    }
}

}  // namespace

/// Any bytes as the body of every reply.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(decode_error(text));
    const auto body = Json::parse(text);
    if (!body) return 0;
    static_cast<void>(decode_token_check(*body));
    static_cast<void>(decode_token(*body));
    static_cast<void>(decode_balances(*body, janus::AccountName{"webull"}, {}));
    decode_batch(*body);
    decode_row(*body);
    const auto page = decode_page(*body);
    if (!page) return 0;
    for (const auto* row : page->rows) decode_row(*row);
    return 0;
}
