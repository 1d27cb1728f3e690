// The commands that a transcript gives to Webull's gateway, and the polite broker.
#include <charconv>

#include "commands.hpp"
#include "event_text.hpp"
#include "webull_stage.hpp"

namespace janus::transcript {
namespace {

using namespace std::chrono_literals;

constexpr Duration recovery_max = 10min;
constexpr std::uint64_t proof_order = 90'000;

std::uint64_t order_of(const Line& line) {
    std::uint64_t value = 0;
    if (line.words.size() > 2)
        std::from_chars(line.words[2].data(), line.words[2].data() + line.words[2].size(), value);
    return value;
}

gateway::PlaceOrder command_of(const OrderIntent& intent, std::uint64_t order, Now now) {
    auto out = place_of(intent, {order}, 0);
    out.native_id = NativeId{intent.symbol.text()};
    out.send_before = now.mono + 30s;
    return out;
}

}  // namespace

void WebullStage::command(const gateway::Command& what) {
    gateway_->on_command(now_, what);
    take();
}

Result<void> WebullStage::on_do(const Input& input) {
    const auto& line = input.line;
    const auto& verb = line.words.size() > 1 ? line.words[1] : line.words.front();
    if (verb == "place") return place(line);
    if (verb == "preview") return preview(line);
    if (verb == "modify" || verb == "cancel" || verb == "query") return change_or_ask(line);
    if (verb == "start") {
        begin();
    } else if (verb == "events") {
        events_wanted_ = true;
        command(gateway::StartTradeEvents{});
    } else if (verb == "refresh") {
        command(gateway::RefreshAccount{account});
    } else if (verb == "stop") {
        started_ = false;
        command(gateway::Stop{});
    } else if (verb == "lookup" && line.words.size() > 3) {
        auto symbol = CanonicalSymbol::parse(line.words[3]);
        if (!symbol) return std::unexpected(symbol.error());
        const auto number = static_cast<std::uint32_t>(order_of(line));
        audit_.on_asked(fmt::format("lookup {}", number));
        command(gateway::LookupInstrument{{number}, std::move(*symbol)});
    } else {
        return fail(ErrorCode::Malformed, "'do {}' is not understood", verb);
    }
    return {};
}

Result<void> WebullStage::place(const Line& line) {
    const auto intent = intent_of(line, account);
    if (!intent) return std::unexpected(intent.error());
    const auto order = order_of(line);
    const auto ready = gateway_->prepare_order(*intent, NativeId{intent->symbol.text()});
    take();
    if (!ready) {
        heard_.said.push_back(
            fmt::format("denied {} reason={}", order, in_quotes(ready.error().message)));
        return {};
    }
    const auto given = command_of(*intent, order, now_);
    audit_.on_placed(order);
    orders_.insert_or_assign(order, given);
    command(given);
    return {};
}

Result<void> WebullStage::preview(const Line& line) {
    const auto intent = intent_of(line, account);
    if (!intent) return std::unexpected(intent.error());
    const auto number = static_cast<std::uint32_t>(order_of(line));
    audit_.on_asked(fmt::format("preview {}", number));
    command(gateway::PreviewOrder{{number}, *intent, NativeId{intent->symbol.text()}, 0});
    return {};
}

Result<void> WebullStage::change_or_ask(const Line& line) {
    const auto order = order_of(line);
    const auto found = orders_.find(order);
    if (found == orders_.end()) return fail(ErrorCode::Malformed, "no such order was placed");
    const OrderId id{order};
    const ClientOrderId client{reference_of(order)};
    const auto& verb = line.words[1];
    if (verb == "cancel") {
        command(gateway::CancelOrder{id, client, {}, account});
    } else if (verb == "query") {
        command(gateway::QueryOrder{id, client, {}, account});
    } else {
        if (auto ok = change(found->second, line); !ok) return ok;
        found->second.send_before = now_.mono + 30s;
        command(gateway::ModifyOrder{found->second, {}});
    }
    return {};
}

// ---- the polite broker: has no orders, knows none, takes every one ----

std::string WebullStage::batch_receipts(const std::vector<std::string>& clients) {
    std::string rows;
    for (const auto& client : clients)
        rows += fmt::format(R"({}{{"client_order_id":"{}","order_id":"B{}"}})",
                            rows.empty() ? "" : ",", client, client);
    return fmt::format(R"({{"total":{0},"success":{0},"failed":0,"batch_orders":[{1}]}})",
                       clients.size(), rows);
}

Result<void> WebullStage::answer_politely() {
    struct Row {
        std::string_view endpoint;
        int status;
        std::string_view body;
    };
    static constexpr auto rows = std::to_array<Row>({
        {"config",        200, "CONFIG"    },
        {"token_create",  200, "TOKEN"     },
        {"token_check",   200, "TOKEN"     },
        {"token_refresh", 200, "TOKEN"     },
        {"account_list",  200, "ACCOUNTS"  },
        {"balance",       200, "BALANCE"   },
        {"positions",     200, "POSITIONS" },
        {"instruments",   200, "INSTRUMENT"},
        {"preview",       200, "PREVIEW"   },
        {"place",         200, "RECEIPT"   },
        {"replace",       200, "RECEIPT"   },
        {"cancel",        200, "RECEIPT"   },
        {"open_orders",   200, "EMPTY"     },
        {"history",       200, "EMPTY"     },
    });
    for (int rounds = 0; !open_.empty() || (stream_ && !stream_greeted_); ++rounds) {
        if (rounds > 2'000) return fail(ErrorCode::Invalid, "the gateway asks without an end");
        if (stream_ && !std::exchange(stream_greeted_, true)) tell({});
        if (open_.empty()) continue;
        const auto open = open_.front();
        open_.pop_front();
        Line line{{"<"}, {}};
        if (!open.clients.empty()) line.values.emplace_back("client", open.clients.front());
        if (open.endpoint == "batch_place") {
            respond(open, 200, batch_receipts(open.clients), line);
            continue;
        }
        const auto row = std::ranges::find(rows, open.endpoint, &Row::endpoint);
        const bool known = row != rows.end();
        if (!known) line.values.emplace_back("code", "OPENAPI_ORDER_NOT_FOUND");
        const auto body =
            bodies_.build(known ? std::string(row->body) : "REFUSAL", line, heard_.variables);
        if (!body) return std::unexpected(body.error());
        respond(open, known ? row->status : 417, *body, line);
    }
    return {};
}

bool WebullStage::is_settled() const {
    return gate_ == "ready" && stream_state_ == "live" && open_.empty();
}

Result<void> WebullStage::recover() {
    const auto end = now_.mono + recovery_max;
    for (;;) {
        if (auto ok = answer_politely(); !ok) return ok;
        if (gate_ == "ready" && !std::exchange(events_wanted_, true)) {
            command(gateway::StartTradeEvents{});
            continue;
        }
        if (is_settled()) return {};
        const auto due = gateway_->deadline();
        if (!due || *due > end)
            return fail(ErrorCode::Invalid, "not ready within {} s: gate {}, stream {}",
                        std::chrono::duration_cast<std::chrono::seconds>(recovery_max).count(),
                        gate_, stream_state_);
        move_to(std::max(*due, now_.mono));
        gateway_->on_timeout(now_);
        take();
    }
}

Result<void> WebullStage::prove_alive() {
    const auto line = parse_line(fmt::format("do place {} buy 1 MSFT limit=1", proof_order));
    const auto before = heard_.sent.size();
    if (auto ok = place(*line); !ok) return ok;
    wait(5s);  // The rate may hold it for a moment.
    for (std::size_t i = before; i < heard_.sent.size(); ++i) {
        const auto& sent = heard_.sent[i].line;
        const bool places = sent.words.front() == "place" || sent.words.front() == "batch_place";
        if (places &&
            std::ranges::find(sent.values, reference_of(proof_order),
                              &std::pair<std::string, std::string>::second) != sent.values.end())
            return answer_politely();
    }
    return fail(ErrorCode::Invalid, "the order after the recovery did not leave: {}",
                heard_.said.empty() ? "nothing was said" : heard_.said.back());
}

}  // namespace janus::transcript
