#pragma once

#include <string>
#include <string_view>
#include <vector>

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
    struct Asked {
        Instant at;
        std::string question;
        std::string instrument;
        bool small_bars{false};
    };
    bool is_too_fast(Now now, std::string_view question, std::string_view instrument,
                     bool small_bars);

    Context& context_;
    std::vector<Asked> asked_;  ///< Of the last ten minutes, while the pacing is watched.
};

}  // namespace janus::sim::ib
