#include "candor/pooling/aggregating_mixer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "candor/base/random.h"
#include "candor/scoring/loss_rule.h"
#include "candor/scoring/probability.h"

namespace candor::pooling {
namespace {

using Row = std::vector<double>;

Row certain(std::size_t answers, std::size_t k) {
  Row row(answers, 0.0);
  row[k] = 1.0;
  return row;
}

Row random_row(RandomStream& random, std::size_t n) {
  if (random.bernoulli(.2)) return certain(n, random.below(n));
  Row row(n);
  for (double& value : row) value = random.bernoulli(.2) ? 0.0 : random.uniform();
  row[random.below(n)] += .05;
  const double total = std::accumulate(row.begin(), row.end(), 0.0);
  for (double& value : row) value /= total;
  return row;
}

Row random_predictions(RandomStream& random, std::size_t predictors, std::size_t answers) {
  Row all;
  for (std::size_t e = 0; e < predictors; ++e) {
    const Row row = random_row(random, answers);
    all.insert(all.end(), row.begin(), row.end());
  }
  return all;
}

std::span<const double> row_of(const Row& prediction, std::size_t e, std::size_t answers) {
  return std::span(prediction).subspan(e * answers, answers);
}

double half_squared_distance(std::span<const double> p, std::span<const double> y) {
  double sum = 0.0;
  for (std::size_t k = 0; k < p.size(); ++k) sum += (p[k] - y[k]) * (p[k] - y[k]);
  return .5 * sum;
}

TEST(AggregatingMixer, MatchesHandWorkedFirstSlots) {
  AggregatingMixer mixer(2);
  const Row prediction{1, 0, 0, 1};
  Row mix(2);
  mixer.mix(prediction, mix);
  EXPECT_NEAR(mix[0], .5, 1e-15);
  mixer.learn(prediction, Row{1, 0});  // the second predictor has lost 1: weight e^-2
  EXPECT_NEAR(mixer.weights()[0], 1 / (1 + std::exp(-2.0)), 1e-15);
  mixer.mix(prediction, mix);
  // Generalised losses -ln(w0 + w1 e^-2)/2 and -ln(w0 e^-2 + w1)/2; their difference is 1 - 2 P(A).
  const double w0 = mixer.weights()[0];
  const double w1 = mixer.weights()[1];
  const double gap =
      -.5 * std::log(w0 + w1 * std::exp(-2.0)) + .5 * std::log(w0 * std::exp(-2.0) + w1);
  EXPECT_NEAR(mix[0], .5 * (1 - gap), 1e-14);
}

TEST(AggregatingMixer, AgreesWithPredictorsWhoAgree) {
  AggregatingMixer mixer(3);
  Row mix(3);
  mixer.mix(Row{.2, .5, .3, .2, .5, .3, .2, .5, .3}, mix);
  EXPECT_NEAR(mix[0], .2, 1e-14);
  EXPECT_NEAR(mix[1], .5, 1e-14);
}

// The substitution condition: whatever happens, the mix loses no more than the generalised
// prediction.
TEST(AggregatingMixer, LosesNoMoreThanTheGeneralisedPrediction) {
  RandomStream random(1);
  for (const std::size_t answers : {2U, 3U, 10U}) {
    for (int trial = 0; trial < 300; ++trial) {
      const std::size_t predictors = 1 + random.below(8);
      AggregatingMixer mixer(predictors);
      for (int slot = 0; slot < 5; ++slot)
        mixer.learn(random_predictions(random, predictors, answers), random_row(random, answers));
      const Row weight = mixer.weights();
      const Row prediction = random_predictions(random, predictors, answers);
      Row mix(answers);
      mixer.mix(prediction, mix);
      ASSERT_TRUE(scoring::check_probabilities(mix, "mix").ok());
      for (std::size_t k = 0; k < answers; ++k) {
        double mass = 0.0;
        for (std::size_t e = 0; e < predictors; ++e)
          mass += weight[e] * std::exp(-2 * half_squared_distance(row_of(prediction, e, answers),
                                                                  certain(answers, k)));
        ASSERT_LE(half_squared_distance(mix, certain(answers, k)), -.5 * std::log(mass) + 1e-12);
      }
    }
  }
}

// Plays a game and checks the bound after every slot. `hostile` picks the outcome that hurts the
// mix most.
struct Game {
  std::size_t predictors;
  std::size_t answers;
  AggregatingMixer mixer{predictors};
  Row lost = Row(predictors, 0.0);
  double mix_lost = 0.0;

  Row mix(const Row& prediction) const {
    Row row(answers);
    mixer.mix(prediction, row);
    return row;
  }
  std::size_t leader() const {
    return static_cast<std::size_t>(std::min_element(lost.begin(), lost.end()) - lost.begin());
  }
  Row hostile(const Row& prediction) const {
    const Row own = mix(prediction);
    std::size_t worst = 0;
    double gap = -1.0;
    for (std::size_t k = 0; k < answers; ++k) {
      const Row outcome = certain(answers, k);
      const double here = half_squared_distance(own, outcome) -
                          half_squared_distance(row_of(prediction, leader(), answers), outcome);
      if (here > gap) worst = k;
      gap = std::max(gap, here);
    }
    return certain(answers, worst);
  }
  void play(const Row& prediction, const Row& outcome) {
    mix_lost += half_squared_distance(mix(prediction), outcome);
    for (std::size_t e = 0; e < predictors; ++e)
      lost[e] += half_squared_distance(row_of(prediction, e, answers), outcome);
    mixer.learn(prediction, outcome);
    ASSERT_LE(mix_lost, lost[leader()] + mixing_cost(predictors) + 1e-9);
  }
};

TEST(AggregatingMixer, IsNeverFurtherBehindTheBestThanItsCost) {
  for (const std::size_t answers : {2U, 3U, 10U}) {
    for (const std::size_t predictors : {1U, 2U, 7U, 20U}) {
      RandomStream random(2, answers * 100 + predictors);
      for (const int kind : {0, 1, 2}) {  // certain, fractional, hostile outcomes
        Game game{predictors, answers};
        for (int slot = 0; slot < 200; ++slot) {
          const Row prediction = random_predictions(random, predictors, answers);
          if (kind == 0) game.play(prediction, certain(answers, random.below(answers)));
          if (kind == 1) game.play(prediction, random_row(random, answers));
          if (kind == 2) game.play(prediction, game.hostile(prediction));
        }
      }
    }
  }
}

// The mean weighted by exp(-loss/2) would pay four times as much; here the cost is nearly reached.
TEST(AggregatingMixer, PaysItsCostWhenOnlyOnePredictorIsRight) {
  Game game{8, 2};
  Row prediction;
  for (std::size_t e = 0; e < 8; ++e) {
    const Row row = certain(2, e == 5 ? 0 : 1);
    prediction.insert(prediction.end(), row.begin(), row.end());
  }
  for (int slot = 0; slot < 50; ++slot) game.play(prediction, {1, 0});
  EXPECT_GT(game.mix_lost, .9 * mixing_cost(8));
  EXPECT_NEAR(game.mixer.weights()[5], 1.0, 1e-12);
}

TEST(AggregatingMixer, WorksAfterAHundredThousandSlots) {
  AggregatingMixer mixer(2);
  for (int slot = 0; slot < 100000; ++slot) mixer.learn(Row{1, 0, 0, 1}, Row{1, 0});
  Row mix(2);
  mixer.mix(Row{1, 0, 0, 1}, mix);
  EXPECT_EQ(mix, (Row{1, 0}));
  for (int slot = 0; slot < 100000; ++slot) mixer.learn(Row{1, 0, 0, 1}, Row{0, 1});
  mixer.mix(Row{1, 0, 0, 1}, mix);
  EXPECT_NEAR(mix[0], .5, 1e-9);  // nobody was lost
}

TEST(MixingCost, IsHalfTheLogOfTheNumberOfPredictors) {
  EXPECT_EQ(mixing_cost(1), 0.0);
  EXPECT_NEAR(mixing_cost(20), .5 * std::log(20.0), 1e-15);
}

}  // namespace
}  // namespace candor::pooling
