// candor/align/best_of_n.h
// The best of n answers by reward: improvement without training, and the yardstick for training.
//
// For a policy pi over finitely many answers with all rewards different, sorted by reward, the best
// of n draws is y with probability F(y)^n - (F(y) - pi(y))^n, F(y) = P(reward <= r(y)). Answers of
// equal reward share their probability in proportion to pi (the first drawn is taken). Against pi
// its divergence is KL <= ln n - (n-1)/n, an upper bound that small answer sets stay well below.
//
//   CANDOR_TRY(auto best, best_of_n(*policy, *rewards, prompts, 8, {.max_tokens = 64}, seed));
//
// Sources: Nakano et al., "WebGPT", 2021; law and bound: Beirami et al., "Theoretical guarantees on
// the best-of-n alignment policy", 2024, lemma 1 and theorem 1. Thread safety: as the models'.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/result.h"
#include "candor/policy/policy.h"

namespace candor::align {

struct BestAnswer {
  policy::Sequence sequence;
  double reward = 0.0;
};

/// For each prompt n answers (prompt i's are number i n .. i n + n - 1 of one call of generate),
/// and of those the first with the largest reward. n >= 1. Errors: the models'; out_of_range for n
/// = 0 or a reward that is NaN. Cost: n answers a prompt, scored once.
[[nodiscard]] Result<std::vector<BestAnswer>> best_of_n(
    policy::Policy& policy, policy::Scorer& rewards,
    std::span<const std::vector<policy::Token>> prompts, std::size_t n,
    const policy::GenerateOptions& options, std::uint64_t seed);

/// The law above. Worked: pi {.5, .5}, r {0, 1}, n = 2: {.25, .75}.
[[nodiscard]] std::vector<double> best_of_n_law(std::span<const double> probability,
                                                std::span<const double> rewards, std::size_t n);

/// ln n - (n-1)/n. Worked: n = 2: .193147.
[[nodiscard]] double best_of_n_divergence_bound(std::size_t n);

}  // namespace candor::align
