#include "candor/payment/payment_rule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "candor/base/math.h"
#include "candor/base/random.h"
#include "candor/payment/budget.h"

namespace candor::payment {
namespace {

using Row = std::vector<double>;

Row parts(std::string_view name, const Row& loss, const Row& share) {
  const auto rule = make_payment_rule(name);
  Row part(loss.size());
  (*rule)->parts({loss, share}, part);
  return part;
}

Row equal(std::size_t n) {
  return Row(n, 1.0 / static_cast<double>(n));
}

Row losses(const Row& report, double outcome) {
  Row loss(report);
  for (double& value : loss) value = (value - outcome) * (value - outcome);
  return loss;
}

Row random_row(std::size_t n, RandomStream& random) {
  Row row(n);
  for (double& value : row) {
    value = random.uniform();
    if (random.bernoulli(.1)) value = random.bernoulli(.5) ? 1.0 : 0.0;
  }
  return row;
}

// What worker 0 expects to be paid, as a part of the budget, when it believes b and the others
// report `others`.
double expected_part(std::string_view rule, double report, double belief, const Row& others) {
  Row all{report};
  all.insert(all.end(), others.begin(), others.end());
  const Row share = equal(all.size());
  return belief * parts(rule, losses(all, 1), share)[0] +
         (1 - belief) * parts(rule, losses(all, 0), share)[0];
}

void expect_near(const Row& a, const Row& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-15) << i;
}

TEST(PaymentRule, GivesTheHandWorkedParts) {
  const Row loss{.04, .36};
  expect_near(parts("per-answer", loss, {.5, .5}), {.48, .32});
  expect_near(parts("wagering", loss, {.5, .5}), {.58, .42});  // mean loss .2
  expect_near(parts("by-weight", loss, {.52, .48}), {.52, .48});
}

TEST(PaymentRule, GoesByItsNameAndRefusesOthers) {
  for (const std::string_view name : {"by-weight", "per-answer", "wagering"})
    EXPECT_EQ((*make_payment_rule(name))->name(), name);
  const auto unknown = make_payment_rule("salary");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(unknown.error().message().find("by-weight, per-answer or wagering"), std::string::npos);
}

// Only two of the workers who hold weight were asked: each has its share, the rest is left.
TEST(PaymentRule, LeavesThePartOfThoseWhoWereNotAsked) {
  const Row part = parts("by-weight", {.1, .2}, {.3, .25});
  const Payout payout = pay_out(1000, part, (*make_payment_rule("by-weight"))->pays_all());
  EXPECT_EQ(payout.paid, (std::vector<std::int64_t>{300, 250}));
  EXPECT_EQ(payout.unspent, 450);
}

TEST(PaymentRule, NeverPaysLessThanNothingOrMoreThanTheBudget) {
  RandomStream random(1);
  for (int trial = 0; trial < 2000; ++trial) {
    const Row loss = random_row(1 + random.below(20), random);
    Row share = random_row(loss.size(), random);
    normalise(share);
    if (trial % 2 == 0)
      for (double& value : share) value *= random.uniform();
    const auto budget = static_cast<std::int64_t>(random.below(trial % 3 == 0 ? 7 : 2'000'000));
    for (const std::string_view name : {"by-weight", "per-answer", "wagering"}) {
      const auto rule = make_payment_rule(name);
      Row part(loss.size());
      (*rule)->parts({loss, share}, part);
      const Payout payout = pay_out(budget, part, (*rule)->pays_all());
      ASSERT_GE(*std::min_element(payout.paid.begin(), payout.paid.end()), 0) << name;
      ASSERT_GE(payout.unspent, 0) << name;
      ASSERT_EQ(std::accumulate(payout.paid.begin(), payout.paid.end(), payout.unspent), budget);
      for (std::size_t i = 0; i < part.size(); ++i)
        ASSERT_LE(
            std::abs(static_cast<double>(payout.paid[i]) - static_cast<double>(budget) * part[i]),
            1.0 + 1e-9)
            << name;
    }
  }
}

TEST(PerAnswer, MakesALieOfDistanceDCostDSquaredOverN) {
  RandomStream random(2);
  for (int trial = 0; trial < 1000; ++trial) {
    const Row others = random_row(random.below(6), random);
    const double belief = random.uniform();
    const double report = random.uniform();
    const double d = report - belief;
    const double lost = expected_part("per-answer", belief, belief, others) -
                        expected_part("per-answer", report, belief, others);
    ASSERT_NEAR(lost, d * d / static_cast<double>(others.size() + 1), 1e-15);
  }
}

TEST(PerAnswer, PaysAWorkerWithoutRegardToTheOthers) {
  const Row alone = parts("per-answer", {.3, 0, 1}, equal(3));
  EXPECT_EQ(alone[0], parts("per-answer", {.3, 1, .5}, equal(3))[0]);
}

TEST(Wagering, MakesALieOfDistanceDCostItsStatedPrice) {
  RandomStream random(3);
  for (int trial = 0; trial < 1000; ++trial) {
    const Row others = random_row(1 + random.below(6), random);
    const auto n = static_cast<double>(others.size() + 1);
    const double belief = random.uniform();
    const double report = random.uniform();
    const double d = report - belief;
    const double lost = expected_part("wagering", belief, belief, others) -
                        expected_part("wagering", report, belief, others);
    ASSERT_NEAR(lost, (1 - 1 / n) * d * d / n, 1e-15);
  }
}

TEST(Wagering, SpendsTheBudgetToTheUnit) {
  RandomStream random(4);
  for (int trial = 0; trial < 1000; ++trial) {
    const Row loss = random_row(1 + random.below(30), random);
    const auto budget = static_cast<std::int64_t>(random.next() >> (1 + random.below(60)));
    const Payout payout = pay_out(budget, parts("wagering", loss, equal(loss.size())), true);
    ASSERT_EQ(payout.unspent, 0);
    ASSERT_EQ(std::accumulate(payout.paid.begin(), payout.paid.end(), std::int64_t{0}), budget);
  }
}

// The parts follow the workers when these change places; whole units may differ by one, where two
// remainders are equal and only one unit is left.
TEST(Wagering, DoesNotCareWhoSaidWhat) {
  RandomStream random(5);
  for (int trial = 0; trial < 500; ++trial) {
    const Row loss = random_row(2 + random.below(10), random);
    const std::vector<std::uint32_t> order = shuffled_order(loss.size(), random);
    Row moved(loss.size());
    for (std::size_t i = 0; i < order.size(); ++i) moved[i] = loss[order[i]];
    const Row part = parts("wagering", loss, equal(loss.size()));
    const Row moved_part = parts("wagering", moved, equal(loss.size()));
    const Payout paid = pay_out(99'991, part, true);
    const Payout moved_paid = pay_out(99'991, moved_part, true);
    for (std::size_t i = 0; i < order.size(); ++i) {
      ASSERT_NEAR(moved_part[i], part[order[i]], 1e-15);
      ASSERT_LE(std::abs(moved_paid.paid[i] - paid.paid[order[i]]), 1);
    }
  }
}

TEST(Wagering, GivesAPersonTheSameForOneWagerAsForItsPieces) {
  RandomStream random(6);
  for (int trial = 0; trial < 500; ++trial) {
    const Row loss = random_row(2 + random.below(6), random);
    Row wager = random_row(loss.size(), random);
    for (double& value : wager) value += .01;
    Row whole(loss.size());
    wagered_parts(wager, loss, whole);
    Row split_wager = wager;
    Row split_loss = loss;
    const double piece = wager[0] * random.uniform();
    split_wager[0] -= piece;
    split_wager.push_back(piece);
    split_loss.push_back(loss[0]);
    Row split(split_loss.size());
    wagered_parts(split_wager, split_loss, split);
    ASSERT_NEAR(split.front() + split.back(), whole[0], 1e-14);
    for (std::size_t i = 1; i < loss.size(); ++i) ASSERT_NEAR(split[i], whole[i], 1e-14);
  }
}

// Where the platform puts up an equal wager for every account, a second account is worth having: of
// three workers with equal losses each has 1/3; with two accounts one has 2/4. Admission has to see
// to that.
TEST(Wagering, PaysASecondAccountWhenThePlatformPutsUpTheWagers) {
  expect_near(parts("wagering", {.25, .25, .25}, equal(3)), equal(3));
  const Row part = parts("wagering", {.25, .25, .25, .25}, equal(4));
  EXPECT_DOUBLE_EQ(part[0] + part[3], .5);
}

// Others report .2 and .8. A worker that has seen this and reports .5 has loss .25 whatever comes,
// the others .64 and .04: mean .31, so it receives (1 + .31 - .25)/3 = 1.06/3 under both outcomes.
TEST(Wagering, PaysTheOneInTheMiddleUnderBothOutcomes) {
  for (const double outcome : {0.0, 1.0})
    EXPECT_NEAR(parts("wagering", losses({.2, .8, .5}, outcome), equal(3))[2], 1.06 / 3, 1e-15);
  // Still, who believes .9 expects more by saying so: the price of hiding it, (1 - 1/3) .4^2 / 3.
  const double honest = expected_part("wagering", .9, .9, {.2, .8});
  const double sure = expected_part("wagering", .5, .9, {.2, .8});
  EXPECT_NEAR(honest - sure, 2.0 / 9 * .16, 1e-15);
}

}  // namespace
}  // namespace candor::payment
