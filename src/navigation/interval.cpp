#include "candor/navigation/interval.h"

#include <array>
#include <cassert>
#include <cmath>

namespace candor::navigation {
namespace {

constexpr std::array<double, 30> quantiles{
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
    2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};

}  // namespace

double t_quantile(std::size_t degrees_of_freedom) {
  assert(degrees_of_freedom >= 1);
  if (degrees_of_freedom <= quantiles.size()) return quantiles[degrees_of_freedom - 1];
  const auto f = static_cast<double>(degrees_of_freedom);
  return 1.95996 + 2.4 / f + 2.8 / (f * f);
}

Interval interval_of(std::span<const double> values) {
  assert(!values.empty());
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (const double x : values) mean += x / n;
  if (values.size() == 1) return {mean, mean, mean};
  double squares = 0.0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  const double half = t_quantile(values.size() - 1) * std::sqrt(squares / (n - 1.0) / n);
  return {mean, mean - half, mean + half};
}

Interval interval_of_differences(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  std::vector<double> difference;
  for (std::size_t i = 0; i < a.size(); ++i) difference.push_back(a[i] - b[i]);
  return interval_of(difference);
}

}  // namespace candor::navigation
