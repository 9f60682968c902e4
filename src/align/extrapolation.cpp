#include "candor/align/extrapolation.h"

#include <cassert>

namespace candor::align {

std::vector<double> extrapolate(std::span<const double> newer, std::span<const double> older,
                                double a) {
  assert(newer.size() == older.size());
  std::vector<double> out(newer.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = newer[i] + a * (newer[i] - older[i]);
  return out;
}

double accelerated_rounds(double a, std::size_t t) {
  double rounds = 0.0;
  double step = 0.0;
  for (std::size_t s = 0; s < t; ++s) {
    step = 1.0 + a * step;
    rounds += step;
  }
  return rounds;
}

}  // namespace candor::align
