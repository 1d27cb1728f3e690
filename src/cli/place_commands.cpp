// New orders, previews of them, and changes of orders.
#include <array>
#include <random>

#include "cli/command.hpp"
#include "cli/order_output.hpp"
#include "cli/place_words.hpp"
#include "cli/texts.hpp"

namespace janus::cli {
namespace {

using Stub = client::Client::Stub;

/// A key that no other command has: repeating a request after a lost answer must not place a second
/// order.
std::string fresh_key() {
    std::random_device device;
    std::string key = "cli-";
    for (int i = 0; i < 4; ++i) key += fmt::format("{:08x}", device());
    return key;
}

bool confirmed(Session& session, bool yes, const std::string& question) {
    if (!session.interactive || yes || session.confirm(question)) return true;
    session.output.say("not sent");
    session.exit = Exit::Failed;
    return false;
}

std::string question_of(const v1::PlaceOrderRequest& request, const PlaceWords& words) {
    auto text = fmt::format("{} {} {} {}", request.side(), request.quantity(), request.symbol(),
                            request.type());
    if (request.has_limit_price()) text += " " + request.limit_price();
    if (!words.trail.empty()) text += " trail " + words.trail;
    if (!words.take_profit.empty())
        text += fmt::format(" with exits at {} and {}", words.take_profit, words.stop_loss);
    return text + fmt::format(" in {}?", request.account().empty() ? "the default account"
                                                                   : request.account());
}

/// The three orders of a bracket as one request.
v1::PlaceBracketRequest bracket_of(const v1::PlaceOrderRequest& entry, const PlaceWords& words) {
    v1::PlaceBracketRequest request;
    *request.mutable_entry() = entry;
    request.set_take_profit(words.take_profit);
    request.set_stop_loss(words.stop_loss);
    return request;
}

void preview(Session& session, const v1::PlaceOrderRequest& request, const PlaceWords& words) {
    const auto preview = words.take_profit.empty()
                             ? session.call(&Stub::PreviewOrder, request)
                             : session.call(&Stub::PreviewBracket, bracket_of(request, words));
    if (!preview) return;
    session.output.show(*preview, preview_table(*preview));
    if (!preview->covers().empty()) session.output.say("covers " + preview->covers());
    if (!preview->warning().empty()) session.output.say("broker's warning: " + preview->warning());
    session.output.say("nothing was placed");
}

/// The worst of the three decides: an exit that is missing is no success.
void place_bracket(Session& session, const v1::PlaceOrderRequest& entry, const PlaceWords& words) {
    const auto list = session.call(&Stub::PlaceBracket, bracket_of(entry, words));
    if (!list) return;
    session.output.show(*list, order_table(list->orders()));
    for (const auto& order : list->orders()) {
        session.output.say(outcome_text(order));
        if (session.exit == Exit::Done) session.exit = exit_of_order(order);
    }
}

void place(Session& session, const PlaceWords& words, const std::string& side, bool is_stop) {
    auto request = request_of(words, side, is_stop, session.account);
    if (words.preview) return preview(session, request, words);
    if (request.idempotency_key().empty()) request.set_idempotency_key(fresh_key());
    if (!confirmed(session, words.yes, question_of(request, words))) return;
    if (!words.take_profit.empty()) return place_bracket(session, request, words);
    const auto order = session.call(&Stub::PlaceOrder, request);
    if (!order) return;
    show_order(session, *order);
    session.output.say(outcome_text(*order));
    session.exit = exit_of_order(*order);
}

/// The options that only an order with its own price or none takes; a stop order has its stop.
void add_market_words(CLI::App& command, PlaceWords& words) {
    auto* trail =
        command.add_option("--trail", words.trail, "Trailing stop at this distance: 1.5, or 2%");
    trail->check(is_trail);
    command.add_option("--stop", words.stop, "Where the trailing stop starts")->needs(trail);
    command
        .add_option("--limit-offset", words.limit_offset,
                    "Trailing stop limit: from the stop to the limit")
        ->needs(trail);
    command.add_flag("--on-close", words.on_close, "Market or limit order for the close")
        ->excludes(trail);
    auto* profit = command.add_option("--take-profit", words.take_profit,
                                      "Bracket: limit price of the exit that takes the profit");
    auto* loss = command.add_option("--stop-loss", words.stop_loss,
                                    "Bracket: stop price of the exit that bounds the loss");
    profit->needs(loss)->excludes(trail);
    loss->needs(profit);
}

void add_place_words(CLI::App& command, PlaceWords& words, bool is_stop) {
    command.add_option("SYMBOL", words.symbol, "Canonical symbol: AAPL, BRK.B")->required();
    command.add_option("QUANTITY", words.quantity, "Number of shares or contracts")->required();
    if (is_stop) command.add_option("STOP", words.stop, "Stop price")->required();
    command.add_option("LIMIT", words.limit, "Limit price; a market order without one");
    if (!is_stop) add_market_words(command, words);
    command
        .add_option("--tif", words.time_in_force,
                    "Time in force: DAY, GTC, IOC, FOK, OPG, or GTD:2026-12-31 (the end of that "
                    "day, UTC) or GTD:2026-12-31T21:00:00Z")
        ->check(is_time_in_force);
    command.add_option("--session", words.session, "REGULAR, EXTENDED or OVERNIGHT")
        ->transform(CLI::IsMember({"REGULAR", "EXTENDED", "OVERNIGHT"}, CLI::ignore_case));
    command.add_option("--oca", words.oca_group,
                       "Group of orders of which one fill cancels the others");
    command.add_option("--key", words.key,
                       "Idempotency key: the same key is the same order, for ever");
    command.add_flag("--preview", words.preview, "Only ask the broker what the order would do");
    command.add_flag("--yes,-y", words.yes, "Do not ask");
}

template <typename Side>
void add_place(CLI::App& command, Session& session, Side side, bool is_stop) {
    auto words = std::make_shared<PlaceWords>();
    add_place_words(command, *words, is_stop);
    command.callback([&session, words, side, is_stop] { place(session, *words, side, is_stop); });
}

void add_buy(CLI::App& command, Session& session) {
    add_place(command, session, "BUY", false);
}
void add_sell(CLI::App& command, Session& session) {
    add_place(command, session, "SELL", false);
}
void add_short(CLI::App& command, Session& session) {
    add_place(command, session, "SELL_SHORT", false);
}
void add_bstop(CLI::App& command, Session& session) {
    add_place(command, session, "BUY", true);
}
void add_sstop(CLI::App& command, Session& session) {
    add_place(command, session, "SELL", true);
}

void modify(Session& session, const ModifyWords& words) {
    const auto request = request_of(words);
    if (!confirmed(session, words.yes, fmt::format("modify order {}?", words.order))) return;
    const auto order = session.call(&Stub::ModifyOrder, request);
    if (!order) return;
    show_order(session, *order);
    session.output.say("modified: " + outcome_text(*order));
}

void add_modify(CLI::App& command, Session& session) {
    auto words = std::make_shared<ModifyWords>();
    command.add_option("ORDER", words->order, "Janus order id")->required();
    command.add_option("--qty", words->quantity, "New quantity, what is filled included");
    command.add_option("--limit", words->limit, "New limit price");
    command.add_option("--stop", words->stop, "New stop price");
    command.add_option("--trail", words->trail, "New distance of a trailing stop: 1.5, or 2%")
        ->check(is_trail);
    command.add_option("--limit-offset", words->limit_offset,
                       "New distance from a trailing stop to its limit");
    command.add_flag("--yes,-y", words->yes, "Do not ask");
    command.callback([&session, words] {
        if (changes_nothing(*words))
            throw CLI::ValidationError(
                "modify", "needs one of --qty, --limit, --stop, --trail, --limit-offset");
        modify(session, *words);
    });
}

constexpr auto rows = std::to_array<CommandRow>({
    {"buy",    "Buy: a market order, or a limit order with a LIMIT; trailing, bracket, preview",
     add_buy                                                                                               },
    {"sell",   "Sell what is held; never opens a short",                                         add_sell  },
    {"short",  "An explicit short sale",                                                         add_short },
    {"bstop",  "Buy stop; stop-limit with a LIMIT",                                              add_bstop },
    {"sstop",  "Sell stop; stop-limit with a LIMIT",                                             add_sstop },
    {"modify", "Change quantity or prices of a live order by its Janus id",                      add_modify},
});

}  // namespace

std::span<const CommandRow> place_commands() {
    return rows;
}

}  // namespace janus::cli
