#include "candor/learning/weighted_score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "candor/base/random.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::learning {
namespace {

using Row = std::vector<double>;
using Crowd = std::vector<WorkerId>;

Crowd workers(std::size_t first, std::size_t count) {
  Crowd ids(count);
  for (std::size_t j = 0; j < count; ++j) ids[j].value = static_cast<std::uint32_t>(first + j);
  return ids;
}

std::unique_ptr<WeightedScore> crowd_of(std::size_t n, const WeightedScoreOptions& options) {
  auto rule = std::move(WeightedScore::create(options)).value();
  rule->admit(workers(0, n), 1.0);
  return rule;
}

struct Slot {
  Crowd worker;
  Row wager;
};

Slot open_slot(WeightedScore& rule, Crowd worker) {
  Slot slot{std::move(worker), {}};
  slot.wager.resize(slot.worker.size());
  rule.wager(slot.worker, slot.wager);
  return slot;
}

// A slot whose outcome comes at once; returns the loss of the linear pool's bound, sum share *
// loss.
double play(WeightedScore& rule, const Crowd& worker, const Row& loss) {
  Row share(worker.size());
  rule.share(worker, share);
  const Slot slot = open_slot(rule, worker);
  rule.settle(slot.worker, slot.wager, loss);
  return std::inner_product(share.begin(), share.end(), loss.begin(), 0.0);
}

Row random_losses(RandomStream& random, std::size_t n) {
  Row row(n);
  for (double& value : row) value = random.uniform();
  return row;
}

Crowd random_crowd(RandomStream& random, std::size_t n, double attendance) {
  Crowd crowd;
  for (const WorkerId id : workers(0, n))
    if (random.bernoulli(attendance)) crowd.push_back(id);
  if (crowd.empty()) crowd.push_back(WorkerId{0});
  return crowd;
}

double total(const Row& row) {
  return std::accumulate(row.begin(), row.end(), 0.0);
}

double lowest(const Row& row) {
  return *std::min_element(row.begin(), row.end());
}

double square(double x) {
  return x * x;
}

TEST(WeightedScore, MatchesHandWorkedSleepingSlot) {
  const auto rule = crowd_of(4, {.step_size = .5});
  EXPECT_NEAR(play(*rule, {{0}, {1}}, {.04, .36}), .2, 1e-15);
  const Row weight = rule->weights();
  EXPECT_NEAR(weight[0], .27, 1e-15);  // .25 (1 + .5 (.2 - .04))
  EXPECT_NEAR(weight[1], .23, 1e-15);
  EXPECT_EQ(weight[2], .25);
  EXPECT_EQ(weight[3], .25);
}

TEST(WeightedScore, EqualsTheDenseUpdateWhenAllAnswerAndOutcomesAreImmediate) {
  RandomStream random(1);
  for (const double eta : {.05, .5, 1.0}) {
    const auto rule = crowd_of(20, {.step_size = eta});
    Row dense(20, .05);
    for (int slot = 0; slot < 500; ++slot) {
      Row loss = random_losses(random, 20);
      play(*rule, workers(0, 20), loss);
      ASSERT_TRUE(weighted_score_update(dense, loss, eta).ok());
      const Row weight = rule->weights();
      for (std::size_t i = 0; i < 20; ++i) ASSERT_NEAR(weight[i], dense[i], 1e-11 * dense[i]);
    }
  }
}

TEST(WeightedScore, MovesWeightOnlyAmongThoseWhoAnswer) {
  RandomStream random(2);
  const auto rule = crowd_of(30, {.step_size = .9});
  for (int slot = 0; slot < 3000; ++slot) {
    const Row before = rule->weights();
    const Crowd crowd = random_crowd(random, 30, .2);
    play(*rule, crowd, random_losses(random, crowd.size()));
    const Row after = rule->weights();
    double change = 0.0;
    for (std::size_t i = 0; i < 30; ++i) {
      change += after[i] - before[i];
      const bool answered = std::find(crowd.begin(), crowd.end(),
                                      WorkerId{static_cast<std::uint32_t>(i)}) != crowd.end();
      ASSERT_TRUE(answered || after[i] == before[i]);
    }
    ASSERT_NEAR(change, 0.0, 1e-15);
    ASSERT_NEAR(total(after), 1.0, 1e-12);
  }
}

TEST(WeightedScore, LearnsNothingFromALonelyAnswer) {
  const auto rule = crowd_of(3, {.step_size = .5});
  play(*rule, workers(0, 3), {.1, .5, .6});
  const Row before = rule->weights();
  EXPECT_EQ(play(*rule, {{1}}, {1.0}), 1.0);
  EXPECT_EQ(rule->weights(), before);
}

TEST(WeightedScore, GivesWorkersWithoutWeightNoSayUnlessTheyAreAlone) {
  const auto rule = crowd_of(2, {.step_size = .5});
  Row share(3);
  rule->share(Crowd{{0}, {7}, {1}}, share);
  EXPECT_EQ(share, (Row{.5, 0, .5}));
  rule->share(Crowd{{7}, {8}, {9}}, share);
  EXPECT_EQ(share, Row(3, 1.0 / 3.0));
  play(*rule, {{0}, {7}, {8}}, {0, 1, 1});
  EXPECT_EQ(rule->weights(), (Row{.5, .5}));
}

TEST(WeightedScore, ExpectedNextWeightIsTheClosedFormAmongThoseWhoAnswer) {
  RandomStream random(3);
  for (int trial = 0; trial < 1000; ++trial) {
    const double eta = 1.0 - random.uniform();
    const double b = random.uniform();
    const Crowd crowd{{1}, {3}, {4}};
    const Row report = random_losses(random, 3);
    Row weight;
    double expected = 0.0;
    for (const bool first : {true, false}) {
      const auto rule = crowd_of(6, {.step_size = eta});
      RandomStream history(4, static_cast<std::uint64_t>(trial));  // the same for both outcomes
      for (int slot = 0; slot < 5; ++slot) play(*rule, workers(0, 6), random_losses(history, 6));
      weight = rule->weights();
      Row loss(3);
      for (std::size_t j = 0; j < 3; ++j) loss[j] = square(report[j] - (first ? 1 : 0));
      play(*rule, crowd, loss);
      expected += (first ? b : 1 - b) * rule->weights()[1];
    }
    const double answering = weight[1] + weight[3] + weight[4];
    const double pull =
        (weight[3] * square(report[1] - b) + weight[4] * square(report[2] - b)) / answering;
    const double price = eta * weight[1] * (1 - weight[1] / answering) * square(report[0] - b);
    ASSERT_NEAR(expected, weight[1] * (1 + eta * pull) - price, 1e-15);
    ASSERT_GE(price, 0.0);
  }
}

// Who answers and with which losses; sees the weights and the slot's number.
struct Play {
  Crowd crowd;
  Row loss;
};
using Adversary = std::function<Play(const Row& weight, int slot)>;

// Only those who happen to be wrong answer, and the heaviest, who is right, now and then.
Play wrong_ones_answer(const Row& weight, int slot) {
  const auto heaviest =
      static_cast<std::size_t>(std::max_element(weight.begin(), weight.end()) - weight.begin());
  Play play;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const bool wrong = (i * 7 + static_cast<std::size_t>(slot)) % 3 == 0;
    if (!wrong && (i != heaviest || slot % 5 != 0)) continue;
    play.crowd.push_back(WorkerId{static_cast<std::uint32_t>(i)});
    play.loss.push_back(i == heaviest ? 0.0 : 1.0);
  }
  return play;
}

// A light and a heavy worker meet; the heavy one is always wrong.
Play heavy_meets_light(const Row& weight, int slot) {
  const auto at = static_cast<std::size_t>(slot) % weight.size();
  const auto other =
      (at + 1 + static_cast<std::size_t>(slot / 3) % (weight.size() - 1)) % weight.size();
  const bool first_heavy = weight[at] >= weight[other];
  return {{{static_cast<std::uint32_t>(at)}, {static_cast<std::uint32_t>(other)}},
          {first_heavy ? 1.0 : 0.0, first_heavy ? 0.0 : 1.0}};
}

// Worker 0 answers only when it is right, everybody else always and at random.
std::function<Play(const Row&, int)> cherry_picker() {
  return [random = RandomStream(5)](const Row& weight, int) mutable {
    Play play{workers(1, weight.size() - 1), random_losses(random, weight.size() - 1)};
    if (random.bernoulli(.3)) {
      play.crowd.push_back(WorkerId{0});
      play.loss.push_back(0.0);
    }
    return play;
  };
}

TEST(WeightedScore, KeepsEachWorkersRegretOverItsOwnSlotsWithinTheBound) {
  for (const double eta : {.05, .3, .68, .9}) {
    for (const Adversary& adversary :
         {Adversary(wrong_ones_answer), Adversary(heavy_meets_light), Adversary(cherry_picker())}) {
      const auto rule = crowd_of(8, {.step_size = eta});
      Row regret(8, 0.0);
      Row slots(8, 0.0);
      for (int slot = 0; slot < 1500; ++slot) {
        const Play now = adversary(rule->weights(), slot);
        if (now.crowd.empty()) continue;
        const double pooled = play(*rule, now.crowd, now.loss);
        for (std::size_t j = 0; j < now.crowd.size(); ++j) {
          const WorkerId id = now.crowd[j];
          regret[id.index()] += pooled - now.loss[j];
          slots[id.index()] += 1.0;
          ASSERT_LE(regret[id.index()], *rule->regret_bound(id, slots[id.index()]) + 1e-9);
        }
      }
      EXPECT_GT(*std::max_element(regret.begin(), regret.end()),
                1.0);  // there was something to lose
    }
  }
}

// The bound must also hold when weight is taken for newcomers in between.
TEST(WeightedScore, CountsTheWeightGivenToNewcomersInTheBound) {
  const auto rule = crowd_of(2, {.step_size = .5});
  double regret = 0.0;
  double slots = 0.0;
  for (std::size_t cohort = 0; cohort < 60; ++cohort) {
    rule->admit(workers(2 + cohort, 1), .9);  // each new one is always wrong, worker 0 always right
    Crowd crowd{{0}, WorkerId{static_cast<std::uint32_t>(2 + cohort)}};
    regret += play(*rule, crowd, {0, 1});
    slots += 1.0;
    ASSERT_LE(regret, *rule->regret_bound({0}, slots) + 1e-9);
  }
}

struct LateRun {
  double eta = 1.0;
  std::size_t workers = 8;
  std::size_t most_open = 300;
  std::uint64_t seed = 0;
};

// Opens and settles slots in random order, up to most_open at a time; hands the weights before and
// after every settlement, with the losses, to `look`.
void run_late(const LateRun& run,
              const std::function<Row(const WeightedScore&, const Slot&)>& losses,
              const std::function<void(const WeightedScore&)>& look) {
  RandomStream random(run.seed);
  const auto rule = crowd_of(run.workers, {.step_size = run.eta});
  std::vector<Slot> open;
  for (int step = 0; step < 3000; ++step) {
    const bool ask = open.empty() || (open.size() < run.most_open && random.bernoulli(.55));
    if (ask) {
      open.push_back(open_slot(*rule, random_crowd(random, run.workers, .6)));
      continue;
    }
    std::swap(open[random.below(open.size())], open.back());
    const Slot slot = std::move(open.back());
    open.pop_back();
    if (random.bernoulli(.1)) {
      rule->release(slot.worker, slot.wager);
    } else {
      rule->settle(slot.worker, slot.wager, losses(*rule, slot));
    }
    look(*rule);
  }
}

Row hurt_the_heaviest_stake(const WeightedScore&, const Slot& slot) {
  Row loss(slot.worker.size(), 0.0);
  loss[static_cast<std::size_t>(std::max_element(slot.wager.begin(), slot.wager.end()) -
                                slot.wager.begin())] = 1.0;
  return loss;
}

Row favour_worker_zero(const WeightedScore&, const Slot& slot) {
  Row loss(slot.worker.size(), 1.0);
  for (std::size_t j = 0; j < loss.size(); ++j)
    if (slot.worker[j].value == 0) loss[j] = 0.0;
  return loss;
}

TEST(WeightedScore, KeepsWeightsPositiveWithHundredsOfOutcomesOutstanding) {
  for (const std::size_t crowd : {2U, 8U, 40U}) {
    for (const std::size_t most_open : {3U, 30U, 300U}) {
      for (const double eta : {.3, .95, 1.0}) {
        const auto look = [](const WeightedScore& rule) {
          const Row weight = rule.weights();
          ASSERT_GE(lowest(weight), 0.0);
          ASSERT_NEAR(total(weight), 1.0, 1e-12);
        };
        const LateRun run{eta, crowd, most_open, crowd + most_open};
        run_late(run, hurt_the_heaviest_stake, look);
        run_late(run, favour_worker_zero, look);
      }
    }
  }
}

TEST(WeightedScore, NeverFreezesANegativeStake) {
  RandomStream random(6);
  const auto rule = crowd_of(6, {.step_size = .37});
  std::vector<Slot> open;
  for (int step = 0; step < 20000; ++step) {
    if (open.size() < 20 || random.bernoulli(.5)) {
      open.push_back(open_slot(*rule, random_crowd(random, 6, .7)));
      ASSERT_GE(lowest(open.back().wager), 0.0);
      continue;
    }
    std::swap(open[random.below(open.size())], open.back());
    rule->settle(open.back().worker, open.back().wager,
                 hurt_the_heaviest_stake(*rule, open.back()));
    open.pop_back();
  }
}

// The late rule again, from its definition: stakes are summed anew from the open slots.
struct LateOracle {
  double eta;
  Row weight;
  std::vector<Slot> open;

  double stake_of(std::size_t worker) const {
    double sum = 0.0;
    for (const Slot& slot : open)
      for (std::size_t j = 0; j < slot.worker.size(); ++j)
        if (slot.worker[j].index() == worker) sum += slot.wager[j];
    return sum;
  }
  void ask(const Crowd& crowd) {
    Slot slot{crowd, Row(crowd.size())};
    for (std::size_t j = 0; j < crowd.size(); ++j) {
      const double own = weight[crowd[j].index()];
      slot.wager[j] = std::min(eta * own, own - stake_of(crowd[j].index()));
    }
    open.push_back(std::move(slot));
  }
  void settle(std::size_t at, const Row& loss) {
    const Slot slot = open[at];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
    const double staked = total(slot.wager);
    if (slot.worker.size() < 2 || staked <= 0.0) return;
    double mean = 0.0;
    for (std::size_t j = 0; j < loss.size(); ++j) mean += slot.wager[j] / staked * loss[j];
    for (std::size_t j = 0; j < loss.size(); ++j)
      weight[slot.worker[j].index()] += slot.wager[j] * (mean - loss[j]);
  }
};

TEST(WeightedScore, EqualsASlowOracleForAnyDelayAndOrder) {
  for (const std::size_t delay : {0U, 1U, 4U, 25U}) {
    RandomStream random(7, delay);
    const auto rule = crowd_of(7, {.step_size = .3});
    LateOracle oracle{.3, Row(7, 1.0 / 7), {}};
    std::vector<Slot> open;
    for (int slot = 0; slot < 400; ++slot) {
      const Crowd crowd = random_crowd(random, 7, .5);
      open.push_back(open_slot(*rule, crowd));
      oracle.ask(crowd);
      if (open.size() <= delay) continue;
      const std::size_t at = random.below(open.size());
      const Row loss = random_losses(random, open[at].worker.size());
      rule->settle(open[at].worker, open[at].wager, loss);
      oracle.settle(at, loss);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
      const Row weight = rule->weights();
      for (std::size_t i = 0; i < 7; ++i) ASSERT_NEAR(weight[i], oracle.weight[i], 1e-12);
    }
  }
}

TEST(WeightedScore, StakesNoMoreThanTheWholeWeightOverOpenSlots) {
  const auto rule = crowd_of(2, {.step_size = .4});
  EXPECT_EQ(open_slot(*rule, {{0}, {1}}).wager, (Row{.2, .2}));
  EXPECT_EQ(open_slot(*rule, {{0}}).wager, Row{.2});
  EXPECT_NEAR(open_slot(*rule, {{0}, {1}}).wager[0], .1, 1e-16);  // all that is left
  EXPECT_EQ(open_slot(*rule, {{0}}).wager, Row{0});
}

TEST(WeightedScore, ReleaseRestoresEverything) {
  RandomStream random(8);
  const auto rule = crowd_of(5, {.step_size = .3});
  const auto fresh = crowd_of(5, {.step_size = .3});
  for (int slot = 0; slot < 3; ++slot) {
    const Row loss = random_losses(random, 5);
    play(*rule, workers(0, 5), loss);
    play(*fresh, workers(0, 5), loss);
  }
  std::vector<Slot> open;
  for (int slot = 0; slot < 50; ++slot)
    open.push_back(open_slot(*rule, random_crowd(random, 5, .7)));
  for (const std::uint32_t at : shuffled_order(50, random))
    rule->release(open[at].worker, open[at].wager);
  EXPECT_EQ(rule->weights(), fresh->weights());
  for (int slot = 0; slot < 4; ++slot)  // to the bit: no rounding is left behind in the stakes
    EXPECT_EQ(open_slot(*rule, workers(0, 5)).wager, open_slot(*fresh, workers(0, 5)).wager);
}

// A worker that has nearly vanished must still be able to stake all it has.
TEST(WeightedScore, LeavesNoGhostStakeBehind) {
  const auto rule = crowd_of(3, {.step_size = .3});
  for (int round = 0; round < 60; ++round) {
    std::vector<Slot> open;
    for (int slot = 0; slot < 7; ++slot) open.push_back(open_slot(*rule, workers(0, 3)));
    for (const Slot& slot : open) rule->settle(slot.worker, slot.wager, Row{1, 0, .3});
  }
  const double weight = rule->weights()[0];
  ASSERT_GT(weight, 0.0);
  ASSERT_LT(weight, 1e-16);
  EXPECT_EQ(open_slot(*rule, {{0}}).wager, Row{.3 * weight});
}

// Four workers take turns at being the best, a quarter of the time each. Losses .01 and .25.
double tracking_regret(double share) {
  constexpr int slots = 4000;
  const auto rule =
      crowd_of(8, {.step_size = std::sqrt(std::log(8.0) * 5 / slots), .share = share});
  double regret = 0.0;
  for (int slot = 0; slot < slots; ++slot) {
    Row loss(8, .25);
    loss[static_cast<std::size_t>(slot * 4 / slots)] = .01;
    regret += play(*rule, workers(0, 8), loss) - .01;
    EXPECT_NEAR(total(rule->weights()), 1.0, 1e-12);
  }
  return regret;
}

TEST(WeightedScore, FixedShareFollowsAShiftingBestWorker) {
  EXPECT_NEAR(tracking_regret(0.0), 735.5, .1);
  EXPECT_NEAR(tracking_regret(.001), 330.5, .1);  // the bound is 1028
}

TEST(WeightedScore, FixedShareMatchesHandWorkedSlotAndTouchesOnlyThoseWhoAnswer) {
  const auto rule = crowd_of(4, {.step_size = .5, .share = .1});
  play(*rule, {{0}, {1}}, {.04, .36});
  const Row weight = rule->weights();
  EXPECT_NEAR(weight[0], .9 * .27 + .1 * .25, 1e-15);
  EXPECT_NEAR(weight[1], .9 * .23 + .1 * .25, 1e-15);
  EXPECT_EQ(weight[2], .25);
  EXPECT_FALSE(rule->regret_bound({0}, 1).has_value());
}

TEST(WeightedScore, FixedShareKeepsOpenSlotsCovered) {
  RandomStream random(9);
  const auto rule = crowd_of(5, {.step_size = .6, .share = .3});
  std::vector<Slot> open;
  for (int slot = 0; slot < 3000; ++slot) {
    open.push_back(open_slot(*rule, random_crowd(random, 5, .7)));
    if (open.size() < 10) continue;
    std::swap(open[random.below(open.size())], open.back());
    rule->settle(open.back().worker, open.back().wager, favour_worker_zero(*rule, open.back()));
    open.pop_back();
    ASSERT_GE(lowest(rule->weights()), 0.0);
    ASSERT_NEAR(total(rule->weights()), 1.0, 1e-12);
  }
}

TEST(WeightedScore, DoublingKeepsRegretWithinItsBoundWithoutKnowingTheHorizon) {
  const auto play_slot = [](WeightedScore& rule, int kind, int slot, RandomStream& random) {
    Row loss(10);
    const Row weight = rule.weights();
    const auto heaviest = std::max_element(weight.begin(), weight.end()) - weight.begin();
    for (std::size_t i = 0; i < 10; ++i) {
      if (kind == 0) loss[i] = random.bernoulli(i == 3 ? .4 : .5) ? 1.0 : 0.0;
      if (kind == 1) loss[i] = static_cast<std::ptrdiff_t>(i) == heaviest ? 1.0 : 0.0;
      if (kind == 2) loss[i] = (slot / 64) % 10 == static_cast<int>(i) ? 0.0 : 1.0;
    }
    const double pooled = play(rule, workers(0, 10), loss);
    for (double& value : loss) value = pooled - value;
    return loss;
  };
  for (const int kind : {0, 1, 2}) {
    RandomStream random(10);
    const auto rule = crowd_of(10, {.doubling = true});
    Row regret(10, 0.0);
    for (int slot = 0; slot < 5000; ++slot) {
      const Row behind = play_slot(*rule, kind, slot, random);
      for (std::uint32_t i = 0; i < 10; ++i) {
        const auto bound = rule->regret_bound({i}, slot + 1);
        ASSERT_TRUE(bound.has_value());
        ASSERT_LE(regret[i] += behind[i], *bound) << kind;
      }
    }
    const double root2 = std::sqrt(2.0);
    EXPECT_NEAR(*rule->regret_bound({0}, 5000),
                2 * root2 / (root2 - 1) * std::sqrt(5000 * std::log(160.0)), 1e-9);
  }
}

TEST(WeightedScore, DoublingLowersTheStepSizeAsItSays) {
  const auto rule = crowd_of(10, {.doubling = true});
  for (int slot = 1; slot <= 1100; ++slot) {
    play(*rule, workers(0, 10), Row(10, .5));
    const double start = std::exp2(std::floor(std::log2(slot)));  // of the epoch
    ASSERT_NEAR(rule->step_size(), std::min(.5, std::sqrt(std::log(160.0) / start)), 1e-12) << slot;
  }
}

TEST(WeightedScore, DoublingKeepsReputationsAndConservesWeight) {
  const auto rule = crowd_of(6, {.doubling = true});
  const Row loss{.0, .2, .4, .6, .8, 1.0};
  for (int slot = 1; slot <= 300; ++slot) {
    play(*rule, workers(0, 6), loss);
    const Row weight = rule->weights();
    ASSERT_NEAR(total(weight), 1.0, 1e-13);
    ASSERT_TRUE(std::is_sorted(weight.rbegin(), weight.rend())) << slot;
    const bool new_epoch = slot > 1 && (slot & (slot - 1)) == 0;
    // At least 1/16 of an equal part when the epoch starts, of which one slot takes half at most.
    ASSERT_TRUE(!new_epoch || lowest(weight) > .5 / 16 / 6) << slot;
  }
  EXPECT_GT(rule->weights()[0], .5);
}

TEST(WeightedScore, ClaimsNoDoublingBoundThatItCannotKeep) {
  const auto slow = crowd_of(2, {.step_size = 1e-4, .doubling = true});
  double regret = 0.0;
  for (int slot = 0; slot < 2000; ++slot) regret += play(*slow, workers(0, 2), {0, 1});
  const auto bound = slow->regret_bound({0}, 2000);
  EXPECT_TRUE(!bound || *bound >= regret) << regret;

  const auto partial = crowd_of(3, {.doubling = true});
  play(*partial, workers(0, 2), {0, 1});
  EXPECT_FALSE(partial->regret_bound({0}, 1).has_value());
  const auto joined = crowd_of(3, {.doubling = true});
  joined->admit(workers(3, 3), .1);
  play(*joined, workers(0, 6), Row(6, .5));
  EXPECT_FALSE(joined->regret_bound({0}, 1).has_value());
}

TEST(WeightedScore, DoublingDoesNotCountReportsOfWorkersWhoWait) {
  const auto rule = crowd_of(3, {.doubling = true});
  play(*rule, {{0}, {1}, {9}}, {0, 1, 0});  // as many reports as admitted workers, but one waits
  EXPECT_FALSE(rule->regret_bound({0}, 1).has_value());
}

TEST(WeightedScore, AdmissionConservesMassAndMatchesHandWorkedCohort) {
  const auto rule = crowd_of(2, {.step_size = .5});
  play(*rule, workers(0, 2), {.04, .36});  // -> .54, .46
  rule->admit(workers(2, 4), .2);
  const Row weight = rule->weights();
  EXPECT_NEAR(weight[0], .8 * .54, 1e-15);
  EXPECT_NEAR(weight[1], .8 * .46, 1e-15);
  for (std::size_t i = 2; i < 6; ++i) EXPECT_NEAR(weight[i], .05, 1e-15);
  EXPECT_EQ(rule->workers(), 6U);
  EXPECT_NEAR(total(weight), 1.0, 1e-15);
}

TEST(WeightedScore, SplittingANewcomerIntoManyLeavesTheOthersUntouched) {
  const auto one = crowd_of(5, {.step_size = .5});
  const auto many = crowd_of(5, {.step_size = .5});
  for (const auto& rule : {one.get(), many.get()}) play(*rule, workers(0, 5), {0, .2, .4, .6, .8});
  one->admit(workers(5, 1), .05);
  many->admit(workers(5, 100), .05);
  const Row of_one = one->weights();
  const Row of_many = many->weights();
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(of_one[i], of_many[i]);
  EXPECT_NEAR(total(of_many), 1.0, 1e-13);
}

TEST(WeightedScore, AdmissionWhileSlotsAreOpenKeepsWeightsPositive) {
  RandomStream random(11);
  for (const double eta : {.3, 1.0}) {
    const auto rule = crowd_of(7, {.step_size = eta});
    std::vector<Slot> open;
    for (std::size_t slot = 0; slot < 600; ++slot) {
      if (slot % 20 == 19) rule->admit(workers(rule->workers(), 2), .1);
      open.push_back(open_slot(*rule, random_crowd(random, rule->workers(), .8)));
      if (open.size() < 5) continue;
      std::swap(open[random.below(open.size())], open.back());
      rule->settle(open.back().worker, open.back().wager,
                   hurt_the_heaviest_stake(*rule, open.back()));
      open.pop_back();
      ASSERT_GE(lowest(rule->weights()), 0.0) << slot;
      ASSERT_NEAR(total(rule->weights()), 1.0, 1e-12);
    }
  }
}

TEST(WeightedScore, LeavesAWorkerAloneWhoWasAdmittedAfterTheSlotWasPooled) {
  const auto rule = crowd_of(2, {.step_size = .5});
  const Slot slot = open_slot(*rule, {{0}, {1}, {2}});
  rule->admit(workers(2, 1), .1);
  const double weight = rule->weights()[2];
  const double wager = open_slot(*rule, {{2}}).wager[0];
  rule->settle(slot.worker, slot.wager, Row{.5, .5, 1});
  EXPECT_EQ(rule->weights()[2], weight);
  EXPECT_EQ(wager, .5 * weight);
  EXPECT_EQ(open_slot(*rule, {{2}}).wager[0], weight - wager);  // its own stake is still out
}

// Right for 1,200 slots, the first worker drives the second's weight below what a double can hold; then
// the second is right for ever.
TEST(WeightedScore, AWorkerWrongForVeryLongCanReturn) {
  for (const double step_size : {0.5, 0.65, 1.0}) {
    const auto rule = crowd_of(2, {.step_size = step_size});
    const double bound_slots = 11200;
    double regret_to_second = 0.0;
    for (int slot = 0; slot < 11200; ++slot) {
      const Row loss = slot < 1200 ? Row{0.0, 1.0} : Row{1.0, 0.0};
      regret_to_second += play(*rule, workers(0, 2), loss) - loss[1];
      ASSERT_GT(rule->weights()[1], 0.0);
    }
    EXPECT_GT(rule->weights()[1], .99) << step_size;
    EXPECT_LE(regret_to_second, rule->regret_bound({1}, bound_slots).value_or(1e9)) << step_size;
    EXPECT_NEAR(rule->weights()[0] + rule->weights()[1], 1.0, 1e-12);
  }
}

TEST(WeightedScore, RefusesOptionsOutsideTheirRange) {
  const auto refused = [](const WeightedScoreOptions& options, std::string_view field) {
    const auto result = WeightedScore::create(options);
    return !result.ok() && result.error().code == ErrorCode::out_of_range &&
           result.error().field == field;
  };
  EXPECT_TRUE(refused({.step_size = 1.5}, "step size"));
  EXPECT_TRUE(refused({.step_size = 0.0}, "step size"));
  EXPECT_TRUE(refused({.share = 1.0}, "share"));
  EXPECT_TRUE(refused({.share = -0.1}, "share"));
  EXPECT_TRUE(refused({.share = std::nan("")}, "share"));
  EXPECT_TRUE(refused({.epoch_share = 1.0}, "epoch share"));
  EXPECT_TRUE(WeightedScore::create({.step_size = 1.0}).ok());
}

}  // namespace
}  // namespace candor::learning
