#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "sim/fault.hpp"

namespace janus::sim::ib {

/// The faults of the IB simulator: the table of what there is, and which are switched on with how
/// many strokes left.
class FaultBox {
 public:
    static std::span<const FaultRow> rows();

    /// Switches one on (a second time: with the new parameters) or off.
    /// Errors: `NotFound` for an unknown target or name; `Invalid` for an unknown parameter or one
    /// that is no number where a number is meant.
    Result<void> set(const FaultOrder& order);

    void switch_off(std::string_view name);
    bool is_on(std::string_view name) const;
    /// True when the fault is on; uses up one stroke, and the last one switches it off.
    /// Its parameters stay readable until it is set again.
    bool strikes(std::string_view name);

    std::string text_of(std::string_view name, std::string_view key,
                        std::string_view fallback) const;
    std::int64_t integer_of(std::string_view name, std::string_view key,
                            std::int64_t fallback) const;
    std::optional<Decimal> find_number(std::string_view name, std::string_view key) const;

    std::vector<std::string> active() const;

 private:
    struct Fault {
        bool on{false};
        std::int64_t left{0};  ///< 0: until switched off.
        std::map<std::string, std::string, std::less<>> parameters;
    };
    std::map<std::string, Fault, std::less<>> faults_;
};

}  // namespace janus::sim::ib
