#include "candor/game/two_worker_dp.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::game {
namespace {

constexpr double golden = 0.6180339887498949;
constexpr int golden_steps = 9;  // [0,1] shrinks to 0.013, where a parabola takes over
constexpr std::array<double, 2> parabola_reach{4e-3, 5e-4};
constexpr double probability_slack = 1e-9;

bool in_unit_interval(double value) {
  return value >= 0.0 && value <= 1.0;
}

double log_odds(double weight) {
  return portable_log(weight / (1.0 - weight));
}

Error bad_probabilities(double total, std::string_view what) {
  return Error{ErrorCode::out_of_range, number_text(total)}
      .in_field(what)
      .expecting("probabilities above 0 that sum to 1")
      .way("divide them by their sum");
}

Status check_situation(const TwoWorkerSituation& situation) {
  double total = 0.0;
  for (const TwoWorkerBranch& branch : situation.branch) {
    if (!in_unit_interval(branch.outcome) || !in_unit_interval(branch.other)) {
      return Error{ErrorCode::out_of_range,
                   number_text(branch.outcome) + " and " + number_text(branch.other)}
          .in_field("outcome and other")
          .expecting("an outcome and a report in [0,1]")
          .way("state both as probabilities of A");
    }
    if (!(branch.probability > 0.0)) return bad_probabilities(branch.probability, "branch");
    total += branch.probability;
  }
  if (!(std::abs(total - 1.0) <= probability_slack)) return bad_probabilities(total, "branch");
  return {};
}

Status check_slot(const TwoWorkerSlot& slot) {
  double total = 0.0;
  for (const TwoWorkerSituation& situation : slot) {
    CANDOR_CHECK(check_situation(situation));
    total += situation.probability;
  }
  if (!(std::abs(total - 1.0) <= probability_slack)) return bad_probabilities(total, "situation");
  return {};
}

Status check_grid(const TwoWorkerGame& game) {
  if (game.horizon == 0 || game.grid < 5 || !(game.reach > 0.0 && game.reach <= 30.0)) {
    return Error{ErrorCode::out_of_range, std::to_string(game.horizon) + " slots, grid " +
                                              std::to_string(game.grid) + ", reach " +
                                              number_text(game.reach)}
        .in_field("horizon, grid and reach")
        .expecting("at least 1 slot, at least 5 points, a reach in (0,30]")
        .way("1201 points and a reach of 22 are good");
  }
  if (game.slot.size() == 1 || game.slot.size() == game.horizon) return {};
  return Error{ErrorCode::invalid_argument, std::to_string(game.slot.size()) + " slots"}
      .in_field("slot")
      .expecting("one slot that repeats, or " + std::to_string(game.horizon) + ", one each")
      .way("describe every slot, or the one that all are like");
}

Status check_utility(const Utility& utility) {
  if (utility.of(Motive::next_weight) == 0.0 && utility.of(Motive::pay) == 0.0 &&
      utility.of(Motive::final_weight) + utility.of(Motive::total_weight) +
              utility.of(Motive::sway) >
          0.0)
    return {};
  return Error{ErrorCode::invalid_argument, "next-weight, pay or nothing"}
      .in_field("utility")
      .expecting("final-weight, total-weight, sway or a mixture of them")
      .way("pay by weight is total-weight; next-weight is final-weight at horizon 1");
}

Status check(const TwoWorkerGame& game) {
  CANDOR_CHECK(check_grid(game));
  CANDOR_CHECK(learning::check_step_size(game.step_size));
  CANDOR_CHECK(check_utility(game.utility));
  for (const TwoWorkerSlot& slot : game.slot) CANDOR_CHECK(check_slot(slot));
  return {};
}

// Second derivatives of the natural cubic spline through evenly spaced points, times the square of
// the spacing: m[k-1] + 4 m[k] + m[k+1] = 6 (y[k-1] - 2 y[k] + y[k+1]), m = 0 at both ends.
std::vector<double> bends_of(const std::vector<double>& y) {
  const std::size_t n = y.size();
  std::vector<double> bend(n, 0.0);
  std::vector<double> above(n, 0.0);
  for (std::size_t k = 1; k + 1 < n; ++k) {
    const double pivot = 4.0 - above[k - 1];
    above[k] = 1.0 / pivot;
    bend[k] = (6.0 * (y[k - 1] - 2.0 * y[k] + y[k + 1]) - bend[k - 1]) / pivot;
  }
  for (std::size_t k = n - 2; k >= 1; --k) bend[k] -= above[k] * bend[k + 1];
  return bend;
}

// On interval k at u in [0,1]: c0 + u (c1 + u (c2 + u c3)).
std::vector<double> spline(const std::vector<double>& y) {
  const std::vector<double> bend = bends_of(y);
  std::vector<double> coefficient;
  coefficient.reserve(4 * (y.size() - 1));
  for (std::size_t k = 0; k + 1 < y.size(); ++k) {
    const double slope = y[k + 1] - y[k] - (2.0 * bend[k] + bend[k + 1]) / 6.0;
    coefficient.insert(coefficient.end(),
                       {y[k], slope, bend[k] / 2.0, (bend[k + 1] - bend[k]) / 6.0});
  }
  return coefficient;
}

// `at` in grid steps from the left end; beyond an end the end value.
double read_spline(const std::vector<double>& coefficient, double at) {
  const std::size_t intervals = coefficient.size() / 4;
  const double inside = std::clamp(at, 0.0, static_cast<double>(intervals));
  const std::size_t k = std::min(static_cast<std::size_t>(inside), intervals - 1);
  const double u = inside - static_cast<double>(k);
  const double* c = &coefficient[4 * k];
  return c[0] + u * (c[1] + u * (c[2] + u * c[3]));
}

}  // namespace

double TwoWorkerSituation::belief() const {
  double belief = 0.0;
  for (const TwoWorkerBranch& one : branch) belief += one.probability * one.outcome;
  return belief;
}

TwoWorkerSlot known_slot(double belief, double other) {
  TwoWorkerSituation situation;
  if (belief > 0.0) situation.branch.push_back({belief, 1.0, other});
  if (belief < 1.0) situation.branch.push_back({1.0 - belief, 0.0, other});
  return {situation};
}

TwoWorkerSlot signal_slot(double accuracy, double others_accuracy) {
  TwoWorkerSituation situation;
  for (const double outcome : {1.0, 0.0}) {
    for (const bool right : {true, false}) {
      const double p = (outcome == 1.0 ? accuracy : 1.0 - accuracy) *
                       (right ? others_accuracy : 1.0 - others_accuracy);
      const bool says_a = right == (outcome == 1.0);
      if (p > 0.0)
        situation.branch.push_back({p, outcome, says_a ? others_accuracy : 1.0 - others_accuracy});
    }
  }
  return {situation};
}

// Works backward from the last slot. Values are in units of the own weight (V/w) without a sway
// part.
class TwoWorkerSolver {
 public:
  explicit TwoWorkerSolver(const TwoWorkerGame& game) : game_(game) {
    plan_.horizon_ = game.horizon;
    plan_.reach_ = game.reach;
    spacing_ = 2.0 * game.reach / static_cast<double>(game.grid - 1);
    for (std::size_t k = 0; k < game.grid; ++k)
      plan_.weight_.push_back(1.0 / (1.0 + portable_exp(game.reach - place(k) * spacing_)));
    for (const TwoWorkerSlot& slot : game.slot) {
      plan_.belief_.emplace_back();
      for (const auto& situation : slot) plan_.belief_.back().push_back(situation.belief());
    }
    plan_.best_.resize(game.horizon);
    of_log_ = game.utility.of(Motive::sway) == 0.0;
  }

  TwoWorkerPlan solve() && {
    for (std::size_t back = 0; back < game_.horizon; ++back)
      step(game_.horizon - 1 - back, back == 0);
    return std::move(plan_);
  }

 private:
  using Curve = TwoWorkerPlan::Curve;

  // What a report is worth at one grid point of one situation.
  struct Position {
    double place = 0.0;  // in grid steps
    double weight = 0.5;
    double others_weight = 0.5;
    double belief = 0.5;
    double weight_part = 0.0;  // what a unit of next weight is worth at once
    const TwoWorkerSituation* situation = nullptr;
  };

  static double place(std::size_t k) { return static_cast<double>(k); }
  [[nodiscard]] const TwoWorkerSlot& slot_at(std::size_t t) const {
    return game_.slot[game_.slot.size() == 1 ? 0 : t];
  }

  void step(std::size_t t, bool last) {
    const TwoWorkerSlot& slot = slot_at(t);
    std::vector<double> best_value(game_.grid, 0.0);
    std::vector<double> honest_value(game_.grid, 0.0);
    plan_.best_[t].resize(slot.size() * game_.grid);
    for (std::size_t s = 0; s < slot.size(); ++s) {
      for (std::size_t k = 0; k < game_.grid; ++k) {
        const Position here = position(slot[s], k, last);
        const auto [report, value] = best(here);
        plan_.best_[t][s * game_.grid + k] = report;
        best_value[k] += slot[s].probability * value;
        honest_value[k] += slot[s].probability * worth(here, here.belief, plan_.truthful_);
      }
    }
    plan_.value_ = curve_of(best_value);
    plan_.truthful_ = curve_of(honest_value);
  }

  [[nodiscard]] Position position(const TwoWorkerSituation& situation, std::size_t k,
                                  bool last) const {
    const double from_left = place(k) * spacing_ - game_.reach;
    return {place(k),
            plan_.weight_[k],
            1.0 / (1.0 + portable_exp(from_left)),
            situation.belief(),
            game_.utility.of(Motive::total_weight) +
                (last ? game_.utility.of(Motive::final_weight) : 0.0),
            &situation};
  }

  [[nodiscard]] Curve curve_of(std::vector<double> value) const {
    if (of_log_)
      for (double& v : value) v = portable_log(v);
    return {spline(value), of_log_};
  }

  // (V' + weight_part w') of the slot after, expected; a curve without coefficients is worth
  // nothing.
  [[nodiscard]] double worth(const Position& here, double report, const Curve& future) const {
    double total = 0.0;
    for (const TwoWorkerBranch& branch : here.situation->branch) {
      const double mine = report - branch.outcome;
      const double others = branch.other - branch.outcome;
      const double change = game_.step_size * (others * others - mine * mine);
      const double growth = 1.0 + here.others_weight * change;
      const double at = here.place + portable_log(growth / (1.0 - here.weight * change)) / spacing_;
      total += branch.probability * branch_worth(here, growth, at, future);
      if (!of_log_) total -= branch.probability * sway_loss(here, report, branch.other);
    }
    return total;
  }

  [[nodiscard]] double branch_worth(const Position& here, double growth, double at,
                                    const Curve& future) const {
    if (of_log_) {
      const double later =
          future.coefficient.empty() ? 0.0 : portable_exp(read_spline(future.coefficient, at));
      return growth * (here.weight_part + later);
    }
    const double later = future.coefficient.empty() ? 0.0 : read_spline(future.coefficient, at);
    return here.weight * growth * here.weight_part + later;
  }

  [[nodiscard]] double sway_loss(const Position& here, double report, double other) const {
    const double mine = report - here.belief;
    const double others = other - here.belief;
    const double part = game_.utility.of(Motive::sway);
    if (game_.drawn_label)
      return part * (here.weight * mine * mine + here.others_weight * others * others);
    const double gap = here.weight * mine + here.others_weight * others;
    return part * gap * gap;
  }

  [[nodiscard]] std::pair<double, double> best(const Position& here) const {
    double low = 0.0;
    double high = 1.0;
    double left = high - golden * (high - low);
    double right = low + golden * (high - low);
    double at_left = worth(here, left, plan_.value_);
    double at_right = worth(here, right, plan_.value_);
    for (int i = 0; i < golden_steps; ++i) {
      if (at_left > at_right) {
        high = std::exchange(right, left);
        at_right = at_left;
        left = high - golden * (high - low);
        at_left = worth(here, left, plan_.value_);
      } else {
        low = std::exchange(left, right);
        at_left = at_right;
        right = low + golden * (high - low);
        at_right = worth(here, right, plan_.value_);
      }
    }
    double top = 0.5 * (low + high);
    for (const double reach : parabola_reach) top = vertex(here, top, reach);
    return best_of(here, {top, 0.0, 1.0, here.belief});
  }

  // Of the parabola through three reports around `centre`; the centre itself where it does not
  // bend down.
  [[nodiscard]] double vertex(const Position& here, double centre, double reach) const {
    centre = std::clamp(centre, reach, 1.0 - reach);
    const double left = worth(here, centre - reach, plan_.value_);
    const double middle = worth(here, centre, plan_.value_);
    const double right = worth(here, centre + reach, plan_.value_);
    const double bend = left - 2.0 * middle + right;
    if (!(bend < 0.0)) return centre;
    const double step = 0.5 * reach * (left - right) / bend;
    return std::clamp(centre + std::clamp(step, -0.02, 0.02), 0.0, 1.0);
  }

  // The last of equals, so that a tie goes to honesty.
  [[nodiscard]] std::pair<double, double> best_of(const Position& here,
                                                  const std::array<double, 4>& reports) const {
    std::pair<double, double> best{reports[0], worth(here, reports[0], plan_.value_)};
    for (const double report : reports) {
      const double value = worth(here, report, plan_.value_);
      if (value >= best.second) best = {report, value};
    }
    return best;
  }

  const TwoWorkerGame& game_;
  TwoWorkerPlan plan_;
  double spacing_ = 0.0;
  bool of_log_ = true;
};

double TwoWorkerPlan::read(const Curve& curve, double weight) const {
  const double spacing = 2.0 * reach_ / static_cast<double>(weight_.size() - 1);
  const double value = read_spline(curve.coefficient, (log_odds(weight) + reach_) / spacing);
  return curve.of_log ? weight * portable_exp(value) : value;
}

double TwoWorkerPlan::value(double weight) const {
  return read(value_, weight);
}

double TwoWorkerPlan::truthful_value(double weight) const {
  return read(truthful_, weight);
}

double TwoWorkerPlan::report(std::size_t slot, std::size_t situation, double weight) const {
  assert(slot < horizon_ && weight > 0.0 && weight < 1.0);
  const std::size_t grid = weight_.size();
  const double steps = static_cast<double>(grid - 1);
  const double at = std::clamp((log_odds(weight) + reach_) * steps / (2.0 * reach_), 0.0, steps);
  const std::size_t k = std::min(static_cast<std::size_t>(at), grid - 2);
  const double u = at - static_cast<double>(k);
  const double* best = &best_[slot][situation * grid + k];
  return best[0] + u * (best[1] - best[0]);
}

TwoWorkerPlan::Deviation TwoWorkerPlan::largest_deviation(double low, double high) const {
  Deviation worst;
  const std::size_t grid = weight_.size();
  for (std::size_t t = 0; t < horizon_; ++t) {
    const std::vector<double>& belief = belief_[belief_.size() == 1 ? 0 : t];
    for (std::size_t at = 0; at < best_[t].size(); ++at) {
      const double weight = weight_[at % grid];
      const double size = std::abs(best_[t][at] - belief[at / grid]);
      if (weight > low && weight < high && size > worst.size) worst = {size, t, at / grid, weight};
    }
  }
  return worst;
}

Result<TwoWorkerPlan> solve_two_workers(const TwoWorkerGame& game) {
  CANDOR_CHECK(check(game));
  return TwoWorkerSolver(game).solve();
}

}  // namespace candor::game
