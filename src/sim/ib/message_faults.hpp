#pragma once

#include <optional>

#include "sim/ib/fault_box.hpp"
#include "sim/ib/wire.hpp"

namespace janus::sim::ib {

/// What the faults about single messages make of one on its way out (`withhold_message`,
/// `change_field`): the message, changed or not; nothing when it is kept back.
std::optional<Message> struck_by_faults(FaultBox& faults, const Message& message);

/// A message from a text with its fields separated by `|`, the id first.
Message message_of(std::string_view fields);

}  // namespace janus::sim::ib
