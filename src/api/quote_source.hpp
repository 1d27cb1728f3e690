#pragma once

#include <set>
#include <vector>

#include "api/context.hpp"
#include "api/source.hpp"
#include "janus/v1/janus.pb.h"

namespace janus::api {

/// The stream of one watcher: which of its symbols have changed since it was last written to. Ticks
/// that came in between are conflated: only the latest values go out.
class QuoteSource final : public Source<v1::QuoteList> {
 public:
    /// No symbols: every subscribed one.
    QuoteSource(Context& context, Now now, const std::vector<CanonicalSymbol>& symbols);
    ~QuoteSource() override;
    QuoteSource(const QuoteSource&) = delete;
    QuoteSource& operator=(const QuoteSource&) = delete;

    void on_changed(const CanonicalSymbol& symbol);
    std::optional<v1::QuoteList> next(Now now) override;

 private:
    Context& context_;
    const std::set<CanonicalSymbol> wanted_;
    std::set<CanonicalSymbol> changed_;
};

/// A stream that ends at once with an error.
template <typename Message>
class FailedSource final : public Source<Message> {
 public:
    explicit FailedSource(Error error) : error_(std::move(error)) {}
    std::optional<Message> next(Now) override { return std::nullopt; }
    std::optional<Result<void>> ended() const override {
        return Result<void>(std::unexpected(error_));
    }

 private:
    Error error_;
};

}  // namespace janus::api
