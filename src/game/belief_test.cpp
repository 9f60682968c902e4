#include "candor/game/belief.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace candor::game {
namespace {

BeliefModelPtr sure(Result<BeliefModelPtr> model) {
  EXPECT_TRUE(model.ok()) << model.error().message();
  return std::move(model).value();
}

// How often the outcome was A among slots with each belief.
struct Bin {
  double slots = 0;
  double outcomes = 0;
};
std::map<double, Bin> calibration(const BeliefModel& model, const WorldModel& worlds,
                                  std::uint32_t slots) {
  std::map<double, Bin> bins;
  for (std::uint32_t t = 0; t < slots; ++t) {
    const World world = worlds.world(5, t);
    Bin& bin = bins[std::round(model.belief(world, 5, WorkerId{3}).probability * 1e9) * 1e-9];
    bin.slots += 1;
    bin.outcomes += world.outcome;
  }
  return bins;
}

void expect_calibrated(const BeliefModel& model, const WorldModel& worlds) {
  for (const auto& [belief, bin] : calibration(model, worlds, 20'000)) {
    const double error = std::sqrt(belief * (1 - belief) / bin.slots);
    EXPECT_NEAR(bin.outcomes / bin.slots, belief, 4 * error) << model.name();
  }
}

TEST(Posterior, IsThatOfTheWorkedExamples) {
  EXPECT_NEAR(posterior({.base_rate = .5}, .8, true), .8, 1e-15);
  EXPECT_NEAR(posterior({.base_rate = .5}, .8, false), .2, 1e-15);
  EXPECT_NEAR(posterior({.base_rate = .2}, .8, true), .5, 1e-15);
  EXPECT_NEAR(posterior({.base_rate = .5, .noise = .1}, .8, true), .74, 1e-15);
  EXPECT_EQ(posterior({.base_rate = 0.0}, 1.0, true), 0.0);  // a signal that cannot be
}

TEST(Worlds, HaveTheirBaseRateAndNoise) {
  const WorldModel worlds{.base_rate = .3, .noise = .2};
  double better = 0;
  double against = 0;
  for (std::uint32_t t = 0; t < 20'000; ++t) {
    const World world = worlds.world(1, t);
    better += world.a_is_better ? 1 : 0;
    against += world.a_is_better != (world.outcome == 1.0) ? 1 : 0;
    EXPECT_EQ(world.truth, world.a_is_better ? .8 : .2);
  }
  EXPECT_NEAR(better / 20'000, .3, .013);
  EXPECT_NEAR(against / 20'000, .2, .0115);
  EXPECT_EQ(worlds.world(1, 7).a_is_better, worlds.world(1, 7).a_is_better);
  EXPECT_FALSE((WorldModel{.base_rate = 1.1}).check().ok());
  EXPECT_FALSE((WorldModel{.noise = .6}).check().ok());
}

TEST(Beliefs, AreCalibratedWhereTheyShouldBe) {
  for (const WorldModel& worlds : {WorldModel{.5, 0.}, WorldModel{.3, .1}, WorldModel{.8, 0.}}) {
    expect_calibrated(*sure(calibrated_belief(.75)), worlds);
    expect_calibrated(*sure(correlated_belief(.7, 2, .5)), worlds);
    expect_calibrated(*sure(drifting_belief({AccuracyPath::Kind::switching, .9, .6, 9'000, 0})),
                      worlds);
  }
}

TEST(Beliefs, ShiftTheLogOddsByTheirBias) {
  const BeliefModelPtr clear = sure(calibrated_belief(.8));
  const BeliefModelPtr biased = sure(biased_belief(clear, std::log(2.0)));
  const BeliefModelPtr noisy = sure(noisy_belief(clear, .5));
  double mean = 0;
  double square = 0;
  const int slots = 20'000;
  for (std::uint32_t t = 0; t < slots; ++t) {
    const World world = WorldModel{}.world(1, t);
    const double p = clear->belief(world, 1, WorkerId{0}).probability;
    const double q = biased->belief(world, 1, WorkerId{0}).probability;
    EXPECT_NEAR(q / (1 - q), 2 * p / (1 - p), 1e-12);
    const double n = noisy->belief(world, 1, WorkerId{0}).probability;
    const double error = std::log(n / (1 - n)) - std::log(p / (1 - p));
    mean += error / slots;
    square += error * error / slots;
  }
  EXPECT_NEAR(mean, 0.0, 4 * .5 / std::sqrt(slots));
  EXPECT_NEAR(std::sqrt(square), .5, .01);
}

// Correlation of being right, of two members of a group, of members of two groups.
TEST(Beliefs, AreCorrelatedWithinTheirGroupAsStated) {
  for (const double correlation : {0.0, .3, 1.0}) {
    const BeliefModelPtr one = sure(correlated_belief(.7, 1, correlation));
    const BeliefModelPtr two = sure(correlated_belief(.7, 2, correlation));
    const std::uint32_t slots = 20'000;
    double both = 0;
    double across = 0;
    for (std::uint32_t t = 0; t < slots; ++t) {
      const World world = WorldModel{}.world(9, t);
      const auto right = [&](const BeliefModelPtr& model, std::uint32_t worker) {
        return model->belief(world, 9, WorkerId{worker}).leans_to_a == world.a_is_better ? .3 : -.7;
      };
      both += right(one, 0) * right(one, 1) / slots;
      across += right(one, 0) * right(two, 1) / slots;
    }
    EXPECT_NEAR(both / .21, correlation, .03);
    EXPECT_NEAR(across / .21, 0.0, .03);
  }
}

TEST(AccuracyPaths, GoWhereTheySay) {
  const AccuracyPath line{AccuracyPath::Kind::linear, .9, .5, 100, 0};
  EXPECT_EQ(accuracy_at(line, 1, WorkerId{0}, 0), .9);
  EXPECT_NEAR(accuracy_at(line, 1, WorkerId{0}, 50), .7, 1e-15);
  EXPECT_EQ(accuracy_at(line, 1, WorkerId{0}, 500), .5);
  const AccuracyPath jump{AccuracyPath::Kind::switching, .9, .5, 100, 0};
  EXPECT_EQ(accuracy_at(jump, 1, WorkerId{0}, 99), .9);
  EXPECT_EQ(accuracy_at(jump, 1, WorkerId{0}, 100), .5);
}

TEST(AccuracyPaths, WalkBySteadyStepsAndStayBetweenTheMirrors) {
  const AccuracyPath walk{AccuracyPath::Kind::random_walk, .75, 0, 1, .002};
  double square = 0;
  double together = 0;
  double before = 0;
  const std::uint32_t slots = 2'000;
  for (std::uint32_t worker = 0; worker < 5; ++worker) {
    EXPECT_EQ(accuracy_at(walk, 1, WorkerId{worker}, 0), .75);
    for (std::uint32_t t = 1; t <= slots; ++t) {
      const double now = accuracy_at(walk, 1, WorkerId{worker}, t);
      EXPECT_GE(now, .5);
      EXPECT_LE(now, 1.0);
      const double step = (now - accuracy_at(walk, 1, WorkerId{worker}, t - 1)) / .002;
      square += step * step;
      together += step * before;
      before = step;
    }
  }
  // Steps of unit variance, uncorrelated; 10^4 of them, a mirror now and then.
  EXPECT_NEAR(square / 10'000, 1.0, .06);
  EXPECT_NEAR(together / 10'000, 0.0, .05);
}

TEST(Beliefs, LeanAsTheSignalSaysWhenItTeachesNothing) {
  const BeliefModelPtr coin = sure(calibrated_belief(.5));
  double a = 0;
  for (std::uint32_t t = 0; t < 1'000; ++t) {
    const Belief belief = coin->belief(WorldModel{}.world(1, t), 1, WorkerId{0});
    EXPECT_EQ(belief.probability, .5);
    a += belief.leans_to_a ? 1 : 0;
  }
  EXPECT_NEAR(a, 500, 64);
}

TEST(Beliefs, RefuseImpossibleParameters) {
  EXPECT_FALSE(calibrated_belief(1.1).ok());
  EXPECT_FALSE(calibrated_belief(std::nan("")).ok());
  EXPECT_FALSE(correlated_belief(.7, 0, -.1).ok());
  const BeliefModelPtr clear = sure(calibrated_belief(.8));
  EXPECT_FALSE(noisy_belief(clear, -1).ok());
  EXPECT_FALSE(biased_belief(clear, std::nan("")).ok());
  EXPECT_FALSE(drifting_belief({AccuracyPath::Kind::random_walk, .4, .5, 1, .1}).ok());
  EXPECT_FALSE(drifting_belief({AccuracyPath::Kind::linear, .9, .5, 0, .1}).ok());
}

}  // namespace
}  // namespace candor::game
