#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "gateway/command.hpp"
#include "layouts.hpp"

namespace janus::transcript {

/// `15s`, `250ms`, `2m`, `1d`. Errors: `Malformed`.
Result<Duration> parse_span(std::string_view text);

/// The broker's id of an instrument that a preset of the layouts describes; empty without one.
NativeId native_id_of(const Layouts& layouts, const std::string& symbol);

/// What `do place N side quantity SYMBOL limit=...` and `do preview ...` ask for.
Result<OrderIntent> intent_of(const Line& line, const AccountName& account);

/// The order of an intent, as the core hands it to a gateway.
gateway::PlaceOrder place_of(const OrderIntent& intent, OrderId order, std::int64_t number);

/// Puts the values that a `do modify` names over those of the order.
Result<void> change(gateway::PlaceOrder& order, const Line& line);

/// The commands that need nothing but their own words: lookups, ticks, bars, history.
/// Errors: `Malformed` for a word that is none of them.
Result<gateway::Command> command_of(const Line& line, const Layouts& layouts,
                                    const AccountName& account);

}  // namespace janus::transcript
