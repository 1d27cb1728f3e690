#pragma once

#include <string>
#include <string_view>

#include "app/sim_world.hpp"
#include "base/result.hpp"

namespace janus::app {

/// The answer of the control port.
struct ControlReply {
    int status{200};
    std::string body;  ///< JSON.
};

/// `{"error": "sentence"}` with the status that fits: 404 for `NotFound`, 409 for `Conflict`, 422
/// for `Rejected`, otherwise 400.
ControlReply to_reply(const Error& error);

/// Answers one call of the control port: the truth of the brokers, the ledger, prices, faults and
/// orders from elsewhere. The calls and their members are documented in `src/sim/README.md`.
/// Errors are replies too: 400 for what cannot be read, 404 for what is not there, 405 for another
/// method, 409 and 422 for what cannot be done, each `{"error": "sentence"}`.
ControlReply answer_control(SimWorld& world, Now now, std::string_view method,
                            std::string_view target, std::string_view body);

}  // namespace janus::app
