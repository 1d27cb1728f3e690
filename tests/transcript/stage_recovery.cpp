// The polite broker: answers all that it is asked, has no orders and holds what a script tells it.
#include <algorithm>

#include "commands.hpp"
#include "event_text.hpp"
#include "stage.hpp"

namespace janus::transcript {
namespace {

using namespace std::chrono_literals;

/// The longest that a gateway may take to be Ready again: its longest pause, and the download.
constexpr Duration recovery_max = 60s;
constexpr std::uint64_t proof_order = 90'000;

Variables values_of(const Line& line) {
    Variables out;
    for (const auto& [name, value] : line.values) out[name] = value;
    return out;
}

}  // namespace

Result<void> Stage::answer_all() {
    for (int rounds = 0; !unanswered_.empty(); ++rounds) {
        if (rounds > 2'000) return fail(ErrorCode::Invalid, "the gateway asks without an end");
        const auto request = std::move(unanswered_.front());
        unanswered_.pop_front();
        if (!open_ && request.words.front() != "CONNECT") continue;
        if (auto ok = answer(request); !ok) return ok;
    }
    return {};
}

Result<void> Stage::answer(const Line& request) {
    const auto& name = request.words.front();
    auto variables = heard_.variables;
    for (auto& [key, value] : values_of(request)) variables[key] = value;
    if (name == "CONNECT") {
        if (!open_ || accepted_) return {};
        accepted_ = true;
        gateway_->on_io(now_, io::Connected{channel_});
        take();
        return reply(Line{{"HELLO"}, {}}, variables);
    }
    if (name == "CONTRACT_DETAILS_REQUEST") return describe(request, variables);
    if (name == "POSITIONS_REQUEST")
        for (const auto& held : holdings_)
            if (auto ok = reply(
                    Line{
                        {"POSITION", held},
                        {}
            },
                    variables);
                !ok)
                return ok;
    for (const auto& row : layouts_.answers())
        if (row.request == name)
            if (auto ok = reply(row.reply, variables); !ok) return ok;
    return {};
}

Result<void> Stage::reply(const Line& line, const Variables& variables) {
    if (!open_) return {};
    Line filled = line;
    for (auto& [name, text] : filled.values) {
        auto value = substituted(text, variables);
        if (!value) return std::unexpected(value.error());
        text = std::move(*value);
    }
    const auto fields = layouts_.build(filled, version_, variables);
    if (!fields) return std::unexpected(fields.error());
    std::string payload;
    for (const auto& field : *fields) (payload += field) += '\0';
    std::string bytes(4, '\0');
    bytes[2] = static_cast<char>(payload.size() >> 8U);
    bytes[3] = static_cast<char>(payload.size() & 0xFFU);
    feed(bytes + payload);
    return {};
}

Result<void> Stage::describe(const Line& request, const Variables& variables) {
    const auto conid = request.value_of("conid", "0");
    const bool by_name = conid == "0" || conid.empty();
    const auto preset = by_name ? layouts_.find_preset_by("symbol", request.value_of("symbol", ""))
                                : layouts_.find_preset_by("conid", conid);
    const auto number = request.value_of("request", "");
    if (!preset)
        return reply(
            Line{
                {"ERROR"},
                {{"id", number}, {"code", "200"}, {"text", "No security definition"}}
        },
            variables);
    auto ok = reply(
        Line{
            {"CONTRACT_DATA", *preset},
            {{"request", number}}
    },
        variables);
    if (!ok) return ok;
    return reply(Line{{"CONTRACT_DATA_END"}, {{"request", number}}}, variables);
}

bool Stage::all_ready() const {
    return std::ranges::all_of(gateway_->accounts(), [this](const AccountName& account) {
        const auto found = gates_.find(account.value);
        return found != gates_.end() && found->second == gateway::Gate::Ready;
    });
}

/// Answers, then lets time pass to the next deadline, until all is well.
Result<void> Stage::recover() {
    const auto end = now_.mono + recovery_max;
    for (;;) {
        if (auto ok = answer_all(); !ok) return ok;
        if (all_ready() && open_) return {};
        const auto due = gateway_->deadline();
        if (!due || *due > end)
            return fail(ErrorCode::Invalid, "not ready within {} s; the last words were: {}",
                        std::chrono::duration_cast<std::chrono::seconds>(recovery_max).count(),
                        heard_.said.empty() ? "none" : heard_.said.back());
        move_to(std::max(*due, now_.mono));
        gateway_->on_timeout(now_);
        take();
    }
}

Result<void> Stage::prove_alive() {
    const auto line = parse_line(fmt::format("do place {} buy 1 AAPL limit=1", proof_order));
    const auto intent = intent_of(*line, first_account());
    if (!intent) return std::unexpected(intent.error());
    const auto id = native_id_of(layouts_, "AAPL");
    const auto number = gateway_->prepare_order(*intent, id);
    if (!number) return fail(ErrorCode::Invalid, "no order is taken: {}", number.error().message);
    if (*number <= audit_.highest_number() || audit_.is_used(*number))
        return fail(ErrorCode::Invalid, "order number {} was given again; the journal had {}",
                    *number, audit_.highest_number());
    auto order = place_of(*intent, {proof_order}, *number);
    order.native_id = id;
    order.send_before = now_.mono + 30s;
    command(order);
    if (auto ok = answer_all(); !ok) return ok;
    wait(2s);  // The rate may hold it for a moment.
    if (audit_.is_used(*number)) return {};
    return fail(ErrorCode::Invalid, "the order after the recovery did not leave: {}",
                heard_.said.empty() ? "nothing was said" : heard_.said.back());
}

}  // namespace janus::transcript
