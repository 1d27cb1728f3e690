#include <set>

#include "api/calls.hpp"
#include "api/convert.hpp"
#include "api/quote_source.hpp"

namespace janus::api {
namespace {

template <typename Names>
Result<std::vector<CanonicalSymbol>> parse_symbols(const Names& names) {
    std::vector<CanonicalSymbol> symbols;
    for (const auto& name : names) {
        auto symbol = CanonicalSymbol::parse(name);
        if (!symbol) return std::unexpected(symbol.error());
        symbols.push_back(std::move(*symbol));
    }
    return symbols;
}

/// Counts the subscriptions that are still out. Each symbol answers for itself: one that fails is
/// listed with its reason beside those that work; only when all fail is the call an error.
struct SubscribeRun {
    std::size_t missing{0};
    std::size_t failed{0};
    v1::QuoteList response;
    std::optional<Error> error;
    Answer<v1::QuoteList> answer;

    void add(const CanonicalSymbol& symbol, const Result<core::QuoteView>& quote) {
        auto* message = response.add_quotes();
        if (quote) {
            *message = to_message(*quote);
        } else {
            message->set_symbol(symbol.text());
            message->set_quality(std::string(to_text(DataQuality::None)));
            message->set_reason(quote.error().message);
            error = quote.error();
            ++failed;
        }
        if (--missing > 0) return;
        if (error && failed == static_cast<std::size_t>(response.quotes_size()))
            return answer(std::unexpected(*error));
        answer(std::move(response));
    }
};

}  // namespace

void subscribe_ticks(Context& context, const CallInfo& info,
                     const v1::SubscribeTicksRequest& request, Answer<v1::QuoteList> answer) {
    const auto symbols = parse_symbols(request.symbols());
    if (!symbols) return answer(std::unexpected(symbols.error()));
    if (symbols->empty()) return answer(fail(ErrorCode::Invalid, "no symbol given"));
    auto run = std::make_shared<SubscribeRun>(
        SubscribeRun{.missing = symbols->size(), .answer = std::move(answer)});
    for (const auto& symbol : *symbols)
        context.engine.subscribe_ticks(
            info.now, symbol, info.caller,
            [run, symbol](const Result<core::QuoteView>& q) { run->add(symbol, q); });
}

void unsubscribe_ticks(Context& context, const CallInfo& info,
                       const v1::UnsubscribeTicksRequest& request, Answer<v1::QuoteList> answer) {
    const auto symbols = parse_symbols(request.symbols());
    if (!symbols) return answer(std::unexpected(symbols.error()));
    v1::QuoteList response;
    for (const auto& symbol : *symbols) {
        if (const auto done = context.engine.unsubscribe_ticks(info.now, symbol); !done)
            return answer(std::unexpected(done.error()));
        *response.add_quotes() = to_message(context.engine.quote(info.now, symbol));
    }
    answer(std::move(response));
}

void get_quotes(Context& context, const CallInfo& info, const v1::GetQuotesRequest& request,
                Answer<v1::QuoteList> answer) {
    const auto symbols = parse_symbols(request.symbols());
    if (!symbols) return answer(std::unexpected(symbols.error()));
    v1::QuoteList response;
    if (symbols->empty())
        for (const auto& quote : context.engine.quotes(info.now))
            *response.add_quotes() = to_message(quote);
    for (const auto& symbol : *symbols)
        *response.add_quotes() = to_message(context.engine.quote(info.now, symbol));
    answer(std::move(response));
}

std::unique_ptr<Source<v1::QuoteList>> watch_quotes(Context& context, const CallInfo& info,
                                                    const v1::WatchQuotesRequest& request) {
    const auto symbols = parse_symbols(request.symbols());
    if (!symbols) return std::make_unique<FailedSource<v1::QuoteList>>(symbols.error());
    return std::make_unique<QuoteSource>(context, info.now, *symbols);
}

}  // namespace janus::api
