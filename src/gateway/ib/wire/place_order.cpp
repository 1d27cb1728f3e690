#include "gateway/ib/wire/place_order.hpp"

#include <array>

#include "gateway/ib/wire/request_writer.hpp"
#include "gateway/ib/wire/versions.hpp"

namespace janus::ib::wire {
namespace {

/// Who fills a field. `Normal` is the constant of the row.
enum class Slot {
    Normal,
    ExemptCode,
    Transmit,
    Order,
    Contract,
    Action,
    Quantity,
    Type,
    LimitPrice,
    AuxiliaryPrice,
    TimeInForce,
    OcaGroup,
    Account,
    Reference,
    Parent,
    OutsideRegularHours,
    GoodTillDate,
    OcaType,
    TrailStopPrice,
    TrailingPercent,
    WhatIf,
    LimitOffset,
    IncludeOvernight,
};

/// One field of the layout; it exists for server versions from `since` to before `until`. `at` is
/// its number in the protobuf form: order and contract in the request, the others in its order; 0
/// where it has none. What is `Normal` is left out there.
struct Field {
    std::string_view name;
    At at;
    std::string_view normal;
    Slot slot{Slot::Normal};
    int since{0};
    int until{1'000};
};

constexpr std::string_view none{};
constexpr std::string_view unset = "2147483647";
constexpr int contract_size = 12;
constexpr std::int64_t no_exemption = -1;  ///< From the rule about short sales.
constexpr std::int64_t cancel_others = 1;  ///< One fill cancels the rest of the group.
constexpr At order_at{3};  ///< The order's message in the protobuf form, opened after the contract.

// The order of the rows is the order on the wire. Source: reference tables of the text protocol,
// server versions 176 to 200; the field counts below the table are those of real gateways.
constexpr auto layout = std::to_array<Field>({
    {"order", At{1}, none, Slot::Order},
    {"contract", At{2}, none, Slot::Contract},
    {"secIdType", At{0}, none},
    {"secId", At{0}, none},
    {"action", At{5}, none, Slot::Action},
    {"totalQuantity", At{6}, none, Slot::Quantity},
    {"orderType", At{8}, none, Slot::Type},
    {"lmtPrice", At{9}, none, Slot::LimitPrice},
    {"auxPrice", At{10}, none, Slot::AuxiliaryPrice},
    {"tif", At{11}, none, Slot::TimeInForce},
    {"ocaGroup", At{27}, none, Slot::OcaGroup},
    {"account", At{12}, none, Slot::Account},
    {"openClose", At{68}, none},
    {"origin", At{69}, "0"},
    {"orderRef", At{28}, none, Slot::Reference},
    {"transmit", At{66}, none, Slot::Transmit},
    {"parentId", At{4}, "0", Slot::Parent},
    {"blockOrder", At{17}, "0"},
    {"sweepToFill", At{20}, "0"},
    {"displaySize", At{7}, "0"},
    {"triggerMethod", At{31}, "0"},
    {"outsideRth", At{19}, "0", Slot::OutsideRegularHours},
    {"hidden", At{18}, "0"},
    {"sharesAllocation", At{0}, none},
    {"discretionaryAmt", At{76}, "0"},
    {"goodAfterTime", At{25}, none},
    {"goodTillDate", At{26}, none, Slot::GoodTillDate},
    {"faGroup", At{34}, none},
    {"faMethod", At{35}, none},
    {"faPercentage", At{36}, none},
    {"faProfile", At{0}, none, Slot::Normal, 0, gate::fa_profile_gone},
    {"modelCode", At{103}, none},
    {"shortSaleSlot", At{70}, "0"},
    {"designatedLocation", At{71}, none},
    {"exemptCode", At{72}, none, Slot::ExemptCode},
    {"ocaType", At{30}, "0", Slot::OcaType},
    {"rule80A", At{29}, none},
    {"settlingFirm", At{13}, none},
    {"allOrNone", At{16}, "0"},
    {"minQty", At{24}, none},
    {"percentOffset", At{21}, none},
    {"eTradeOnly", At{0}, "0"},
    {"firmQuoteOnly", At{0}, "0"},
    {"nbboPriceCap", At{0}, none},
    {"auctionStrategy", At{0}, "0"},
    {"startingPrice", At{78}, none},
    {"stockRefPrice", At{79}, none},
    {"delta", At{80}, none},
    {"stockRangeLower", At{81}, none},
    {"stockRangeUpper", At{82}, none},
    {"overridePercentageConstraints", At{67}, "0"},
    {"volatility", At{37}, none},
    {"volatilityType", At{38}, none},
    {"deltaNeutralOrderType", At{41}, none},
    {"deltaNeutralAuxPrice", At{42}, none},
    {"continuousUpdate", At{39}, "0"},
    {"referencePriceType", At{40}, none},
    {"trailStopPrice", At{23}, none, Slot::TrailStopPrice},
    {"trailingPercent", At{22}, none, Slot::TrailingPercent},
    {"scaleInitLevelSize", At{48}, none},
    {"scaleSubsLevelSize", At{49}, none},
    {"scalePriceIncrement", At{50}, none},
    {"scaleTable", At{58}, none},
    {"activeStartTime", At{32}, none},
    {"activeStopTime", At{33}, none},
    {"hedgeType", At{59}, none},
    {"optOutSmartRouting", At{77}, "0"},
    {"clearingAccount", At{14}, none},
    {"clearingIntent", At{15}, none},
    {"notHeld", At{83}, "0"},
    {"deltaNeutralContract", At{0}, "0"},
    {"algoStrategy", At{61}, none},
    {"algoId", At{63}, none},
    {"whatIf", At{65}, "0", Slot::WhatIf},
    {"orderMiscOptions", At{84}, none},
    {"solicited", At{85}, "0"},
    {"randomizeSize", At{86}, "0"},
    {"randomizePrice", At{87}, "0"},
    {"conditionCount", At{0}, "0"},
    {"adjustedOrderType", At{93}, none},
    {"triggerPrice", At{94}, none},
    {"lmtPriceOffset", At{99}, none, Slot::LimitOffset},
    {"adjustedStopPrice", At{95}, none},
    {"adjustedStopLimitPrice", At{96}, none},
    {"adjustedTrailingAmount", At{97}, none},
    {"adjustableTrailingUnit", At{98}, "0"},
    {"extOperator", At{104}, none},
    {"softDollarTierName", At{0}, none},
    {"softDollarTierValue", At{0}, none},
    {"cashQty", At{106}, none},
    {"mifid2DecisionMaker", At{107}, none},
    {"mifid2DecisionAlgo", At{108}, none},
    {"mifid2ExecutionTrader", At{109}, none},
    {"mifid2ExecutionAlgo", At{110}, none},
    {"dontUseAutoPriceForHedge", At{111}, "0"},
    {"isOmsContainer", At{112}, "0"},
    {"discretionaryUpToLimitPrice", At{113}, "0"},
    {"usePriceMgmtAlgo", At{122}, none},
    {"duration", At{123}, none},
    {"postToAts", At{124}, none},
    {"autoCancelParent", At{117}, "0"},
    {"advancedErrorOverride", At{125}, none},
    {"manualOrderTime", At{126}, none},
    {"customerAccount", At{132}, none, Slot::Normal, gate::customer_account},
    {"professionalCustomer", At{133}, "0", Slot::Normal, gate::professional_customer},
    {"rfqText", At{0}, none, Slot::Normal, gate::rfq_fields, gate::rfq_fields_gone},
    {"rfqNumber", At{0}, unset, Slot::Normal, gate::rfq_fields, gate::rfq_fields_gone},
    {"includeOvernight", At{135}, "0", Slot::IncludeOvernight, gate::include_overnight},
    {"manualOrderIndicator", At{136}, unset, Slot::Normal, gate::cme_tagging},
    {"imbalanceOnly", At{119}, "0", Slot::Normal, gate::imbalance_only},
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

/// A number whose zero is what a field is normally: protobuf leaves it out.
void write_number(RequestWriter& out, const Field& field, std::int64_t value) {
    if (value == 0)
        out.text(field.normal);
    else
        out.integer(field.at, value);
}

void write_field(RequestWriter& out, const Field& field, const PlaceOrderRequest& request) {
    switch (field.slot) {
        case Slot::Normal:
            out.text(field.normal);
            return;
        case Slot::ExemptCode:
            out.integer(field.at, no_exemption);
            return;
        case Slot::Transmit:
            out.flag(field.at, request.transmit);
            return;
        case Slot::Order:
            out.integer(field.at, request.order);
            return;
        case Slot::Contract:
            out.contract(field.at, request.contract);
            out.open(order_at);
            return;
        case Slot::Action:
            out.text(field.at, request.action);
            return;
        case Slot::Quantity:
            out.quantity(field.at, request.quantity);
            return;
        case Slot::Type:
            out.text(field.at, request.type);
            return;
        case Slot::LimitPrice:
            out.price(field.at, request.limit_price);
            return;
        case Slot::AuxiliaryPrice:
            out.price(field.at, request.auxiliary_price);
            return;
        case Slot::TimeInForce:
            out.text(field.at, request.time_in_force);
            return;
        case Slot::OcaGroup:
            out.text(field.at, request.oca_group);
            return;
        case Slot::Account:
            out.text(field.at, request.account);
            return;
        case Slot::Reference:
            out.text(field.at, request.reference);
            return;
        case Slot::Parent:
            write_number(out, field, request.parent);
            return;
        case Slot::OutsideRegularHours:
            out.flag(field.at, request.outside_regular_hours);
            return;
        case Slot::GoodTillDate:
            out.text(field.at, request.good_till_date);
            return;
        case Slot::OcaType:
            write_number(out, field, request.oca_group.empty() ? 0 : cancel_others);
            return;
        case Slot::TrailStopPrice:
            out.price(field.at, request.trail_stop_price);
            return;
        case Slot::TrailingPercent:
            out.price(field.at, request.trailing_percent);
            return;
        case Slot::WhatIf:
            out.flag(field.at, request.what_if);
            return;
        case Slot::LimitOffset:
            out.price(field.at, request.limit_offset);
            return;
        case Slot::IncludeOvernight:
            out.flag(field.at, request.include_overnight);
            return;
    }
}

}  // namespace

Result<std::string> place_order(int server_version, const PlaceOrderRequest& request) {
    RequestWriter out(server_version, 3);
    for (const auto& field : layout)
        if (exists(field, server_version)) write_field(out, field, request);
    return out.close().finish();
}

bool has_include_overnight(int server_version) {
    return server_version >= gate::include_overnight;
}

std::size_t place_order_field_count(int server_version) {
    return count_fields(server_version);
}

}  // namespace janus::ib::wire
