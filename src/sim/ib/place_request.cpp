#include "sim/ib/place_request.hpp"

#include <array>

namespace janus::sim::ib {
namespace {

constexpr int list_size_max = 200;  // Bound of every counted list in an order.

/// A list length, held within its bound so that a wild number does not loop for long.
int count_of(FieldCursor& in) {
    const auto count = in.integer();
    return count < 0 || count > list_size_max ? 0 : static_cast<int>(count);
}

void skip_pairs(FieldCursor& in) {
    in.skip(2 * count_of(in));
}

void skip_combo(FieldCursor& in) {
    constexpr int leg_fields = 8;
    in.skip(leg_fields * count_of(in));
    in.skip(count_of(in));  // Prices of the legs.
    skip_pairs(in);         // Smart combo routing.
}

struct ConditionRow {
    std::int64_t type;
    int body_fields;
};
constexpr auto condition_rows = std::to_array<ConditionRow>({
    {1, 5},
    {3, 2},
    {4, 2},
    {5, 3},
    {6, 4},
    {7, 4},
});

void skip_conditions(FieldCursor& in) {
    const int count = count_of(in);
    for (int index = 0; index < count; ++index) {
        const auto type = in.integer();
        in.skip();  // Conjunction.
        for (const auto& row : condition_rows)
            if (row.type == type) in.skip(row.body_fields);
    }
    if (count > 0) in.skip(2);  // Ignore regular hours, cancel order.
}

void read_first_part(FieldCursor& in, PlaceRequest& request) {
    request.order_id = in.integer();
    request.contract = read_contract_query(in);
    in.skip(2);  // Security id and its type.
    request.action = in.text();
    request.quantity = in.number();
    request.order_type = in.text();
    request.limit_price = in.number();
    request.aux_price = in.number();
    request.time_in_force = in.text();
    request.oca_group = in.text();
    request.account = in.text();
    request.open_close = in.text();
    request.origin = in.integer();
    request.order_reference = in.text();
    request.transmit = in.flag();
    request.parent_id = in.integer();
    in.skip(2);  // Block order, sweep to fill.
    request.display_size = in.integer();
    request.trigger_method = in.integer();
    request.outside_regular_hours = in.flag();
    request.hidden = in.flag();
    if (request.contract.security_type == "BAG") skip_combo(in);
}

void read_dates_and_model(FieldCursor& in, PlaceRequest& request, int version) {
    in.skip(2);  // Shares allocation, discretionary amount.
    request.good_after_time = in.text();
    request.good_till_date = in.text();
    request.adviser_group = in.text();
    request.adviser_method = in.text();
    request.adviser_percentage = in.text();
    if (version < 177) in.skip();
    request.model_code = in.text();
    in.skip(3);  // Short sale slot, location, exempt code.
    request.oca_type = in.integer();
    in.skip(2);  // Rule 80A, settling firm.
    request.all_or_none = in.flag();
    in.skip(14);  // Minimum quantity to volatility type, and nothing that we act on.
}

void read_trail_to_algo(FieldCursor& in, PlaceRequest& request) {
    constexpr int delta_neutral_fields = 8;
    constexpr int scale_fields = 7;
    const bool delta_neutral = !in.text().empty();
    in.skip();  // Delta neutral auxiliary price.
    if (delta_neutral) in.skip(delta_neutral_fields);
    in.skip(2);  // Continuous update, reference price type.
    request.trail_stop_price = in.number();
    request.trailing_percent = in.number();
    in.skip(2);  // Level sizes of a scale.
    const auto increment = in.number();
    if (increment && increment->is_positive()) in.skip(scale_fields);
    in.skip(3);                         // Scale table, active start and stop.
    if (!in.text().empty()) in.skip();  // Hedge type and its parameter.
    in.skip(4);                         // Smart routing, clearing account and intent, not held.
    if (in.flag()) in.skip(3);          // Delta neutral contract.
    if (!in.text().empty()) skip_pairs(in);
    in.skip();  // Algo id.
}

/// Fields of the pegged kinds, which only they have.
void skip_peg_extras(FieldCursor& in, const PlaceRequest& request) {
    if (request.contract.exchange == "IBKRATS") in.skip();
    if (request.order_type == "PEG MID") in.skip(2);
    if (request.order_type == "PEG BEST") {
        in.skip();
        if (!in.number()) in.skip(2);
    }
}

void read_last_part(FieldCursor& in, PlaceRequest& request, int version) {
    request.what_if = in.flag();
    in.skip(4);  // Misc options, solicited, randomize size and price.
    if (request.order_type == "PEG BENCH") in.skip(5);
    skip_conditions(in);
    in.skip(2);  // Adjusted order type, trigger price.
    request.limit_price_offset = in.number();
    in.skip(8);  // Adjusted prices, external operator, soft dollar tier, cash quantity.
    in.skip(4);  // MiFID.
    in.skip(2);  // Automatic price for hedge, OMS container.
    in.skip(7);  // Discretionary up to limit to manual order time.
    skip_peg_extras(in, request);
    if (version >= 183) in.skip();
    if (version >= 184) in.skip();
    if (version >= 187 && version <= 189) in.skip(2);
    if (version >= 189) request.include_overnight = in.flag();
    if (version >= 192) in.skip();
    if (version >= 199) in.skip();
}

}  // namespace

PlaceRequest read_place_request(FieldCursor& in, int version) {
    PlaceRequest request;
    read_first_part(in, request);
    read_dates_and_model(in, request, version);
    read_trail_to_algo(in, request);
    read_last_part(in, request, version);
    return request;
}

}  // namespace janus::sim::ib
