// candor/align/preference_pair.h
// What preference training learns from: two answers to one prompt, and how sure the pool is which
// is better.
//
//   PreferencePair pair{.a = {{5, 9, 7, 1}, 2}, .b = {{5, 9, 8, 1}, 2}, .label = 0.8};
//   CANDOR_CHECK(cache_reference(reference, std::span(&pair, 1)));   // once, before training
//   pair.reference->a                                                // ln pi_ref(a | prompt)
//
// Thread safety: plain values.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "candor/base/result.h"
#include "candor/policy/scorer.h"

namespace candor::align {

/// A model's scores of both answers of a pair.
struct PairScores {
  double a = 0.0;
  double b = 0.0;
  bool operator==(const PairScores&) const = default;
};

struct PreferencePair {
  policy::Sequence a;
  policy::Sequence b;
  double label = 1.0;   ///< P(a is better), in [0,1]: the pooled probability itself, not rounded
  double weight = 1.0;  ///< >= 0; how much the pair counts, see Objective
  double margin = 0.0;  ///< finite; by how much a's reward should exceed b's, where it is used
  std::optional<PairScores> reference = {};  ///< ln pi of the reference policy, cached
  std::optional<PairScores> previous = {};   ///< ln pi of the policy that wrote the answers, cached
  std::string slot = {};                     ///< its name in the ledger, for messages
};

/// Scores both answers of every pair with a policy that training does not move, so that its
/// parameters need not be in memory while training. piece: pairs a call (memory); 0: all at once.
/// What was cached before is replaced. Errors: the scorer's; then no pair has changed.
/// Cost: one forward pass over every sequence.
Status cache_reference(policy::Scorer& reference, std::span<PreferencePair> pairs,
                       std::size_t piece = 16);
Status cache_previous(policy::Scorer& previous, std::span<PreferencePair> pairs,
                      std::size_t piece = 16);

/// Scores of many pairs, in order, without a gradient. Errors and cost: as above.
Result<std::vector<PairScores>> score_pairs(policy::Scorer& scorer,
                                            std::span<const PreferencePair> pairs,
                                            std::size_t piece = 16);

}  // namespace candor::align
