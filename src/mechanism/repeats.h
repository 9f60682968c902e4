// Whether a worker is named twice.
#pragma once

#include <span>

#include "candor/base/ids.h"

namespace candor::mechanism {

[[nodiscard]] bool has_repeats(std::span<const WorkerId> worker);

}  // namespace candor::mechanism
