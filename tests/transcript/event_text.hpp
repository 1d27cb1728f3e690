#pragma once

#include <string>

#include "domain/market_data.hpp"
#include "gateway/event.hpp"

namespace janus::transcript {

/// The client order id that transcripts give to their order of this number.
std::string reference_of(std::uint64_t order);

/// What a gateway says, as a line of a transcript: a kind, plain words, `name=value` pairs for what
/// is there. Empty for lines of the log, which decide nothing.
std::string text_of(const gateway::Event& event);
std::string text_of(const Tick& tick);

}  // namespace janus::transcript
