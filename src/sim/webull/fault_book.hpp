#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "sim/fault.hpp"

namespace janus::sim::webull {

/// The parameters of a fault that is on, every one with its value.
class FaultParameters {
 public:
    explicit FaultParameters(std::map<std::string, std::string> values)
        : values_(std::move(values)) {}

    /// The name must stand in the fault's row.
    const std::string& text(const std::string& name) const;
    int integer(const std::string& name) const;
    Duration milliseconds(const std::string& name) const;
    const std::map<std::string, std::string>& all() const { return values_; }

 private:
    std::map<std::string, std::string> values_;
};

/// Every fault of the simulated Webull. A row's `parameters` read `name=default name=default`, and
/// that text is also what orders are checked against.
std::span<const FaultRow> fault_rows();

/// The faults that are on. A fault with `count` above 0 ends by itself after so many uses.
class FaultBook {
 public:
    /// Switches a fault on or off; one that is on is replaced.
    /// Errors: `NotFound` for an unknown fault, `Invalid` for a parameter or a value that it does
    /// not take.
    Result<void> set(const FaultOrder& order);

    bool is_on(std::string_view name) const { return find(name) != nullptr; }
    /// Looks without using it up; lives until the next change.
    const FaultParameters* find(std::string_view name) const;
    /// Uses a fault once; nothing when it is off.
    std::optional<FaultParameters> use(std::string_view name);
    /// As `use`, for faults that are bound to an endpoint and, where their row has it, to a moment
    /// (`before` or `after` the order is committed).
    std::optional<FaultParameters> use_at(std::string_view name, std::string_view endpoint,
                                          std::string_view when);

    std::vector<FaultOrder> active() const;

 private:
    struct Active {
        const FaultRow* row;
        FaultParameters parameters;
        int left;  ///< 0: until switched off.
    };
    std::optional<FaultParameters> take(std::size_t place);

    std::vector<Active> active_;
};

}  // namespace janus::sim::webull
