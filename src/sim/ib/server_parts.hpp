#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/ib/account_desk.hpp"
#include "sim/ib/context.hpp"
#include "sim/ib/history_desk.hpp"
#include "sim/ib/market_desk.hpp"
#include "sim/ib/order_desk.hpp"
#include "sim/ib/reference_desk.hpp"
#include "sim/ib/server.hpp"

namespace janus::sim {

/// Everything behind the face of the IB simulator: the desks, and the life of the sessions.
struct IbServer::Parts {
    using Handler = void (*)(Parts& parts, Now now, ib::Session& session, ib::FieldCursor& in,
                             std::string_view raw);
    /// One request that is answered.
    struct RequestRow {
        int id;
        std::string_view name;
        std::size_t fields_min;  ///< After the id; fewer are answered with 320.
        Handler handle;
    };
    static const RequestRow* find_request(std::int64_t id);

    Parts(Exchange& exchange, Random& random, const IbServerSettings& settings);

    // The life of a session.
    ib::Session* find_session(ConnectionId connection);
    void end_session(ConnectionId connection);
    /// Does what the bytes of a session allow.
    void work(Now now, ConnectionId connection);
    bool step(Now now, ib::Session& session);
    bool on_greeting(ib::Session& session);
    void on_offer(Now now, ib::Session& session, std::string_view offer);
    void on_start(Now now, ib::Session& session, std::string_view payload);
    void send_start_burst(Now now, ib::Session& session);
    bool is_in_use(const ib::Session& asking) const;
    bool keeps_pace(Now now, ib::Session& session);
    void answer(Now now, ib::Session& session, std::string_view raw);
    static Result<std::string> read_request(const ib::Session& session, std::string_view payload);

    // Faults that act at once.
    void on_switched(Now now, const FaultOrder& order);
    Result<void> on_market_phase(Now now, const FaultOrder& order);
    void on_upstream(Now now, const FaultOrder& order);
    void on_farm(Now now, const FaultOrder& order);
    void on_port_changed(Now now);
    void on_odd_messages(const FaultOrder& order);
    void thaw(Now now);
    void send_to_all(const ib::Message& message);
    void disconnect_all();

    ib::Context context;
    Ledger ledger;
    ib::AccountDesk accounts;
    ib::MarketDesk market;
    ib::ReferenceDesk reference;
    ib::HistoryDesk history;
    ib::OrderDesk orders;

 private:
    template <auto Desk, auto Method>
    static void call(Parts& parts, Now now, ib::Session& session, ib::FieldCursor& in,
                     std::string_view) {
        (parts.*Desk.*Method)(now, session, in);
    }
    template <auto Desk, auto Method>
    static void call_with_raw(Parts& parts, Now now, ib::Session& session, ib::FieldCursor& in,
                              std::string_view raw) {
        (parts.*Desk.*Method)(now, session, in, raw);
    }
    static void ignore(Parts&, Now, ib::Session&, ib::FieldCursor&, std::string_view) {}
};

}  // namespace janus::sim
