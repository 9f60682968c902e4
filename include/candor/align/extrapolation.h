// candor/align/extrapolation.h
// Going further the way the last round went: accelerated preference optimisation (APO).
//
// Round t trains q_{t+1} from the current policy p_t; the next current policy is
//   p_{t+1}(y) ~ q_{t+1}(y) (q_{t+1}(y) / q_t(y))^a,   in logits: (1 + a) new - a old,   a in [0,1)
//
// What it gains, exactly (derived; tested on a tabular policy). With a reward r and exact rounds
// q_{t+1} ~ p_t exp(r / beta), writing L_t for the logits of q_t, L_0 = L_1 - r/beta:
//   L_{t+1} - L_t = r/beta + a (L_t - L_{t-1})   so   L_t = L_0 + (r/beta) S_t,
//   S_t = (t - a (1 - a^t) / (1-a)) / (1-a)  ->  t / (1-a) - a / (1-a)^2.
// So t rounds with momentum are S_t rounds without it: the policy is the same path, walked faster
// by a factor that tends to 1/(1-a). The gap E_best[r] - E_q[r], in the worst case over rewards, is
// proportional to beta / S_t, hence to (1-a) beta / t for t much larger than 1/(1-a): the claimed
// factor holds, but only in the limit (with a = .9, t / S_t is 1 at t = 1, .24 at 10, .11 at 100),
// and training with beta (1-a) instead of beta gains more, from the first round on. For preferences
// without a reward, where rounds circle, nothing is promised.
//
//   std::vector<double> next = extrapolate(new_logits, old_logits, 0.5);
// Worked: new {0, 2}, old {0, 1}, a = .5: {0, 2.5}.
//
// Source: He, Yuan, Gu, "Accelerated preference optimization for large language model alignment",
// 2024, algorithm 1. For a network, the same combination of parameters instead of logits is its
// first-order stand-in: extrapolate() does both. Thread safety: pure functions. Cost: one pass.
#pragma once

#include <span>
#include <vector>

namespace candor::align {

/// (1 + a) newer - a older, entry by entry; both of one length.
[[nodiscard]] std::vector<double> extrapolate(std::span<const double> newer,
                                              std::span<const double> older, double a);

/// S_t above: how many plain rounds t rounds with momentum a amount to. a in [0,1).
/// Worked: a = 0: t. a = .5: t = 1: 1, t = 2: 2.5, t = 3: 4.25.
[[nodiscard]] double accelerated_rounds(double a, std::size_t t);

}  // namespace candor::align
