// candor/baseline/dawid_skene.h
// Dawid & Skene's EM: the truth of many slots and the error rates of many workers at once, without
// any outcome.
//
// Source: A. P. Dawid, A. M. Skene, "Maximum likelihood estimation of observer error-rates using
// the EM algorithm", Applied Statistics 28 (1979) 20-28, equations 2.3 to 2.5; the one-coin model
// is that of Y. Zhang, X. Chen, D. Zhou, M. I. Jordan, "Spectral methods meet EM", JMLR 17 (2016),
// section 2.
//
// Model. Slot s has a true answer z with P(z = a) = prior[a]; worker w then reports b with
// probability C_w[a][b] (one-coin: accuracy s_w if b = a, else (1 - s_w)/(K - 1)), independently of
// the others. A report r that is no label counts as fractions of labels: its evidence is sum_b r(b)
// log C_w[a][b].
//   start:   posterior y_s = the slot's mean report; then an M-step
//   E-step:  y_s(a) ~ prior[a] prod over reports of prod_b C_w[a][b]^r(b)
//   M-step:  prior[a] = mean of y_s(a) over slots that have reports;
//            C_w[a][b] = n / sum_b n with n = sum over w's reports of y_s(a) r(b)
// The likelihood never falls, but it has many maxima, and the best one need not be the truth: two
// workers who copy one coin outvote a perfect one (see the tests). Regret can therefore grow with
// the number of slots; this is a baseline, not a mechanism.
//
// Worked example (the first test), K = 2, two workers, two slots, one iteration:
//   slot 0: both report answer 0.          mean report (1, 0)
//   slot 1: worker 0 reports answer 1, worker 1 reports (.5, .5).   mean report (.25, .75)
//   M-step: prior = (.625, .375);  C_0 = {{.8, .2}, {0, 1}};  C_1 = {{.9, .1}, {.5, .5}}
//   E-step: slot 0: .625*.8*.9 = .45 against .375*0*.5 = 0                  -> (1, 0)
//           slot 1: .625*.2*sqrt(.9*.1) = .0375 against .375*1*.5 = .1875   -> (1/6, 5/6)
//           log-likelihood log .45 + log .225 = -2.2902
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "candor/base/result.h"
#include "candor/baseline/report_table.h"

namespace candor::baseline {

enum class ConfusionModel : std::uint8_t {
  full,      ///< K x K table a worker
  one_coin,  ///< one accuracy a worker, errors spread evenly
};

/// Counts that every worker is taken to have before its first report, so that few reports do not
/// give certainty (a Dirichlet prior; the estimates become maximum a posteriori). All >= 0.
struct Smoothing {
  double right = 0.0;   ///< on each C[a][a]; one-coin: on the right answers
  double wrong = 0.0;   ///< spread over the other answers of each row; one-coin: on the wrong
  double answer = 0.0;  ///< on each answer's share of the slots
};

struct DawidSkeneOptions {
  ConfusionModel model = ConfusionModel::full;
  std::size_t iterations = 100;  ///< at most so many E-steps, each followed by an M-step; >= 1
  /// Stop when one iteration's gain in the objective, divided by the number of reports, is below
  /// this; >= 0; 0 stops only at a standstill. (crowd-kit divides by reports too, but counts the
  /// prior once a report instead of once a slot, so it may stop a few iterations apart.)
  double tolerance = 1e-5;
  std::size_t threads = 0;  ///< 0: all. The result is the same, bit for bit, for any number.
  Smoothing smoothing = {};
  /// Counts below this become this before a row is divided by its sum, and so do shares of answers,
  /// so that no report made is impossible; in (0, 1e-3]. A label that a worker never used keeps
  /// rate 0. These are crowd-kit's conventions: with its number of iterations, its answers come
  /// out.
  double floor = 1e-10;
};

struct DawidSkeneResult {
  std::size_t answers = 0;
  /// [slots, K], of the last E-step. A slot without reports: the prior.
  std::vector<double> posterior;
  /// [K], of the last M-step.
  std::vector<double> prior;
  /// [workers, K true, K reported], of the last M-step. A worker without reports: 1/K.
  std::vector<double> confusion;
  /// One-coin: [workers], of the last M-step. Full: empty.
  std::vector<double> accuracy;
  /// Per iteration: the log-likelihood (natural log) of all reports under the parameters its E-step
  /// used, plus the smoothing's log density less a constant. Never falls, save by the floor (about
  /// 1e-9 a worker) and rounding.
  std::vector<double> objective;
  std::size_t iterations = 0;
  bool converged = false;  ///< stopped by the tolerance
};

/// Runs EM. Errors: invalid_argument, naming the option that makes no sense. An empty table gives
/// empty results, an even prior, and converged. Cost: O(reports K) an iteration for labels,
/// O(reports K^2) for other rows; memory 8 (reports + slots K + 2 workers K^2) bytes beside the
/// table. Thread safety: pure function.
[[nodiscard]] Result<DawidSkeneResult> dawid_skene(const ReportTable& table,
                                                   const DawidSkeneOptions& options = {});

}  // namespace candor::baseline
