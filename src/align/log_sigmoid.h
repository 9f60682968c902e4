// align/log_sigmoid.h
// The two functions that most objectives are made of, safe for every finite x.
#pragma once

#include <cmath>

#include "candor/base/math.h"

namespace candor::align {

/// s(x) = 1 / (1 + e^-x)
[[nodiscard]] inline double sigmoid(double x) {
  const double e = portable_exp(-std::fabs(x));
  return (x >= 0.0 ? 1.0 : e) / (1.0 + e);
}

/// -ln s(-x) = ln(1 + e^x); its derivative is s(x). For small e the logarithm's own rounding would
/// lose e, so ln(1+e) = 2 artanh(e / (2+e)) is summed as a series there.
[[nodiscard]] inline double softplus(double x) {
  const double e = portable_exp(-std::fabs(x));
  const double y = e / (2.0 + e);
  const double small = 2.0 * y * (1.0 + y * y / 3.0 + y * y * y * y / 5.0);
  const double log_one_plus_e = e < 1e-3 ? small : portable_log(1.0 + e);
  return (x > 0.0 ? x : 0.0) + log_one_plus_e;
}

/// Cross-entropy of a coin with log odds z when a fraction p lands heads, and its derivative by z.
[[nodiscard]] inline double cross_entropy(double p, double z) {
  return p * softplus(-z) + (1.0 - p) * softplus(z);
}
[[nodiscard]] inline double cross_entropy_slope(double p, double z) {
  return sigmoid(z) - p;
}

}  // namespace candor::align
