#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "net/listen_address.hpp"

namespace janus::app {

/// The command line of janus-sim.
struct SimOptions {
    std::string scenario_file;  ///< Empty: the built-in world.
    std::uint64_t seed{1};
    net::ListenAddress ib{"127.0.0.1", 4002};
    int ib_version{225};  ///< The highest server version of IB's gateway.
    net::ListenAddress webull{"127.0.0.1", 8801};
    net::ListenAddress webull_events{"127.0.0.1", 8802};
    net::ListenAddress control{"127.0.0.1", 8803};
    std::string tls_dir{"var/janus-sim/tls"};
    bool tls{true};
};

/// The program is over before it began: help was asked for (0), or the command line is wrong (2).
struct EarlyExit {
    int code{0};
};

/// Reads the command line; help and complaints are printed here.
std::variant<SimOptions, EarlyExit> parse_sim_options(int argument_count, char** arguments);

}  // namespace janus::app
