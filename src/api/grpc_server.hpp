#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/context.hpp"
#include "base/secret.hpp"

namespace janus::api {

struct GrpcServerSettings {
    std::vector<std::string> addresses;  ///< `127.0.0.1:2014`; port 0 picks one.
    Secret token;                        ///< What every call but health and reflection must bring.
};

/// The gRPC face of the core: janus.v1.Janus with the standard health and reflection services.
/// gRPC's threads decode and post; every call runs on the core thread. Made, used and destroyed on
/// the core thread.
class GrpcServer {
 public:
    /// Carries work to the core thread; false when the loop is gone. After each piece of work the
    /// core is pumped.
    using Post = std::function<bool(std::function<void()>)>;

    /// Errors: `Conflict` when an address is in use.
    static Result<std::unique_ptr<GrpcServer>> listen(const GrpcServerSettings& settings,
                                                      Context& context, std::function<Now()> clock,
                                                      Post post);
    ~GrpcServer();
    GrpcServer(const GrpcServer&) = delete;
    GrpcServer& operator=(const GrpcServer&) = delete;

    /// The ports in use, in the order of the settings.
    const std::vector<int>& ports() const;
    /// The state that the standard health service answers with.
    void set_ready(bool ready);
    /// Lets every stream whose client can take a message look for one. Call it after each pump.
    void poke(Now now);
    /// Ends every call with UNAVAILABLE and stops listening; at most about a second.
    void stop();

 private:
    struct Parts;
    explicit GrpcServer(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::api
