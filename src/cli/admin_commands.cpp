#include <array>

#include "cli/command.hpp"
#include "cli/texts.hpp"

namespace janus::cli {
namespace {

using Stub = client::Client::Stub;

std::string event_text(const v1::Event& event) {
    const auto head = fmt::format("{} {} ", event.sequence(), event.at());
    switch (event.payload_case()) {
        case v1::Event::kOrder: {
            const auto& order = event.order().order();
            return head + fmt::format("order {} {} {} {}: {}", order.id(), order.account(),
                                      order_text(order), order.state(), event.order().event());
        }
        case v1::Event::kExecution: {
            const auto& execution = event.execution().execution();
            return head + fmt::format("execution {} {} {} {} at {}", execution.account(),
                                      execution.side(), execution.quantity(), execution.symbol(),
                                      execution.price());
        }
        case v1::Event::kAccount:
            return head + fmt::format("account {} {} {}", event.account().name(),
                                      event.account().state(), event.account().reason());
        case v1::Event::kPositionsChanged:
            return head + "positions of " + event.positions_changed();
        case v1::Event::kSymbol:
            return head + "symbol " + event.symbol().canonical_symbol();
        case v1::Event::kAlarm:
            return head + "ALARM " + event.alarm();
        case v1::Event::PAYLOAD_NOT_SET:
            return head;
    }
    return head;
}

void add_events(CLI::App& command, Session& session) {
    auto from = std::make_shared<std::uint64_t>(0);
    auto* option =
        command.add_option("--from", *from, "Replay from this sequence number on; 1 is the oldest");
    command.callback([&session, from, option] {
        v1::WatchEventsRequest request;
        if (option->count() > 0) request.set_after(*from > 0 ? *from - 1 : 0);
        session.stream<v1::WatchEventsRequest, v1::EventList>(
            &Stub::WatchEvents, request, [&session](const v1::EventList& list) {
                for (const auto& event : list.events())
                    session.output.show_line(event, event_text(event));
                return true;
            });
    });
}

void add_health(CLI::App& command, Session& session) {
    command.callback([&session] {
        const auto health = session.call(&Stub::GetHealth, v1::GetHealthRequest{});
        if (!health) return;
        Table table({{""}, {"COMPONENT"}, {"STATE"}, {"SINCE"}, {"DETAIL"}});
        for (const auto& part : health->components())
            table.add(
                {part.ok() ? "ok" : "!!", part.name(), part.state(), part.since(), part.detail()});
        session.output.show(*health, table);
    });
}

void add_log(CLI::App& command, Session& session) {
    struct Words {
        bool follow{false};
        std::uint32_t lines{0};
    };
    auto words = std::make_shared<Words>();
    command.add_flag("--follow,-f", words->follow, "Go on with new lines until interrupted");
    command.add_option("--lines,-n", words->lines, "How many recent lines; 100 when left out");
    command.callback([&session, words] {
        v1::WatchLogRequest request;
        request.set_follow(words->follow);
        request.set_lines(words->lines);
        session.stream<v1::WatchLogRequest, v1::LogLines>(
            &Stub::WatchLog, request, [&session](const v1::LogLines& lines) {
                for (const auto& line : lines.lines())
                    session.output.show_line(line,
                                             line.at() + " " + line.level() + " " + line.text());
                return true;
            });
    });
}

void show_accounts(Session& session, const v1::ListAccountsResponse& list) {
    Table table({{"ACCOUNT"}, {"STATE"}, {"HALTED"}, {"REASON"}});
    for (const auto& account : list.accounts())
        table.add({account.name(), account.state(), account.halted() ? "yes" : "no",
                   account.halt_reason()});
    session.output.show(list, table);
}

struct HaltWords {
    std::string account, reason;
    bool cancel{false};
};

void add_halt(CLI::App& command, Session& session) {
    auto words = std::make_shared<HaltWords>();
    command.add_option("ACCOUNT", words->account, "Account to halt; every one when left out");
    command.add_option("--reason", words->reason, "Why; goes into the audit trail");
    command.add_flag("--cancel", words->cancel, "Also cancel what is open");
    command.callback([&session, words] {
        v1::HaltRequest request;
        request.set_account(words->account);
        request.set_reason(words->reason.empty() ? "halted by command" : words->reason);
        request.set_cancel(words->cancel);
        if (const auto list = session.call(&Stub::Halt, request)) show_accounts(session, *list);
    });
}

void add_resume(CLI::App& command, Session& session) {
    auto words = std::make_shared<HaltWords>();
    command.add_option("ACCOUNT", words->account, "Account to resume; every one when left out");
    command.add_option("--reason", words->reason, "Why; goes into the audit trail");
    command.callback([&session, words] {
        v1::ResumeRequest request;
        request.set_account(words->account);
        request.set_reason(words->reason.empty() ? "resumed by command" : words->reason);
        if (const auto list = session.call(&Stub::Resume, request)) show_accounts(session, *list);
    });
}

void add_server(CLI::App& command, Session& session) {
    command.require_subcommand(1);
    command.add_subcommand("stop", "Stop janusd in order; orders stay at the brokers")
        ->callback([&session] {
            if (session.interactive && !session.confirm("stop janusd?")) {
                session.exit = Exit::Failed;
                return;
            }
            if (session.call(&Stub::StopServer, v1::StopServerRequest{}))
                session.output.say("janusd is stopping");
        });
}

constexpr auto rows = std::to_array<CommandRow>({
    {"events", "The event stream, resumable by sequence number", add_events},
    {"health", "The state of every component",                   add_health},
    {"log",    "Recent log lines",                               add_log   },
    {"halt",   "Kill switch: no new order leaves; cancels pass", add_halt  },
    {"resume", "Release the kill switch",                        add_resume},
    {"server", "Administration of janusd: stop",                 add_server},
});

}  // namespace

std::span<const CommandRow> admin_commands() {
    return rows;
}

}  // namespace janus::cli
