#include "gateway/ib/wire/place_order.hpp"

#include <array>

#include "gateway/ib/wire/field_writer.hpp"
#include "gateway/ib/wire/versions.hpp"
#include "gateway/ib/wire/write_contract.hpp"

namespace janus::ib::wire {
namespace {

/// Who fills a field. `Normal` is the constant of the row.
enum class Slot {
    Normal,
    Order,
    Contract,
    Action,
    Quantity,
    Type,
    LimitPrice,
    AuxiliaryPrice,
    TimeInForce,
    Account,
    Reference,
    OutsideRegularHours,
};

/// One field of the layout; it exists for server versions from `since` to before `until`.
struct Field {
    std::string_view name;
    std::string_view normal;
    Slot slot{Slot::Normal};
    int since{0};
    int until{1'000};
};

constexpr std::string_view none{};
constexpr std::string_view unset = "2147483647";
constexpr int contract_size = 12;

// The order of the rows is the order on the wire. Source: reference tables of the text protocol,
// server versions 176 to 200; the field counts below the table are those of real gateways.
constexpr auto layout = std::to_array<Field>({
    {"order", none, Slot::Order},
    {"contract", none, Slot::Contract},
    {"secIdType", none},
    {"secId", none},
    {"action", none, Slot::Action},
    {"totalQuantity", none, Slot::Quantity},
    {"orderType", none, Slot::Type},
    {"lmtPrice", none, Slot::LimitPrice},
    {"auxPrice", none, Slot::AuxiliaryPrice},
    {"tif", none, Slot::TimeInForce},
    {"ocaGroup", none},
    {"account", none, Slot::Account},
    {"openClose", none},
    {"origin", "0"},
    {"orderRef", none, Slot::Reference},
    {"transmit", "1"},
    {"parentId", "0"},
    {"blockOrder", "0"},
    {"sweepToFill", "0"},
    {"displaySize", "0"},
    {"triggerMethod", "0"},
    {"outsideRth", "0", Slot::OutsideRegularHours},
    {"hidden", "0"},
    {"sharesAllocation", none},
    {"discretionaryAmt", "0"},
    {"goodAfterTime", none},
    {"goodTillDate", none},
    {"faGroup", none},
    {"faMethod", none},
    {"faPercentage", none},
    {"faProfile", none, Slot::Normal, 0, gate::fa_profile_gone},
    {"modelCode", none},
    {"shortSaleSlot", "0"},
    {"designatedLocation", none},
    {"exemptCode", "-1"},
    {"ocaType", "0"},
    {"rule80A", none},
    {"settlingFirm", none},
    {"allOrNone", "0"},
    {"minQty", none},
    {"percentOffset", none},
    {"eTradeOnly", "0"},
    {"firmQuoteOnly", "0"},
    {"nbboPriceCap", none},
    {"auctionStrategy", "0"},
    {"startingPrice", none},
    {"stockRefPrice", none},
    {"delta", none},
    {"stockRangeLower", none},
    {"stockRangeUpper", none},
    {"overridePercentageConstraints", "0"},
    {"volatility", none},
    {"volatilityType", none},
    {"deltaNeutralOrderType", none},
    {"deltaNeutralAuxPrice", none},
    {"continuousUpdate", "0"},
    {"referencePriceType", none},
    {"trailStopPrice", none},
    {"trailingPercent", none},
    {"scaleInitLevelSize", none},
    {"scaleSubsLevelSize", none},
    {"scalePriceIncrement", none},
    {"scaleTable", none},
    {"activeStartTime", none},
    {"activeStopTime", none},
    {"hedgeType", none},
    {"optOutSmartRouting", "0"},
    {"clearingAccount", none},
    {"clearingIntent", none},
    {"notHeld", "0"},
    {"deltaNeutralContract", "0"},
    {"algoStrategy", none},
    {"algoId", none},
    {"whatIf", "0"},
    {"orderMiscOptions", none},
    {"solicited", "0"},
    {"randomizeSize", "0"},
    {"randomizePrice", "0"},
    {"conditionCount", "0"},
    {"adjustedOrderType", none},
    {"triggerPrice", none},
    {"lmtPriceOffset", none},
    {"adjustedStopPrice", none},
    {"adjustedStopLimitPrice", none},
    {"adjustedTrailingAmount", none},
    {"adjustableTrailingUnit", "0"},
    {"extOperator", none},
    {"softDollarTierName", none},
    {"softDollarTierValue", none},
    {"cashQty", none},
    {"mifid2DecisionMaker", none},
    {"mifid2DecisionAlgo", none},
    {"mifid2ExecutionTrader", none},
    {"mifid2ExecutionAlgo", none},
    {"dontUseAutoPriceForHedge", "0"},
    {"isOmsContainer", "0"},
    {"discretionaryUpToLimitPrice", "0"},
    {"usePriceMgmtAlgo", none},
    {"duration", none},
    {"postToAts", none},
    {"autoCancelParent", "0"},
    {"advancedErrorOverride", none},
    {"manualOrderTime", none},
    {"customerAccount", none, Slot::Normal, gate::customer_account},
    {"professionalCustomer", "0", Slot::Normal, gate::professional_customer},
    {"rfqText", none, Slot::Normal, gate::rfq_fields, gate::rfq_fields_gone},
    {"rfqNumber", unset, Slot::Normal, gate::rfq_fields, gate::rfq_fields_gone},
    {"includeOvernight", "0", Slot::Normal, gate::include_overnight},
    {"manualOrderIndicator", unset, Slot::Normal, gate::cme_tagging},
    {"imbalanceOnly", "0", Slot::Normal, gate::imbalance_only},
});

constexpr bool exists(const Field& field, int server_version) {
    return server_version >= field.since && server_version < field.until;
}

constexpr std::size_t count_fields(int server_version) {
    std::size_t count = 1;  // The message id.
    for (const auto& field : layout)
        if (exists(field, server_version))
            count += field.slot == Slot::Contract ? contract_size : 1;
    return count;
}
static_assert(count_fields(176) == 115 && count_fields(177) == 114 && count_fields(182) == 114);
static_assert(count_fields(183) == 115 && count_fields(184) == 116 && count_fields(186) == 116);
static_assert(count_fields(187) == 118 && count_fields(188) == 118 && count_fields(189) == 119);
static_assert(count_fields(190) == 117 && count_fields(191) == 117 && count_fields(192) == 118);
static_assert(count_fields(198) == 118 && count_fields(199) == 119 && count_fields(200) == 119);

void write_field(FieldWriter& out, const Field& field, const PlaceOrderRequest& request) {
    switch (field.slot) {
        case Slot::Normal:
            out.text(field.normal);
            return;
        case Slot::Order:
            out.integer(request.order);
            return;
        case Slot::Contract:
            write_contract(out, request.contract);
            return;
        case Slot::Action:
            out.text(request.action);
            return;
        case Slot::Quantity:
            out.decimal(request.quantity);
            return;
        case Slot::Type:
            out.text(request.type);
            return;
        case Slot::LimitPrice:
            out.optional_decimal(request.limit_price);
            return;
        case Slot::AuxiliaryPrice:
            out.optional_decimal(request.auxiliary_price);
            return;
        case Slot::TimeInForce:
            out.text(request.time_in_force);
            return;
        case Slot::Account:
            out.text(request.account);
            return;
        case Slot::Reference:
            out.text(request.reference);
            return;
        case Slot::OutsideRegularHours:
            out.flag(request.outside_regular_hours);
            return;
    }
}

}  // namespace

Result<std::string> place_order(int server_version, const PlaceOrderRequest& request) {
    FieldWriter out(3);
    for (const auto& field : layout)
        if (exists(field, server_version)) write_field(out, field, request);
    return out.finish();
}

std::size_t place_order_field_count(int server_version) {
    return count_fields(server_version);
}

}  // namespace janus::ib::wire
