// pooling/agg_p_logs.h
// Power means in logarithms, the arithmetic under Agg-p_alpha. Two forms, by size: where all alpha
// * ln p are within [-1,1] powers are told apart only by the last digits of 1, so sums are taken of
// (p^alpha - 1)/alpha, which has a limit (ln p) at alpha = 0; elsewhere log-sum-exp.
#pragma once

#include <span>
#include <vector>

namespace candor::pooling {

/// (e^(a x) - 1) / a, and x at a = 0: what a logarithm x = ln p turns into as a power a leaves 0.
[[nodiscard]] double power_of_log(double x, double a);

/// ln sum_k e^(x_k); -infinity where all are.
[[nodiscard]] double log_sum_exp(std::span<const double> x);

/// ln of the power mean (1/n sum_j p_j^alpha)^(1/alpha), from log_p [n], n >= 1; any alpha,
/// +-infinity too.
[[nodiscard]] double log_power_mean(double alpha, std::span<const double> log_p);

/// The same for the n - 1 entries other than the i-th, for each i. alpha finite, n >= 2. Cost:
/// O(n).
[[nodiscard]] std::vector<double> log_power_means_without_each(double alpha,
                                                               std::span<const double> log_p);

}  // namespace candor::pooling
