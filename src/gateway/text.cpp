#include "gateway/event.hpp"

namespace janus::gateway {

std::string_view to_text(Gate gate) {
    switch (gate) {
        case Gate::Down:
            return "down";
        case Gate::Connecting:
            return "connecting";
        case Gate::Reconciling:
            return "reconciling";
        case Gate::Ready:
            return "ready";
        case Gate::Degraded:
            return "degraded";
        case Gate::NeedsOperator:
            return "needs_operator";
    }
    return "down";
}

std::string_view to_text(HistoryStatus status) {
    switch (status) {
        case HistoryStatus::Complete:
            return "complete";
        case HistoryStatus::NoData:
            return "no_data";
        case HistoryStatus::Busy:
            return "busy";
        case HistoryStatus::Cancelled:
            return "cancelled";
        case HistoryStatus::Failed:
            return "failed";
    }
    return "failed";
}

std::string_view to_text(StreamState state) {
    switch (state) {
        case StreamState::Off:
            return "off";
        case StreamState::Connecting:
            return "connecting";
        case StreamState::Live:
            return "live";
        case StreamState::Silent:
            return "silent";
        case StreamState::Backoff:
            return "backoff";
        case StreamState::NeedsOperator:
            return "needs_operator";
    }
    return "off";
}

std::string_view to_text(TokenState state) {
    switch (state) {
        case TokenState::Pending:
            return "pending";
        case TokenState::Normal:
            return "normal";
        case TokenState::Expiring:
            return "expiring";
        case TokenState::Refused:
            return "refused";
    }
    return "refused";
}

}  // namespace janus::gateway
