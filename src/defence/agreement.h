// How often two workers were both right, stratum by stratum, and how surprising that is for
// independent workers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace candor::defence {

/// The common slots of one stratum.
struct Stratum {
  std::uint32_t slots = 0;
  std::uint32_t first = 0;   ///< the first worker was right
  std::uint32_t second = 0;  ///< the second was
  std::uint32_t both = 0;
};

/// Given how often each was right, independent workers are both right this often, with this
/// variance (hypergeometric, summed over strata).
struct Moments {
  double mean = 0.0;
  double variance = 0.0;
};
[[nodiscard]] Moments moments(std::span<const Stratum> strata);

/// The two sums whose ratio is the Mantel-Haenszel odds ratio.
struct OddsSums {
  double together = 0.0;  ///< sum both * neither / slots
  double apart = 0.0;     ///< sum only-first * only-second / slots

  void add(const OddsSums& other);
  void subtract(const OddsSums& other);
  /// At least 1: pairs that agree less than independent ones excuse nobody.
  [[nodiscard]] double ratio() const;
};
[[nodiscard]] OddsSums odds_sums(std::span<const Stratum> strata);

/// log of Chernoff's bound on P(both right at least as often as seen), for workers whose answers
/// have this odds ratio within each stratum; 0 if no more than expected was seen.
/// Worked: 6 slots, 3 right each, the same 3, odds ratio 1 -> log(1/20)
[[nodiscard]] double log_tail(std::span<const Stratum> strata, double odds_ratio);

}  // namespace candor::defence
