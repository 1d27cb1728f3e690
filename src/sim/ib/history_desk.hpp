#pragma once

#include "sim/ib/context.hpp"

namespace janus::sim::ib {

/// Answers questions about the past with bars that are a pure function of instrument and time:
/// the same question has the same answer for ever, and bars of different lengths agree.
class HistoryDesk {
 public:
    explicit HistoryDesk(Context& context) : context_(context) {}

    void on_historical_data(Now now, Session& session, FieldCursor& in);
    void on_cancel_historical_data(Now now, Session& session, FieldCursor& in);
    void on_head_timestamp(Now now, Session& session, FieldCursor& in);
    void on_cancel_head_timestamp(Now, Session&, FieldCursor&) {}

 private:
    Context& context_;
};

}  // namespace janus::sim::ib
