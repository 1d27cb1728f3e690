#include <array>

#include "cli/command.hpp"
#include "cli/texts.hpp"

namespace janus::cli {
namespace {

using Stub = client::Client::Stub;
using Symbols = std::vector<std::string>;

void show_quotes(Session& session, const v1::QuoteList& list) {
    Table table({
        {"SYMBOL"},
        {"BID", Align::Right},
        {"SIZE", Align::Right},
        {"ASK", Align::Right},
        {"SIZE", Align::Right},
        {"LAST", Align::Right},
        {"CLOSE", Align::Right},
        {"QUALITY"},
        {"AGE", Align::Right},
        {"NOTE"}
    });
    for (const auto& quote : list.quotes())
        table.add(
            {quote.symbol(), shown_price(quote.bid()), quote.bid_size(), shown_price(quote.ask()),
             quote.ask_size(), shown_price(quote.last()), shown_price(quote.close()),
             quote.quality(), quote.has_age_seconds() ? age_text(quote.age_seconds()) : "",
             quote.reason().empty() && !quote.subscribed() ? "not subscribed" : quote.reason()});
    session.output.show(list, table);
}

template <typename Request>
Request request_of(const Symbols& symbols) {
    Request request;
    for (const auto& symbol : symbols) request.add_symbols(symbol);
    return request;
}

std::shared_ptr<Symbols> add_symbols(CLI::App& command, bool required) {
    auto symbols = std::make_shared<Symbols>();
    auto* option = command.add_option("SYMBOL", *symbols, "Canonical symbols");
    if (required) option->required();
    return symbols;
}

void add_ticks(CLI::App& command, Session& session) {
    auto symbols = add_symbols(command, true);
    command.callback([&session, symbols] {
        const auto list =
            session.call(&Stub::SubscribeTicks, request_of<v1::SubscribeTicksRequest>(*symbols));
        if (list) show_quotes(session, *list);
    });
}

void add_unticks(CLI::App& command, Session& session) {
    auto symbols = add_symbols(command, true);
    command.callback([&session, symbols] {
        const auto list = session.call(&Stub::UnsubscribeTicks,
                                       request_of<v1::UnsubscribeTicksRequest>(*symbols));
        if (list) show_quotes(session, *list);
    });
}

void add_quote(CLI::App& command, Session& session) {
    auto symbols = add_symbols(command, false);
    command.callback([&session, symbols] {
        const auto list =
            session.call(&Stub::GetQuotes, request_of<v1::GetQuotesRequest>(*symbols));
        if (list) show_quotes(session, *list);
    });
}

void add_watch(CLI::App& command, Session& session) {
    auto symbols = add_symbols(command, false);
    command.callback([&session, symbols] {
        session.stream<v1::WatchQuotesRequest, v1::QuoteList>(
            &Stub::WatchQuotes, request_of<v1::WatchQuotesRequest>(*symbols),
            [&session](const v1::QuoteList& list) {
                for (const auto& quote : list.quotes())
                    session.output.show_line(quote, quote_text(quote));
                return true;
            });
    });
}

constexpr auto rows = std::to_array<CommandRow>({
    {"ticks",   "Subscribe to ticks, for all clients",                 add_ticks  },
    {"unticks", "Give a subscription back",                            add_unticks},
    {"quote",   "One answer: the latest quotes, with quality and age", add_quote  },
    {"watch",   "Stream quotes until interrupted",                     add_watch  },
});

}  // namespace

std::span<const CommandRow> market_commands() {
    return rows;
}

}  // namespace janus::cli
