// Results as text tables for a terminal.
#pragma once

#include <string>

#include "candor/evaluation/replay.h"

namespace candor::app {

/// Counts, one row a method, and the workers at both ends of the weights.
[[nodiscard]] std::string replay_table(const evaluation::ReplayResult& result);

/// `text` cut or padded with spaces to `width` characters (UTF-8 sequences are not split);
/// control characters are shown as '?'.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);

}  // namespace candor::app
