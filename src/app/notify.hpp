#pragma once

#include <string_view>

namespace janus::app {

/// Tells systemd what `$NOTIFY_SOCKET` wants to hear, e.g. `READY=1`; nothing happens without that
/// variable.
void notify_service_manager(std::string_view message);

}  // namespace janus::app
