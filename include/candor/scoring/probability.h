// candor/scoring/probability.h
// Probabilities over the K >= 2 answers of a slot: what a report, an outcome and a label are made of.
//
// A row of K doubles, each in [0,1], that sum to 1. With two answers the row is {r, 1-r}, where r is
// the probability of answer 0 ("A is preferred").
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "candor/base/result.h"

namespace candor::scoring {

/// How far the sum of a row may lie from 1.
inline constexpr double sum_tolerance = 1e-9;

/// Refuses a row with an entry that is NaN or outside [0,1] (out_of_range, naming the entry), or whose
/// sum is off by more than sum_tolerance. `field` names the row in the message. Cost: O(K).
[[nodiscard]] Status check_probabilities(std::span<const double> row, std::string_view field);

/// True if one entry is 1 and the rest are 0: an outcome that happened, a label that was chosen.
[[nodiscard]] bool is_certain(std::span<const double> row);

/// The share of the outcome's mass that falls on the label's most probable answers: sum of
/// outcome[k] over the n answers within 1e-12 of the label's maximum, divided by n. So a certain
/// outcome gives 1 for a hit, 0 for a miss, 1/n if n answers tie for the top and one of them is right.
///
/// Worked: label {.4, .4, .2}, outcome {1, 0, 0} -> 1/2   (also the first test)
[[nodiscard]] double accuracy_credit(std::span<const double> label,
                                     std::span<const double> outcome);

}  // namespace candor::scoring
