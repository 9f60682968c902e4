// candor/arguments/pooled_labels.h
// What each mechanism makes of the votes: P(a is the more convincing) for every pair.
//
// The pairs are the slots of one campaign, played in time order through the same fold as every
// other campaign: reports, label, and after each slot its outcome where the pair has a gold label
// (a tie is half an outcome for each); a slot without one expires. So a pair's label depends on
// earlier outcomes and never on its own.
//
//   weighted-score   votes weighted by learned weights
//   hedged           the hedged mixture of all pools, Candor's default
//   average, median, majority   without weights
//   dawid-skene      EM over all the pairs at once, without outcomes
//   oracle           the gold label itself, 1/2 where there is none: no platform has it in time
//
// Worked: one pair, votes a, a, b, tie, gold label a: average (1 + 1 + 0 + 1/2) / 4 = .625, median
// .75, majority 1 (2 1/2 votes against 1 1/2), oracle 1; weighted-score .625 on the first slot.
#pragma once

#include <span>

#include "candor/arguments/crowd_text.h"

namespace candor::arguments {

/// All seven, in the order above.
[[nodiscard]] const std::vector<std::string>& label_methods();

struct LabelOptions {
  /// eta of the weighted score; 0: the best for the number of workers and of their answers.
  double step_size = 0.0;
  /// Workers join when they first vote and wait for a first weight with others who are new
  /// (mechanism/admission.h). Else all are founders, who join before the first slot.
  bool newcomers = false;
};

/// label[m][i]: method m's for pair pairs[i]. pairs: numbers in rising order.
/// Errors: invalid_argument for an unknown method (the known are listed) or no pairs; the fold's.
/// Cost: one fold, and EM where asked for; 0.2 s for 80,000 votes.
[[nodiscard]] Result<std::vector<std::vector<double>>> pooled_labels(
    const CrowdText& text, std::span<const std::size_t> pairs,
    const std::vector<std::string>& methods, const LabelOptions& options = {});

struct LabelScore {
  double accuracy = 0.0;  ///< share of strict pairs on whose gold side the label is; 1/2: one half
  double brier = 0.0;     ///< mean (label - gold)^2 over all pairs with a gold label
  std::size_t strict_pairs = 0;
  std::size_t gold_pairs = 0;
};

/// label[i] is that of pairs[i]. Without any such pair the number is 0.
[[nodiscard]] LabelScore score_labels(const CrowdText& text, std::span<const std::size_t> pairs,
                                      std::span<const double> label);

}  // namespace candor::arguments
