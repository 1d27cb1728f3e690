#include "gateway/webull/place_batch.hpp"

#include <algorithm>
#include <set>

#include "gateway/webull/order_rules.hpp"
#include "gateway/webull/wire/row_reader.hpp"
#include "gateway/webull/wire/words.hpp"

namespace janus::webull {
namespace {

constexpr int too_many_requests = 429;
constexpr int business_error = 417;  ///< What a refused place has, sent alone.

/// The places of one account from the first one on, up to one that has to go alone.
std::vector<std::size_t> leading_run(const std::vector<const Request*>& places,
                                     std::size_t account) {
    std::vector<std::size_t> run;
    for (std::size_t i = 0; i < places.size() && run.size() < batch_size_max; ++i) {
        if (places[i]->ticket.account != account) continue;
        if (!places[i]->batch_part) break;
        run.push_back(i);
    }
    return run;
}

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

Answer answer_of_row(const wire::Json& row, Answer answer) {
    wire::RowReader in(row, "row of a batch");
    answer.code = in.text_or_empty({"error_code"});
    answer.message = in.text_or_empty({"message"});
    if (answer.code.empty() && answer.message.empty()) {
        answer.body = row;  // A receipt, like that of a single place.
        return answer;
    }
    answer.outcome = Outcome::Refused;
    answer.status = business_error;
    return answer;
}

}  // namespace

std::vector<std::size_t> find_batch(const std::vector<const Request*>& places) {
    std::set<std::size_t> tried;
    for (const auto* place : places) {
        if (!place->batch_part || !tried.insert(place->ticket.account).second) continue;
        auto run = leading_run(places, place->ticket.account);
        if (run.size() > 1) return run;
    }
    return {};
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
