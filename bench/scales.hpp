#pragma once

#include <memory>
#include <string>

namespace janus::bench {

/// What an order's time is compared with: one durable commit of one row of an order's size, with
/// the journal's settings and nothing around it.
class DurableCommit {
 public:
    /// Makes a database in the folder. Throws when it cannot.
    explicit DurableCommit(const std::string& folder);
    ~DurableCommit();
    /// The seconds of one.
    double commit_one();

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The other scale: one unary call over loopback to a gRPC server that gives the bytes back.
class GrpcEcho {
 public:
    /// Starts the server on a free port. Throws when it cannot.
    GrpcEcho();
    ~GrpcEcho();
    /// The seconds of one call.
    double call_one();

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace janus::bench
