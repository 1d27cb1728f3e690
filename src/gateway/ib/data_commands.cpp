// What is asked of market data and of the past.
#include "gateway/ib/ib_gateway.hpp"

namespace janus::ib {

void IbGateway::on_command(Now, const gateway::SubscribeBars& command) {
    output_.emit(gateway::BarsEnded{command.subscription, "bars are not served yet"});
}

void IbGateway::on_command(Now, const gateway::UnsubscribeBars&) {}

void IbGateway::on_command(Now, const gateway::RequestHistory& command) {
    output_.emit(gateway::HistoryResult{
        command.request, gateway::HistoryStatus::Failed, {}, "history is not served yet"});
}

void IbGateway::on_command(Now, const gateway::RequestHeadTimestamp& command) {
    output_.emit(gateway::HeadTimestampResult{command.request, gateway::HistoryStatus::Failed,
                                              std::nullopt, "history is not served yet"});
}

void IbGateway::on_command(Now, const gateway::CancelHistory&) {}

}  // namespace janus::ib
