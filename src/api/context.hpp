#pragma once

#include <functional>
#include <set>
#include <string>

#include "api/log_buffer.hpp"
#include "core/engine.hpp"

namespace janus::api {

class QuoteSource;

/// What every call works with. Owned by the program; used on the core thread only.
struct Context {
    core::Engine& engine;
    LogBuffer& log;
    std::function<void()> stop_server;
    std::string version;
    Utc started;
    std::function<bool()> ready;  ///< As /readyz answers.
    std::set<QuoteSource*>
        quote_sources{};  ///< Told of changed quotes; they add and remove themselves.

    /// Hands the changed quotes to the streams that want them; after every pump.
    void spread_quotes();
};

}  // namespace janus::api
