#include <deque>

#include "api/calls.hpp"
#include "api/convert.hpp"

namespace janus::api {
namespace {

core::Reply<core::SymbolRecord> record_reply(Answer<v1::Symbol> answer) {
    return [answer = std::move(answer)](const Result<core::SymbolRecord>& record) {
        if (!record) return answer(std::unexpected(record.error()));
        answer(to_message(*record));
    };
}

/// What a harmony run has said and its client has not yet read. Shared with the run, which may
/// outlive the client.
struct HarmonyOutput {
    std::deque<v1::HarmonyEvent> waiting;
    std::optional<Result<void>> ended;

    void add(const core::HarmonyItem& item) {
        *waiting.emplace_back().mutable_item() = to_message(item);
    }
    void finish(const Result<core::HarmonyReport>& report) {
        if (report) {
            *waiting.emplace_back().mutable_report() = to_message(*report);
            ended = Result<void>{};
        } else {
            ended = std::unexpected(report.error());
        }
    }
};

class HarmonySource final : public Source<v1::HarmonyEvent> {
 public:
    explicit HarmonySource(std::shared_ptr<HarmonyOutput> output) : output_(std::move(output)) {}
    std::optional<v1::HarmonyEvent> next(Now) override {
        if (output_->waiting.empty()) return std::nullopt;
        auto event = std::move(output_->waiting.front());
        output_->waiting.pop_front();
        return event;
    }
    std::optional<Result<void>> ended() const override { return output_->ended; }

 private:
    std::shared_ptr<HarmonyOutput> output_;
};

}  // namespace

void list_symbols(Context& context, const CallInfo&, const v1::ListSymbolsRequest&,
                  Answer<v1::ListSymbolsResponse> answer) {
    v1::ListSymbolsResponse response;
    for (const auto& record : context.engine.symbols())
        *response.add_symbols() = to_message(record);
    answer(std::move(response));
}

void get_symbol(Context& context, const CallInfo&, const v1::GetSymbolRequest& request,
                Answer<v1::Symbol> answer) {
    const auto symbol = CanonicalSymbol::parse(request.symbol());
    if (!symbol) return answer(std::unexpected(symbol.error()));
    record_reply(std::move(answer))(context.engine.symbol(*symbol));
}

void map_symbol(Context& context, const CallInfo& info, const v1::MapSymbolRequest& request,
                Answer<v1::Symbol> answer) {
    const auto symbol = CanonicalSymbol::parse(request.symbol());
    if (!symbol) return answer(std::unexpected(symbol.error()));
    context.engine.map_symbol(info.now, *symbol, request.broker(), {request.native_id()},
                              info.caller, record_reply(std::move(answer)));
}

void unmap_symbol(Context& context, const CallInfo& info, const v1::UnmapSymbolRequest& request,
                  Answer<v1::Symbol> answer) {
    const auto symbol = CanonicalSymbol::parse(request.symbol());
    if (!symbol) return answer(std::unexpected(symbol.error()));
    context.engine.unmap_symbol(info.now, *symbol, request.broker(), info.caller,
                                record_reply(std::move(answer)));
}

void get_symbol_history(Context& context, const CallInfo& info,
                        const v1::GetSymbolHistoryRequest& request,
                        Answer<v1::SymbolHistory> answer) {
    const auto symbol = CanonicalSymbol::parse(request.symbol());
    if (!symbol) return answer(std::unexpected(symbol.error()));
    context.engine.symbol_history(info.now, *symbol,
                                  [answer](const Result<std::vector<core::SymbolChange>>& changes) {
                                      if (!changes) return answer(std::unexpected(changes.error()));
                                      v1::SymbolHistory response;
                                      for (const auto& change : *changes)
                                          *response.add_changes() = to_message(change);
                                      answer(std::move(response));
                                  });
}

std::unique_ptr<Source<v1::HarmonyEvent>> harmony(Context& context, const CallInfo& info,
                                                  const v1::HarmonyRequest& request) {
    auto output = std::make_shared<HarmonyOutput>();
    context.engine.harmony(
        info.now, {.dry_run = request.dry_run(), .broker = request.broker()}, info.caller,
        [output](const core::HarmonyItem& item) { output->add(item); },
        [output](const Result<core::HarmonyReport>& report) { output->finish(report); });
    return std::make_unique<HarmonySource>(output);
}

}  // namespace janus::api
