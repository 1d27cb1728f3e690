// Descriptions of instruments in both forms.
#include "sim/ib/layouts.hpp"

namespace janus::sim::ib {
namespace {

constexpr int contract = 2;
constexpr int details = 3;

void describe_fund(Form& form) {
    for (const int number : {27, 28, 29, 30, 31, 32, 33}) form.text({details, number});
    for (const int number : {34, 35, 36}) form.flag({details, number});
    for (const int number : {37, 38, 39, 40, 41, 42, 43}) form.text({details, number});
}

void describe_sizes(Form& form) {
    for (const int number : {24, 25, 26}) form.decimal({details, number});
}

}  // namespace

void describe_contract_query(Form& form, int at) {
    form.integer({at, 1});
    for (const int number : {2, 3, 4}) form.text({at, number});
    form.number({at, 5});
    form.text({at, 6});
    form.number({at, 7});
    for (const int number : {8, 9, 10, 11, 12}) form.text({at, number});
}

void describe_contract(Form& form, int at) {
    form.integer({at, 1});
    for (const int number : {2, 3, 4}) form.text({at, number});
    form.number({at, 5});
    form.text({at, 6});
    form.number({at, 7});
    for (const int number : {8, 10, 11, 12}) form.text({at, number});
}

void describe_contract_data(Form& form) {
    form.integer({1});
    form.text({contract, 2});
    const auto type = form.text({contract, 3});
    form.text({contract, 4});
    form.text({contract, 21});
    form.number({contract, 5});
    for (const int number : {6, 8, 10, 11}) form.text({contract, number});
    form.text({details, 1});
    form.text({contract, 12});
    form.integer({contract, 1});
    form.decimal({details, 2});
    form.number({contract, 7});
    for (const int number : {3, 4}) form.text({details, number});
    for (const int number : {5, 6}) form.integer({details, number});
    form.text({details, 7});
    form.text({contract, 9});
    for (const int number : {8, 9, 10, 11, 12, 13, 14, 15}) form.text({details, number});
    form.number({details, 16});
    form.pairs({details, 17});
    form.integer({details, 18});
    for (const int number : {19, 20, 21, 22, 23}) form.text({details, number});
    describe_sizes(form);
    if (type == "FUND") describe_fund(form);
    form.rows({details, 58}, [](Form& row) {
        row.text({1});
        row.text({2});
    });
}

void describe_bond_contract_data(Form& form) {
    form.integer({1});
    for (const int number : {2, 3}) form.text({contract, number});
    form.text({details, 44});
    form.number({details, 48});
    form.text({contract, 4});
    for (const int number : {45, 46, 47, 49}) form.text({details, number});
    for (const int number : {50, 51, 52}) form.flag({details, number});
    form.text({details, 53});
    for (const int number : {8, 10}) form.text({contract, number});
    form.text({details, 1});
    form.text({contract, 12});
    form.integer({contract, 1});
    form.decimal({details, 2});
    for (const int number : {3, 4, 54, 55}) form.text({details, number});
    form.flag({details, 56});
    for (const int number : {57, 7, 12, 13, 14, 15}) form.text({details, number});
    form.number({details, 16});
    form.pairs({details, 17});
    form.integer({details, 18});
    form.text({details, 21});
    describe_sizes(form);
}

}  // namespace janus::sim::ib
