// How far behind the best worker the asking rules are, beside what they promise.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "candor/learning/asking_rules.h"
#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

// Losses of one slot, chosen by somebody who sees the weights.
using Adversary = std::function<Row(const Row& weight, int slot)>;

Row heaviest_is_wrong(const Row& weight, int) {
  Row loss(weight.size(), 0.0);
  loss[static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) - weight.begin())] =
      1.0;
  return loss;
}

// One who is mostly right among such as look better now and then: weight is drawn away from it.
Row good_one_looks_bad(const Row& weight, int slot) {
  Row loss(weight.size(), slot % 4 == 0 ? 0.0 : .6);
  loss[0] = weight[0] > .3 ? 1.0 : 0.0;
  return loss;
}

Row upper_half_is_wrong(const Row& weight, int slot) {
  Row sorted = weight;
  std::sort(sorted.begin(), sorted.end());
  Row loss;
  for (std::size_t i = 0; i < weight.size(); ++i)
    loss.push_back(weight[i] > sorted[sorted.size() / 2] || (slot % 7 == 0 && i % 2 == 0));
  return loss;
}

double pool_loss(const AskingRule& rule, const Row& weight, const Row& loss) {
  double mean = 0.0;
  for (std::size_t i = 0; i < loss.size(); ++i) {
    const double p =
        rule.asks() > 1 ? weight[i] : rule.probability(WorkerId{static_cast<std::uint32_t>(i)});
    mean += p * loss[i];
  }
  return mean;
}

// Expected regret to each worker (of the answer followed), mean of seeds; and the bound.
struct Measured {
  Row regret;
  Row bound;
};
Measured measure(const Kind& kind, std::size_t n, int slots, int seeds, const Adversary& losses) {
  const double eta = asking_step_size(kind.name, n, kind.asks, static_cast<double>(slots)).value();
  Measured measured{Row(n), Row(n)};
  for (int seed = 0; seed < seeds; ++seed) {
    const auto rule = rule_of(kind.name, {.asks = kind.asks, .step_size = eta}, n);
    RandomStream random(47, static_cast<std::uint64_t>(seed));
    for (int slot = 0; slot < slots; ++slot) {
      const Row weight = rule->weights();
      const Row loss = losses(weight, slot);
      const double mean = pool_loss(*rule, weight, loss);
      for (std::size_t i = 0; i < n; ++i) measured.regret[i] += (mean - loss[i]) / seeds;
      play(*rule, rule->draw(random).worker, loss);
    }
    for (std::size_t i = 0; i < n; ++i)
      measured.bound[i] =
          rule->regret_bound(WorkerId{static_cast<std::uint32_t>(i)}, slots).value();
  }
  return measured;
}

TEST(AskingRegret, RegretKeepsToItsBoundAgainstAdversariesWhoSeeTheWeights) {
  const Adversary adversaries[] = {heaviest_is_wrong, good_one_looks_bad, upper_half_is_wrong};
  for (const Kind kind : kinds) {
    for (const std::size_t n : {4UL, 10UL}) {
      for (std::size_t a = 0; a < 3; ++a) {
        const Measured measured = measure(kind, n, 2500, 3, adversaries[a]);
        for (std::size_t i = 0; i < n; ++i)
          ASSERT_LE(measured.regret[i], measured.bound[i]) << kind.name << " " << n << " " << a;
      }
    }
  }
}

// One worker errs in a quarter of the slots, the others in half of them.
double stochastic_regret(const Kind& kind, int slots) {
  RandomStream coins(48);
  const double eta = asking_step_size(kind.name, 10, kind.asks, static_cast<double>(slots)).value();
  double regret = 0.0;
  constexpr int seeds = 3;
  for (int seed = 0; seed < seeds; ++seed) {
    const auto rule = rule_of(kind.name, {.asks = kind.asks, .step_size = eta}, 10);
    RandomStream random(49, static_cast<std::uint64_t>(seed));
    for (int slot = 0; slot < slots; ++slot) {
      const Asks asks = rule->draw(random);
      Row loss;
      for (std::size_t i = 0; i < 10; ++i) loss.push_back(coins.bernoulli(i == 0 ? .25 : .5));
      const Row weight = rule->weights();
      regret += .25 * (1 - pool_loss(*rule, weight, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0})) / seeds;
      play(*rule, asks.worker, loss);
    }
  }
  return regret;
}

TEST(AskingRegret, WsuUxIsSlowerThanTwoAnswersAndThanTheLogBarrier) {
  const auto slope = [](const Kind& kind, double& at_end) {
    at_end = stochastic_regret(kind, 8192);
    return std::log(at_end / stochastic_regret(kind, 1024)) / std::log(8);
  };
  double lf = 0.0;
  double barrier = 0.0;
  double published = 0.0;
  EXPECT_NEAR(slope({"lf", 2}, lf), .5, .12);
  EXPECT_NEAR(slope({"log-barrier", 1}, barrier), .55, .12);
  EXPECT_GT(slope({"wsu-ux", 1}, published), .7);
  EXPECT_GT(published, 2 * lf);
  EXPECT_GT(published, 2 * barrier);
}

TEST(AskingRegret, BestBoundsAreThoseOfTheTable) {
  const double n = 10;
  const double t = 1e6;
  const auto bound = [&](const Kind& kind) {
    const double eta = asking_step_size(kind.name, 10, kind.asks, t).value();
    return rule_of(kind.name, {.asks = kind.asks, .step_size = eta}, 10)
        ->regret_bound(WorkerId{0}, t)
        .value();
  };
  EXPECT_NEAR(bound({"lf", 2}), 2 * std::sqrt(t * std::log(n) * (9 + 5)), 1e-6);
  EXPECT_LE(bound({"loss-biased", 1}), 8 * std::sqrt(n * t * std::log(n)));
  EXPECT_NEAR(bound({"log-barrier", 1}) / (2 * std::sqrt(2 * n * t * std::log(t))), 1, .06);
  EXPECT_LE(bound({"wsu-ux", 1}), 2 * std::pow(4 * t, 2.0 / 3) * std::cbrt(n * std::log(n)));
}

}  // namespace
}  // namespace candor::learning
