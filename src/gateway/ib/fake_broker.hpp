#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/ib/fake_contracts.hpp"
#include "gateway/ib/fake_messages.hpp"
#include "gateway/ib/ib_gateway.hpp"

namespace janus::ib::fake {

/// Drives one gateway: performs its effects in memory and keeps everything it said.
class Desk {
 public:
    explicit Desk(IbSettings settings = default_settings(), int version = 200)
        : random_(7), gateway(std::move(settings), random_), version_(version) {}

    static IbSettings default_settings() {
        IbSettings settings;
        settings.client_id = 7;
        settings.open_orders_poll = {};  // Tests of it ask for it.
        settings.accounts = {
            {{"ib_main"}, "DU1000001"}
        };
        return settings;
    }

    // ---- the world ----
    void command(const gateway::Command& what) {
        gateway.on_command(now, what);
        take();
    }
    void feed_bytes(const std::string& bytes) {
        gateway.on_io(now, io::Received{channel, bytes});
        take();
    }
    void feed(const Fields& fields) { feed_bytes(frame(fields)); }
    void feed_all(const std::vector<Fields>& messages) {
        for (const auto& fields : messages) feed(fields);
    }
    void cut(const std::string& reason = "reset by peer") {
        gateway.on_io(now, io::Closed{channel, reason});
        take();
    }
    /// Moves time on, stopping at every deadline on the way.
    void wait(Duration span) {
        const auto end = now.mono + span;
        for (int steps = 0; steps < 100'000; ++steps) {
            const auto due = gateway.deadline();
            if (!due || *due > end) break;
            move_to(std::max(*due, now.mono));
            gateway.on_timeout(now);
            take();
        }
        move_to(end);
        gateway.on_timeout(now);
        take();
    }

    /// Moves time on with a broker that answers the heartbeats.
    void wait_alive(Duration span) {
        for (Duration left = span; left > Duration{};) {
            const auto step = std::min<Duration>(left, std::chrono::seconds(5));
            wait(step);
            feed({"49", "1", "1767623400"});
            left -= step;
        }
    }

    /// Moves time on to the next attempt to connect; false when there is none for two minutes.
    bool wait_for_connect() {
        const int before = connects;
        for (int i = 0; i < 1'200 && connects == before; ++i) wait(std::chrono::milliseconds(100));
        return connects == before + 1;
    }

    // ---- the broker ----
    void shake_hands() {
        gateway.on_io(now, io::Connected{channel});
        take();
        feed({std::to_string(version_), "20260105 09:30:00 EST"});
    }
    /// From nothing to the end of the start burst.
    void connect(const std::string& accounts = "DU1000001", const std::string& next_id = "41") {
        shake_hands();
        feed({"15", "1", accounts});
        feed({"9", "1", next_id});
    }
    void start(const std::string& accounts = "DU1000001", const std::string& next_id = "41") {
        command(gateway::Start{});
        connect(accounts, next_id);
    }
    void end_positions() { feed({"62", "1"}); }
    /// The summary, and the values of every account that was asked for since the last time.
    void end_balances() {
        feed({"64", "1", last_request("62", 2)});
        for (; values_seen_ < sent.size(); ++values_seen_)
            if (sent[values_seen_].front() == "76") feed({"74", "1", sent[values_seen_][2]});
    }
    void end_open_orders() { feed({"53", "1"}); }
    void end_completed() { feed({"102"}); }
    void end_executions() { feed({"55", "1", last_request("7", 2)}); }
    /// Answers every stage with nothing but its end.
    void end_all() {
        end_positions();
        end_balances();
        end_open_orders();
        end_open_orders();
        end_completed();
        end_executions();
    }
    void become_ready() {
        start();
        end_all();
    }
    /// Answers the open question about contract details.
    void describe(const ContractText& text) {
        const auto request = last_request("9", 2);
        feed(contract_data(request, text, version_));
        feed(contract_end(request));
    }

    // ---- what was sent ----
    /// The field at `index` of the newest message with this id.
    std::string last_request(const std::string& id, std::size_t index) const {
        for (auto at = sent.rbegin(); at != sent.rend(); ++at)
            if (at->front() == id && at->size() > index) return (*at)[index];
        return {};
    }
    std::size_t count_sent(const std::string& id) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(sent, [&](const auto& fields) { return fields.front() == id; }));
    }
    const Fields* find_sent(const std::string& id) const {
        for (auto at = sent.rbegin(); at != sent.rend(); ++at)
            if (at->front() == id) return &*at;
        return nullptr;
    }

    // ---- what was said ----
    template <typename Event>
    std::vector<Event> all() const {
        std::vector<Event> out;
        for (const auto& event : events)
            if (const auto* found = std::get_if<Event>(&event)) out.push_back(*found);
        return out;
    }
    template <typename Event>
    std::size_t count() const {
        return all<Event>().size();
    }
    template <typename Event>
    Event last() const {
        const auto list = all<Event>();
        return list.empty() ? Event{} : list.back();
    }
    gateway::Gate gate() const { return last<gateway::GateChanged>().gate; }
    std::string reason() const { return last<gateway::GateChanged>().reason; }
    std::uint64_t counter(const std::string& name) const {
        const auto found = gateway.counters().find(name);
        return found != gateway.counters().end() ? found->second : 0;
    }
    void forget() {
        events.clear();
        sent.clear();
        values_seen_ = 0;
        ticks.clear();
        connects = closes = 0;
    }

    /// Hands an order to the gateway as the core does: prepared first.
    gateway::PlaceOrder place(std::uint64_t order, const std::string& reference,
                              std::int64_t number) {
        gateway::PlaceOrder out{.order = {order},
                                .client_order_id = {reference},
                                .number = number,
                                .account = {"ib_main"},
                                .native_id = {"265598"},
                                .symbol = *CanonicalSymbol::parse("AAPL"),
                                .side = Side::Buy,
                                .type = OrderType::Limit,
                                .quantity = {Decimal::from_integer(10)},
                                .limit_price = Price{*Decimal::parse("180.5")},
                                .send_before = now.mono + std::chrono::seconds(30)};
        return out;
    }

 private:
    void move_to(Instant at) {
        now.utc = now.utc + (at - now.mono);
        now.mono = at;
    }
    void take() {
        for (auto& effect : gateway.take_effects()) perform(effect);
        for (auto& event : gateway.take_events()) events.push_back(std::move(event));
        std::vector<Tick> fresh;
        gateway.take_ticks(fresh);
        ticks.insert(ticks.end(), fresh.begin(), fresh.end());
    }
    void perform(const io::Effect& effect) {
        if (const auto* connect = std::get_if<io::Connect>(&effect)) {
            channel = connect->channel;
            endpoint = connect->endpoint;
            open = true;
            ++connects;
        } else if (std::holds_alternative<io::Close>(effect)) {
            open = false;
            ++closes;
        } else if (const auto* send = std::get_if<io::Send>(&effect)) {
            read(send->bytes);
        }
    }
    void read(std::string_view bytes) {
        if (bytes.starts_with(std::string_view("API\0", 4))) {
            hello = bytes;
            return;
        }
        while (bytes.size() >= 4) {
            std::size_t size = 0;
            for (int i = 0; i < 4; ++i)
                size = size << 8U | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
            sent.push_back(split(bytes.substr(4, size)));
            bytes.remove_prefix(4 + size);
        }
    }
    static Fields split(std::string_view text) {
        Fields out;
        while (!text.empty()) {
            const auto end = text.find('\0');
            out.emplace_back(text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        return out;
    }

    Random random_;

 public:
    IbGateway gateway;
    Now now{{std::chrono::seconds(100)}, {std::chrono::seconds(1'767'623'400)}};
    io::ChannelId channel;
    io::Endpoint endpoint;
    bool open{false};
    int connects{0};
    int closes{0};
    std::string hello;
    std::vector<Fields> sent;
    std::vector<gateway::Event> events;
    std::vector<Tick> ticks;

 private:
    int version_;
    std::size_t values_seen_{0};
};

}  // namespace janus::ib::fake
