#include "candor/mechanism/mechanism.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "candor/base/random.h"

namespace candor::mechanism {
namespace {

using Row = std::vector<double>;
using Crowd = std::vector<WorkerId>;

const std::vector<std::string> every_rule{"weighted-score", "exponential", "follow-the-best"};

Crowd workers(std::size_t first, std::size_t count) {
  Crowd ids(count);
  for (std::size_t j = 0; j < count; ++j) ids[j].value = static_cast<std::uint32_t>(first + j);
  return ids;
}

void join(Mechanism& mechanism, std::size_t first, std::size_t count) {
  for (const WorkerId id : workers(first, count)) ASSERT_TRUE(mechanism.join(id).ok());
}

Mechanism mechanism_of(std::size_t n, const MechanismSpec& spec = {}, std::size_t answers = 2) {
  Mechanism mechanism = std::move(Mechanism::create(spec, answers)).value();
  join(mechanism, 0, n);
  return mechanism;
}

// Rows over two answers, from the probabilities of the first.
Row rows(const Row& p) {
  Row report;
  for (const double value : p) report.insert(report.end(), {value, 1 - value});
  return report;
}

PooledSlot pooled(Mechanism& mechanism, const Crowd& crowd, const Row& report, double draw = .5) {
  return std::move(mechanism.pool(crowd, report, draw)).value();
}

Settlement play(Mechanism& mechanism, const Crowd& crowd, const Row& report, const Row& outcome) {
  const PooledSlot slot = pooled(mechanism, crowd, report);
  return std::move(mechanism.settle(slot, outcome)).value();
}

Row random_row(RandomStream& random, std::size_t answers) {
  Row row(answers);
  double total = 0.0;
  for (double& value : row) total += value = .05 + random.uniform();
  for (double& value : row) value /= total;
  return row;
}

// The same random campaign every time: late outcomes in random order, some never, newcomers.
void run_campaign(Mechanism& mechanism) {
  RandomStream random(1);
  const std::size_t answers = mechanism.answers();
  std::vector<PooledSlot> open;
  std::size_t joined = 6;
  for (int step = 0; step < 90; ++step) {
    if (step % 30 == 20) join(mechanism, joined++, 1);
    Crowd crowd;
    Row report;
    for (const WorkerId id : workers(0, joined)) {
      if (id.value > 0 && random.bernoulli(.4)) continue;
      crowd.push_back(id);
      const Row row = random_row(random, answers);
      report.insert(report.end(), row.begin(), row.end());
    }
    open.push_back(pooled(mechanism, crowd, report, random.uniform()));
    if (open.size() < 4) continue;
    std::swap(open[random.below(open.size())], open.back());
    if (random.bernoulli(.1)) {
      mechanism.expire(open.back());
    } else {
      Row outcome(answers, 0.0);
      outcome[random.below(answers)] = 1.0;
      ASSERT_TRUE(mechanism.settle(open.back(), outcome).ok());
    }
    open.pop_back();
  }
}

TEST(Mechanism, MatchesHandWorkedSlot) {
  MechanismSpec spec;
  spec.label = "weighted-score";
  Mechanism mechanism = mechanism_of(2, spec);
  const PooledSlot slot = pooled(mechanism, workers(0, 2), rows({.8, .4}));
  EXPECT_NEAR(slot.label[0], .6, 1e-15);
  EXPECT_EQ(slot.share, (Row{.5, .5}));
  EXPECT_EQ(slot.wager, (Row{.25, .25}));
  const Result<Settlement> settled = mechanism.settle(slot, Row{1, 0});
  ASSERT_TRUE(settled.ok());
  EXPECT_NEAR(settled->loss[0], .04, 1e-15);
  EXPECT_NEAR(settled->loss[1], .36, 1e-15);
  EXPECT_TRUE(settled->paid_micro.empty());
  EXPECT_NEAR(mechanism.weight_rule().weights()[0], .54, 1e-15);
  EXPECT_NEAR(mechanism.weight_rule().weights()[1], .46, 1e-15);
}

// The theorem that makes the label pool free: which label is chosen, or whether one report is drawn
// instead, has no influence on anybody's weight.
TEST(Mechanism, WeightsAreTheSameToTheBitWhateverTheLabel) {
  for (const std::string& rule : every_rule) {
    MechanismSpec spec;
    spec.weight_rule = rule;
    spec.admission.period = 20;
    Mechanism reference = mechanism_of(6, spec, 3);
    run_campaign(reference);
    const Row expected = reference.weight_rule().weights();
    ASSERT_NE(*std::max_element(expected.begin(), expected.end()), expected.back());
    for (const std::string& label : reference.label_names()) {
      for (const Output output : {Output::pooled, Output::drawn}) {
        spec.label = label;
        spec.output = output;
        Mechanism other = mechanism_of(6, spec, 3);
        run_campaign(other);
        ASSERT_EQ(other.weight_rule().weights(), expected) << rule << " with " << label;
      }
    }
  }
}

TEST(Mechanism, OffersEveryLabelByName) {
  const Mechanism mechanism = mechanism_of(1);
  const std::vector<std::string>& names = mechanism.label_names();
  EXPECT_EQ(names.front(), "hedged");
  for (const auto* name :
       {"average", "median", "trimmed-mean", "majority", "weighted-score", "weighted-log",
        "extremised", "exponential", "follow-the-best", "bayes", "bayes-0.5", "bayes-0.25"})
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end());  // no name twice
}

TEST(Mechanism, TheChosenLabelIsTheOneOfThatName) {
  const Mechanism all = mechanism_of(1);
  for (std::size_t l = 0; l < all.label_names().size(); ++l) {
    MechanismSpec spec;
    spec.label = all.label_names()[l];
    Mechanism mechanism = mechanism_of(6, spec, 3);
    run_campaign(mechanism);
    const PooledSlot slot = pooled(mechanism, workers(0, 2), {.2, .3, .5, .6, .3, .1});
    const auto named = std::span(slot.labels).subspan(l * 3, 3);
    EXPECT_EQ(slot.label, Row(named.begin(), named.end())) << spec.label;
  }
}

TEST(Mechanism, AnUnknownNameListsTheKnownOnes) {
  MechanismSpec spec;
  spec.label = "best";
  const auto unknown_label = Mechanism::create(spec, 2);
  ASSERT_FALSE(unknown_label.ok());
  EXPECT_EQ(unknown_label.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(unknown_label.error().field, "label");
  for (const auto* name : {"hedged", "median", "bayes-0.25"})
    EXPECT_NE(unknown_label.error().expected.find(name), std::string::npos) << name;

  spec.weight_rule = "hedge";
  const auto unknown_rule = Mechanism::create(spec, 2);
  ASSERT_FALSE(unknown_rule.ok());
  EXPECT_EQ(unknown_rule.error().field, "weight rule");
  for (const std::string& name : every_rule)
    EXPECT_NE(unknown_rule.error().expected.find(name), std::string::npos) << name;
}

TEST(Mechanism, RefusesASpecOutsideItsRanges) {
  EXPECT_EQ(Mechanism::create({}, 1).error().field, "answers");
  MechanismSpec spec;
  spec.weighted_score.step_size = 1.1;
  EXPECT_EQ(Mechanism::create(spec, 2).error().field, "step size");
  spec = {};
  spec.admission.mass = 1.0;
  EXPECT_EQ(Mechanism::create(spec, 2).error().field, "newcomer mass");
  spec = {};
  spec.admission.period = 0;
  EXPECT_EQ(Mechanism::create(spec, 2).error().field, "newcomer period");
}

TEST(Mechanism, NumbersWorkersInTheOrderInWhichTheyJoin) {
  Mechanism mechanism = mechanism_of(2);
  for (const std::uint32_t wrong : {0U, 1U, 3U}) {
    const Status status = mechanism.join({wrong});
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(mechanism.join({2}).ok());
}

// Every bad call is made on one of two equal mechanisms; they must stay equal to the bit.
TEST(Mechanism, ABadSlotIsRefusedWithoutATrace) {
  MechanismSpec spec;
  spec.admission.period = 2;
  Mechanism mechanism = mechanism_of(3, spec);
  Mechanism untouched = mechanism_of(3, spec);
  const auto code = [&](const Crowd& crowd, const Row& report) {
    const auto result = mechanism.pool(crowd, report, .5);
    return result.ok() ? ErrorCode::io : result.error().code;
  };
  EXPECT_EQ(code({}, {}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({{0}, {1}}, rows({.5})), ErrorCode::invalid_argument);
  EXPECT_EQ(code({{0}}, {.2, .3, .5}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({{0}, {1}, {0}}, rows({.5, .5, .5})), ErrorCode::conflict);
  EXPECT_EQ(code({{0}, {3}}, rows({.5, .5})), ErrorCode::not_found);
  join(mechanism, 3, 1);
  join(untouched, 3, 1);
  for (int slot = 0; slot < 5; ++slot) {
    const PooledSlot one = pooled(mechanism, workers(0, 4), rows({.9, .6, .3, .2}));
    const PooledSlot other = pooled(untouched, workers(0, 4), rows({.9, .6, .3, .2}));
    EXPECT_EQ(one.labels, other.labels);
    EXPECT_EQ(one.wager, other.wager);
    for (const Row& bad : {Row{1, .5}, Row{NAN, .5}, Row{1}, Row{.5, .25, .25}, Row{2, -1}, Row{}})
      EXPECT_FALSE(mechanism.settle(one, bad).ok());
    ASSERT_TRUE(mechanism.settle(one, Row{1, 0}).ok());
    ASSERT_TRUE(untouched.settle(other, Row{1, 0}).ok());
    EXPECT_EQ(mechanism.weight_rule().weights(), untouched.weight_rule().weights());
  }
}

TEST(Mechanism, FindsARepeatedWorkerAmongMany) {
  Mechanism mechanism = mechanism_of(100);
  Crowd crowd = workers(0, 100);
  crowd[73] = crowd[12];
  const auto result = mechanism.pool(crowd, rows(Row(100, .5)), .5);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::conflict);
  EXPECT_TRUE(mechanism.pool(workers(0, 100), rows(Row(100, .5)), .5).ok());
}

TEST(Mechanism, ChecksAReportByItsLossRule) {
  MechanismSpec spec;
  spec.loss = {scoring::LossRule::Kind::clipped_log, .01};
  const Mechanism mechanism = mechanism_of(1, spec);
  EXPECT_TRUE(mechanism.check_report(Row{.3, .7}).ok());
  for (const Row& bad :
       {Row{.001, .999}, Row{1.7, -.7}, Row{NAN, .5}, Row{.3, .3}, Row{.2, .3, .5}})
    EXPECT_FALSE(mechanism.check_report(bad).ok());
}

TEST(Mechanism, WhatIsAtStakeDoesNotDependOnReportsThatAreNotSettled) {
  for (const std::string& rule : every_rule) {
    MechanismSpec spec;
    spec.weight_rule = rule;
    Mechanism one = mechanism_of(3, spec);
    Mechanism other = mechanism_of(3, spec);
    RandomStream random(2);
    for (int slot = 0; slot < 12; ++slot) {
      const PooledSlot mine =
          pooled(one, workers(0, 3), rows({random.uniform(), random.uniform(), .5}));
      const PooledSlot theirs =
          pooled(other, workers(0, 3), rows({random.uniform(), random.uniform(), .5}));
      ASSERT_EQ(mine.wager, theirs.wager) << rule;
      ASSERT_EQ(mine.share, theirs.share) << rule;
    }
  }
}

TEST(Mechanism, AnExpiredSlotLeavesNoTraceInTheWeights) {
  Mechanism mechanism = mechanism_of(3);
  const Mechanism fresh = mechanism_of(3);
  PooledSlot first = pooled(mechanism, workers(0, 3), rows({.9, .5, .1}));
  for (int slot = 0; slot < 5; ++slot)
    mechanism.expire(pooled(mechanism, workers(0, 3), rows({.9, .5, .1})));
  mechanism.expire(first);
  const PooledSlot again = pooled(mechanism, workers(0, 3), rows({.9, .5, .1}));
  EXPECT_EQ(again.wager, first.wager);
  EXPECT_EQ(again.share, first.share);
  mechanism.expire(again);
  EXPECT_EQ(mechanism.weight_rule().workers(), 3U);
}

// A worker's expected next weight under its own belief, for a report `own` beside two others.
double expected_next_weight(const scoring::LossRule& loss, double own, double belief) {
  double expected = 0.0;
  for (const bool first : {true, false}) {
    MechanismSpec spec;
    spec.loss = loss;
    Mechanism mechanism = mechanism_of(3, spec);
    play(mechanism, workers(0, 3), rows({.3, .8, .6}), {1, 0});
    play(mechanism, workers(0, 3), rows({own, .35, .9}), first ? Row{1, 0} : Row{0, 1});
    expected += (first ? belief : 1 - belief) * mechanism.weight_rule().weights()[0];
  }
  return expected;
}

TEST(Mechanism, AnHonestReportIsBestUnderEveryLossRule) {
  using Kind = scoring::LossRule::Kind;
  for (const scoring::LossRule& loss :
       {scoring::LossRule{Kind::quadratic}, scoring::LossRule{Kind::spherical},
        scoring::LossRule{Kind::clipped_log, .01}}) {
    for (const double belief : {.1, .5, .72, .9}) {
      const double honest = expected_next_weight(loss, belief, belief);
      for (int step = 0; step < 25; ++step) {
        const double lie = .02 + .04 * step;
        const double distance = (lie - belief) * (lie - belief);
        EXPECT_GE(honest - expected_next_weight(loss, lie, belief), 1e-3 * distance - 1e-15)
            << loss.name() << " " << belief << " " << lie;
      }
    }
  }
}

TEST(Mechanism, DrawsWorkersAsOftenAsTheirShares) {
  MechanismSpec spec;
  spec.output = Output::drawn;
  Mechanism mechanism = mechanism_of(3, spec);
  for (int slot = 0; slot < 6; ++slot) play(mechanism, workers(0, 3), rows({.9, .5, .2}), {1, 0});
  std::vector<int> times(3, 0);
  Row share;
  constexpr int draws = 8000;
  for (int n = 0; n < draws; ++n) {
    const PooledSlot slot = pooled(mechanism, workers(0, 3), rows({.9, .5, .2}), (n + .5) / draws);
    ++times[slot.drawn];
    share = slot.share;
    const auto own = slot.view().row(slot.drawn);
    ASSERT_EQ(slot.label, Row(own.begin(), own.end()));
    mechanism.expire(slot);
  }
  EXPECT_GT(share[0], share[2] * 1.5);
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(times[j], draws * share[j], 1.0);
}

TEST(Mechanism, TheDrawnLabelLosesWhatTheWorkersLoseOnAverage) {
  MechanismSpec spec;
  spec.output = Output::drawn;
  Mechanism mechanism = mechanism_of(3, spec);
  play(mechanism, workers(0, 3), rows({.9, .5, .2}), {1, 0});
  const Row outcome{0, 1};
  double drawn_loss = 0.0;
  double mean_loss = 0.0;
  constexpr int draws = 8000;
  for (int n = 0; n < draws; ++n) {
    const PooledSlot slot = pooled(mechanism, workers(0, 3), rows({.7, .5, .1}), (n + .5) / draws);
    drawn_loss += scoring::quadratic_loss(slot.label, outcome) / draws;
    if (n == 0)
      for (std::size_t j = 0; j < 3; ++j)
        mean_loss += slot.share[j] * scoring::quadratic_loss(slot.view().row(j), outcome);
    mechanism.expire(slot);
  }
  EXPECT_NEAR(drawn_loss, mean_loss, 3.0 / draws);
}

TEST(Mechanism, NeverDrawsAWorkerWithoutWeight) {
  const double highest = std::nextafter(1.0, 0.0);
  int short_of_one = 0;  // shares that, added up in binary, do not reach the highest draw
  for (std::uint32_t n = 2; n < 60; ++n) {
    MechanismSpec spec;
    spec.output = Output::drawn;
    Mechanism mechanism = mechanism_of(n, spec);
    mechanism.expire(pooled(mechanism, workers(0, n), rows(Row(n, .5))));
    join(mechanism, n, 2);  // they wait: one is listed first, the other last
    Crowd crowd = workers(0, n + 1);
    std::rotate(crowd.begin(), crowd.end() - 1, crowd.end());
    crowd.push_back({n + 1});
    const PooledSlot low = pooled(mechanism, crowd, rows(Row(n + 2, .5)), 0.0);
    ASSERT_EQ(low.share.front(), 0.0);
    ASSERT_EQ(low.worker[low.drawn], WorkerId{0});
    const PooledSlot high = pooled(mechanism, crowd, rows(Row(n + 2, .5)), highest);
    ASSERT_EQ(high.worker[high.drawn], WorkerId{n - 1});
    if (std::accumulate(low.share.begin(), low.share.end(), 0.0) <= highest) ++short_of_one;
  }
  EXPECT_GT(short_of_one, 0);
}

TEST(Mechanism, PaysTheWholeBudgetByWeightAfterTheSlot) {
  MechanismSpec spec;
  spec.slot_budget_micro = 1'000'000;
  Mechanism mechanism = mechanism_of(2, spec);
  const Settlement settled = play(mechanism, workers(0, 2), rows({.8, .4}), {1, 0});
  EXPECT_EQ(settled.paid_micro, (std::vector<std::int64_t>{540'000, 460'000}));
  RandomStream random(3);
  for (int slot = 0; slot < 300; ++slot) {
    const auto paid =
        play(mechanism, workers(0, 2), rows({random.uniform(), random.uniform()}), {1, 0})
            .paid_micro;
    ASSERT_EQ(std::accumulate(paid.begin(), paid.end(), std::int64_t{0}), 1'000'000);
  }
}

TEST(Mechanism, FoundersStartEqualAndNewcomersWait) {
  MechanismSpec spec;
  spec.admission = {.mass = .2, .period = 3};
  Mechanism mechanism = mechanism_of(4, spec);
  const auto weights_after = [&](int slots) {
    for (int slot = 0; slot < slots; ++slot)
      play(mechanism, workers(0, 4), rows(Row(4, .5)), {1, 0});
    return mechanism.weight_rule().weights();
  };
  EXPECT_EQ(weights_after(1), Row(4, .25));
  join(mechanism, 4, 2);
  EXPECT_EQ(weights_after(2), Row(4, .25));
  const Row weight = weights_after(1);
  ASSERT_EQ(weight.size(), 6U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(weight[i], .2, 1e-15);
  for (std::size_t i = 4; i < 6; ++i) EXPECT_NEAR(weight[i], .1, 1e-15);
}

// One person with a hundred accounts: the same mass, the same reports, the same weights for the
// rest.
TEST(Mechanism, SplittingANewcomerIntoAHundredIdentitiesGainsNothing) {
  MechanismSpec spec;
  spec.admission = {.mass = .05, .period = 2};
  Mechanism one = mechanism_of(50, spec);
  Mechanism many = mechanism_of(50, spec);
  RandomStream random(4);
  const auto play_both = [&](std::size_t in_one, std::size_t in_many) {
    Row founders(50);
    for (double& value : founders) value = random.uniform();
    const double sybil = random.uniform();
    const Row outcome = random.bernoulli(.5) ? Row{1, 0} : Row{0, 1};
    for (Mechanism* mechanism : {&one, &many}) {
      const std::size_t extra = mechanism == &one ? in_one : in_many;
      Row p = founders;
      p.resize(50 + extra, sybil);
      play(*mechanism, workers(0, 50 + extra), rows(p), outcome);
    }
  };
  play_both(0, 0);
  join(one, 50, 1);
  join(many, 50, 100);
  play_both(0, 0);
  for (int slot = 0; slot < 50; ++slot) {
    play_both(1, 100);
    const Row of_one = one.weight_rule().weights();
    const Row of_many = many.weight_rule().weights();
    for (std::size_t i = 0; i < 50; ++i) ASSERT_NEAR(of_many[i], of_one[i], 1e-13) << slot;
    ASSERT_NEAR(std::accumulate(of_many.begin() + 50, of_many.end(), 0.0), of_one[50], 1e-13);
  }
}

TEST(StartFrom, IsRefusedUnequalByRulesThatKeepNoWeights) {
  for (const std::string rule : {"elf", "follow-the-best"}) {
    MechanismSpec spec;
    spec.weight_rule = rule;
    spec.asking = {.asks = 0, .step_size = 1.0};
    Mechanism mechanism = std::move(Mechanism::create(spec, 2)).value();
    for (std::uint32_t i = 0; i < 2; ++i) ASSERT_TRUE(mechanism.join(WorkerId{i}).ok());
    EXPECT_EQ(mechanism.start_from(Row{.2, .8}).error().code, ErrorCode::invalid_argument) << rule;
    EXPECT_TRUE(mechanism.start_from(Row{.5, .5}).ok()) << rule;
  }
}

// Weights as set, to rounding; the founders' equal shares otherwise; refused once a slot was
// pooled.
TEST(StartFrom, BeginsWithTheGivenWeights) {
  Mechanism mechanism = std::move(Mechanism::create(MechanismSpec{}, 2)).value();
  for (std::uint32_t i = 0; i < 3; ++i) ASSERT_TRUE(mechanism.join(WorkerId{i}).ok());
  EXPECT_EQ(mechanism.start_from(Row{.5, .5}).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(mechanism.start_from(Row{.5, .5, 0}).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(mechanism.start_from(Row{.5, .5, .5}).error().code, ErrorCode::out_of_range);
  ASSERT_TRUE(mechanism.start_from(Row{.2, .5, .3}).ok());
  const Row weights = mechanism.weight_rule().weights();
  EXPECT_NEAR(weights[0], .2, 1e-15);
  EXPECT_NEAR(weights[1], .5, 1e-15);
  EXPECT_NEAR(weights[2], .3, 1e-15);
  const auto slot = mechanism.pool({WorkerId{0}, WorkerId{1}}, {.8, .2, .4, .6}, 0.0);
  ASSERT_TRUE(slot.ok());
  EXPECT_NEAR(slot->share[1], .5 / .7, 1e-15);
  EXPECT_EQ(mechanism.start_from(Row{.2, .5, .3}).error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace candor::mechanism
