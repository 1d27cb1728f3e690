#pragma once

#include "sim/ib/context.hpp"

namespace janus::sim::ib {

/// Answers what an instrument is: contract details, symbol search, price grids, option chains, and
/// the small questions about the gateway itself.
class ReferenceDesk {
 public:
    explicit ReferenceDesk(Context& context) : context_(context) {}

    void on_contract_details(Now now, Session& session, FieldCursor& in);
    void on_matching_symbols(Now now, Session& session, FieldCursor& in);
    void on_market_rule(Now now, Session& session, FieldCursor& in);
    void on_option_parameters(Now now, Session& session, FieldCursor& in);
    void on_depth(Now now, Session& session, FieldCursor& in);
    void on_depth_exchanges(Now now, Session& session, FieldCursor& in);
    void on_smart_components(Now now, Session& session, FieldCursor& in);
    void on_family_codes(Now now, Session& session, FieldCursor& in);
    void on_user_info(Now now, Session& session, FieldCursor& in);
    void on_news_providers(Now now, Session& session, FieldCursor& in);
    void on_current_time(Now now, Session& session, FieldCursor& in);
    void on_current_time_in_millis(Now now, Session& session, FieldCursor& in);

 private:
    void add_underlying(Message& message, const SimInstrument& instrument) const;
    Message details_message(Now now, int version, RequestId id, const ContractRow& row) const;
    Message bond_message(Now now, int version, RequestId id, const ContractRow& row) const;

    Context& context_;
};

}  // namespace janus::sim::ib
