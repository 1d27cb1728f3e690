#include "sim/ib/context.hpp"

#include <algorithm>

#include "sim/ib/layouts.hpp"
#include "sim/ib/message_faults.hpp"

namespace janus::sim::ib {
namespace {

void append_split(std::vector<IbOutput>& outputs, const IbOutput& output) {
    for (const char byte : output.bytes)
        outputs.push_back({output.connection, std::string(1, byte), false});
    if (output.close) outputs.push_back({output.connection, {}, true});
}

}  // namespace

std::vector<IbOutput> Outbox::take(bool split) {
    auto outputs = std::exchange(outputs_, {});
    if (!split) return outputs;
    std::vector<IbOutput> pieces;
    for (const auto& output : outputs) append_split(pieces, output);
    return pieces;
}

bool Context::has_account(const std::string& account) const {
    return std::ranges::find(accounts, account) != accounts.end();
}

std::string Context::default_account() const {
    return accounts.empty() ? std::string() : accounts.front();
}

bool Context::prices_flow() const {
    return !faults.is_on("upstream_lost") && !faults.is_on("farm_broken");
}

bool Context::spoils(std::string_view fault, std::string_view snapshot) {
    const auto which = faults.text_of(fault, "which", snapshot);
    return which.contains(snapshot) && faults.strikes(fault);
}

void Context::send(const Session& session, const Message& message) {
    const auto left = struck_by_faults(faults, message);
    if (!left) return;
    const bool text = session.version < protobuf_since;
    outbox.send_bytes(session.connection,
                      framed(text ? left->payload() : protobuf_reply(left->payload())));
}

void Context::send_error(Now now, const Session& session, std::int64_t id, int code,
                         std::string_view text) {
    Message message(4);
    if (session.version < 194) message.add(2);
    message.add(id).add(code).add(text);
    message.empty();  // Advanced reject.
    if (session.version >= 194) message.add(now.utc.milliseconds());
    send(session, message);
}

void Context::broadcast(Now now, int code, std::string_view text) {
    for (const auto& [connection, session] : sessions)
        if (session.step == SessionStep::Ready) send_error(now, session, -1, code, text);
}

}  // namespace janus::sim::ib
