#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "candor/base/random.h"
#include "candor/scoring/correlated_agreement.h"
#include "candor/scoring/mutual_information.h"
#include "scoring/small_matrix.h"

namespace candor::scoring {
namespace {

using Row = std::vector<double>;
using Answers = std::vector<std::uint32_t>;

const Row two_answers{.4, .1, .15, .35};

CorrelatedAgreement agreement_of(const Row& joint, std::size_t answers) {
  return std::move(CorrelatedAgreement::from_joint(joint, answers)).value();
}

// joint [K, K] with the honest answers likelier to be the same.
Row random_joint(RandomStream& random, std::size_t answers) {
  Row joint(answers * answers);
  double total = 0.0;
  for (std::size_t x = 0; x < answers; ++x)
    for (std::size_t y = 0; y < answers; ++y)
      total += joint[x * answers + y] = random.uniform() + (x == y ? 1.0 : 0.0);
  for (double& value : joint) value /= total;
  return joint;
}

// What the joint law becomes when the worker answers by the stochastic matrix f and the peer by g.
Row distorted(const Row& joint, const Row& f, const Row& g, std::size_t answers) {
  Row after(answers * answers, 0.0);
  for (std::size_t x = 0; x < answers; ++x)
    for (std::size_t y = 0; y < answers; ++y)
      for (std::size_t a = 0; a < answers; ++a)
        for (std::size_t b = 0; b < answers; ++b)
          after[a * answers + b] +=
              joint[x * answers + y] * f[x * answers + a] * g[y * answers + b];
  return after;
}

// Every map of answers to answers, as a matrix of zeros and ones.
std::vector<Row> all_maps(std::size_t answers) {
  std::size_t maps = 1;
  for (std::size_t x = 0; x < answers; ++x) maps *= answers;
  std::vector<Row> strategies;
  for (std::size_t code = 0; code < maps; ++code) {
    Row map(answers * answers, 0.0);
    std::size_t rest = code;
    for (std::size_t x = 0; x < answers; ++x, rest /= answers)
      map[x * answers + rest % answers] = 1.0;
    strategies.push_back(map);
  }
  return strategies;
}

Row honest(std::size_t answers) {
  Row map(answers * answers, 0.0);
  for (std::size_t x = 0; x < answers; ++x) map[x * answers + x] = 1.0;
  return map;
}

// The mean of `value` over n independent slots, by going through all K^2n pairs of answer
// sequences.
double mean_over_slots(const Row& joint, std::size_t answers, std::size_t n,
                       const std::function<double(const Answers&, const Answers&)>& value) {
  std::size_t cases = 1;
  for (std::size_t t = 0; t < n; ++t) cases *= answers * answers;
  double mean = 0.0;
  Answers worker(n);
  Answers peer(n);
  for (std::size_t code = 0; code < cases; ++code) {
    std::size_t rest = code;
    double probability = 1.0;
    for (std::size_t t = 0; t < n; ++t, rest /= answers * answers) {
      const std::size_t pair = rest % (answers * answers);
      worker[t] = static_cast<std::uint32_t>(pair / answers);
      peer[t] = static_cast<std::uint32_t>(pair % answers);
      probability *= joint[pair];
    }
    mean += probability * value(worker, peer);
  }
  return mean;
}

TEST(CorrelatedAgreement, MatchesHandWorkedPay) {
  const CorrelatedAgreement rule = agreement_of(two_answers, 2);
  EXPECT_TRUE(rule.agrees(0, 0));
  EXPECT_FALSE(rule.agrees(0, 1));
  EXPECT_FALSE(rule.agrees(1, 0));
  EXPECT_TRUE(rule.agrees(1, 1));
  EXPECT_EQ(rule.pay(0, 0, 0, 1), 1.0);
  EXPECT_EQ(rule.pay(0, 1, 1, 1), -1.0);
  EXPECT_NEAR(*rule.pay_pair(Answers{0, 0, 1}, Answers{0, 1, 1}), 1.0 / 3, 1e-15);
  EXPECT_NEAR(rule.expected_pay(two_answers), .25, 1e-15);
}

TEST(CorrelatedAgreement, PayPairIsTheMeanOverAllChoicesOfSlots) {
  RandomStream random(1);
  for (int trial = 0; trial < 30; ++trial) {
    const std::size_t answers = 2 + random.below(3);
    const CorrelatedAgreement rule = agreement_of(random_joint(random, answers), answers);
    Answers worker(6);
    Answers peer(6);
    for (auto& value : worker) value = static_cast<std::uint32_t>(random.below(answers));
    for (auto& value : peer) value = static_cast<std::uint32_t>(random.below(answers));
    double total = 0.0;
    int choices = 0;
    for (std::size_t b = 0; b < 6; ++b)
      for (std::size_t p = 0; p < 6; ++p)
        for (std::size_t q = 0; q < 6; ++q) {
          if (b == p || b == q || p == q) continue;
          total += rule.pay(worker[b], peer[b], worker[p], peer[q]);
          ++choices;
        }
    EXPECT_NEAR(*rule.pay_pair(worker, peer), total / choices, 1e-14);
  }
}

TEST(CorrelatedAgreement, ExpectedPayIsWhatPayPairGivesOnAverage) {
  const CorrelatedAgreement rule = agreement_of(two_answers, 2);
  const Row drifted{.3, .2, .1, .4};  // paid on another law than learned from
  for (const Row& joint : {two_answers, drifted}) {
    const double mean = mean_over_slots(joint, 2, 4, [&rule](const Answers& x, const Answers& y) {
      const double pay = *rule.pay_pair(x, y);
      EXPECT_GE(CorrelatedAgreement::to_unit(pay), 0.0);
      EXPECT_LE(CorrelatedAgreement::to_unit(pay), 1.0);
      return pay;
    });
    EXPECT_NEAR(mean, rule.expected_pay(joint), 1e-14);
  }
}

TEST(CorrelatedAgreement, NoPairOfStrategiesPaysMoreThanHonesty) {
  RandomStream random(2);
  for (const std::size_t answers : {2U, 3U}) {
    for (int trial = 0; trial < 10; ++trial) {
      const Row joint = random_joint(random, answers);
      const CorrelatedAgreement rule = agreement_of(joint, answers);
      const double truth = rule.expected_pay(joint);
      EXPECT_GT(truth, 0.0);
      for (const Row& f : all_maps(answers))
        for (const Row& g : all_maps(answers))
          EXPECT_LE(rule.expected_pay(distorted(joint, f, g, answers)), truth + 1e-14);
    }
  }
}

TEST(CorrelatedAgreement, SayingAlwaysTheSameEarnsNothing) {
  const CorrelatedAgreement rule = agreement_of(two_answers, 2);
  EXPECT_NEAR(rule.expected_pay(distorted(two_answers, {1, 0, 1, 0}, {1, 0, 1, 0}, 2)), 0, 1e-15);
  EXPECT_EQ(*rule.pay_pair(Answers{0, 0, 0}, Answers{0, 0, 0}), 0.0);
}

// The known weakness: if all swap the answers, that pays as much as honesty.
TEST(CorrelatedAgreement, RelabellingTogetherPaysAsMuch) {
  const CorrelatedAgreement rule = agreement_of(two_answers, 2);
  const Row swap{0, 1, 1, 0};
  EXPECT_NEAR(rule.expected_pay(distorted(two_answers, swap, swap, 2)),
              rule.expected_pay(two_answers), 1e-15);
  EXPECT_LT(rule.expected_pay(distorted(two_answers, swap, honest(2), 2)), 0.0);  // alone: it costs
}

TEST(CorrelatedAgreement, RefusesWhatIsNoJointLaw) {
  EXPECT_FALSE(CorrelatedAgreement::from_joint(Row{.5, .5}, 2).ok());
  EXPECT_FALSE(CorrelatedAgreement::from_joint(Row{.5, .5, .5, .5}, 2).ok());
  const CorrelatedAgreement rule = agreement_of(two_answers, 2);
  EXPECT_FALSE(rule.pay_pair(Answers{0}, Answers{0}).ok());
  EXPECT_FALSE(rule.pay_pair(Answers{0, 1}, Answers{0}).ok());
  EXPECT_FALSE(joint_shares(Answers{}, Answers{}, 2).ok());
  EXPECT_FALSE(joint_shares(Answers{0}, Answers{2}, 2).ok());
  EXPECT_EQ(*joint_shares(Answers{0, 1}, Answers{0, 0}, 2), (Row{.5, 0, .5, 0}));
}

double falling_factorial(std::size_t n, std::size_t k) {
  double product = 1.0;
  for (std::size_t j = 0; j < k; ++j) product *= static_cast<double>(n - j);
  return product;
}

TEST(MutualInformation, MatchesHandWorkedPay) {
  const Answers long_batch{0, 0, 1};
  const Answers short_batch{0, 1};
  const auto pay = mutual_information_pay({long_batch, long_batch}, {short_batch, short_batch}, 2);
  ASSERT_TRUE(pay.ok());
  EXPECT_EQ(pay->pay, 2.0);
  EXPECT_EQ(pay->largest, 2.25);
  EXPECT_NEAR(pay->to_unit(), .5 + 1 / 2.25, 1e-15);
}

TEST(MutualInformation, MeanDeterminantIsTheStatedMultipleOfTheLaws) {
  RandomStream random(3);
  struct Size {
    std::size_t answers;
    std::size_t slots;
  };
  for (const Size size : {Size{2, 2}, Size{2, 3}, Size{2, 5}, Size{3, 3}, Size{3, 4}}) {
    const Row joint = random_joint(random, size.answers);
    const std::size_t k = size.answers;
    const double mean =
        mean_over_slots(joint, k, size.slots, [k](const Answers& worker, const Answers& peer) {
          Row count(k * k, 0.0);
          for (std::size_t t = 0; t < worker.size(); ++t) count[worker[t] * k + peer[t]] += 1.0;
          return determinant(count, k);
        });
    EXPECT_NEAR(mean, falling_factorial(size.slots, k) * determinant(joint, k), 1e-12);
  }
}

// Both batches of two slots, exactly: the mean pay is (2 det U)^2.
TEST(MutualInformation, MeanPayIsTheSquareOfThat) {
  const double mean =
      mean_over_slots(two_answers, 2, 4, [](const Answers& worker, const Answers& peer) {
        const std::span<const std::uint32_t> x(worker);
        const std::span<const std::uint32_t> y(peer);
        const auto pay =
            mutual_information_pay({x.first(2), y.first(2)}, {x.last(2), y.last(2)}, 2);
        EXPECT_LE(std::fabs(pay->pay), pay->largest);
        return pay->pay;
      });
  EXPECT_NEAR(mean, 4.0 * .125 * .125, 1e-15);
}

// Whatever the peer does (g), honesty pays at least as much as every mixed strategy (f) on a grid;
// the relabelling alone pays the same.
TEST(MutualInformation, HonestyIsDominant) {
  const auto strategy = [](int a, int b) {
    return Row{1 - a / 8.0, a / 8.0, b / 8.0, 1 - b / 8.0};
  };
  const auto mean_pay = [](const Row& f, const Row& g) {
    const double det = determinant(distorted(two_answers, f, g, 2), 2);
    return 4.0 * det * det;
  };
  for (int peer = 0; peer < 81; ++peer) {
    const Row g = strategy(peer / 9, peer % 9);
    const double truth = mean_pay(honest(2), g);
    for (int own = 0; own < 81; ++own) {
      const double pay = mean_pay(strategy(own / 9, own % 9), g);
      EXPECT_LE(pay, truth + 1e-15);
      if (own != 0 && own != 80 && truth > 1e-6) {
        EXPECT_LT(pay, truth);
      }
    }
    EXPECT_NEAR(mean_pay(strategy(8, 8), g), truth, 1e-15);
  }
}

TEST(MutualInformation, HonestyIsDominantWithThreeAnswers) {
  RandomStream random(4);
  for (int trial = 0; trial < 200; ++trial) {
    const Row joint = random_joint(random, 3);
    Row f(9);
    Row g(9);
    for (Row* strategy : {&f, &g}) {
      for (std::size_t x = 0; x < 3; ++x) {
        double total = 0.0;
        for (std::size_t a = 0; a < 3; ++a) total += (*strategy)[x * 3 + a] = random.uniform();
        for (std::size_t a = 0; a < 3; ++a) (*strategy)[x * 3 + a] /= total;
      }
    }
    const double truth = determinant(distorted(joint, honest(3), g, 3), 3);
    const double mixed = determinant(distorted(joint, f, g, 3), 3);
    EXPECT_LE(std::fabs(mixed), std::fabs(truth));
  }
}

TEST(MutualInformation, RefusesBatchesThatCannotPay) {
  const Answers one{0};
  const Answers two{0, 1};
  EXPECT_FALSE(mutual_information_pay({one, one}, {two, two}, 2).ok());
  EXPECT_FALSE(mutual_information_pay({two, one}, {two, two}, 2).ok());
  EXPECT_FALSE(mutual_information_pay({two, two}, {two, two}, 1).ok());
  const auto bad = mutual_information_pay({two, two}, {two, Answers{0, 5}}, 2);
  EXPECT_NE(bad.error().message().find("peer[1]"), std::string::npos);
}

}  // namespace
}  // namespace candor::scoring
