// The commands that a transcript gives to the gateway.
#include <charconv>

#include "commands.hpp"
#include "event_text.hpp"
#include "stage.hpp"

namespace janus::transcript {
namespace {

using namespace std::chrono_literals;

std::uint64_t order_of(const Line& line) {
    std::uint64_t value = 0;
    if (line.words.size() > 2) {
        const auto& text = line.words[2];
        std::from_chars(text.data(), text.data() + text.size(), value);
    }
    return value;
}

std::int64_t number_of(const std::string& text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Which questions of a transcript must have exactly one answer.
bool is_question(std::string_view verb) {
    return verb == "lookup" || verb == "history" || verb == "head";
}

}  // namespace

void Stage::command(const gateway::Command& what) {
    if (std::holds_alternative<gateway::Start>(what)) started_ = true;
    if (std::holds_alternative<gateway::Stop>(what)) started_ = false;
    gateway_->on_command(now_, what);
    take();
}

Result<void> Stage::on_do(const Input& input) {
    struct Row {
        std::string_view verb;
        Result<void> (Stage::*perform)(const Line&);
    };
    static constexpr auto rows = std::to_array<Row>({
        {"place",       &Stage::place          },
        {"place_again", &Stage::place_again    },
        {"modify",      &Stage::modify         },
        {"preview",     &Stage::preview        },
        {"cancel",      &Stage::cancel_or_query},
        {"query",       &Stage::cancel_or_query},
    });
    const auto line = filled_in(input.line);
    if (!line) return std::unexpected(line.error());
    if (line->words.size() < 2) return fail(ErrorCode::Malformed, "do what");
    const auto& verb = line->words[1];
    for (const auto& row : rows)
        if (row.verb == verb) return (this->*row.perform)(*line);
    const auto what = command_of(*line, layouts_, first_account());
    if (!what) return std::unexpected(what.error());
    if (is_question(verb)) audit_.on_asked(fmt::format("{} {}", verb, order_of(*line)));
    command(*what);
    return {};
}

/// As the core does it: prepared first, and given only when that went well.
Result<void> Stage::place(const Line& line) {
    const auto intent = intent_of(line, first_account());
    if (!intent) return std::unexpected(intent.error());
    const NativeId id{line.value_of("conid", native_id_of(layouts_, intent->symbol.text()).value)};
    const auto order = order_of(line);
    const auto number = gateway_->prepare_order(*intent, id);
    take();
    if (!number) {
        say(fmt::format("denied {} reason={}", order, in_quotes(number.error().message)));
        return {};
    }
    audit_.on_prepared(*number);
    heard_.variables[fmt::format("order{}", order)] = std::to_string(*number);
    auto command_to_give = place_of(*intent, {order}, *number);
    command_to_give.native_id = id;
    if (const auto* forced = line.find("number")) command_to_give.number = number_of(*forced);
    if (const auto* parent = line.find("parent"))
        command_to_give.parent_number =
            orders_.at(static_cast<std::uint64_t>(number_of(*parent))).number;
    command_to_give.transmit = line.value_of("transmit", "yes") == "yes";
    const auto within = parse_span(line.value_of("within", "30s"));
    if (!within) return std::unexpected(within.error());
    command_to_give.send_before = now_.mono + *within;
    audit_.on_placed(order);
    orders_.insert_or_assign(order, command_to_give);
    command(command_to_give);
    return {};
}

Result<void> Stage::place_again(const Line& line) {
    const auto found = orders_.find(order_of(line));
    if (found == orders_.end()) return fail(ErrorCode::Malformed, "no such order was placed");
    command(found->second);
    return {};
}

Result<void> Stage::modify(const Line& line) {
    const auto found = orders_.find(order_of(line));
    if (found == orders_.end()) return fail(ErrorCode::Malformed, "no such order was placed");
    auto order = found->second;
    if (auto ok = change(order, line); !ok) return ok;
    order.send_before = now_.mono + 30s;
    found->second = order;
    audit_.on_modified(order.order.value);
    command(gateway::ModifyOrder{
        order, {order.number, line.value_of("permanent", "")}
    });
    return {};
}

Result<void> Stage::preview(const Line& line) {
    const auto intent = intent_of(line, first_account());
    if (!intent) return std::unexpected(intent.error());
    const auto id = native_id_of(layouts_, intent->symbol.text());
    const auto preview = static_cast<std::uint32_t>(order_of(line));
    const auto number = gateway_->prepare_order(*intent, id);
    take();
    if (!number) {
        say(fmt::format("denied {} reason={}", preview, in_quotes(number.error().message)));
        return {};
    }
    audit_.on_prepared(*number);
    audit_.on_asked(fmt::format("preview {}", preview));
    heard_.variables[fmt::format("preview{}", preview)] = std::to_string(*number);
    command(gateway::PreviewOrder{{preview}, *intent, id, *number});
    return {};
}

/// Ours by its order; another's by `external=` its permanent id.
Result<void> Stage::cancel_or_query(const Line& line) {
    const OrderId order{order_of(line)};
    ClientOrderId reference{reference_of(order.value)};
    BrokerOrderRef ref;
    auto account = first_account();
    if (const auto found = orders_.find(order.value); found != orders_.end()) {
        ref.number = found->second.number;
        account = found->second.account;
    }
    if (const auto* number = line.find("number")) ref.number = number_of(*number);
    ref.permanent = line.value_of("permanent", "");
    if (const auto* permanent = line.find("external")) {
        ref.permanent = *permanent;
        reference = {};
    }
    if (line.words[1] == "cancel")
        command(gateway::CancelOrder{order, reference, ref, account});
    else
        command(gateway::QueryOrder{order, reference, ref, account});
    return {};
}

}  // namespace janus::transcript
