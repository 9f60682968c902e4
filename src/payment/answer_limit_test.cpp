#include "candor/payment/answer_limit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "candor/base/random.h"

namespace candor::payment {
namespace {

TEST(AnswerLimit, CountsAnswersOfEachWorkerApart) {
  AnswerLimit limit(2);
  ASSERT_TRUE(limit.take(WorkerId{4}).ok());
  ASSERT_TRUE(limit.take(WorkerId{4}).ok());
  EXPECT_FALSE(limit.allows(WorkerId{4}));
  EXPECT_TRUE(limit.allows(WorkerId{5}));
  const Status refused = limit.take(WorkerId{4});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_NE(refused.error().message().find("answer 3 of worker 4"), std::string::npos);
  EXPECT_EQ(limit.used(WorkerId{4}), 2U);
  limit.give_back(WorkerId{4});
  EXPECT_TRUE(limit.take(WorkerId{4}).ok());
}

TEST(AnswerLimit, OfZeroIsNone) {
  AnswerLimit none;
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(none.take(WorkerId{0}).ok());
  EXPECT_EQ(none.used(WorkerId{0}), 0U);  // what is not limited is not counted
}

// A slot pays 1000 (1 - loss), but no more than the worker has left to earn.
double pay(double report, double outcome, double left) {
  return std::min(left, 1000.0 * (1.0 - (report - outcome) * (report - outcome)));
}

double expected_pay(double report, double belief, double left) {
  return belief * pay(report, 1, left) + (1 - belief) * pay(report, 0, left);
}

TEST(LimitOnPay, MakesHedgingPay) {
  EXPECT_NEAR(expected_pay(.6, .6, 750), 706, 1e-9);  // .6 * 750 + .4 * 640
  EXPECT_NEAR(expected_pay(.5, .6, 750), 750, 1e-9);  // a lie, 44 more
}

TEST(LimitOnPay, BendsNothingWhileItIsOutOfReach) {
  RandomStream random(9);
  for (int trial = 0; trial < 1000; ++trial) {
    const double belief = random.uniform();
    const double report = random.uniform();
    ASSERT_LE(expected_pay(report, belief, 1000), expected_pay(belief, belief, 1000) + 1e-9);
  }
}

}  // namespace
}  // namespace candor::payment
