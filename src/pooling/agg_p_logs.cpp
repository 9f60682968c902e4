#include "pooling/agg_p_logs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "candor/base/math.h"
#include "candor/pooling/agg_p.h"

namespace candor::pooling {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// exp(x) - 1 without losing digits near 0: the series x + x^2/2! + ... + x^18/18! inside [-1/2,
// 1/2].
double exp_less_1(double x) {
  if (std::abs(x) > 0.5) return portable_exp(x) - 1.0;
  double series = 0.0;
  for (int n = 18; n >= 1; --n) series = (series + 1.0) * x / n;
  return series;
}

// log(1 + x) without losing digits near 0: the rounding of 1 + x is divided out again.
double log_1_plus(double x) {
  const double y = 1.0 + x;
  return y == 1.0 ? x : portable_log(y) * (x / (y - 1.0));
}

// x with power_of_log(x, a) = y.
double log_of_power(double y, double a) {
  return a == 0.0 ? y : log_1_plus(a * y) / a;
}

bool has_small_powers(double alpha, std::span<const double> log_p) {
  return alpha == 0.0 || std::all_of(log_p.begin(), log_p.end(),
                                     [&](double x) { return std::abs(alpha * x) <= 1.0; });
}

std::vector<double> powers_of_logs(std::span<const double> log_p, double a) {
  std::vector<double> power(log_p.size());
  for (std::size_t j = 0; j < log_p.size(); ++j) power[j] = power_of_log(log_p[j], a);
  return power;
}

double mean_of_large_powers(double alpha, std::span<const double> log_p) {
  std::vector<double> scaled(log_p.begin(), log_p.end());
  for (double& x : scaled) x *= alpha;
  return (log_sum_exp(scaled) - portable_log(static_cast<double>(log_p.size()))) / alpha;
}

// Everyone's sum is shifted by the greatest of all; only the sum without that one needs a shift of
// its own.
std::vector<double> means_of_large_powers_without_each(double alpha,
                                                       std::span<const double> log_p) {
  const auto greatest =
      static_cast<std::size_t>((alpha > 0.0 ? std::max_element(log_p.begin(), log_p.end())
                                            : std::min_element(log_p.begin(), log_p.end())) -
                               log_p.begin());
  const double top = alpha * log_p[greatest];
  std::vector<double> mean(log_p.size(), -infinity);
  if (top == -infinity) return mean;
  std::vector<double> others(log_p.begin(), log_p.end());
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(greatest));
  for (std::size_t j = 0; j < log_p.size(); ++j) mean[j] = portable_exp(alpha * log_p[j] - top);
  mean = sums_without_each(mean);
  const double log_n = portable_log(static_cast<double>(others.size()));
  for (double& value : mean) value = (top + portable_log(value) - log_n) / alpha;
  mean[greatest] = mean_of_large_powers(alpha, others);
  return mean;
}

}  // namespace

double power_of_log(double x, double a) {
  return a == 0.0 ? x : exp_less_1(a * x) / a;
}

double log_sum_exp(std::span<const double> x) {
  const double top = *std::max_element(x.begin(), x.end());
  if (top == -infinity) return top;
  double total = 0.0;
  for (const double value : x) total += portable_exp(value - top);
  return top + portable_log(total);
}

double log_power_mean(double alpha, std::span<const double> log_p) {
  if (alpha == infinity) return *std::max_element(log_p.begin(), log_p.end());
  if (alpha == -infinity) return *std::min_element(log_p.begin(), log_p.end());
  if (!has_small_powers(alpha, log_p)) return mean_of_large_powers(alpha, log_p);
  const std::vector<double> power = powers_of_logs(log_p, alpha);
  return log_of_power(sum(power) / static_cast<double>(log_p.size()), alpha);
}

std::vector<double> log_power_means_without_each(double alpha, std::span<const double> log_p) {
  if (!has_small_powers(alpha, log_p)) return means_of_large_powers_without_each(alpha, log_p);
  std::vector<double> mean = sums_without_each(powers_of_logs(log_p, alpha));
  const auto others = static_cast<double>(log_p.size() - 1);
  for (double& value : mean) value = log_of_power(value / others, alpha);
  return mean;
}

}  // namespace candor::pooling
