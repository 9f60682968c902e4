#include "candor/payment/vcg_costs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "candor/base/math.h"
#include "candor/base/random.h"

namespace candor::payment {
namespace {

using pooling::AggP;
using Row = std::vector<double>;
using Wide = long double;
using Divergence = std::function<double(const Row& opinion, const Row& label)>;

constexpr std::size_t answers = 3;

Divergence amari(double alpha) {
  return [alpha](const Row& q, const Row& p) { return pooling::amari_divergence(alpha, q, p); };
}

double squared_distance(const Row& q, const Row& p) {
  double total = 0.0;
  for (std::size_t k = 0; k < q.size(); ++k) total += (q[k] - p[k]) * (q[k] - p[k]);
  return total;
}

Row row_of(const Row& report, std::size_t j) {
  const auto from = report.begin() + static_cast<std::ptrdiff_t>(j * answers);
  return {from, from + answers};
}

Row without(Row report, std::size_t i) {
  const auto from = report.begin() + static_cast<std::ptrdiff_t>(i * answers);
  report.erase(from, from + answers);
  return report;
}

Row label_of(double alpha, const Row& report) {
  Row label(answers);
  pooling::agg_p(AggP{.alpha = alpha}, report, label);
  return label;
}

double total(const Divergence& divergence, const Row& report, const Row& label) {
  double sum = 0.0;
  for (std::size_t j = 0; j * answers < report.size(); ++j)
    sum += divergence(row_of(report, j), label);
  return sum;
}

// The definition with any divergence: O(n^2 K) for all.
double plain_cost(double alpha, const Divergence& divergence, const Row& report, std::size_t i) {
  const Row others = without(report, i);
  return total(divergence, others, label_of(alpha, report)) -
         total(divergence, others, label_of(alpha, others));
}

Row random_row(double spread, double least, RandomStream& random) {
  Row row(answers);
  for (double& value : row) value = portable_exp(spread * random.normal());
  normalise(row);
  for (double& value : row) value = value * (1 - least) + least / static_cast<double>(answers);
  return row;
}

Row random_reports(std::size_t n, RandomStream& random) {
  Row report;
  for (std::size_t j = 0; j < n; ++j)
    for (const double value : random_row(1.0, .03, random)) report.push_back(value);
  return report;
}

// What worker 0, of opinion row 0, gains by reporting `lie` instead.
double gain(double alpha, const Divergence& divergence, const Row& opinions, const Row& lie) {
  const auto utility = [&](const Row& report) {
    return -divergence(row_of(opinions, 0), label_of(alpha, report)) -
           plain_cost(alpha, divergence, report, 0);
  };
  Row report = opinions;
  std::copy(lie.begin(), lie.end(), report.begin());
  return utility(report) - utility(opinions);
}

// Random lies, then steps around the best so far.
double best_gain(double alpha, const Divergence& divergence, const Row& opinions,
                 RandomStream& random) {
  double best = -std::numeric_limits<double>::infinity();
  Row best_lie;
  for (int trial = 0; trial < 200; ++trial) {
    Row lie = random_row(1.5, .003, random);
    if (trial >= 100) {
      lie = best_lie;
      for (double& value : lie) value = std::max(1e-3, value * portable_exp(.1 * random.normal()));
      normalise(lie);
    }
    const double found = gain(alpha, divergence, opinions, lie);
    if (found <= best) continue;
    best = found;
    best_lie = lie;
  }
  return best;
}

// Two workers and two answers, alpha = 1: the label is the mean, {.6,.4}. Without worker 0 it would
// be {.4,.6}, exactly worker 1's opinion; so worker 0 costs worker 1
//     KL({.4,.6}||{.6,.4}) = .4 ln(2/3) + .6 ln(3/2) = .2 ln 1.5 = .0810930
// and worker 1 costs worker 0  KL({.8,.2}||{.6,.4}) = .8 ln(4/3) - .2 ln 2 = .0915163.
TEST(VcgCosts, GivesTheHandWorkedCosts) {
  const auto vcg = vcg_costs(AggP{.alpha = 1.0}, 2, Row{.8, .2, .4, .6});
  ASSERT_TRUE(vcg.ok());
  EXPECT_NEAR(vcg->label[0], .6, 1e-15);
  EXPECT_NEAR(vcg->cost[0], .2 * std::log(1.5), 1e-15);
  EXPECT_NEAR(vcg->cost[1], .8 * std::log(4.0 / 3) - .2 * std::log(2.0), 1e-15);
  EXPECT_EQ(*charges_micro(*vcg, 1'000'000), (std::vector<std::int64_t>{81'093, 91'516}));
}

TEST(VcgCosts, AreTheDifferenceThatAWorkerMakesToTheOthers) {
  RandomStream random(1);
  for (const double alpha : {-2.0, -1.0, 0.0, 1e-8, .5, .9, 1.0, 1.0 - 1e-9, 1.3, 2.0, 4.0}) {
    for (int trial = 0; trial < 20; ++trial) {
      const std::size_t n = 2 + random.below(7);
      const Row report = random_reports(n, random);
      const auto vcg = vcg_costs(AggP{.alpha = alpha}, answers, report);
      ASSERT_TRUE(vcg.ok());
      EXPECT_EQ(vcg->label, label_of(alpha, report));
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_NEAR(vcg->cost[i], plain_cost(alpha, amari(alpha), report, i), vcg->error) << alpha;
        ASSERT_GE(vcg->cost[i], 0.0);  // no deficit: nobody receives anything
      }
    }
  }
}

TEST(VcgCosts, AreNothingForAWorkerWhoMakesNoDifference) {
  const auto vcg = vcg_costs(AggP{.alpha = -1.0}, 2, Row{.7, .3, .7, .3, .7, .3});
  for (const double cost : vcg->cost) EXPECT_NEAR(cost, 0.0, 1e-14);
}

TEST(VcgCosts, MakeTheTruthDominant) {
  RandomStream random(2);
  for (const double alpha : {-1.0, 0.0, .5, 1.0, 2.0})
    for (int trial = 0; trial < 6; ++trial)
      EXPECT_LE(best_gain(alpha, amari(alpha), random_reports(4, random), random), 1e-12) << alpha;
}

// The search that finds nothing above finds plenty where workers value the label by another measure
// than the costs' alpha: here by KL and by squared distance, each with costs computed in that
// measure.
TEST(VcgCosts, WithAnotherDivergenceAreCaught) {
  RandomStream random(3);
  double kl = 0.0;
  double squared = 0.0;
  for (int trial = 0; trial < 12; ++trial) {
    const Row opinions = random_reports(4, random);
    kl = std::max(kl, best_gain(-1.0, amari(1.0), opinions, random));
    squared = std::max(squared, best_gain(-1.0, squared_distance, opinions, random));
  }
  EXPECT_GT(kl, .01);
  EXPECT_GT(squared, .01);
}

// Squared distance, too, is least in total at the mean; so at alpha = 1 it does no harm.
TEST(VcgCosts, WithSquaredDistanceAreTruthfulAtTheMean) {
  RandomStream random(4);
  for (int trial = 0; trial < 6; ++trial)
    EXPECT_LE(best_gain(1.0, squared_distance, random_reports(4, random), random), 1e-12);
}

TEST(VcgCosts, LeaveTakingPartBetterThanBeingLeftOut) {
  RandomStream random(5);
  for (const double alpha : {-1.0, 0.0, .5, 1.0, 2.0}) {
    for (int trial = 0; trial < 40; ++trial) {
      const Row report = random_reports(5, random);
      const auto vcg = vcg_costs(AggP{.alpha = alpha}, answers, report);
      for (std::size_t i = 0; i < 5; ++i) {
        const Row opinion = row_of(report, i);
        const double taking_part =
            -pooling::amari_divergence(alpha, opinion, vcg->label) - vcg->cost[i];
        const Row left_out = label_of(alpha, without(report, i));
        ASSERT_GE(taking_part, -pooling::amari_divergence(alpha, opinion, left_out) - vcg->error);
      }
    }
  }
}

// Each of two workers who say {.9,.1} together, instead of {.7,.3}, spares the other a cost.
TEST(VcgCosts, DoNotWithstandTwoWorkersWhoAgreeToLie) {
  const Row opinions{.7, .3, .7, .3, .2, .8};
  const Row lies{.9, .1, .9, .1, .2, .8};
  const auto together = [&](const Row& report) {
    const auto vcg = vcg_costs(AggP{.alpha = 1.0}, 2, report);
    double utility = 0.0;
    for (std::size_t i = 0; i < 2; ++i)
      utility -= vcg->cost[i] +
                 pooling::amari_divergence(1.0, std::span(opinions).subspan(2 * i, 2), vcg->label);
    return utility;
  };
  EXPECT_GT(together(lies), together(opinions) + .01);
}

// Costs in long double by the definition at alpha = 2, where no logarithm is needed.
Wide wide_cost(const Row& report, std::size_t i) {
  const auto label = [](const Row& rows) {
    std::vector<Wide> mean(answers, 0.0L);
    for (std::size_t at = 0; at < rows.size(); ++at)
      mean[at % answers] += static_cast<Wide>(rows[at]) * rows[at];
    for (Wide& value : mean) value = sqrtl(value);
    const Wide all = std::accumulate(mean.begin(), mean.end(), 0.0L);
    for (Wide& value : mean) value /= all;
    return mean;
  };
  const auto affinity = [](const Row& rows, const std::vector<Wide>& p) {
    Wide sum = 0.0L;
    for (std::size_t at = 0; at < rows.size(); ++at)
      sum += static_cast<Wide>(rows[at]) * rows[at] / p[at % answers];
    return sum;
  };
  const Row others = without(report, i);
  return (affinity(others, label(report)) - affinity(others, label(others))) / 2;
}

TEST(VcgCharges, NeverExceedTheExactCostAndFallShortByAUnitAtMost) {
  RandomStream random(6);
  for (int trial = 0; trial < 500; ++trial) {
    const std::size_t n = 2 + random.below(5);
    const Row report = random_reports(n, random);
    const auto vcg = vcg_costs(AggP{.alpha = 2.0}, answers, report);
    const auto value = static_cast<std::int64_t>(random.below(1ULL << (1 + random.below(50))));
    const auto charge = charges_micro(*vcg, value);
    ASSERT_TRUE(charge.ok());
    for (std::size_t i = 0; i < n; ++i) {
      const Wide exact = static_cast<Wide>(value) * wide_cost(report, i);
      const auto charged = static_cast<Wide>((*charge)[i]);
      ASSERT_LE(charged, exact + static_cast<Wide>(value) * 1e-18L * static_cast<Wide>(n));
      ASSERT_GE(charged, exact - 1 - static_cast<Wide>(value) * 3 * vcg->error);
      ASSERT_GE(charged, 0);
    }
  }
}

// A lie that lowers the exact charge not at all, but over the edge of a unit.
TEST(VcgCharges, LetALieGainLessThanAUnit) {
  RandomStream random(7);
  constexpr std::int64_t value = 1000;
  double best = 0.0;
  for (int trial = 0; trial < 300; ++trial) {
    const Row opinions = random_reports(3, random);
    Row report = opinions;
    const auto utility = [&](const Row& said) {
      const auto vcg = vcg_costs(AggP{.alpha = 1.0}, answers, said);
      const Row opinion = row_of(opinions, 0);
      return -value * pooling::amari_divergence(1.0, opinion, vcg->label) -
             static_cast<double>((*charges_micro(*vcg, value))[0]);
    };
    const Row lie = random_row(.3, .01, random);
    for (std::size_t k = 0; k < answers; ++k) report[k] = .95 * report[k] + .05 * lie[k];
    best = std::max(best, utility(report) - utility(opinions));
  }
  EXPECT_GT(best, .1);  // it is real
  EXPECT_LT(best, 1.0);
}

TEST(VcgCosts, RefuseWhatHasNoCosts) {
  const Row two{.8, .2, .4, .6};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(vcg_costs(AggP{.alpha = infinity}, 2, two).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(vcg_costs(AggP{}, 2, Row{.8, .2}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(vcg_costs(AggP{}, 3, two).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(vcg_costs(AggP{}, 0, two).error().code, ErrorCode::invalid_argument);
  const auto low = vcg_costs(AggP{.alpha = -1.0}, 2, Row{.8, .2, 0, 1});
  ASSERT_FALSE(low.ok());
  EXPECT_EQ(low.error().code, ErrorCode::out_of_range);
  EXPECT_EQ(low.error().field, "worker 1, report[0]");
  const auto far = vcg_costs(AggP{.alpha = -400.0}, 2, Row{.999, .001, .001, .999});
  ASSERT_FALSE(far.ok());
  EXPECT_NE(far.error().message().find("alpha = -400"), std::string::npos);
}

TEST(VcgCharges, RefuseAmountsBelowNothingOrBeyondCounting) {
  const auto vcg = vcg_costs(AggP{.alpha = -10.0}, 2, Row{.99, .01, .01, .99});
  ASSERT_TRUE(vcg.ok());
  EXPECT_EQ(charges_micro(*vcg, -1).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(charges_micro(*vcg, std::numeric_limits<std::int64_t>::max()).error().code,
            ErrorCode::out_of_range);
  EXPECT_EQ(*charges_micro(*vcg, 0), (std::vector<std::int64_t>{0, 0}));
}

}  // namespace
}  // namespace candor::payment
