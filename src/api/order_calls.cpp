#include "api/calls.hpp"
#include "api/convert.hpp"

namespace janus::api {
namespace {

/// Turns the core's order into the API's, or passes its error on.
core::Reply<Order> order_reply(Answer<v1::Order> answer) {
    return [answer = std::move(answer)](const Result<Order>& order) {
        if (!order) return answer(std::unexpected(order.error()));
        answer(to_message(*order));
    };
}

Result<AccountName> account_or_default(const Context& context, const std::string& name) {
    auto account = name.empty() ? default_account_of(context) : AccountName{name};
    if (account.value.empty())
        return fail(ErrorCode::Invalid,
                    "order names no account and there is no default account; use --account");
    return account;
}

/// What the preview of a bracket is about.
constexpr std::string_view bracket_covers =
    "the entry alone; its exits close what it opens and need no margin of their own, and the "
    "commission of the one that fills comes on top";

Result<core::BracketIntent> read_bracket(const Context& context,
                                         const v1::PlaceBracketRequest& request) {
    auto bracket = parse_bracket(request);
    if (!bracket) return bracket;
    const auto account = account_or_default(context, request.entry().account());
    if (!account) return std::unexpected(account.error());
    bracket->entry.account = *account;
    return bracket;
}

/// Counts the cancels that are still out and answers when the last one is in.
struct CancelRun {
    std::size_t missing{0};
    v1::ListOrdersResponse response;
    Answer<v1::ListOrdersResponse> answer;

    void add(const Order& before, const Result<Order>& after) {
        auto* order = response.add_orders();
        *order = to_message(after ? *after : before);
        if (!after) order->set_note(after.error().message);
        if (--missing == 0) answer(std::move(response));
    }
};

}  // namespace

void place_order(Context& context, const CallInfo& info, const v1::PlaceOrderRequest& request,
                 Answer<v1::Order> answer) {
    auto intent = parse_intent(request);
    if (!intent) return answer(std::unexpected(intent.error()));
    const auto account = account_or_default(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    intent->account = *account;
    context.engine.place_order(info.now, *intent, info.caller, order_reply(std::move(answer)));
}

void place_bracket(Context& context, const CallInfo& info, const v1::PlaceBracketRequest& request,
                   Answer<v1::ListOrdersResponse> answer) {
    const auto bracket = read_bracket(context, request);
    if (!bracket) return answer(std::unexpected(bracket.error()));
    context.engine.place_bracket(
        info.now, *bracket, info.caller,
        [answer = std::move(answer)](const Result<std::vector<Order>>& orders) {
            if (!orders) return answer(std::unexpected(orders.error()));
            v1::ListOrdersResponse response;
            for (const auto& order : *orders) *response.add_orders() = to_message(order);
            answer(std::move(response));
        });
}

void preview_order(Context& context, const CallInfo& info, const v1::PlaceOrderRequest& request,
                   Answer<v1::OrderPreview> answer) {
    auto intent = parse_intent(request);
    if (!intent) return answer(std::unexpected(intent.error()));
    const auto account = account_or_default(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    intent->account = *account;
    context.engine.preview_order(
        info.now, *intent, info.caller,
        [answer = std::move(answer)](const Result<gateway::OrderPreview>& preview) {
            if (!preview) return answer(std::unexpected(preview.error()));
            answer(to_message(*preview));
        });
}

void preview_bracket(Context& context, const CallInfo& info, const v1::PlaceBracketRequest& request,
                     Answer<v1::OrderPreview> answer) {
    const auto bracket = read_bracket(context, request);
    if (!bracket) return answer(std::unexpected(bracket.error()));
    context.engine.preview_bracket(
        info.now, *bracket, info.caller,
        [answer = std::move(answer)](const Result<gateway::OrderPreview>& preview) {
            if (!preview) return answer(std::unexpected(preview.error()));
            auto message = to_message(*preview);
            message.set_covers(std::string(bracket_covers));
            answer(std::move(message));
        });
}

void modify_order(Context& context, const CallInfo& info, const v1::ModifyOrderRequest& request,
                  Answer<v1::Order> answer) {
    const auto changes = parse_changes(request);
    if (!changes) return answer(std::unexpected(changes.error()));
    context.engine.modify_order(info.now, {request.order()}, *changes, info.caller,
                                order_reply(std::move(answer)));
}

void cancel_order(Context& context, const CallInfo& info, const v1::CancelOrderRequest& request,
                  Answer<v1::Order> answer) {
    context.engine.cancel_order(info.now, {request.order()}, info.caller,
                                order_reply(std::move(answer)));
}

void cancel_all_orders(Context& context, const CallInfo& info,
                       const v1::CancelAllOrdersRequest& request,
                       Answer<v1::ListOrdersResponse> answer) {
    const auto account = find_account(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    std::vector<Order> open;
    for (const auto& order : context.engine.orders(*account, false))
        if (!order.external) open.push_back(order);
    if (open.empty()) return answer(v1::ListOrdersResponse{});
    auto run =
        std::make_shared<CancelRun>(CancelRun{.missing = open.size(), .answer = std::move(answer)});
    for (const auto& order : open)
        context.engine.cancel_order(
            info.now, order.id, info.caller,
            [run, order](const Result<Order>& after) { run->add(order, after); });
}

void resolve_order(Context& context, const CallInfo& info, const v1::ResolveOrderRequest& request,
                   Answer<v1::Order> answer) {
    const auto state = parse_order_state(request.state());
    if (!state) return answer(std::unexpected(state.error()));
    context.engine.resolve_order(info.now, {request.order()}, *state, request.reason(), info.caller,
                                 order_reply(std::move(answer)));
}

void get_order(Context& context, const CallInfo&, const v1::GetOrderRequest& request,
               Answer<v1::OrderDetail> answer) {
    const auto order = context.engine.order({request.order()});
    if (!order) return answer(std::unexpected(order.error()));
    answer(to_message(*order));
}

void list_orders(Context& context, const CallInfo&, const v1::ListOrdersRequest& request,
                 Answer<v1::ListOrdersResponse> answer) {
    const auto account = find_account(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    v1::ListOrdersResponse response;
    for (const auto& order : context.engine.orders(*account, request.all()))
        *response.add_orders() = to_message(order);
    answer(std::move(response));
}

void list_executions(Context& context, const CallInfo&, const v1::ListExecutionsRequest& request,
                     Answer<v1::ListExecutionsResponse> answer) {
    const auto account = find_account(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    v1::ListExecutionsResponse response;
    for (const auto& execution : context.engine.executions(*account))
        *response.add_executions() = to_message(execution);
    answer(std::move(response));
}

}  // namespace janus::api
