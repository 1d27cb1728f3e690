#pragma once

#include <vector>

#include "base/result.hpp"
#include "domain/order.hpp"

namespace janus::core {

/// An entry with its two exits: a limit order that takes the profit and a stop order that bounds
/// the loss. They sell (or buy back) what the entry opens, and one fill cancels the other.
struct BracketIntent {
    OrderIntent entry;
    Price take_profit;
    Price stop_loss;
};

/// The three orders of a bracket: the entry, the profit taker, the stop. The exits live as long as
/// the entry may; their keys are the entry's with a word.
std::vector<OrderIntent> intents_of(const BracketIntent& bracket);

/// The exits must lie on the two sides of the entry, and the entry must open something.
/// Errors: `Invalid`, naming the rule.
Result<void> check_bracket(const BracketIntent& bracket);

}  // namespace janus::core
