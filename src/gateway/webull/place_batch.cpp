#include "gateway/webull/place_batch.hpp"

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/wire/row_reader.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

constexpr int business_error = 417;  ///< What a refused place has, sent alone.

/// The rows that name an order.
std::vector<const wire::Json*> rows_of(const wire::Json& body, const ClientOrderId& order) {
    std::vector<const wire::Json*> found;
    const auto* rows = body.find("batch_orders");
    if (rows == nullptr || !rows->is_array()) return found;
    for (const auto& row : rows->items()) {
        const auto* id = row.find("client_order_id");
        if (id != nullptr && id->text() == order.value) found.push_back(&row);
    }
    return found;
}

/// A receipt like that of a single place, or an error. Both at once prove nothing.
Answer answer_of_row(const wire::Json& row, Answer answer) {
    wire::RowReader in(row, "row of a batch");
    const bool has_order = !in.text_or_empty({"order_id"}).empty();
    answer.code = in.text_or_empty({"error_code"});
    if (answer.code.empty()) {
        answer.body = row;
        return answer;
    }
    answer.message = in.text_or_empty({"message"});
    answer.outcome = has_order ? Outcome::Unreadable : Outcome::Refused;
    if (has_order) answer.message = "the batch's reply has an order and an error for it";
    if (!has_order) answer.status = business_error;
    return answer;
}

}  // namespace

std::vector<std::size_t> find_companions(Instant now, const Request& first,
                                         const std::vector<const Request*>& behind) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < behind.size() && chosen.size() + 1 < batch_size_max; ++i) {
        const auto& place = *behind[i];
        if (place.ticket.account != first.ticket.account) continue;
        if (place.send_before && now >= *place.send_before) continue;
        if (!place.batch_part) break;
        chosen.push_back(i);
    }
    return chosen;
}

Request batch_of(const std::vector<Request>& places) {
    Request batch;
    const auto& first = places.front();
    batch.ticket.call = wire::Call::BatchPlace;
    batch.ticket.account = first.ticket.account;
    batch.category = first.category;
    batch.attempts_max = 1;
    std::vector<std::string> orders;
    for (const auto& place : places) {
        orders.push_back(place.batch_part->order);
        batch.members.push_back(place.ticket);
    }
    batch.body = batch_body(orders, first.batch_part->account_id);
    return batch;
}

std::vector<Answer> answers_of_batch(const std::vector<Ticket>& members, const Answer& whole) {
    std::vector<Answer> answers;
    for (const auto& member : members) {
        Answer answer = whole;
        answer.ticket = member;
        answer.body = {};
        if (whole.outcome == Outcome::Good) {
            const auto rows = rows_of(whole.body, member.client_order_id);
            if (rows.size() == 1) {
                answer = answer_of_row(*rows.front(), std::move(answer));
            } else {
                answer.outcome = Outcome::Unreadable;
                answer.message = fmt::format("the batch's reply has {} rows for this order",
                                             rows.empty() ? "no" : "several");
            }
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

bool refuses_batches(const Answer& whole) {
    if (whole.outcome != Outcome::Refused || whole.status < 400 || whole.status >= 500)
        return false;
    const auto* row = wire::find_error(whole.code);
    const bool of_key = row != nullptr && row->concerns == wire::Concerns::Key;
    return whole.status != too_many_requests && !of_key;
}

}  // namespace janus::webull
