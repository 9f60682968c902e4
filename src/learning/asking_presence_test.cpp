// Only who was there when the asks were drawn shares what the others lose.
#include <gtest/gtest.h>

#include "candor/learning/asking_rules.h"
#include "learning/asking_test_tools.h"

namespace candor::learning {
namespace {

struct Open {
  Crowd asked;
  Stakes stakes;
};

void settle_all(AskingRule& rule, std::vector<Open>& open, RandomStream& random) {
  for (const Open& slot : open)
    rule.settle(slot.asked, slot.stakes, random_row(random, slot.asked.size()));
  open.clear();
}

void expect_same(const Row& got, const Row& expected, const std::string& where) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_NEAR(got[i], expected[i], 1e-13 * expected[i]) << where << " " << i;
}

const Row uneven{1, .4, .2, .5, .1, .3};

std::unique_ptr<AskingRule> crowd_of(const Kind& kind) {
  return uneven_crowd(kind.name, {.asks = kind.asks, .step_size = .01}, uneven);
}

TEST(AskingPresence, WhoWasAwayAtTheAskKeepsItsWeightToTheRounding) {
  for (const Kind kind : kinds) {
    const auto rule = crowd_of(kind);
    RandomStream random(51);
    const WorkerId rider{4};
    for (int slot = 0; slot < 50; ++slot) {
      rule->leave(rider);
      std::vector<Open> open{{rule->draw(random).worker, {}}};
      open[0].stakes = rule->stake(open[0].asked, 0.0);
      rule->come_back(rider);
      const Row before = rule->weights();
      settle_all(*rule, open, random);
      const Row after = rule->weights();
      ASSERT_DOUBLE_EQ(after[4], before[4]) << kind.name;  // 4 roundings: a weight is a part of all
      ASSERT_NE(after, before);
    }
  }
}

// `count` workers from `first` on, around the circle and past the rider. Not drawn by the rule: what
// it draws depends on the order in which workers came.
Crowd others_than(WorkerId rider, std::size_t first, std::size_t count) {
  Crowd asked;
  for (std::size_t i = first; asked.size() < count; ++i) {
    const WorkerId id{static_cast<std::uint32_t>(i % uneven.size())};
    if (id != rider) asked.push_back(id);
  }
  return asked;
}

// With several slots open at once; nobody's weight tells whether the rider came back early.
TEST(AskingPresence, ComingBackBeforeTheOutcomesIsLikeComingBackAfterThem) {
  for (const Kind kind : kinds) {
    const auto campaign = [&](bool early) {
      const auto rule = crowd_of(kind);
      RandomStream random(52);
      for (int round = 0; round < 60; ++round) {
        const WorkerId rider{static_cast<std::uint32_t>(random.below(uneven.size()))};
        rule->leave(rider);
        std::vector<Open> open;
        for (int slot = 0; slot < 3; ++slot) {
          const Crowd asked = others_than(rider, random.below(6), kind.asks);
          open.push_back({asked, rule->stake(asked, 0.0)});
        }
        if (early) rule->come_back(rider);
        settle_all(*rule, open, random);
        rule->come_back(rider);
      }
      return rule->weights();
    };
    expect_same(campaign(true), campaign(false), kind.name);
  }
}

TEST(AskingPresence, NewcomersShareNothingOfSlotsFromBeforeTheirTime) {
  for (const Kind kind : kinds) {
    const auto rule = crowd_of(kind);
    const Crowd asked = workers(0, kind.asks);
    const Stakes stakes = rule->stake(asked, 0.0);
    rule->admit(workers(6, 2), .3);
    const Row before = rule->weights();
    rule->settle(asked, stakes, Row(kind.asks, 1.0));
    const Row after = rule->weights();
    EXPECT_DOUBLE_EQ(after[6], before[6]) << kind.name;
    EXPECT_DOUBLE_EQ(after[7], before[7]) << kind.name;
    EXPECT_GT(after[5], before[5]) << kind.name;
    play(*rule, asked, Row(8, 1.0));  // but of this one
    EXPECT_GT(rule->weights()[6], after[6] * (1 + 1e-6)) << kind.name;
  }
}

// Six equal workers; the last is there for every outcome and for no ask.
TEST(AskingPresence, NobodyGrowsByBeingThereForTheOutcomesOnly) {
  for (const Kind kind : kinds) {
    for (const double eta : {.01, .1}) {
      const auto rule = rule_of(kind.name, {.asks = kind.asks, .step_size = eta}, 6);
      RandomStream random(53);
      for (int slot = 0; slot < 500; ++slot) {
        rule->leave(WorkerId{5});
        const Crowd asked = rule->draw(random).worker;
        const Stakes stakes = rule->stake(asked, 0.0);
        rule->come_back(WorkerId{5});
        rule->settle(asked, stakes, random_row(random, asked.size()));
      }
      EXPECT_NEAR(rule->weight(WorkerId{5}), 1.0 / 6, 1e-12) << kind.name;
      EXPECT_NEAR(oracle::total(rule->weights()), 1.0, 1e-12);
    }
  }
}

// Nobody who was there at the ask is left: what is not claimed still goes to somebody, by weight,
// and to the one who came back no more than to those who stayed away.
TEST(AskingPresence, WhereNobodyOfTheAskIsLeftAllTheOthersShareByWeight) {
  for (const Kind kind : kinds) {
    const auto rule = crowd_of(kind);
    rule->leave(WorkerId{4});
    const Crowd asked = workers(0, kind.asks);
    const Stakes stakes = rule->stake(asked, 0.0);
    for (const WorkerId id : workers(kind.asks, 6 - kind.asks)) rule->leave(id);
    rule->come_back(WorkerId{4});
    const Row before = rule->weights();
    rule->settle(asked, stakes, Row(kind.asks, 1.0));
    const Row after = rule->weights();
    EXPECT_GT(after[5], before[5]) << kind.name;
    for (std::size_t i = kind.asks; i < 6; ++i)
      EXPECT_NEAR(after[i] / before[i], after[5] / before[5], 1e-14) << kind.name;
    EXPECT_NEAR(oracle::total(after), 1.0, 1e-14);
  }
}

}  // namespace
}  // namespace candor::learning
