// candor/align/rejection_sampling.h
// Answers as the optimal policy would write them, drawn from the policy at hand: statistical
// rejection sampling (RSO).
//
// An answer drawn from pi is accepted with probability exp((r - bound) / beta), r its reward. While
// no reward exceeds the bound, accepted answers follow exactly pi(y) exp(r(y) / beta) / Z, the
// optimum of E[r] - beta KL(. || pi); the share accepted is E_pi[exp((r - bound) / beta)].
//
// The bound. Without one that holds for every answer, the largest reward among the answers drawn is
// taken. Then that answer is always accepted and the others a little too often, a bias that
// vanishes as more are drawn. A bound too low is not repaired: an answer above it is accepted, and
// counted in above_bound. A bound too high is exact, and slow. Noise in the rewards acts as a
// higher bound and as a tilt towards lucky answers: keep beta well above the noise.
//
//   RandomStream random(seed, prompt_index);
//   CANDOR_TRY(auto kept, accept_samples(rewards, {.beta = 0.5, .bound = 1.0}, random));
//   pairs = label_by_reward(kept.index, rewards);
//
// Source: Liu et al., "Statistical rejection sampling improves preference optimization", ICLR 2024,
// algorithm 1. Thread safety: pure functions, but for the stream. Cost: an exponential an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "candor/base/random.h"
#include "candor/base/result.h"

namespace candor::align {

struct RejectionOptions {
  double beta = 0.5;                 ///< > 0: small: nearly only the best; large: as drawn
  std::optional<double> bound = {};  ///< finite; absent: the largest reward given
  std::size_t most = 0;              ///< stop after so many accepted; 0: go through all
};

struct AcceptedSamples {
  std::vector<std::uint32_t> index;  ///< of the accepted, in the order drawn
  std::size_t tried = 0;             ///< answers gone through
  std::size_t above_bound = 0;       ///< rewards above the bound among those
};

/// One random number an answer, in order. Errors: out_of_range for an option or a reward that is
/// not finite. No rewards: nothing accepted.
[[nodiscard]] Result<AcceptedSamples> accept_samples(std::span<const double> rewards,
                                                     const RejectionOptions& options,
                                                     RandomStream& random);

/// pi(y) exp(r(y) / beta) / Z over a finite set. Worked: pi {.5, .5}, r {0, ln 3}, beta 1: {.25,
/// .75}.
[[nodiscard]] std::vector<double> tilted(std::span<const double> probability,
                                         std::span<const double> rewards, double beta);

/// A pair of accepted answers with the probability, by their rewards, that the first is better.
struct RewardPair {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  double label = 0.5;  ///< 1 / (1 + exp(r_b - r_a)), Bradley & Terry
};

/// Pairs the first with the second, the third with the fourth, ...: accepted answers are
/// independent, so their order says nothing. An odd last one is left out.
[[nodiscard]] std::vector<RewardPair> label_by_reward(std::span<const std::uint32_t> index,
                                                      std::span<const double> rewards);

}  // namespace candor::align
