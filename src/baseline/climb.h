// baseline/climb.h
// Newton's search for the maximum of a smooth function of one variable, never going down.
#pragma once

#include <algorithm>
#include <cmath>

namespace candor::baseline {

/// A function's value, slope and a negative stand-in for its curvature at a place.
struct Height {
  double value = 0.0;
  double slope = 0.0;
  double curvature = -1.0;
};

/// The highest place found: at most three Newton steps of length at most 1, each halved until the
/// value does not fall. look(x) gives a Height whose curvature is negative.
template <class Look>
double climb(double x, const Look& look) {
  constexpr int steps = 3, halvings = 30;
  Height here = look(x);
  for (int n = 0; n < steps; ++n) {
    double step = std::clamp(-here.slope / here.curvature, -1.0, 1.0);
    if (here.slope * step <= 1e-15 * (1.0 + std::abs(here.value))) return x;
    Height next = look(x + step);
    for (int half = 0; half < halvings && next.value < here.value; ++half)
      next = look(x + (step *= 0.5));
    if (next.value < here.value) return x;
    x += step;
    here = next;
  }
  return x;
}

}  // namespace candor::baseline
