#include "gateway/ib/round.hpp"

#include <array>

namespace janus::ib {
namespace {

constexpr auto everything = std::to_array<Stage>({
    Stage::Positions,
    Stage::Contracts,
    Stage::Balances,
    Stage::OpenOrders,
    Stage::AllOpenOrders,
    Stage::CompletedOrders,
    Stage::Executions,
});
constexpr auto orders = std::to_array<Stage>({
    Stage::AllOpenOrders,
    Stage::CompletedOrders,
    Stage::Executions,
});

constexpr auto open_orders = std::to_array<Stage>({
    Stage::AllOpenOrders,
});

}  // namespace

std::string_view to_text(Stage stage) {
    switch (stage) {
        case Stage::Positions:
            return "positions";
        case Stage::Contracts:
            return "contracts";
        case Stage::Balances:
            return "balances";
        case Stage::OpenOrders:
            return "open_orders";
        case Stage::AllOpenOrders:
            return "all_open_orders";
        case Stage::CompletedOrders:
            return "completed_orders";
        case Stage::Executions:
            return "executions";
    }
    return "positions";
}

std::span<const Stage> Round::stages() const {
    switch (extent) {
        case Extent::Everything:
            return everything;
        case Extent::Orders:
            return orders;
        case Extent::OpenOrders:
            return open_orders;
    }
    return everything;
}

}  // namespace janus::ib
