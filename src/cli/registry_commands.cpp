#include <array>

#include "cli/command.hpp"

namespace janus::cli {
namespace {

using Stub = client::Client::Stub;

Table symbol_table(const google::protobuf::RepeatedPtrField<v1::Symbol>& symbols) {
    Table table({
        {"ID", Align::Right},
        {"SYMBOL"},
        {"CLASS"},
        {"CUR"},
        {"IB CONID", Align::Right},
        {"WEBULL"},
        {"DESCRIPTION"}
    });
    for (const auto& symbol : symbols)
        table.add({std::to_string(symbol.id()), symbol.canonical_symbol(), symbol.asset_class(),
                   symbol.currency(), symbol.ib_conid(), symbol.webull_ticker(),
                   symbol.description()});
    return table;
}

void show_symbol(Session& session, const v1::Symbol& symbol) {
    google::protobuf::RepeatedPtrField<v1::Symbol> one;
    *one.Add() = symbol;
    session.output.show(symbol, symbol_table(one));
}

void add_list(CLI::App& command, Session& session) {
    command.callback([&session] {
        const auto list = session.call(&Stub::ListSymbols, v1::ListSymbolsRequest{});
        if (list) session.output.show(*list, symbol_table(list->symbols()));
    });
}

void add_show(CLI::App& command, Session& session) {
    auto name = std::make_shared<std::string>();
    command.add_option("SYMBOL", *name, "Canonical symbol")->required();
    command.callback([&session, name] {
        v1::GetSymbolRequest request;
        request.set_symbol(*name);
        if (const auto symbol = session.call(&Stub::GetSymbol, request))
            show_symbol(session, *symbol);
    });
}

struct MapWords {
    std::string symbol, ib_conid, webull_ticker;
};

/// One id at one broker; the last symbol the server has answered with is kept for showing.
bool map_one(Session& session, const std::string& symbol, const std::string& broker,
             const std::string& native_id, std::optional<v1::Symbol>& mapped) {
    if (native_id.empty()) return true;
    v1::MapSymbolRequest request;
    request.set_symbol(symbol);
    request.set_broker(broker);
    request.set_native_id(native_id);
    auto answer = session.call(&Stub::MapSymbol, request);
    if (answer) mapped = std::move(answer);
    return session.exit == Exit::Done;
}

void add_map(CLI::App& command, Session& session) {
    auto words = std::make_shared<MapWords>();
    command.add_option("SYMBOL", words->symbol, "Canonical symbol")->required();
    auto* conid = command.add_option("--ib-conid", words->ib_conid, "IB's contract number");
    auto* ticker = command.add_option("--webull-ticker", words->webull_ticker, "Webull's ticker");
    command.callback([&session, words, conid, ticker] {
        if (conid->count() + ticker->count() == 0)
            throw CLI::ValidationError("map", "needs --ib-conid or --webull-ticker");
        std::optional<v1::Symbol> mapped;
        if (map_one(session, words->symbol, "ib", words->ib_conid, mapped))
            map_one(session, words->symbol, "webull", words->webull_ticker, mapped);
        if (mapped) show_symbol(session, *mapped);
    });
}

void add_unmap(CLI::App& command, Session& session) {
    struct Words {
        std::string symbol, broker;
    };
    auto words = std::make_shared<Words>();
    command.add_option("SYMBOL", words->symbol, "Canonical symbol")->required();
    command.add_option("--broker", words->broker, "Whose id to clear: ib, webull")->required();
    command.callback([&session, words] {
        v1::UnmapSymbolRequest request;
        request.set_symbol(words->symbol);
        request.set_broker(words->broker);
        if (const auto symbol = session.call(&Stub::UnmapSymbol, request))
            show_symbol(session, *symbol);
    });
}

void add_history(CLI::App& command, Session& session) {
    auto name = std::make_shared<std::string>();
    command.add_option("SYMBOL", *name, "Canonical symbol")->required();
    command.callback([&session, name] {
        v1::GetSymbolHistoryRequest request;
        request.set_symbol(*name);
        const auto history = session.call(&Stub::GetSymbolHistory, request);
        if (!history) return;
        Table table({{"AT"}, {"FIELD"}, {"BEFORE"}, {"AFTER"}, {"WHO"}, {"WHY"}, {"EVIDENCE"}});
        for (const auto& change : history->changes())
            table.add({change.at(), change.field(), change.before(), change.after(), change.who(),
                       change.why(), change.evidence()});
        session.output.show(*history, table);
    });
}

constexpr auto symbol_rows = std::to_array<CommandRow>({
    {"list",    "Every row of the registry",                         add_list   },
    {"show",    "One row",                                           add_show   },
    {"map",     "Set a broker's id by hand, replacing an older one", add_map    },
    {"unmap",   "Clear a broker's id",                               add_unmap  },
    {"history", "Who changed a row, when, why and on what evidence", add_history},
});

void add_symbols(CLI::App& command, Session& session) {
    command.require_subcommand(1);
    for (const auto& row : symbol_rows) {
        auto* part = command.add_subcommand(std::string(row.name), std::string(row.help));
        part->fallthrough();
        row.add(*part, session);
    }
}

Table item_table() {
    return Table({{"SYMBOL"}, {"BROKER"}, {"OUTCOME"}, {"ID"}, {"REASON OR CANDIDATES"}});
}

std::string candidates_text(const v1::HarmonyItem& item) {
    std::string text = item.reason();
    for (const auto& candidate : item.candidates())
        text += fmt::format("{}{} {} {} {}", text.empty() ? "" : "; ", candidate.native_id(),
                            candidate.symbol(), candidate.exchange(), candidate.description());
    return text;
}

void add_item(Table& table, const v1::HarmonyItem& item) {
    table.add(
        {item.symbol(), item.broker(), item.outcome(), item.native_id(), candidates_text(item)});
}

void say_summaries(Session& session, const v1::HarmonyReport& report) {
    for (const auto& summary : report.summaries())
        session.output.say(fmt::format(
            "{}{}: filled {}, missing {}, ambiguous {}, skipped {}, failed {}, present {}",
            report.dry_run() ? "dry run, " : "", summary.broker(), summary.filled(),
            summary.missing(), summary.ambiguous(), summary.skipped(), summary.failed(),
            summary.present()));
}

void run_harmony(Session& session, const v1::HarmonyRequest& request, bool explain) {
    const bool streaming = session.output.format == Format::NdJson;
    std::optional<v1::HarmonyReport> report;
    session.stream<v1::HarmonyRequest, v1::HarmonyEvent>(
        &Stub::Harmony, request, [&](const v1::HarmonyEvent& event) {
            if (streaming) session.output.show_line(event, "");
            if (event.has_report())
                report = event.report();
            else if (session.interactive)
                session.output.say(event.item().symbol() + " " + event.item().broker() + " " +
                                   event.item().outcome());
            return true;
        });
    if (!report || streaming) return;
    auto table = item_table();
    for (const auto& item : report->items())
        if (explain || item.outcome() != "present") add_item(table, item);
    session.output.show(*report, table);
    say_summaries(session, *report);
}

void add_harmony(CLI::App& command, Session& session) {
    struct Words {
        bool dry_run{false}, explain{false};
        std::string broker;
    };
    auto words = std::make_shared<Words>();
    command.add_flag("--dry-run", words->dry_run, "Ask the brokers, write nothing");
    command.add_flag("--explain", words->explain, "Show also what is complete already");
    command.add_option("--broker", words->broker, "Only this broker: ib, webull");
    command.callback([&session, words] {
        v1::HarmonyRequest request;
        request.set_dry_run(words->dry_run);
        request.set_broker(words->broker);
        run_harmony(session, request, words->explain);
    });
}

constexpr auto rows = std::to_array<CommandRow>({
    {"symbols", "The symbol registry: list, show, map, unmap, history",                add_symbols},
    {"harmony", "Ask each connected broker for missing ids; fill only unique matches", add_harmony},
});

}  // namespace

std::span<const CommandRow> registry_commands() {
    return rows;
}

}  // namespace janus::cli
