#include <algorithm>

#include "sim/ib/clock_text.hpp"
#include "sim/ib/layouts.hpp"
#include "sim/ib/server_parts.hpp"

namespace janus::sim {

using ib::FieldCursor;
using ib::Message;
using ib::Session;
using ib::SessionStep;

namespace {

using namespace std::chrono_literals;

constexpr int version_min = 176;  // The oldest layout that this gateway knows.
constexpr int pacing_offences_max = 3;
constexpr std::int64_t start_api = 71;

/// The client's largest version from `v176..200` or `v176`, perhaps with options behind a blank.
std::optional<int> find_client_maximum(std::string_view offer) {
    offer = offer.substr(0, offer.find_first_of(std::string_view(" \0", 2)));
    if (!offer.starts_with('v')) return std::nullopt;
    const auto dots = offer.find("..");
    const auto value = Decimal::parse(offer.substr(dots == std::string_view::npos ? 1 : dots + 2));
    if (!value || !value->is_whole()) return std::nullopt;
    return static_cast<int>(value->units() / Decimal::units_per_one);
}

}  // namespace

Session* IbServer::Parts::find_session(ConnectionId connection) {
    const auto found = context.sessions.find(connection);
    return found == context.sessions.end() ? nullptr : &found->second;
}

void IbServer::Parts::end_session(ConnectionId connection) {
    context.outbox.close(connection);
    context.sessions.erase(connection);
}

void IbServer::Parts::work(Now now, ConnectionId connection) {
    while (!context.faults.is_on("freeze")) {
        auto* session = find_session(connection);
        if (session == nullptr || !step(now, *session)) return;
    }
}

/// One step with the bytes that are there; false when it needs more or the session is over.
bool IbServer::Parts::step(Now now, Session& session) {
    if (session.step == SessionStep::Greeting) return on_greeting(session);
    const auto payload = session.cutter.take_frame();
    if (!payload) {
        if (session.cutter.broken()) end_session(session.connection);
        return false;
    }
    switch (session.step) {
        case SessionStep::Greeting:
            break;
        case SessionStep::Offer:
            on_offer(now, session, *payload);
            break;
        case SessionStep::Start:
            on_start(now, session, *payload);
            break;
        case SessionStep::Ready:
            if (keeps_pace(now, session)) answer(now, session, *payload);
            break;
    }
    return true;
}

bool IbServer::Parts::on_greeting(Session& session) {
    const auto right = session.cutter.take_greeting();
    if (!right) return false;
    session.step = SessionStep::Offer;
    if (!*right) end_session(session.connection);
    return *right;
}

/// Answers with the smaller of both maxima and the time, as text whatever the version; below our
/// minimum the line is closed.
void IbServer::Parts::on_offer(Now now, Session& session, std::string_view offer) {
    const auto maximum = find_client_maximum(offer);
    if (!maximum || *maximum < version_min) {
        end_session(session.connection);
        return;
    }
    auto version = std::min(*maximum, context.settings.version_max);
    if (context.faults.strikes("server_version"))
        version = static_cast<int>(context.faults.integer_of("server_version", "version", version));
    context.send(session, Message(version).add(ib::to_zoned_text(now.utc)));
    session.step = SessionStep::Start;
    session.version = version;
}

/// A request as text fields, whatever the version.
Result<std::string> IbServer::Parts::read_request(const Session& session,
                                                  std::string_view payload) {
    if (session.version < ib::binary_ids_since) return std::string(payload);
    return ib::text_request(payload);
}

void IbServer::Parts::on_start(Now now, Session& session, std::string_view payload) {
    const auto request = read_request(session, payload);
    FieldCursor in(request ? *request : std::string_view());
    if (ib::is_mixed(session.version) || in.integer() != start_api) {
        end_session(session.connection);
        return;
    }
    in.skip();
    session.client_id = in.integer();
    if (context.faults.strikes("client_id_busy") || is_in_use(session)) {
        context.send_error(now, session, -1, 326,
                           "Unable to connect as the client id is already in use. Retry with a "
                           "unique client id.");
        end_session(session.connection);
        return;
    }
    if (context.faults.strikes("no_start")) return;
    session.step = SessionStep::Ready;
    send_start_burst(now, session);
}

void IbServer::Parts::send_start_burst(Now now, Session& session) {
    orders.send_start_orders(now, session);
    accounts.send_managed_accounts(session);
    orders.send_next_valid_id(session);
    context.send_error(now, session, -1, 2104, "Market data farm connection is OK:usfarm");
    context.send_error(now, session, -1, 2106, "HMDS data farm connection is OK:ushmds");
    context.send_error(now, session, -1, 2158, "Sec-def data farm connection is OK:secdefil");
    if (context.faults.is_on("upstream_lost"))
        context.send_error(now, session, -1, 1100,
                           "Connectivity between IB and Trader Workstation has been lost.");
}

bool IbServer::Parts::is_in_use(const Session& asking) const {
    return std::ranges::any_of(context.sessions, [&](const auto& entry) {
        const auto& session = entry.second;
        return session.connection != asking.connection && session.step == SessionStep::Ready &&
               session.client_id == asking.client_id;
    });
}

/// Counts the messages of the last second. False when this one is dropped for being too much; the
/// third offence ends the session.
bool IbServer::Parts::keeps_pace(Now now, Session& session) {
    if (!context.faults.is_on("pacing_limit")) return true;
    while (!session.recent.empty() && session.recent.front() + 1s <= now.mono)
        session.recent.pop_front();
    session.recent.push_back(now.mono);
    const auto limit = context.faults.integer_of("pacing_limit", "per_second", 50);
    if (static_cast<std::int64_t>(session.recent.size()) <= limit) return true;
    session.recent.clear();
    context.send_error(now, session, -1, 100, "Max rate of messages per second has been exceeded.");
    if (++session.pacing_offences >= pacing_offences_max) end_session(session.connection);
    return false;
}

void IbServer::Parts::answer(Now now, Session& session, std::string_view raw) {
    const auto request = read_request(session, raw);
    if (!request) {
        context.send_error(now, session, -1, 320,
                           "Error reading request. " + request.error().message);
        return;
    }
    const auto& payload = *request;
    FieldCursor in(payload);
    const auto id = in.integer();
    const auto* row = find_request(id);
    if (row == nullptr || !in.trouble().empty()) {
        context.send_error(now, session, -1, 320,
                           fmt::format("Error reading request. Unknown message id '{}'", id));
        return;
    }
    if (in.left() < row->fields_min) {
        context.send_error(now, session, -1, 320,
                           fmt::format("Error reading request. {} ended after {} of {} fields",
                                       row->name, in.left(), row->fields_min));
        return;
    }
    row->handle(*this, now, session, in, payload);
}

}  // namespace janus::sim
