// Pairs of answers to the same slots, counted: what the rules without outcomes are computed from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/result.h"

namespace candor::scoring {

/// counts [K, K] row-major: how often first says x and second says y. `first_name` and
/// `second_name` are the fields of error messages. Errors: invalid_argument for K < 2 or lengths
/// that differ; out_of_range for an answer >= K.
[[nodiscard]] Result<std::vector<double>> count_pairs(std::span<const std::uint32_t> first,
                                                      std::span<const std::uint32_t> second,
                                                      std::size_t answers,
                                                      std::string_view first_name,
                                                      std::string_view second_name);

/// Refuses fewer than `least` slots.
[[nodiscard]] Status check_slots(std::size_t slots, std::size_t least);

}  // namespace candor::scoring
