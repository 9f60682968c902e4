// candor/align/self_play.h
// Preferences that no reward explains (A beats B beats C beats A): the game "write the answer that
// is preferred", its minimax winner, and how far a policy is from it.
//
// W[i][j] = P(answer i is preferred to j), W[i][j] + W[j][i] = 1, W[i][i] = 1/2. A mixed answer p
// wins (p W)(j) against j. The minimax winner wins at least 1/2 against every answer; it exists
// (von Neumann's theorem on a symmetric game of value 1/2), and is the Condorcet winner where there
// is one.
//
//   exploitability(p) = max_i (W p)_i - 1/2 >= 0,   0 for a minimax winner alone
//
// Hedge against itself: p_1 uniform, p_{t+1} ~ p_t exp(step (W p_t)). Since p W p = 1/2 for every
// p, the exploitability of the average of p_1 .. p_T is its regret over T, at most sqrt(ln n / (2
// T)) with step = sqrt(8 ln n / T). The last p need not come near (it circles).
//
// Worked: rock, paper, scissors, W = {.5,0,1; 1,.5,0; 0,1,.5}: the winner is (1/3,1/3,1/3) with
// exploitability 0; the pure answer rock has exploitability 1/2.
//
// Sources: Swamy et al., "A minimaximalist approach to reinforcement learning from human feedback",
// ICML 2024, section 2; Freund & Schapire, "Adaptive game playing using multiplicative weights",
// 1999; the constant: Cesa-Bianchi & Lugosi, "Prediction, learning, and games", 2006, theorem 2.2.
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "candor/base/result.h"

namespace candor::align {

class WinMatrix {
 public:
  /// win: row-major, n x n. Errors: invalid_argument for a size that is no square (or 0);
  /// out_of_range for a number outside [0,1] or W[i][j] + W[j][i] off 1 by more than 1e-9, naming
  /// i, j.
  static Result<WinMatrix> create(std::size_t answers, std::vector<double> win);

  [[nodiscard]] std::size_t answers() const { return answers_; }
  [[nodiscard]] double at(std::size_t i, std::size_t j) const { return win_[i * answers_ + j]; }
  /// (W p)_i for every i: how often each answer beats one drawn from p. Cost: n^2.
  [[nodiscard]] std::vector<double> win_rates(std::span<const double> p) const;

 private:
  WinMatrix(std::size_t answers, std::vector<double> win)
      : answers_(answers), win_(std::move(win)) {}
  std::size_t answers_;
  std::vector<double> win_;
};

[[nodiscard]] double exploitability(const WinMatrix& matrix, std::span<const double> p);

struct SelfPlay {
  std::vector<double> average;  ///< of p_1 .. p_T
  std::vector<double> last;     ///< p_T
  double exploitability = 0.0;  ///< of the average
  double bound = 0.0;           ///< sqrt(ln n / (2 T)): what theory promises
};

/// T = steps >= 1. Cost: steps x n^2.
[[nodiscard]] SelfPlay play_hedge(const WinMatrix& matrix, std::size_t steps);

/// Mean win rate of each of k >= 2 answers against the other k-1 (itself left out): the reward of
/// SPO. Worked: W of rock, paper, scissors: {.5, .5, .5}.
[[nodiscard]] std::vector<double> mean_win_rates(const WinMatrix& among);

/// The label of the pair (a, b) for the objective spo: 1/2 + (rate_a - rate_b) / 2, in [0,1].
/// With k = 2 it is W[a][b].
[[nodiscard]] double pair_label(double rate_a, double rate_b);

}  // namespace candor::align
