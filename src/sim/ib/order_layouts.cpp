// The three messages that carry a whole order, in both forms: placeOrder, openOrder and
// completedOrder. Blocks that depend on an earlier field stand behind an `if` on it.
#include <optional>

#include "base/decimal.hpp"
#include "sim/ib/layouts.hpp"

namespace janus::sim::ib {
namespace {

constexpr int place_contract = 2;
constexpr int place_order = 3;
constexpr int open_state = 4;
constexpr int completed_contract = 1;
constexpr int completed_order = 2;
constexpr int completed_state = 3;

void describe_legs(Form& form, int contract) {
    form.rows({contract, 20}, [](Form& leg) {
        for (const int number : {1, 2}) leg.integer({number});
        for (const int number : {3, 4}) leg.text({number});
        for (const int number : {5, 6}) leg.integer({number});
        leg.text({7});
        leg.integer({8});
    });
    // The prices of the legs follow as a list of their own; protobuf has them inside the legs.
    if (form.reads_text())
        form.only_text("0");
    else
        form.rows({contract, 20}, [](Form& leg) { leg.number({9}); });
}

void describe_scale(Form& form, int order) {
    form.integer({order, 48});
    form.integer({order, 49});
    const auto increment = Decimal::parse_rounded(form.number({order, 50}));
    if (!increment || !increment->is_positive()) return;
    form.number({order, 51});
    form.integer({order, 52});
    form.number({order, 53});
    form.flag({order, 54});
    form.integer({order, 55});
    form.integer({order, 56});
    form.flag({order, 57});
}

void describe_hedge(Form& form, int order) {
    if (!form.text({order, 59}).empty()) form.text({order, 60});
}

void describe_delta_neutral_contract(Form& form, int contract) {
    if (!form.presence({contract, 17})) return;
    form.integer({contract, 17, 1});
    form.number({contract, 17, 2});
    form.number({contract, 17, 3});
}

void describe_algorithm(Form& form, int order) {
    if (!form.text({order, 61}).empty()) form.pairs({order, 62});
}

void describe_benchmark(Form& form, int order, std::string_view type) {
    if (type != "PEG BENCH" && type != "PEGBENCH") return;
    form.integer({order, 88});
    form.flag({order, 90});
    form.number({order, 89});
    form.number({order, 91});
    form.text({order, 92});
}

void describe_condition(Form& form) {
    const auto type = form.integer({1});
    form.flag({2});
    if (type != "5") form.flag({3});
    if (type == "1") form.number({10});
    if (type == "3") form.text({12});
    if (type == "4") form.integer({8});
    if (type == "6") form.integer({13});
    if (type == "7") form.number({9});
    if (type == "5") form.text({7});
    if (type == "1" || type == "6" || type == "7") form.integer({4});
    if (type == "1" || type == "5" || type == "6" || type == "7") form.text({5});
    if (type == "1") form.integer({11});
    if (type == "5") form.text({6});
}

void describe_conditions(Form& form, int order) {
    bool any = false;
    form.rows({order, 100}, [&any](Form& row) {
        any = true;
        describe_condition(row);
    });
    if (!any) return;
    form.flag({order, 102});
    form.flag({order, 101});
}

/// From action to reference, as openOrder and completedOrder begin.
std::string describe_terms(Form& form, int order) {
    form.text({order, 5});
    form.decimal({order, 6});
    const auto type = form.text({order, 8});
    form.number({order, 9});
    form.number({order, 10});
    for (const int number : {11, 27, 12, 68}) form.text({order, number});
    form.integer({order, 69});
    form.text({order, 28});
    return type;
}

/// The adviser's three fields and the model.
void describe_adviser(Form& form, int order) {
    for (const int number : {34, 35, 36, 103}) form.text({order, number});
}

void describe_prices_of_auction(Form& form, int order) {
    for (const int number : {78, 79, 80, 81, 82}) form.number({order, number});
}

void describe_pegs(Form& form, int order) {
    form.integer({order, 127});
    form.integer({order, 128});
    for (const int number : {129, 130, 131}) form.number({order, number});
}

/// The hedge of a volatility order, and where a trail stands.
void describe_delta_neutral_and_trail(Form& form, int order) {
    const auto delta_neutral = form.text({order, 41});
    form.number({order, 42});
    if (!delta_neutral.empty()) {
        form.integer({order, 43});
        for (const int number : {73, 74, 75, 44}) form.text({order, number});
        form.flag({order, 45});
        form.integer({order, 46});
        form.text({order, 47});
    }
    form.flag({order, 39});
    form.integer({order, 40});
    form.number({order, 23});
    form.number({order, 22});
}

// ---- placeOrder ----

std::string describe_place_head(Form& form) {
    form.integer({1});
    describe_contract_query(form, place_contract);
    form.text({place_contract, 13});
    form.text({place_contract, 14});
    const auto type = describe_terms(form, place_order);
    form.flag({place_order, 66});
    form.integer({place_order, 4});
    form.flag({place_order, 17});
    form.flag({place_order, 20});
    form.integer({place_order, 7});
    form.integer({place_order, 31});
    form.flag({place_order, 19});
    form.flag({place_order, 18});
    return type;
}

void describe_place_terms(Form& form) {
    constexpr int order = place_order;
    form.dead();  // Shares allocation.
    form.number({order, 76});
    form.text({order, 25});
    form.text({order, 26});
    describe_adviser(form, order);
    form.integer({order, 70});
    form.text({order, 71});
    form.integer({order, 72});
    form.integer({order, 30});
    form.text({order, 29});
    form.text({order, 13});
    form.flag({order, 16});
    form.integer({order, 24});
    form.number({order, 21});
    form.dead(4);  // Electronic trade, firm quote, cap of the best price, auction strategy.
    describe_prices_of_auction(form, order);
    form.flag({order, 67});
    form.number({order, 37});
    form.integer({order, 38});
}

void describe_place_blocks(Form& form) {
    constexpr int order = place_order;
    describe_delta_neutral_and_trail(form, order);
    describe_scale(form, order);
    for (const int number : {58, 32, 33}) form.text({order, number});
    describe_hedge(form, order);
    form.flag({order, 77});
    form.text({order, 14});
    form.text({order, 15});
    form.flag({order, 83});
    describe_delta_neutral_contract(form, place_contract);
    describe_algorithm(form, order);
    form.text({order, 63});
    form.flag({order, 65});
    form.options({order, 84});
    for (const int number : {85, 86, 87}) form.flag({order, number});
}

void describe_adjustment(Form& form, int order) {
    form.text({order, 93});
    for (const int number : {94, 99, 95, 96, 97}) form.number({order, number});
    form.integer({order, 98});
}

void describe_place_pegs(Form& form, std::string_view type, std::string_view exchange) {
    constexpr int order = place_order;
    if (exchange == "IBKRATS") form.integer({order, 127});
    bool offsets = type == "PEG MID";
    if (type == "PEG BEST") {
        form.integer({order, 128});
        offsets = form.number({order, 129}).empty();
    }
    if (!offsets) return;
    form.number({order, 130});
    form.number({order, 131});
}

void describe_place_tail(Form& form) {
    constexpr int order = place_order;
    form.text({order, 104});
    form.text({order, 105, 1});
    form.text({order, 105, 2});
    form.number({order, 106});
    for (const int number : {107, 108, 109, 110}) form.text({order, number});
    for (const int number : {111, 112, 113}) form.flag({order, number});
    for (const int number : {122, 123, 124}) form.integer({order, number});
    form.flag({order, 117});
    form.text({order, 125});
    form.text({order, 126});
}

}  // namespace

void describe_place_order(Form& form) {
    constexpr int order = place_order;
    const auto type = describe_place_head(form);
    const auto security_type = form.peek({place_contract, 3});
    if (security_type == "BAG") {
        describe_legs(form, place_contract);
        form.pairs({order, 64});
    }
    describe_place_terms(form);
    describe_place_blocks(form);
    describe_benchmark(form, order, type);
    describe_conditions(form, order);
    describe_adjustment(form, order);
    describe_place_tail(form);
    describe_place_pegs(form, type, form.peek({place_contract, 8}));
    form.text({order, 132});
    form.flag({order, 133});
    form.flag({order, 135});
    form.integer({order, 136});
    form.flag({order, 119});
}

namespace {

// ---- openOrder ----

void describe_open_identity(Form& form, int order) {
    form.integer({order, 1});
    form.integer({order, 3});
    form.flag({order, 19});
    form.flag({order, 18});
    form.number({order, 76});
    form.text({order, 25});
    form.dead();  // Shares allocation.
    describe_adviser(form, order);
    form.text({order, 26});
    form.text({order, 29});
    form.number({order, 21});
    form.text({order, 13});
    form.integer({order, 70});
    form.text({order, 71});
    form.integer({order, 72});
    form.dead();  // Auction strategy.
    describe_prices_of_auction(form, order);
    form.integer({order, 7});
    for (const int number : {17, 20, 16}) form.flag({order, number});
    form.integer({order, 24});
    form.integer({order, 30});
    form.dead(3);  // Electronic trade, firm quote, cap of the best price.
    form.integer({order, 4});
    form.integer({order, 31});
}

void describe_volatility(Form& form, int order) {
    form.number({order, 37});
    form.integer({order, 38});
    describe_delta_neutral_and_trail(form, order);
    form.dead(2);  // Basis points and their type.
}

void describe_state(Form& form, int state) {
    form.text({state, 1});
    for (const int number : {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}) form.number({state, number});
    form.text({state, 14});
    form.text({state, 15});
    for (const int number : {16, 17, 18, 19, 20, 21, 22, 23, 24}) form.number({state, number});
    form.decimal({state, 25});
    form.text({state, 26});
    form.rows({state, 27}, [](Form& row) {
        row.text({1});
        for (const int number : {2, 3, 4, 5, 6}) row.decimal({number});
        row.flag({7});
    });
    form.text({state, 28});
}

void describe_open_adjustment(Form& form, int order) {
    form.text({order, 93});
    form.number({order, 94});
    form.only_text({});  // The trailing stop price once more.
    for (const int number : {99, 95, 96, 97}) form.number({order, number});
    form.integer({order, 98});
}

void describe_open_tail(Form& form, int order) {
    for (const int number : {1, 2, 3}) form.text({order, 105, number});
    form.number({order, 106});
    for (const int number : {111, 112, 113}) form.flag({order, number});
    for (const int number : {122, 123, 124}) form.integer({order, number});
    form.flag({order, 117});
    describe_pegs(form, order);
    form.text({order, 132});
    form.flag({order, 133});
    form.text({order, 134});
    form.flag({order, 135});
    form.text({order, 104});
    form.integer({order, 136});
    form.text({order, 137});
    form.flag({order, 119});
}

}  // namespace

void describe_open_order(Form& form) {
    constexpr int contract = place_contract;
    constexpr int order = place_order;
    form.integer({1});
    describe_contract(form, contract);
    const auto type = describe_terms(form, order);
    describe_open_identity(form, order);
    describe_volatility(form, order);
    form.text({contract, 19});
    describe_legs(form, contract);
    form.pairs({order, 64});
    describe_scale(form, order);
    describe_hedge(form, order);
    form.flag({order, 77});
    form.text({order, 14});
    form.text({order, 15});
    form.flag({order, 83});
    describe_delta_neutral_contract(form, contract);
    describe_algorithm(form, order);
    form.flag({order, 85});
    form.flag({order, 65});
    describe_state(form, open_state);
    form.flag({order, 86});
    form.flag({order, 87});
    describe_benchmark(form, order, type);
    describe_conditions(form, order);
    describe_open_adjustment(form, order);
    describe_open_tail(form, order);
}

namespace {

// ---- completedOrder ----

void describe_completed_identity(Form& form, int order) {
    form.integer({order, 3});
    form.flag({order, 19});
    form.flag({order, 18});
    form.number({order, 76});
    form.text({order, 25});
    describe_adviser(form, order);
    form.text({order, 26});
    form.text({order, 29});
    form.number({order, 21});
    form.text({order, 13});
    form.integer({order, 70});
    form.text({order, 71});
    form.integer({order, 72});
    describe_prices_of_auction(form, order);
    form.integer({order, 7});
    form.flag({order, 20});
    form.flag({order, 16});
    form.integer({order, 24});
    form.integer({order, 30});
    form.integer({order, 31});
    form.number({order, 37});
    form.integer({order, 38});
}

void describe_completed_blocks(Form& form, int order) {
    const auto delta_neutral = form.text({order, 41});
    form.number({order, 42});
    if (!delta_neutral.empty()) {
        form.integer({order, 43});
        form.flag({order, 45});
        form.integer({order, 46});
        form.text({order, 47});
    }
    form.flag({order, 39});
    form.integer({order, 40});
    form.number({order, 23});
    form.number({order, 22});
    form.text({completed_contract, 19});
    describe_legs(form, completed_contract);
    form.pairs({order, 64});
    describe_scale(form, order);
    describe_hedge(form, order);
    form.text({order, 14});
    form.text({order, 15});
    form.flag({order, 83});
    describe_delta_neutral_contract(form, completed_contract);
    describe_algorithm(form, order);
    form.flag({order, 85});
}

void describe_completed_tail(Form& form, int order) {
    form.only_text({});  // The trailing stop price once more.
    form.number({order, 99});
    form.number({order, 106});
    form.flag({order, 111});
    form.flag({order, 112});
    form.text({order, 114});
    form.decimal({order, 115});
    form.integer({order, 116});
    form.flag({order, 117});
    form.text({order, 118});
    form.flag({order, 119});
    form.integer({order, 120});
    form.integer({order, 121});
    form.text({completed_state, 29});
    form.text({completed_state, 30});
    describe_pegs(form, order);
    form.text({order, 132});
    form.flag({order, 133});
    form.text({order, 137});
}

}  // namespace

void describe_completed_order(Form& form) {
    constexpr int order = completed_order;
    describe_contract(form, completed_contract);
    const auto type = describe_terms(form, order);
    describe_completed_identity(form, order);
    describe_completed_blocks(form, order);
    form.text({completed_state, 1});
    form.flag({order, 86});
    form.flag({order, 87});
    describe_benchmark(form, order, type);
    describe_conditions(form, order);
    describe_completed_tail(form, order);
}

}  // namespace janus::sim::ib
