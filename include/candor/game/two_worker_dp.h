// candor/game/two_worker_dp.h
// What a worker who plans ahead would do, exactly: two workers under the weighted-score rule, T
// slots, the other worker's reports known. Dynamic programming backward over the worker's own
// weight w, the only state there is (the other has 1 - w). A lie costs a myopic worker; one who
// plans ahead may gain a little, because its future value is a curved function of its weight. This
// says how much.
//
//   TwoWorkerGame game;
//   game.horizon = 50;
//   game.step_size = 0.118;
//   game.slot = {known_slot(0.6, 0.1)};           // believes .6; the other reports .1
//   CANDOR_TRY(const TwoWorkerPlan plan, solve_two_workers(game));
//   plan.report(0, 0, 0.5)                        // best first report at weight 1/2
//   plan.relative_gain(0.5)                       // what planning earns over honesty
//
// Recursion, with V_T known and w'(r, y) = w (1 + eta (1-w) ((r2-y)^2 - (r-y)^2)):
//     V_t(w) = sum over situations p max_r sum over branches q [ now(r) + V_{t+1}(w'(r, y)) ]
// where now() holds what the slot itself brings (total-weight: w'; sway: minus the squared
// distance of the label from the belief). Grid: `grid` points, even in z = ln(w/(1-w)) over
// [-reach, reach]. Without a sway part the value is kept as h = ln(V/w), smooth and bounded at
// both ends, on a cubic spline in z; with one as V itself. The maximum over r in [0,1] is found at
// every grid point by golden section, then two parabolas, and compared with the honest report, so
// a plan is never worse than honesty but for rounding.
//
// Sources: derived; Bellman's principle, natural cubic spline. The weight rule is Freeman et al.
// 2020. Accuracy: reports to about 1e-6, relative gains to about 1e-10 (grid 1201). Exact up to
// this grid and up to local maxima: golden section may miss the better of two, where the worker is
// nearly indifferent (large step sizes and horizons only).
// Cost: 22 * grid * (branches of all situations) evaluations a slot, about 50 ns each: 1.4 seconds
// for T = 1000, grid 601. Memory: horizon * situations * grid doubles. Thread safety: immutable
// once made.
#pragma once

#include <cstddef>
#include <vector>

#include "candor/base/result.h"
#include "candor/game/utility.h"

namespace candor::game {

/// One way a slot can go, as the worker sees it when it reports.
struct TwoWorkerBranch {
  double probability = 0.0;  ///< in (0,1]; the branches of a situation sum to 1
  double outcome = 0.0;      ///< 1 for A, 0 for B, or between
  double other = 0.5;        ///< the other worker's report, in [0,1]
};

/// What the worker may know when it reports, with how likely it is to find itself there.
struct TwoWorkerSituation {
  double probability = 1.0;  ///< the situations of a slot sum to 1
  std::vector<TwoWorkerBranch> branch;

  /// P(A) in this situation: sum of probability * outcome. The honest report.
  [[nodiscard]] double belief() const;
};

using TwoWorkerSlot = std::vector<TwoWorkerSituation>;

/// A slot with one situation: belief `belief`, and the other worker reports `other` for certain.
[[nodiscard]] TwoWorkerSlot known_slot(double belief, double other);

/// A slot between two honest workers with signals that are right with these probabilities,
/// outcomes even. One situation, the signal for A: that for B is its mirror image, and so are its
/// best reports.
[[nodiscard]] TwoWorkerSlot signal_slot(double accuracy, double others_accuracy);

struct TwoWorkerGame {
  std::size_t horizon = 1;          ///< T >= 1
  double step_size = 0.5;           ///< eta in (0,1]
  std::vector<TwoWorkerSlot> slot;  ///< one, the same every time; or one for each t = 0 .. T-1
  /// final-weight, total-weight, sway or a mixture (pay by weight is total-weight). A worker that
  /// looks at one slot only is horizon 1.
  Utility utility = Utility::pure(Motive::final_weight);
  bool drawn_label =
      false;  ///< what a sway part looks at: the pooled label, or a drawn worker's report
  std::size_t grid = 1201;  ///< at least 5
  double reach = 22.0;      ///< weights from 1/(1+e^reach); in (0,30]
};

class TwoWorkerPlan {
 public:
  /// The best report in slot t (from 0) and situation s at own weight w in (0,1); between grid
  /// points linear in ln(w/(1-w)).
  [[nodiscard]] double report(std::size_t slot, std::size_t situation, double weight) const;

  /// Expected utility over the whole game from own first weight: of the plan, and of honesty
  /// throughout.
  [[nodiscard]] double value(double weight) const;
  [[nodiscard]] double truthful_value(double weight) const;
  [[nodiscard]] double gain(double weight) const { return value(weight) - truthful_value(weight); }
  [[nodiscard]] double relative_gain(double weight) const {
    return gain(weight) / truthful_value(weight);
  }

  /// The largest |report - belief| at grid points with weight in (low, high), and where it is.
  struct Deviation {
    double size = 0.0;
    std::size_t slot = 0;
    std::size_t situation = 0;
    double weight = 0.5;
  };
  [[nodiscard]] Deviation largest_deviation(double low = 0.01, double high = 0.99) const;

  [[nodiscard]] std::size_t horizon() const { return horizon_; }

 private:
  friend class TwoWorkerSolver;
  // A cubic on every interval of the grid; of ln(V/w), or of V.
  struct Curve {
    std::vector<double> coefficient;  // [grid - 1, 4]
    bool of_log = true;
  };
  [[nodiscard]] double read(const Curve& curve, double weight) const;

  std::size_t horizon_ = 0;
  double reach_ = 0.0;
  std::vector<double> weight_;               // [grid]
  std::vector<std::vector<double>> belief_;  // [1 or horizon][situations]
  std::vector<std::vector<double>> best_;    // [horizon][situations * grid]
  Curve value_;
  Curve truthful_;
};

/// Errors: out_of_range for a horizon of 0, a step size outside (0,1], probabilities that do not
/// sum to 1 (to 1e-9), reports or outcomes outside [0,1], a grid or reach outside its range;
/// invalid_argument for a number of slots that is neither 1 nor the horizon, or a utility with
/// next-weight or pay in it.
///
/// Worked: T = 2, eta = .3, belief .7, the other .2, final weight: the first report at w = .4 is
/// .697770, the closed form r - b = 4 eta D a (r2-r) b(1-b) / (1 + eta D (1-2m)) with
/// a = eta w(1-w), D = (r2-b)^2,
/// m = w + a (D - (r-b)^2)   (first test)
[[nodiscard]] Result<TwoWorkerPlan> solve_two_workers(const TwoWorkerGame& game);

}  // namespace candor::game
