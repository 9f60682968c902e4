// candor/navigation/interval.h
// What a few repetitions of an experiment say about its mean.
//
//   mean +- t(.975, n-1) s / sqrt(n),   s^2 = sum (x - mean)^2 / (n - 1)
//
// the usual 95 % interval for numbers that are roughly normal (Student 1908). For two methods run
// on the same seeds, take the interval of the differences seed by seed: what the seeds share drops
// out of it.
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace candor::navigation {

struct Interval {
  double mean = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// values: at least one (asserted). One value: low = high = mean, which claims nothing.
/// Worked: {1, 2, 3}: mean 2, s = 1, 2 -+ 4.30265 / sqrt(3) = (-.4841, 4.4841).
[[nodiscard]] Interval interval_of(std::span<const double> values);

/// The interval of a[i] - b[i]; one length (asserted).
[[nodiscard]] Interval interval_of_differences(std::span<const double> a,
                                               std::span<const double> b);

/// The .975 quantile of Student's t with so many degrees of freedom (>= 1): to four decimals up to
/// 30, and to better than .001 beyond (1.95996 + 2.4 / f + 2.8 / f^2, fitted). Worked: 4 -> 2.7764.
[[nodiscard]] double t_quantile(std::size_t degrees_of_freedom);

}  // namespace candor::navigation
