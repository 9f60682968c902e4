#include "game/horizons.h"

#include <cmath>
#include <span>

#include "candor/base/math.h"
#include "candor/game/simulation.h"

namespace candor::game {
namespace {

constexpr std::uint64_t shortest_fraction = 64;
constexpr double fitted_fraction = 8.0;

}  // namespace

std::vector<double> horizons_up_to(std::uint64_t slots) {
  std::vector<double> horizons;
  for (std::uint64_t t = slots; t >= 16 && t >= slots / shortest_fraction; t /= 2)
    horizons.insert(horizons.begin(), static_cast<double>(t));
  return horizons;
}

double mean_over(const std::vector<double>& values) {
  return sum(values) / static_cast<double>(values.size());
}

double standard_error_over(const std::vector<double>& values) {
  if (values.size() < 2) return 0.0;
  const double mean = mean_over(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto n = static_cast<double>(values.size());
  return std::sqrt(squares / (n - 1.0) / n);
}

std::optional<double> fitted_slope(const std::vector<double>& horizons,
                                   const std::vector<double>& regret) {
  std::size_t from = 0;
  while (horizons[from] < horizons.back() / fitted_fraction) ++from;
  return log_log_slope(std::span(horizons).subspan(from), std::span(regret).subspan(from));
}

}  // namespace candor::game
