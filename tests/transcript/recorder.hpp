#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "layouts.hpp"
#include "webull_bodies.hpp"

namespace janus::transcript {

/// Writes what a gateway says today into a transcript, in place of its `!` lines. For writing
/// transcripts: a person reads what it has written and compares it with what the broker's behaviour
/// demands. Runs at the newest version of the transcript.
Result<void> rewrite(const Layouts& layouts, const std::filesystem::path& file);
Result<void> rewrite(const Bodies& bodies, const std::filesystem::path& file);

}  // namespace janus::transcript
