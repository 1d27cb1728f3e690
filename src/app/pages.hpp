#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "core/engine.hpp"
#include "net/http_server.hpp"

namespace janus::app {

/// What an HTTP page answers with.
struct Page {
    int status{200};
    std::string type{"text/plain; charset=utf-8"};
    std::string body;
};

/// What the pages show.
struct PageSource {
    const core::Engine& engine;
    const Secret& token;
    std::string version;
    bool ready{false};
    bool stopping{false};
};

/// The operator's pages: /livez, /readyz, /healthz, /metrics. All but the first two need the token.
Page page_of(const net::HttpServerRequest& request, const PageSource& source, Now now);

}  // namespace janus::app
