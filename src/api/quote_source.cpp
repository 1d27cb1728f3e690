#include "api/quote_source.hpp"

#include "api/convert.hpp"

namespace janus::api {

void Context::spread_quotes() {
    for (const auto& symbol : engine.take_changed_quotes())
        for (auto* source : quote_sources) source->on_changed(symbol);
}

QuoteSource::QuoteSource(Context& context, Now now, const std::vector<CanonicalSymbol>& symbols)
    : context_(context), wanted_(symbols.begin(), symbols.end()), changed_(wanted_) {
    if (wanted_.empty())
        for (const auto& quote : context_.engine.quotes(now)) changed_.insert(quote.symbol);
    context_.quote_sources.insert(this);
}

QuoteSource::~QuoteSource() {
    context_.quote_sources.erase(this);
}

void QuoteSource::on_changed(const CanonicalSymbol& symbol) {
    if (wanted_.empty() || wanted_.contains(symbol)) changed_.insert(symbol);
}

std::optional<v1::QuoteList> QuoteSource::next(Now now) {
    if (changed_.empty()) return std::nullopt;
    v1::QuoteList list;
    for (const auto& symbol : changed_)
        *list.add_quotes() = to_message(context_.engine.quote(now, symbol));
    changed_.clear();
    return list;
}

}  // namespace janus::api
