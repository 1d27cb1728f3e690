#pragma once

#include <span>
#include <string_view>

namespace janus::store {

/// One numbered, forward-only step of the database schema: a file of sql/.
struct SchemaStep {
    int version;
    std::string_view name;  ///< `0001_registry`
    std::string_view sql;
};

/// All steps, from 1 up without a gap. They live as long as the program.
std::span<const SchemaStep> schema_steps();

}  // namespace janus::store
