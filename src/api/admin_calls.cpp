#include "api/calls.hpp"
#include "api/convert.hpp"

namespace janus::api {
namespace {

constexpr std::size_t events_per_message_max = 256;
constexpr std::uint32_t log_lines_default = 100;

/// The event stream from a sequence number on. A gap ends it, so that no reader misses an event
/// without knowing.
class EventSource final : public Source<v1::EventList> {
 public:
    EventSource(core::Engine& engine, std::uint64_t after) : engine_(engine), after_(after) {}
    std::optional<v1::EventList> next(Now) override {
        if (after_ == engine_.last_sequence()) return std::nullopt;
        const auto events = engine_.events_after(after_);
        if (!events) {
            ended_ = std::unexpected(events.error());
            return std::nullopt;
        }
        v1::EventList list;
        for (std::size_t i = 0; i < events->size() && i < events_per_message_max; ++i) {
            *list.add_events() = to_message((*events)[i]);
            after_ = (*events)[i].sequence;
        }
        return list;
    }
    std::optional<Result<void>> ended() const override { return ended_; }

 private:
    core::Engine& engine_;
    std::uint64_t after_;
    std::optional<Result<void>> ended_;
};

class LogSource final : public Source<v1::LogLines> {
 public:
    LogSource(const LogBuffer& log, std::uint64_t after, bool follow)
        : log_(log), after_(after), follow_(follow) {}
    std::optional<v1::LogLines> next(Now) override {
        const auto lines = log_.lines_after(after_);
        if (lines.empty()) return std::nullopt;
        v1::LogLines message;
        for (const auto& line : lines) {
            auto* added = message.add_lines();
            added->set_at(to_iso_text(line.at));
            added->set_level(std::string(to_text(line.level)));
            added->set_text(line.text);
            after_ = line.number;
        }
        return message;
    }
    std::optional<Result<void>> ended() const override {
        if (follow_) return std::nullopt;
        return Result<void>{};
    }

 private:
    const LogBuffer& log_;
    std::uint64_t after_;
    const bool follow_;
};

core::Reply<void> accounts_reply(Context& context, Answer<v1::ListAccountsResponse> answer) {
    return [&context, answer = std::move(answer)](const Result<void>& done) {
        if (!done) return answer(std::unexpected(done.error()));
        v1::ListAccountsResponse response;
        for (const auto& account : context.engine.accounts())
            *response.add_accounts() = to_message(account);
        answer(std::move(response));
    };
}

}  // namespace

std::unique_ptr<Source<v1::EventList>> watch_events(Context& context, const CallInfo&,
                                                    const v1::WatchEventsRequest& request) {
    const auto after = request.has_after() ? request.after() : context.engine.last_sequence();
    return std::make_unique<EventSource>(context.engine, after);
}

void halt(Context& context, const CallInfo& info, const v1::HaltRequest& request,
          Answer<v1::ListAccountsResponse> answer) {
    const auto account = find_scope(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    auto reply = accounts_reply(context, std::move(answer));
    context.engine.halt(
        info.now, *account, request.reason(), info.caller,
        [&context, info, request, reply](const Result<void>& done) {
            if (done && request.cancel()) {
                v1::CancelAllOrdersRequest cancel;
                cancel.set_account(request.account().empty() ? "all" : request.account());
                cancel_all_orders(context, info, cancel, [](const auto&) {});
            }
            reply(done);
        });
}

void resume(Context& context, const CallInfo& info, const v1::ResumeRequest& request,
            Answer<v1::ListAccountsResponse> answer) {
    const auto account = find_scope(context, request.account());
    if (!account) return answer(std::unexpected(account.error()));
    context.engine.resume(info.now, *account, request.reason(), info.caller,
                          accounts_reply(context, std::move(answer)));
}

void get_health(Context& context, const CallInfo& info, const v1::GetHealthRequest&,
                Answer<v1::Health> answer) {
    v1::Health health;
    health.set_ready(context.ready());
    health.set_version(context.version);
    health.set_started(to_iso_text(context.started));
    for (const auto& component : context.engine.health(info.now))
        *health.add_components() = to_message(component);
    answer(std::move(health));
}

std::unique_ptr<Source<v1::LogLines>> watch_log(Context& context, const CallInfo&,
                                                const v1::WatchLogRequest& request) {
    const auto wanted = request.lines() == 0 ? log_lines_default : request.lines();
    const auto last = context.log.last_number();
    return std::make_unique<LogSource>(context.log, last > wanted ? last - wanted : 0,
                                       request.follow());
}

void stop_server(Context& context, const CallInfo&, const v1::StopServerRequest&,
                 Answer<v1::StopServerResponse> answer) {
    answer(v1::StopServerResponse{});
    context.stop_server();
}

}  // namespace janus::api
