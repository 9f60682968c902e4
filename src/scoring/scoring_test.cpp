#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "candor/base/random.h"
#include "candor/scoring/loss_rule.h"
#include "candor/scoring/probability.h"

namespace candor::scoring {
namespace {

using Row = std::vector<double>;

const std::array<LossRule, 3> all_rules{{{LossRule::Kind::quadratic},
                                         {LossRule::Kind::spherical},
                                         {LossRule::Kind::clipped_log, 0.01}}};

Row random_row(RandomStream& random, std::size_t answers, double floor) {
  Row row(answers);
  double total = 0.0;
  for (double& value : row) total += value = random.uniform();
  const double free_mass = 1.0 - floor * static_cast<double>(answers);
  for (double& value : row) value = floor + free_mass * value / total;
  return row;
}

double expected_loss(const LossRule& rule, const Row& report, const Row& belief) {
  double total = 0.0;
  for (std::size_t k = 0; k < belief.size(); ++k) {
    Row outcome(belief.size(), 0.0);
    outcome[k] = 1.0;
    total += belief[k] * rule(report, outcome);
  }
  return total;
}

TEST(LossRule, QuadraticMatchesTheHandWorkedBrierScore) {
  EXPECT_NEAR(LossRule{}(Row{.8, .2}, Row{1, 0}), 0.04, 1e-15);
  EXPECT_NEAR(LossRule{}(Row{.5, .3, .2}, Row{0, 1, 0}), 0.5 * (.25 + .49 + .04), 1e-15);
}

TEST(LossRule, SphericalAndClippedLogMatchHandWorkedValues) {
  EXPECT_NEAR(all_rules[1](Row{.6, .8 - .4}, Row{1, 0}), 1 - .6 / std::sqrt(.36 + .16), 1e-15);
  EXPECT_NEAR(all_rules[2](Row{.1, .9}, Row{1, 0}), 0.5, 1e-15);  // log .1 / log .01
}

TEST(LossRule, IsStrictlyProper) {
  RandomStream random(1);
  for (const LossRule& rule : all_rules) {
    for (const std::size_t answers : {2U, 3U, 5U}) {
      for (int i = 0; i < 500; ++i) {
        const Row belief = random_row(random, answers, 0.01);
        const Row lie = random_row(random, answers, 0.01);
        const double price = expected_loss(rule, lie, belief) - expected_loss(rule, belief, belief);
        double distance = 0.0;
        for (std::size_t k = 0; k < answers; ++k) distance += std::fabs(lie[k] - belief[k]);
        EXPECT_GT(price, 1e-3 * distance * distance) << rule.name();
      }
    }
  }
}

TEST(LossRule, StaysInTheUnitIntervalForFractionalOutcomesToo) {
  RandomStream random(2);
  for (const LossRule& rule : all_rules) {
    for (int i = 0; i < 2000; ++i) {
      const double loss = rule(random_row(random, 4, 0.01), random_row(random, 4, 0.0));
      EXPECT_GE(loss, 0.0);
      EXPECT_LE(loss, 1.0);
    }
  }
}

TEST(LossRule, ClippedLogRefusesAReportBelowItsFloor) {
  const Status status = all_rules[2].check_report(Row{.001, .999});
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message().find("floor 0.01"), std::string::npos);
  EXPECT_TRUE(all_rules[0].check_report(Row{0, 1}).ok());
}

TEST(LossRule, ParsesItsNamesAndListsThemOtherwise) {
  for (const auto* name : {"quadratic", "spherical", "clipped-log"})
    EXPECT_EQ(LossRule::parse(name)->name(), name);
  EXPECT_EQ(LossRule::parse("clipped-log(0.05)")->floor, 0.05);
  for (const auto* name : {"absolute", "clipped-log(0.6)", "clipped-log(", "clipped-log)", ""})
    EXPECT_FALSE(LossRule::parse(name).ok()) << name;
}

TEST(CheckProbabilities, NamesTheOffendingValue) {
  EXPECT_TRUE(check_probabilities(Row{.25, .75}, "report").ok());
  EXPECT_NE(check_probabilities(Row{1.7, -.7}, "report").error().message().find("1.7"),
            std::string::npos);
  EXPECT_FALSE(check_probabilities(Row{NAN, .5}, "report").ok());
  EXPECT_FALSE(check_probabilities(Row{.5, .4}, "report").ok());
}

TEST(AccuracyCredit, SplitsOverTiedAnswers) {
  EXPECT_EQ(accuracy_credit(Row{.4, .4, .2}, Row{1, 0, 0}), 0.5);
  EXPECT_EQ(accuracy_credit(Row{.4, .4, .2}, Row{0, 0, 1}), 0.0);
  EXPECT_EQ(accuracy_credit(Row{.1, .9}, Row{0, 1}), 1.0);
}

}  // namespace
}  // namespace candor::scoring
