#include "sim/ib/message_faults.hpp"

#include <string>

namespace janus::sim::ib {
namespace {

/// Whether the fault is on and meant for this message; an empty wish means every message.
bool is_meant(const FaultBox& faults, std::string_view fault, const Message& message) {
    if (!faults.is_on(fault)) return false;
    const auto wanted = faults.text_of(fault, "message", "");
    const auto& payload = message.payload();
    return wanted.empty() || payload.substr(0, payload.find('\0')) == wanted;
}

}  // namespace

std::optional<Message> struck_by_faults(FaultBox& faults, const Message& message) {
    constexpr std::string_view withhold = "withhold_message";
    constexpr std::string_view change = "change_field";
    if (is_meant(faults, withhold, message) && faults.strikes(withhold)) return std::nullopt;
    auto changed = message;
    if (is_meant(faults, change, message) && faults.strikes(change))
        changed.change_field(faults.integer_of(change, "field", 1),
                             faults.text_of(change, "text", ""));
    return changed;
}

Message message_of(std::string_view fields) {
    const auto first = fields.substr(0, fields.find('|'));
    auto message = Message::with_id(first);
    for (auto rest = fields.substr(first.size()); !rest.empty();) {
        rest.remove_prefix(1);
        const auto field = rest.substr(0, rest.find('|'));
        message.add(field);
        rest.remove_prefix(field.size());
    }
    return message;
}

}  // namespace janus::sim::ib
