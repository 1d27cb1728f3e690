#include "gateway/webull/preview_calls.hpp"

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/wire/row_reader.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

/// The order that would be placed. Its id is well formed and belongs to no order.
gateway::PlaceOrder place_of(const gateway::PreviewOrder& preview) {
    const auto& intent = preview.intent;
    return {
        .order = {},
        .client_order_id = ClientOrderId{fmt::format("preview{:018}", preview.preview.value)},
        .number = 0,
        .account = intent.account,
        .native_id = preview.native_id,
        .symbol = intent.symbol,
        .side = intent.side,
        .type = intent.type,
        .quantity = intent.quantity,
        .limit_price = intent.limit_price,
        .stop_price = intent.stop_price,
        .trail_amount = intent.trail_amount,
        .trail_percent = intent.trail_percent,
        .limit_offset = intent.limit_offset,
        .time_in_force = intent.time_in_force,
        .good_till = intent.good_till,
        .session = intent.session,
        .oca_group = intent.oca_group,
        .parent_number = 0,
        .transmit = true,
        .send_before = {},
    };
}

/// Source: reference 5.2.
Result<gateway::OrderPreview> decode_preview(const wire::Json& body) {
    wire::RowReader in(body, "preview");
    gateway::OrderPreview out;
    const auto cost = in.decimal({"estimated_cost"});
    const auto fee = in.find_decimal({"estimated_transaction_fee"});
    out.commission_currency = in.text_or_empty({"currency"});
    if (fee) out.commission = Money{*fee};
    out.warning = fmt::format("estimated cost {} {}", cost, out.commission_currency);
    return in.finish(std::move(out));
}

bool is_refusal(const Answer& answer) {
    const auto* row = wire::find_error(answer.code);
    return answer.outcome == Outcome::Refused && row != nullptr && answer.status < 500 &&
           row->place == wire::PlaceVerdict::Refused && row->concerns == wire::Concerns::Order &&
           answer.status != 429;
}

}  // namespace

void PreviewCalls::preview(Now now, std::size_t account, const std::string& account_id,
                           const gateway::PreviewOrder& preview, const std::string& refusal) {
    if (!refusal.empty())
        return answer(preview.preview, fail(ErrorCode::Unavailable, "{}", refusal));
    const auto place = place_of(preview);
    if (const auto terms = check_terms(terms_of(place)); !terms)
        return answer(preview.preview, fail(ErrorCode::Rejected, "{}", terms.error().message));
    Request request;
    request.ticket.call = wire::Call::Preview;
    request.ticket.account = account;
    request.ticket.preview = preview.preview;
    request.body = place_body(place, account_id);
    request.attempts_max = 2;
    rest_.submit(now, std::move(request));
}

void PreviewCalls::on_answer(const Answer& given) {
    const auto preview = given.ticket.preview;
    if (given.outcome == Outcome::Good) return answer(preview, decode_preview(given.body));
    answer(preview, fail(is_refusal(given) ? ErrorCode::Rejected : ErrorCode::Unavailable, "{}",
                         given.reason()));
}

void PreviewCalls::answer(gateway::PreviewId preview, Result<gateway::OrderPreview> outcome) {
    if (!outcome) outcome.error().message = out_.scrubbed(outcome.error().message);
    out_.tell(gateway::PreviewResult{preview, std::move(outcome)});
}

}  // namespace janus::webull
