// candor/payment/budget.h
// From parts of a budget to whole micro-units (millionths of the campaign's currency unit), exactly.
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace candor::payment {

/// Divides `budget` in proportion to share [n] (>= 0, not all 0) into whole numbers that sum to it
/// exactly: each gets the floor of its part, what is left goes one by one to the largest remainders
/// (earlier workers first among equals). budget >= 0.
/// Worked: 10 over shares {.5,.25,.25} -> {5,3,2}.
[[nodiscard]] std::vector<std::int64_t> divide_budget(std::int64_t budget,
                                                      std::span<const double> share);

}  // namespace candor::payment
