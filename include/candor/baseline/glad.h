// candor/baseline/glad.h
// GLAD: worker ability and slot difficulty from reports alone.
//
// Source: J. Whitehill, P. Ruvolo, T. Wu, J. Bergsma, J. Movellan, "Whose vote should count more",
// NIPS 2009, equations 1 to 5; for more than two answers, wrong labels are equally likely, as in
// crowd-kit.
//
// Model. Worker i labels slot j rightly with probability sigma(alpha_i beta_j), beta_j = exp(b_j) >
// 0: alpha = 0 guesses, alpha < 0 misleads, large beta is an easy slot. All answers are equally
// likely beforehand; alpha ~ N(1,1) and b ~ N(1,1). A report r that is no label counts as fractions
// of labels: for true answer a its evidence is r(a) log sigma + (1 - r(a)) log((1 - sigma)/(K -
// 1)).
//   start:   alpha = 1, b = 1
//   E-step:  y_j(a) ~ exp(sum over reports of r(a) (alpha_i beta_j + log(K - 1)))
//   M-step:  with agreement t_ij = sum_a y_j(a) r_ij(a), raise
//            sum_ij t log sigma(x) + (1-t) log sigma(-x) - sum (alpha-1)^2/2 - sum (b-1)^2/2,
//            x = alpha_i beta_j, by turns over all alpha and all b. Each is a Newton search in one
//            variable (concave in alpha; in b the curvature is kept negative), steps halved until
//            the sum does not fall. This is generalised EM: it climbs without solving the M-step
//            exactly.
//
// Worked example (the first test): one worker, one slot, K = 2, label 1, one iteration.
//   x = 1 * e; sigma(e) = .93811; the posterior is (.06189, .93811) and the objective
//   log(1/2) - log(2 pi) = -2.5310 (the two prior densities at their means).
#pragma once

#include <cstddef>
#include <vector>

#include "candor/base/result.h"
#include "candor/baseline/report_table.h"

namespace candor::baseline {

struct GladOptions {
  std::size_t iterations = 100;  ///< at most so many E-steps, each followed by an M-step; >= 1
  /// Stop when the objective's gain in one iteration, divided by the number of reports, is below
  /// this.
  double tolerance = 1e-5;
  std::size_t turns = 2;    ///< turns over (alpha, b) in one M-step; >= 1
  std::size_t threads = 0;  ///< 0: all. The result is the same, bit for bit, for any number.
};

struct GladResult {
  std::size_t answers = 0;
  std::vector<double> posterior;  ///< [slots, K], of the last E-step; a slot without reports: 1/K
  std::vector<double> ability;    ///< alpha [workers], of the last M-step; without reports: 1
  std::vector<double> ease;       ///< beta [slots], > 0; without reports: e
  /// Per iteration: log-likelihood of all reports plus log density of alpha and b, under the
  /// parameters its E-step used. Never falls, save by rounding.
  std::vector<double> objective;
  std::size_t iterations = 0;
  bool converged = false;  ///< stopped by the tolerance
};

/// Runs GLAD. Errors: invalid_argument, naming the option that makes no sense. An empty table gives
/// empty results and converged.
/// Cost: about 10 to 20 exponentials a report an iteration; memory 8 (reports + slots K) bytes
/// beside the table. Thread safety: pure function.
[[nodiscard]] Result<GladResult> glad(const ReportTable& table, const GladOptions& options = {});

}  // namespace candor::baseline
