#pragma once

#include <boost/json/fwd.hpp>

#include "app/sim_world.hpp"

namespace janus::app {

/// What the control port shows of the world. Decimals are texts; the members are documented in
/// `src/sim/README.md` and stay as they are.
boost::json::object state_of(const SimWorld& world);
/// Every order-bearing message of both brokers, in the order of time.
boost::json::object ledger_of(const SimWorld& world);
/// Every fault there is, and those that are on.
boost::json::object faults_of(const SimWorld& world);

}  // namespace janus::app
