#pragma once

#include <gtest/gtest.h>

#include "sim/ib/test_world.hpp"

namespace janus::sim::ib {

inline TestOrder resting(int order_id = 1) {
    return {.order_id = order_id, .type = "LMT", .limit = "150.00"};
}

/// A world with one ready client at version 200.
struct Faulty : TestWorld {
    Faulty() : connection(client(200, 7)) {}
    void place(const TestOrder& order = {}) { TestWorld::place(connection, 200, order); }
    std::vector<Fields> ask(const Fields& fields) {
        send(connection, fields);
        return take(connection);
    }
    std::vector<Fields> received() { return take(connection); }
    std::string error_code() { return code_of(first_of(received(), "4"), 200); }
    void subscribe(const std::string& id = "9") {
        send(connection, {"1",     "11", id,    "265598", "", "STK", "", "",  "",  "",
                          "SMART", "",   "USD", "",       "", "0",   "", "0", "0", ""});
    }
    void move_price(std::string_view last) {
        const auto middle = Decimal::parse(last).value();
        const auto step = Decimal::parse("0.01").value();
        ASSERT_TRUE(exchange.set_market(now(), "AAPL", {middle - step}, {middle + step}, {middle}));
        pump();
    }
    ConnectionId connection;
};

}  // namespace janus::sim::ib
