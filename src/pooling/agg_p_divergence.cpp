// The Amari divergence and its least total. Both written so that no digit is lost near alpha = 0
// and 1, where 1 - sum q^alpha p^(1-alpha) and its divisor alpha (1 - alpha) both vanish. With
// g(x, a) = (e^(a x) - 1) / a and sums of p and q equal to 1, D_alpha(q||p) is
//   away from 1:  -1/(1-alpha) sum p g(ln q/p, alpha)          near 1:  -1/alpha sum q g(ln p/q, 1-alpha).
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "candor/base/math.h"
#include "candor/pooling/agg_p.h"
#include "pooling/agg_p_logs.h"

namespace candor::pooling {
namespace {

bool is_near_1(double alpha) {
  return std::abs(1.0 - alpha) <= 0.25;
}

// sum_k of weight_k g(ln(ratio_k / weight_k), a) over the weights that are not 0.
double weighted_power_of_ratio(std::span<const double> weight, std::span<const double> ratio,
                               double a) {
  double total = 0.0;
  for (std::size_t k = 0; k < weight.size(); ++k)
    if (weight[k] > 0.0) total += weight[k] * power_of_log(portable_log(ratio[k] / weight[k]), a);
  return total;
}

// Opinions of weight on an answer that the label rules out.
bool is_ruled_out(std::span<const double> q, std::span<const double> p) {
  for (std::size_t k = 0; k < q.size(); ++k)
    if (q[k] > 0.0 && p[k] == 0.0) return true;
  return false;
}

// One table [n, K] of logarithms of power means: row i without report i.
std::vector<double> log_means_without_each(double alpha, std::span<const double> report,
                                           std::size_t answers) {
  std::vector<double> table(report.size());
  std::vector<double> log_p(report.size() / answers);
  for (std::size_t k = 0; k < answers; ++k) {
    for (std::size_t j = 0; j < log_p.size(); ++j) log_p[j] = portable_log(report[j * answers + k]);
    const std::vector<double> mean = log_power_means_without_each(alpha, log_p);
    for (std::size_t j = 0; j < log_p.size(); ++j) table[j * answers + k] = mean[j];
  }
  return table;
}

// (n-1) (1 - Z^alpha) / (alpha (1-alpha)), from log Z.
std::vector<double> least_away_from_1(double alpha, std::span<const double> log_mean,
                                      std::size_t answers) {
  std::vector<double> least(log_mean.size() / answers);
  const auto others = static_cast<double>(least.size() - 1);
  for (std::size_t i = 0; i < least.size(); ++i) {
    const double log_z = log_sum_exp(log_mean.subspan(i * answers, answers));
    least[i] = -others * power_of_log(log_z, alpha) / (1.0 - alpha);
  }
  return least;
}

// With c = 1 - alpha and each P^alpha = P (1 - c g(ln P, -c)), the total divergence from a label q
// needs only A_k = sum_j P_jk and E_k = sum_j P_jk g(ln P_jk, -c):
//     sum_k [ E_k - A_k g(ln q_k, c) + c E_k g(ln q_k, c) ] / alpha.
// This adds answer k's part to least [n].
void add_least_near_1(double alpha, std::span<const double> column,
                      std::span<const double> log_label, std::span<double> least) {
  const double c = 1.0 - alpha;
  std::vector<double> powers(column.size());
  for (std::size_t j = 0; j < column.size(); ++j)
    powers[j] = column[j] > 0.0 ? column[j] * power_of_log(portable_log(column[j]), -c) : 0.0;
  const std::vector<double> mass = sums_without_each(column);
  const std::vector<double> power = sums_without_each(powers);
  for (std::size_t i = 0; i < least.size(); ++i) {
    if (mass[i] == 0.0) continue;  // nobody else gives this answer anything
    const double g = power_of_log(log_label[i], c);
    least[i] += (power[i] - mass[i] * g + c * power[i] * g) / alpha;
  }
}

std::vector<double> least_near_1(double alpha, std::span<const double> report,
                                 std::span<const double> log_mean, std::size_t answers) {
  const std::size_t n = report.size() / answers;
  std::vector<double> log_z(n);
  for (std::size_t i = 0; i < n; ++i)
    log_z[i] = log_sum_exp(log_mean.subspan(i * answers, answers));
  std::vector<double> least(n);
  std::vector<double> column(n);
  std::vector<double> log_label(n);
  for (std::size_t k = 0; k < answers; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      column[i] = report[i * answers + k];
      log_label[i] = log_mean[i * answers + k] - log_z[i];
    }
    add_least_near_1(alpha, column, log_label, least);
  }
  return least;
}

}  // namespace

double amari_divergence(double alpha, std::span<const double> q, std::span<const double> p) {
  assert(std::isfinite(alpha) && q.size() == p.size());
  if (alpha >= 1.0 && is_ruled_out(q, p)) return std::numeric_limits<double>::infinity();
  const double divergence = is_near_1(alpha)
                                ? -weighted_power_of_ratio(q, p, 1.0 - alpha) / alpha
                                : -weighted_power_of_ratio(p, q, alpha) / (1.0 - alpha);
  return std::max(0.0, divergence);  // below 0 by rounding only
}

std::vector<double> least_divergence_without_each(const AggP& rule, std::span<const double> report,
                                                  std::size_t answers) {
  assert(std::isfinite(rule.alpha) && report.size() >= 2 * answers);
  const std::vector<double> log_mean = log_means_without_each(rule.alpha, report, answers);
  std::vector<double> least = is_near_1(rule.alpha)
                                  ? least_near_1(rule.alpha, report, log_mean, answers)
                                  : least_away_from_1(rule.alpha, log_mean, answers);
  for (double& value : least) value = std::max(0.0, value);  // below 0 by rounding only
  return least;
}

}  // namespace candor::pooling
