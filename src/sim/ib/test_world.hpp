#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ib/server.hpp"

namespace janus::sim::ib {

using Fields = std::vector<std::string>;

/// What a test puts into a placeOrder; the rest of the fields is what a plain client sends.
struct TestOrder {
    int order_id{1};
    std::string action{"BUY"};
    std::string quantity{"10"};
    std::string type{"MKT"};
    std::string limit;
    std::string stop;
    std::string time_in_force{"DAY"};
    std::string account{"DU1000001"};
    std::string reference{"ref-1"};
    std::string transmit{"1"};
    std::string what_if{"0"};
    std::string conid{"265598"};
    std::string symbol;
    std::string security_type{"STK"};
    std::string parent{"0"};
    std::string oca_group;
    std::string oca_type{"0"};
    std::string good_till;
    std::string outside_regular_hours{"0"};
    std::string adviser_group;
    std::string trail_stop;
    std::string trail_percent;
    std::string limit_offset;
    std::string overnight{"0"};  ///< Server version 190 and above.
};

/// Exchange, IB simulator and clients in memory, with a clock that only `advance` moves. Frames are
/// made and cut here by hand, so that a test does not believe the code under test.
class TestWorld {
 public:
    explicit TestWorld(IbServerSettings settings = {}, Scenario scenario = still_scenario());

    /// The default scenario with prices that stand still.
    static Scenario still_scenario();

    ConnectionId accept();
    void send_bytes(ConnectionId connection, std::string_view bytes);
    void send(ConnectionId connection, const Fields& fields);
    void leave(ConnectionId connection);
    /// Connects, offers `v176..version`, starts the API, and drops the start burst.
    ConnectionId client(int version, int client_id);
    void place(ConnectionId connection, int version, const TestOrder& order);
    void cancel(ConnectionId connection, int version, int order_id);
    void advance(Duration span);
    Result<void> fault(const std::string& name, std::map<std::string, std::string> parameters = {});
    void fault_off(const std::string& name);

    /// Everything received since the last call, frame by frame.
    std::vector<Fields> take(ConnectionId connection);
    /// Of what is received since the last call, the messages of one id.
    std::vector<Fields> take(ConnectionId connection, int id);
    std::string take_raw(ConnectionId connection);
    bool is_closed(ConnectionId connection) const;

    Now now() const { return now_; }
    /// Hands events and outputs around until nothing moves.
    void pump();

    Exchange exchange;
    Random random{11};
    IbServer server;

 private:
    Now now_;
    std::uint64_t next_connection_{1};
    std::map<ConnectionId, std::string> received_;
    std::map<ConnectionId, bool> closed_;
};

/// The fields of a plain placeOrder at a server version.
Fields place_fields(int version, const TestOrder& order);
std::string frame_of(const Fields& fields);
/// The first message of an id; empty when there is none.
Fields first_of(const std::vector<Fields>& messages, std::string_view id);
/// The ids in order, for comparing sequences: `5 3 11`.
std::string ids_of(const std::vector<Fields>& messages);
/// Error code of an error message at the version.
std::string code_of(const Fields& error, int version);

}  // namespace janus::sim::ib
