// Checks of single options; each returns what is wrong, or nothing.
#pragma once

#include <string>

namespace candor::app {

/// A whole number from 0 to 2^63 - 1. (Unsigned options would take -1 for a very large number.)
[[nodiscard]] std::string whole_number(const std::string& text);

}  // namespace candor::app
