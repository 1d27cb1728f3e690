#pragma once

#include <cstdint>
#include <string>

#include "janus/v1/janus.pb.h"

/// The words of a new order, or of its change, and the requests that they make.
namespace janus::cli {

/// What `buy`, `sell`, `short`, `bstop` and `sstop` were given; empty where they were not.
struct PlaceWords {
    std::string symbol, quantity, limit, stop;
    std::string trail, limit_offset, take_profit, stop_loss, oca_group, key;
    std::string time_in_force{"DAY"}, session{"REGULAR"};
    bool on_close{false};
    bool preview{false};
    bool yes{false};
};
struct ModifyWords {
    std::uint64_t order{0};
    std::string quantity, limit, stop, trail, limit_offset;
    bool yes{false};
};

/// The type follows from what was given: a stop, a trail, the close, a limit.
v1::PlaceOrderRequest request_of(const PlaceWords& words, const std::string& side, bool is_stop,
                                 const std::string& account);
v1::ModifyOrderRequest request_of(const ModifyWords& words);
bool changes_nothing(const ModifyWords& words);

/// Checks for the command line: what is wrong with the text, empty when nothing is.
std::string is_trail(const std::string& text);
std::string is_time_in_force(const std::string& text);

}  // namespace janus::cli
