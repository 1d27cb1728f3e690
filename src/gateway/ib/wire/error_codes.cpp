#include "gateway/ib/wire/error_codes.hpp"

#include <algorithm>
#include <array>

namespace janus::ib::wire {
namespace {

using C = CodeClass;
using S = SystemReaction;
using O = OrderReaction;

// What a quote makes of a code.
constexpr const QuoteReaction* nothing = nullptr;
constexpr QuoteReaction ended{DataQuality::None, true};
constexpr QuoteReaction missing{DataQuality::None, false};  // Data may follow.
constexpr QuoteReaction delayed{DataQuality::Delayed, false};

/// One code or a range of neighbours that mean the same.
struct CodeRow {
    std::int64_t first;
    std::int64_t last;
    CodeClass code_class;
    OrderReaction order{O::Ask};
    SystemReaction system{S::Say};
    const QuoteReaction* quote{nothing};
};

// Codes that IB documents or that gateways were seen to send. Source: the error tables of the
// protocol reference. What is about requests and not about orders asks for the order, should it
// ever come with an order's id.
constexpr auto codes = std::to_array<CodeRow>({
    {100, 100, C::Connection, O::Notice, S::SlowDown}, // Message rate exceeded.
    {101, 101, C::RequestFailed, O::Ask, S::Say, &ended}, // Data lines used up.
    {102, 102, C::RequestFailed, O::Ask, S::Say, &ended}, // Duplicate request id.
    {103, 103, C::OrderRejected, O::Reject}, // Duplicate or too low order number.
    {104, 104, C::OrderWarning, O::ModifyRefuse}, // A filled order cannot be changed.
    {105, 105, C::OrderWarning, O::ModifyRefuse}, // The change does not match the order.
    {106, 107, C::OrderRejected, O::Reject}, // Cannot transmit; incomplete.
    {109, 111, C::OrderRejected, O::Reject}, // Price out of bounds or off the grid; time in force.
    {113, 113, C::OrderRejected, O::Reject}, // Time in force and type do not fit.
    {116, 116, C::OrderRejected, O::Reject}, // Not at this destination.
    {131, 131, C::OrderWarning, O::Notice}, // An attribute is ignored.
    {132, 134, C::OrderRejected, O::Reject}, // No clearing account; submit failed.
    {135, 136, C::OrderWarning, O::CancelRefuse}, // No such order; cannot be cancelled.
    {140, 141, C::OrderRejected, O::Reject}, // Field malformed.
    {143, 147, C::OrderRejected, O::Reject},
    {152, 152, C::OrderRejected, O::Reject}, // Hidden is not allowed.
    {154, 154, C::OrderRejected, O::Reject}, // Halted.
    {158, 160, C::OrderRejected, O::Reject}, // Trail or stop parameters; zero size.
    {161, 161, C::OrderWarning, O::CancelRefuse}, // Cannot be cancelled in this state.
    {162, 162, C::RequestFailed}, // History: the text says why.
    {163, 163, C::OrderRejected, O::Reject}, // Beyond the precautions on price.
    {165, 165, C::Information}, // History: a notice.
    {166, 166, C::RequestFailed},
    {167, 168, C::OrderRejected, O::Reject},
    {200, 200, C::RequestFailed, O::Reject, S::Say, &ended}, // No such instrument.
    {201, 201, C::OrderRejected, O::Reject}, // Rejected; the reason is in the text.
    {202, 202, C::OrderWarning, O::Cancelled},
    {203, 203, C::OrderRejected, O::Reject}, // Not allowed for this account.
    {300, 300, C::Information}, // Unknown id on a cancel.
    {303, 303, C::OrderRejected, O::Reject},
    {309, 309, C::RequestFailed}, // Depth subscriptions used up.
    {310, 310, C::Information},
    {311, 315, C::OrderRejected, O::Reject},
    {316, 317, C::DegradedData}, // Depth halted; reset.
    {320, 321, C::RequestFailed, O::Reject, S::Say, &ended}, // Unreadable; not valid.
    {322, 322, C::RequestFailed, O::Ask, S::Say, &ended}, // Processing failed.
    {323, 323, C::RequestFailed}, // Server error: transient.
    {326, 326, C::Connection, O::Ask, S::ClientIdBusy},
    {327, 327, C::RequestFailed}, // Binding is for client 0.
    {328, 329, C::OrderWarning, O::ModifyRefuse}, // Attached trail; change of type.
    {330, 334, C::OrderRejected, O::Reject}, // Account and adviser.
    {336, 337, C::OrderRejected, O::Reject},
    {343, 343, C::OrderRejected, O::Reject},
    {354, 354, C::DegradedData, O::Ask, S::Say, &ended}, // Not subscribed.
    {355, 364, C::OrderRejected, O::Reject}, // Size; combinations; trail parameters.
    {365, 366, C::Information}, // Unknown id on a cancel.
    {382, 383, C::OrderRejected, O::Reject}, // Beyond the precautions on size.
    {385, 386, C::RequestFailed}, // Duplicate request id.
    {387, 388, C::OrderRejected, O::Reject}, // Type not supported; size too small.
    {391, 392, C::OrderRejected, O::Reject}, // Date; contract expired.
    {399, 399, C::OrderWarning, O::Notice}, // Will not be placed at the exchange until ...
    {400, 400, C::OrderRejected, O::Reject}, // Algorithm.
    {403, 403, C::OrderRejected, O::Reject},
    {404, 404, C::OrderWarning, O::Notice}, // Held while shares are located.
    {411, 411, C::OrderWarning, O::Notice}, // Outside regular hours is not valid.
    {413, 413, C::OrderRejected, O::Reject}, // A preview must be transmitted.
    {420, 420, C::RequestFailed}, // Real-time bars: pacing or permission.
    {421, 421, C::OrderRejected, O::Reject},
    {422, 422, C::OrderWarning, O::ModifyRefuse}, // Account attributes cannot change.
    {426, 426, C::OrderRejected, O::Reject}, // Not enough shares; short not allowed.
    {430, 430, C::RequestFailed},
    {434, 436, C::OrderRejected, O::Reject}, // Zero size; account missing.
    {439, 443, C::OrderRejected, O::Reject}, // Algorithm.
    {460, 460, C::OrderRejected, O::Reject}, // No trading permission.
    {478, 478, C::OrderRejected, O::Reject}, // Fields contradict the conid.
    {492, 492, C::OrderWarning, O::Notice},
    {502, 507, C::Fatal}, // Made by client libraries: version, length.
    {1100, 1100, C::Connection, O::Ask, S::UpstreamLost},
    {1101, 1101, C::Connection, O::Ask, S::UpstreamDataLost},
    {1102, 1102, C::Connection, O::Ask, S::UpstreamBack},
    {1300, 1300, C::Connection, O::Ask, S::Reconnect}, // The port has changed.
    {2100, 2100, C::DegradedData, O::Notice}, // Account updates were taken over.
    {2101, 2101, C::RequestFailed, O::Notice},
    {2102, 2102, C::OrderWarning, O::ModifyRefuse}, // Too early: still being processed.
    {2103, 2103, C::DegradedData, O::Notice, S::Farm}, // Farm broken.
    {2104, 2104, C::Information, O::Notice, S::Farm},
    {2105, 2105, C::DegradedData, O::Notice, S::Farm},
    {2106, 2108, C::Information, O::Notice, S::Farm}, // Fine, or asleep.
    {2109, 2109, C::OrderWarning, O::Notice}, // Outside regular hours is ignored.
    {2110, 2110, C::Connection, O::Notice, S::UpstreamLost},
    {2111, 2118, C::OrderWarning, O::Notice},
    {2119, 2119, C::Information, O::Notice, S::Farm}, // Connecting.
    {2120, 2151, C::OrderWarning, O::Notice}, // 2137: through zero; 2148, 2150: value.
    {2152, 2152, C::Information, O::Notice}, // Depth: which exchanges have it.
    {2153, 2156, C::OrderWarning, O::Notice},
    {2157, 2157, C::DegradedData, O::Notice, S::Farm},
    {2158, 2158, C::Information, O::Notice, S::Farm},
    {2159, 2199, C::OrderWarning, O::Notice}, // 2161: price cap; 2174: no time zone.
    {10005, 10006, C::OrderRejected, O::Reject}, // Not by API; the parent is missing.
    {10015, 10015, C::OrderRejected, O::Reject}, // Read-only.
    {10020, 10020, C::OrderRejected, O::Reject},
    {10052, 10052, C::OrderRejected, O::Reject}, // Time in force.
    {10089, 10091, C::DegradedData, O::Ask, S::Say, &missing}, // Partly subscribed.
    {10092, 10092, C::RequestFailed},
    {10147, 10148, C::OrderWarning, O::CancelRefuse}, // Unknown; not in this state.
    {10149, 10149, C::OrderRejected, O::Reject},
    {10167, 10167, C::DegradedData, O::Ask, S::Say, &delayed}, // Delayed data follows.
    {10168, 10168, C::DegradedData, O::Ask, S::Say, &ended},
    {10182, 10182, C::DegradedData}, // Live updates of a subscription failed.
    {10185, 10185, C::Information},
    {10186, 10186, C::DegradedData, O::Ask, S::Say, &ended},
    {10187, 10187, C::RequestFailed},
    {10189, 10190, C::RequestFailed},
    {10197, 10197, C::DegradedData, O::Ask, S::Say, &missing}, // Live data elsewhere.
    {10225, 10225, C::DegradedData, O::Ask, S::Say, &ended}, // Bust: ended.
    {10241, 10252, C::OrderRejected, O::Reject}, // Fractional or monetary size.
    {10255, 10255, C::OrderRejected, O::Reject},
    {10268, 10270, C::OrderRejected, O::Reject}, // Dead attributes.
    {10276, 10285, C::RequestFailed}, // News; calendars; fractional rules.
    {10299, 10299, C::RequestFailed},
    {10311, 10311, C::OrderWarning, O::Notice}, // Direct routing may cost more.
    {10314, 10314, C::RequestFailed},
    {10318, 10318, C::OrderRejected, O::Reject},
    {10326, 10326, C::OrderWarning, O::ModifyRefuse}, // The group of a live order cannot change.
    {10339, 10339, C::RequestFailed},
    {10349, 10349, C::OrderWarning, O::Notice}, // Time in force was set by a preset.
});

constexpr bool is_sorted_and_disjoint() {
    for (std::size_t i = 0; i < codes.size(); ++i)
        if (codes[i].last < codes[i].first || (i > 0 && codes[i].first <= codes[i - 1].last))
            return false;
    return true;
}
static_assert(is_sorted_and_disjoint());

constexpr const CodeRow* find_row(std::int64_t code) {
    const auto row = std::ranges::lower_bound(codes, code, {}, &CodeRow::last);
    return row != codes.end() && code >= row->first ? &*row : nullptr;
}
static_assert(find_row(19'999) == nullptr && find_row(99) == nullptr, "unlisted: decides nothing");
static_assert(find_row(202)->order == O::Cancelled, "202 confirms a cancel");
static_assert(find_row(2107)->system == S::Farm, "in the middle of a range");

constexpr bool dead_orders_are_rejected() {
    return std::ranges::all_of(codes, [](const CodeRow& row) {
        return row.code_class != C::OrderRejected || row.order == O::Reject;
    });
}
static_assert(dead_orders_are_rejected());

}  // namespace

std::string_view to_text(CodeClass code_class) {
    switch (code_class) {
        case C::Information:
            return "information";
        case C::DegradedData:
            return "degraded data";
        case C::RequestFailed:
            return "request failed";
        case C::OrderWarning:
            return "order warning";
        case C::OrderRejected:
            return "order rejected";
        case C::Connection:
            return "connection";
        case C::Fatal:
            return "fatal";
    }
    return "information";
}

std::optional<CodeClass> find_code_class(std::int64_t code) {
    const auto* row = find_row(code);
    return row != nullptr ? std::optional(row->code_class) : std::nullopt;
}

SystemReaction system_reaction_of(std::int64_t code) {
    const auto* row = find_row(code);
    return row != nullptr ? row->system : S::Say;
}

OrderReaction order_reaction_of(std::int64_t code) {
    const auto* row = find_row(code);
    return row != nullptr ? row->order : O::Ask;
}

const QuoteReaction* find_quote_reaction(std::int64_t code) {
    const auto* row = find_row(code);
    return row != nullptr ? row->quote : nullptr;
}

}  // namespace janus::ib::wire
