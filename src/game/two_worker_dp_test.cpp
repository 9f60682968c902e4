#include "candor/game/two_worker_dp.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "candor/base/random.h"

namespace candor::game {
namespace {

TwoWorkerPlan solved(const TwoWorkerGame& game) {
  auto plan = solve_two_workers(game);
  EXPECT_TRUE(plan.ok()) << plan.error().message();
  return plan.ok() ? std::move(plan).value() : TwoWorkerPlan{};
}

TwoWorkerGame constant_game(std::size_t horizon, double step_size, double belief, double other,
                            Motive motive = Motive::final_weight, std::size_t grid = 601) {
  TwoWorkerGame game;
  game.horizon = horizon;
  game.step_size = step_size;
  game.slot = {known_slot(belief, other)};
  game.utility = Utility::pure(motive);
  game.grid = grid;
  return game;
}

// r - b = 4 eta D a (r2-r) b(1-b) / (1 + eta D (1-2m)), solved by iteration.
double closed_form(double eta, double belief, double other, double weight) {
  const double gap = (other - belief) * (other - belief);
  const double a = eta * weight * (1 - weight);
  double report = belief;
  for (int i = 0; i < 200; ++i) {
    const double mean = weight + a * (gap - (report - belief) * (report - belief));
    report = belief + 4 * eta * gap * a * (other - report) * belief * (1 - belief) /
                          (1 + eta * gap * (1 - 2 * mean));
  }
  return report;
}

TEST(TwoWorkers, MatchTheWorkedExampleAndTheClosedFormOfTwoSlots) {
  const TwoWorkerPlan plan = solved(constant_game(2, .3, .7, .2, Motive::final_weight, 1201));
  EXPECT_NEAR(plan.report(0, 0, .4), .697770, 1e-6);
  EXPECT_NEAR(plan.gain(.4), 3.64e-7, 1e-9);
  for (const double weight : {.1, .3, .5, .7, .9})
    EXPECT_NEAR(plan.report(0, 0, weight), closed_form(.3, .7, .2, weight), 2e-6);
}

TEST(TwoWorkers, TellTheTruthInTheLastSlot) {
  const TwoWorkerPlan plan = solved(constant_game(3, .5, .6, .1));
  for (const double weight : {.05, .2, .5, .8, .95})
    EXPECT_NEAR(plan.report(2, 0, weight), .6, 1e-6);
}

// Derived and computed independently with a cubic spline library; deviations over four pairs of
// belief and opponent's report, gains at weight 1/2.
struct Published {
  Motive motive;
  std::size_t horizon;
  bool tuned;  // step size sqrt(ln 2 / T), else 1/2
  double deviation;
  double gain;
};

TEST(TwoWorkers, ReproduceTheTableOfDeviationsAndGains) {
  const Published table[] = {{Motive::final_weight, 2, false, .0078, 1.35e-5},
                             {Motive::final_weight, 2, true, .0108, 2.98e-5},
                             {Motive::final_weight, 5, false, .0283, 2.85e-4},
                             {Motive::final_weight, 5, true, .0164, 7.56e-5},
                             {Motive::final_weight, 10, false, .0552, 1.41e-3},
                             {Motive::final_weight, 10, true, .0181, 1.07e-4},
                             {Motive::final_weight, 50, false, .1506, 6.71e-4},
                             {Motive::final_weight, 50, true, .0189, 1.12e-4},
                             {Motive::total_weight, 2, false, .0039, 3.48e-6},
                             {Motive::total_weight, 5, false, .0146, 7.18e-5},
                             {Motive::total_weight, 10, true, .0092, 2.58e-5},
                             {Motive::total_weight, 50, true, .0097, 3.44e-5}};
  constexpr double pairs[2][2] = {{.6, .1}, {.5, 0.}};  // the other two never are the worst here
  for (const Published& row : table) {
    double deviation = 0;
    double gain = 0;
    const double eta = row.tuned ? std::sqrt(std::log(2.) / static_cast<double>(row.horizon)) : .5;
    for (const auto& pair : pairs) {
      const TwoWorkerPlan plan =
          solved(constant_game(row.horizon, eta, pair[0], pair[1], row.motive, 301));
      deviation = std::max(deviation, plan.largest_deviation().size);
      gain = std::max(gain, plan.relative_gain(.5));
    }
    EXPECT_NEAR(deviation, row.deviation, 2e-4) << row.horizon << ", eta " << eta;
    EXPECT_NEAR(gain, row.gain, .006 * row.gain) << row.horizon << ", eta " << eta;
  }
}

// The slow readable form: every report of a fine grid, every branch, no interpolation.
double searched_value(const TwoWorkerGame& game, std::size_t t, double w) {
  if (t == game.horizon) return w;
  const TwoWorkerSituation& now = game.slot[t][0];
  double best = 0;
  for (int k = 0; k <= 200; ++k) {
    const double r = k / 200.0;
    double value = 0;
    for (const TwoWorkerBranch& branch : now.branch) {
      const double mine = (r - branch.outcome) * (r - branch.outcome);
      const double others = (branch.other - branch.outcome) * (branch.other - branch.outcome);
      value += branch.probability *
               searched_value(game, t + 1, w * (1 + game.step_size * (1 - w) * (others - mine)));
    }
    best = std::max(best, value);
  }
  return best;
}

TEST(TwoWorkers, AreWorthWhatAFullSearchFinds) {
  RandomStream random(4);
  for (int instance = 0; instance < 5; ++instance) {
    TwoWorkerGame game;
    game.horizon = 2;
    game.step_size = 1.0 - .1 * instance;
    for (int t = 0; t < 2; ++t) game.slot.push_back(known_slot(random.uniform(), random.uniform()));
    const TwoWorkerPlan plan = solved(game);
    const double w = .1 + .8 * random.uniform();
    // The search is short of the best report by up to 1/400.
    EXPECT_NEAR(plan.value(w), searched_value(game, 0, w), 1e-5);
    EXPECT_GE(plan.value(w), searched_value(game, 0, w) - 1e-9);
    EXPECT_GE(plan.gain(w), -1e-12);
  }
}

TEST(TwoWorkers, WhoWantTheLabelNearTheirBeliefExaggerateUnlessItIsDrawn) {
  TwoWorkerGame game = constant_game(1, .5, .7, .3, Motive::sway);
  EXPECT_NEAR(solved(game).report(0, 0, .5), 1.0, 1e-9);  // .7 = (1 + .3)/2 is out of reach at .5
  EXPECT_NEAR(solved(game).report(0, 0, .8), .8, 1e-4);   // .8 r + .2 .3 = .7
  game.drawn_label = true;
  EXPECT_NEAR(solved(game).report(0, 0, .5), .7, 1e-6);
  game.drawn_label = false;
  game.horizon = 200;
  game.step_size = std::sqrt(std::log(2.) / 200);
  game.reach = 12;
  game.grid = 201;
  const TwoWorkerPlan plan = solved(game);
  EXPECT_NEAR(plan.report(0, 0, .5), .987, .004);
  EXPECT_NEAR(plan.report(100, 0, .5), 1.0, 1e-3);
  EXPECT_NEAR(plan.report(0, 0, .2), .801, .004);
  EXPECT_LT(plan.truthful_value(.5), plan.value(.5));
}

// A value on every unit of next weight beside the wish to sway: the published ladder.
TEST(TwoWorkers, AreBoughtBackToHonestyByWeight) {
  const double part[] = {.1, 10};
  const double first[] = {.855, .700};
  for (int i = 0; i < 2; ++i) {
    TwoWorkerGame game = constant_game(200, std::sqrt(std::log(2.) / 200), .7, .3);
    game.reach = 12;
    game.grid = 201;
    game.utility = {};
    game.utility.part[static_cast<std::size_t>(Motive::sway)] = 1;
    game.utility.part[static_cast<std::size_t>(Motive::total_weight)] = part[i];
    EXPECT_NEAR(solved(game).report(0, 0, .5), first[i], .003) << part[i];
  }
}

TEST(TwoWorkers, WithSignalsBelieveTheirAccuracyAndHedgeALittle) {
  const TwoWorkerSlot slot = signal_slot(.8, .7);
  ASSERT_EQ(slot.size(), 1U);
  ASSERT_EQ(slot[0].branch.size(), 4U);
  EXPECT_NEAR(slot[0].belief(), .8, 1e-15);
  TwoWorkerGame game = constant_game(20, .2, .5, .5);
  game.slot = {slot};
  const TwoWorkerPlan plan = solved(game);
  EXPECT_LT(plan.report(0, 0, .5), .8);
  EXPECT_GT(plan.report(0, 0, .5), .75);
  EXPECT_GT(plan.relative_gain(.5), 0.0);
}

TEST(TwoWorkers, RefuseGamesThatAreNone) {
  const auto message = [](const std::function<void(TwoWorkerGame&)>& spoil) {
    TwoWorkerGame game = constant_game(3, .5, .6, .1);
    spoil(game);
    const auto plan = solve_two_workers(game);
    return plan.ok() ? std::string("accepted") : plan.error().message();
  };
  EXPECT_EQ(message([](TwoWorkerGame&) {}), "accepted");
  EXPECT_NE(message([](auto& g) { g.horizon = 0; }).find("0 slots"), std::string::npos);
  EXPECT_NE(message([](auto& g) { g.step_size = 1.1; }).find("step size"), std::string::npos);
  EXPECT_NE(message([](auto& g) { g.slot.resize(2); }).find("one slot that repeats"),
            std::string::npos);
  EXPECT_NE(message([](auto& g) { g.slot[0][0].branch[0].probability = .7; }).find("sum to 1"),
            std::string::npos);
  EXPECT_NE(message([](auto& g) { g.slot[0][0].branch[0].other = -.1; }).find("[0,1]"),
            std::string::npos);
  EXPECT_NE(message([](auto& g) { g.utility = Utility::pure(Motive::pay); }).find("total-weight"),
            std::string::npos);
}

}  // namespace
}  // namespace candor::game
