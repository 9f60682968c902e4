// candor/arguments/strategic_votes.h
// Votes of strategic workers, added to those of a recorded crowd.
//
// Three kinds, each with a stated number of votes on every pair:
//   contrarian  votes against the argument that most of the pair's recorded votes are for; where
//               these tie, against one drawn by a coin
//   shorter     votes for the shorter argument (in bytes; equal: a tie), to be done with it
//   ring        all copy one leader, who votes as a contrarian does with probability `ring_lie`, and
//               the other way otherwise: enough truth to hide, enough company to be believed
// None of them looks at the gold label. If they did, then a mechanism that learns whom to read the
// other way round would find more in their votes than the recorded crowd knew.
// Against 5 recorded votes a pair the default of 1 + 1 + 2 is a minority; yet together with the
// recorded crowd's own doubts it is enough to mislead a majority in a third of the pairs.
//
// Each kind has `accounts` workers. Account k of n first votes when a share k / n of the pairs is
// over, and a pair's votes come from accounts drawn among those who have begun (the first as many
// as a pair needs begin at once). So strategic workers turn up all through the campaign.
// Their names are KIND-0, KIND-1, ...
//
// Worked: a pair with votes a, a, b and the shorter argument b: contrarian b, shorter b, the ring
// twice b with probability .75, else twice a.
#pragma once

#include "candor/arguments/crowd_text.h"

namespace candor::arguments {

struct StrategicPlan {
  std::size_t contrarian_votes = 1;  ///< a pair
  std::size_t shorter_votes = 1;
  std::size_t ring_votes = 2;
  double ring_lie = 0.75;     ///< in [0,1]
  std::size_t accounts = 30;  ///< of each kind; at least the votes a pair of each
};

/// A sentence a kind, for reports.
[[nodiscard]] std::vector<std::string> describe(const StrategicPlan& plan);

/// The text with the votes added, after the recorded ones, on every pair. A function of its
/// arguments. Errors: out_of_range, naming the option.
[[nodiscard]] Result<CrowdText> with_strategic_votes(const CrowdText& text,
                                                     const StrategicPlan& plan, std::uint64_t seed);

}  // namespace candor::arguments
