#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace janus::core {

/// Numbers of the core for the metrics page, by name. Owned by the engine.
class Counters {
 public:
    void add(std::string_view name, std::uint64_t count = 1) {
        const auto found = values_.find(name);
        if (found != values_.end())
            found->second += count;
        else
            values_.emplace(name, count);
    }
    /// 0 for a name that was never counted.
    std::uint64_t value_of(std::string_view name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? 0 : found->second;
    }
    const std::map<std::string, std::uint64_t, std::less<>>& all() const { return values_; }

 private:
    std::map<std::string, std::uint64_t, std::less<>> values_;
};

}  // namespace janus::core
