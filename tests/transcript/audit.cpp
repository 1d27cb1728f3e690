#include "audit.hpp"

#include <algorithm>
#include <charconv>
#include <variant>

#include "event_text.hpp"

namespace janus::transcript {
namespace {

std::int64_t number_of(const std::string& text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string question(std::string_view kind, std::uint32_t number) {
    return fmt::format("{} {}", kind, number);
}

/// The question that an event answers; empty for all others.
std::string answered_by(const gateway::Event& event) {
    if (const auto* lookup = std::get_if<gateway::LookupResult>(&event))
        return question("lookup", lookup->lookup.value);
    if (const auto* preview = std::get_if<gateway::PreviewResult>(&event))
        return question("preview", preview->preview.value);
    if (const auto* history = std::get_if<gateway::HistoryResult>(&event))
        return question("history", history->request.value);
    if (const auto* head = std::get_if<gateway::HeadTimestampResult>(&event))
        return question("head", head->request.value);
    return {};
}

}  // namespace

void Audit::on_prepared(std::int64_t number) {
    highest_ = std::max(highest_, number);
}

void Audit::on_placed(std::uint64_t order) {
    placed_.try_emplace(order);
}

void Audit::on_modified(std::uint64_t order) {
    ++placed_[order].changes;
}

void Audit::on_asked(std::string what) {
    asked_.try_emplace(std::move(what), 0);
}

void Audit::on_sent(const Line& message) {
    if (message.words.front() != "PLACE_ORDER") return;
    if (message.value_of("what_if", "0") == "1") return;
    numbers_.insert(number_of(message.value_of("order", "0")));
    if (auto* placed = find_placed(message.value_of("reference", ""))) ++placed->left;
}

void Audit::on_never_left(const std::string& reference) {
    if (auto* placed = find_placed(reference)) --placed->left;
}

Audit::Placed* Audit::find_placed(const std::string& reference) {
    const auto found = std::ranges::find(placed_, reference,
                                         [](const auto& pair) { return reference_of(pair.first); });
    return found != placed_.end() ? &found->second : nullptr;
}

void Audit::on_event(const gateway::Event& event) {
    const auto add = [this](OrderId order, int Placed::* count) {
        if (const auto found = placed_.find(order.value); found != placed_.end())
            ++(found->second.*count);
    };
    if (const auto* lost = std::get_if<gateway::OrderNotSent>(&event))
        add(lost->order, &Placed::not_sent);
    if (const auto* lost = std::get_if<gateway::OrderUncertain>(&event))
        add(lost->order, &Placed::uncertain);
    if (const auto* no = std::get_if<gateway::OrderRejected>(&event))
        add(no->order, &Placed::evidence);
    if (const auto* report = std::get_if<gateway::OrderReport>(&event)) {
        if (auto* placed = find_placed(report->client_order_id.value)) ++placed->evidence;
        claims_ += report->status == gateway::BrokerStatus::Filled ? 1 : 0;
    }
    if (const auto* execution = std::get_if<gateway::ExecutionReport>(&event)) {
        const auto& reference = execution->execution.client_order_id.value;
        if (auto* placed = find_placed(reference)) ++placed->evidence;
        ++claims_;
    }
    if (const auto found = asked_.find(answered_by(event)); found != asked_.end()) ++found->second;
}

void Audit::on_process_ended() {
    for (auto& [order, placed] : placed_) {
        if (placed.left > 0 && placed.evidence == 0) placed.uncertain = 1;
        // It waited for its turn: nobody is left to send it, and the journal knows it as unknown.
        if (placed.left == 0) placed.not_sent = 1;
    }
    std::erase_if(asked_, [](const auto& question) { return question.second == 0; });
}

Result<void> Audit::check(std::uint64_t order, const Placed& placed) {
    const auto broken = [&](std::string_view what) -> Result<void> {
        return fail(ErrorCode::Invalid,
                    "order {} {}: it left {} times, {} changes, {} times not_sent, {} times "
                    "uncertain, {} times evidence",
                    order, what, placed.left, placed.changes, placed.not_sent, placed.uncertain,
                    placed.evidence);
    };
    if (placed.left > 1 + placed.changes) return broken("was sent again");
    if (placed.not_sent > 1 || placed.uncertain > 1) return broken("was given up twice");
    if (placed.left > 0 && placed.not_sent > 0)
        return broken("was called not sent after it had left");
    if (placed.left == 0 && placed.uncertain > 0)
        return broken("was called uncertain and never left");
    if (placed.left == 0 && placed.not_sent == 0) return broken("never left and nothing was said");
    if (placed.left > 0 && placed.uncertain + placed.evidence == 0)
        return broken("left, and nothing was said of its lost answer");
    return {};
}

Result<void> Audit::check() const {
    for (const auto& [order, placed] : placed_)
        if (auto ok = check(order, placed); !ok) return ok;
    for (const auto& [what, answers] : asked_)
        if (answers != 1) return fail(ErrorCode::Invalid, "{} had {} answers", what, answers);
    return {};
}

}  // namespace janus::transcript
