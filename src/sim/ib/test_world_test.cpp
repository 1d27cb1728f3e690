#include "sim/ib/test_world.hpp"

#include <gtest/gtest.h>

namespace janus::sim::ib {
namespace {

using namespace std::chrono_literals;

std::vector<Fields> cut(std::string& bytes) {
    std::vector<Fields> frames;
    while (bytes.size() >= 4) {
        std::size_t length = 0;
        for (std::size_t index = 0; index < 4; ++index)
            length = length * 256 + static_cast<unsigned char>(bytes[index]);
        if (length > 0xFF'FFFF || bytes.size() < 4 + length) break;
        Fields fields;
        std::string field;
        for (const char letter : bytes.substr(4, length)) {
            if (letter != '\0') {
                field += letter;
                continue;
            }
            fields.push_back(field);
            field.clear();
        }
        EXPECT_TRUE(field.empty()) << "a frame does not end in NUL";
        frames.push_back(fields);
        bytes.erase(0, 4 + length);
    }
    return frames;
}

void append(Fields& fields, std::initializer_list<std::string> more) {
    fields.insert(fields.end(), more.begin(), more.end());
}

/// What only some orders have, by its place in the layout of version 177 and above.
void set_terms(Fields& fields, int version, const TestOrder& order) {
    constexpr std::size_t adviser_profile = 42;
    const auto set = [&](std::size_t index, const std::string& text) {
        if (version < 177 && index >= adviser_profile) ++index;
        if (!text.empty()) fields.at(index) = text;
    };
    set(22, order.oca_group);
    set(28, order.parent);
    set(33, order.outside_regular_hours);
    set(38, order.good_till);
    set(39, order.adviser_group);
    set(46, order.oca_type);
    set(68, order.trail_stop);
    set(69, order.trail_percent);
    set(92, order.limit_offset);
    if (version >= 190) set(116, order.overnight);
}

void append_empty(Fields& fields, int count) {
    fields.insert(fields.end(), static_cast<std::size_t>(count), "");
}

}  // namespace

TestWorld::TestWorld(IbServerSettings settings, Scenario scenario)
    : exchange(std::move(scenario), 1),
      server(exchange, random, std::move(settings)),
      now_{.mono = {1h}, .utc = {1'796'054'400s}} {}  // Monday 2026-11-30, 16:00 UTC.

Scenario TestWorld::still_scenario() {
    auto scenario = default_scenario();
    scenario.walk_ticks_max = 0;
    return scenario;
}

ConnectionId TestWorld::accept() {
    const ConnectionId connection{next_connection_++};
    server.on_accept(now_, connection);
    pump();
    return connection;
}

void TestWorld::send_bytes(ConnectionId connection, std::string_view bytes) {
    server.on_bytes(now_, connection, bytes);
    pump();
}

void TestWorld::send(ConnectionId connection, const Fields& fields) {
    send_bytes(connection, frame_of(fields));
}

void TestWorld::leave(ConnectionId connection) {
    server.on_closed(now_, connection);
    closed_[connection] = true;
    pump();
}

ConnectionId TestWorld::client(int version, int client_id) {
    const auto connection = accept();
    const auto offer = fmt::format("v176..{}", version);
    send_bytes(connection, std::string("API\0\0\0\0", 7) + static_cast<char>(offer.size()) + offer);
    send(connection, {"71", "2", std::to_string(client_id), ""});
    const auto burst = take(connection);
    EXPECT_FALSE(burst.empty());
    if (!burst.empty()) EXPECT_EQ(burst.front().at(0), std::to_string(version));
    EXPECT_FALSE(first_of(burst, "9").empty());
    return connection;
}

void TestWorld::place(ConnectionId connection, int version, const TestOrder& order) {
    send(connection, place_fields(version, order));
}

void TestWorld::cancel(ConnectionId connection, int version, int order_id) {
    const auto id = std::to_string(order_id);
    if (version >= 192) return send(connection, {"4", id, "", "", "2147483647"});
    Fields fields{"4", "1", id, ""};
    if (version >= 187 && version <= 189) append(fields, {"", "2147483647"});
    send(connection, fields);
}

void TestWorld::advance(Duration span) {
    const auto end = now_.mono + span;
    while (true) {
        auto next = end;
        for (const auto deadline : {exchange.deadline(), server.deadline()})
            if (deadline && *deadline < next) next = std::max(*deadline, now_.mono);
        now_.utc.since_epoch += next - now_.mono;
        now_.mono = next;
        exchange.on_timeout(now_);
        server.on_timeout(now_);
        pump();
        if (next >= end) return;
    }
}

Result<void> TestWorld::fault(const std::string& name,
                              std::map<std::string, std::string> parameters) {
    auto set = server.set_fault(
        now_, {.target = "ib", .name = name, .enabled = true, .parameters = std::move(parameters)});
    pump();
    return set;
}

void TestWorld::fault_off(const std::string& name) {
    ASSERT_TRUE(
        server.set_fault(now_, {.target = "ib", .name = name, .enabled = false, .parameters = {}}));
    pump();
}

std::vector<Fields> TestWorld::take(ConnectionId connection) {
    return cut(received_[connection]);
}

std::vector<Fields> TestWorld::take(ConnectionId connection, int id) {
    std::vector<Fields> wanted;
    for (auto& fields : take(connection))
        if (fields.at(0) == std::to_string(id)) wanted.push_back(fields);
    return wanted;
}

std::string TestWorld::take_raw(ConnectionId connection) {
    return std::exchange(received_[connection], {});
}

bool TestWorld::is_closed(ConnectionId connection) const {
    const auto found = closed_.find(connection);
    return found != closed_.end() && found->second;
}

void TestWorld::pump() {
    for (auto events = exchange.take_events(); !events.empty(); events = exchange.take_events())
        for (const auto& event : events) server.on_exchange(now_, event);
    for (const auto& output : server.take_outputs()) {
        if (is_closed(output.connection)) continue;
        received_[output.connection] += output.bytes;
        if (output.close) closed_[output.connection] = true;
    }
}

Fields place_fields(int version, const TestOrder& order) {
    const bool limit = !order.limit.empty();
    Fields fields{"3",
                  std::to_string(order.order_id),
                  order.conid,
                  order.symbol,
                  order.security_type,
                  "",
                  "",
                  "",
                  "",
                  "SMART",
                  "",
                  "USD",
                  "",
                  "",
                  "",
                  ""};
    append(fields, {order.action, order.quantity, order.type, limit ? order.limit : "", order.stop,
                    order.time_in_force, "", order.account, "", "0", order.reference,
                    order.transmit, "0", "0", "0", "0", "0", "0", "0"});
    append(fields, {"", "0", "", "", "", "", ""});
    if (version < 177) append_empty(fields, 1);
    append(fields, {"",  "0", "",  "-1", "0", "", "", "0", "",  "", "0",
                    "0", "",  "0", "",   "",  "", "", "",  "0", "", ""});
    append(fields,
           {"", "", "0",           "", "",  "",  "",  "", "", "", "", "", "", "0", "", "", "0", "0",
            "", "", order.what_if, "", "0", "0", "0", "0"});
    append(fields, {"", "1.7976931348623157e+308", "", "", "", "", "0", "", "", "", "", "", "", "",
                    "", "0", "0", "0", ""});
    append(fields, {"", "", "0", "", ""});
    if (version >= 183) append_empty(fields, 1);
    if (version >= 184) append(fields, {"0"});
    if (version >= 187 && version <= 189) append(fields, {"", "2147483647"});
    if (version >= 189) append(fields, {"0"});
    if (version >= 192) append(fields, {"2147483647"});
    if (version >= 199) append(fields, {"0"});
    set_terms(fields, version, order);
    // No legs, no prices of legs, no routing.
    constexpr std::ptrdiff_t combination = 35;
    if (order.security_type == "BAG") fields.insert(fields.begin() + combination, 3, "0");
    return fields;
}

std::string frame_of(const Fields& fields) {
    std::string payload;
    for (const auto& field : fields) payload += field + '\0';
    std::string frame;
    for (int shift = 24; shift >= 0; shift -= 8)
        frame += static_cast<char>((payload.size() >> static_cast<unsigned>(shift)) & 0xFFU);
    return frame + payload;
}

Fields first_of(const std::vector<Fields>& messages, std::string_view id) {
    for (const auto& fields : messages)
        if (fields.at(0) == id) return fields;
    return {};
}

std::string ids_of(const std::vector<Fields>& messages) {
    std::string ids;
    for (const auto& fields : messages) ids += (ids.empty() ? "" : " ") + fields.at(0);
    return ids;
}

std::string code_of(const Fields& error, int version) {
    return error.empty() ? "none" : error.at(version < 194 ? 3 : 2);
}

TEST(PlaceFields, HaveTheDocumentedNumberOfFieldsAtEveryVersion) {
    const std::vector<std::pair<int, std::size_t>> counts{
        {176, 115},
        {177, 114},
        {182, 114},
        {183, 115},
        {184, 116},
        {186, 116},
        {187, 118},
        {188, 118},
        {189, 119},
        {190, 117},
        {191, 117},
        {192, 118},
        {198, 118},
        {199, 119},
        {200, 119}
    };
    for (const auto& [version, count] : counts)
        EXPECT_EQ(place_fields(version, {}).size(), count) << version;
}

}  // namespace janus::sim::ib
