#include "candor/learning/event_lottery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

#include "candor/base/random.h"

namespace candor::learning {
namespace {

using Row = std::vector<double>;
using Crowd = std::vector<WorkerId>;
using Wins = std::vector<int>;
using Law = std::map<Wins, double>;

Crowd workers(std::size_t count) {
  Crowd ids(count);
  for (std::size_t j = 0; j < count; ++j) ids[j].value = static_cast<std::uint32_t>(j);
  return ids;
}

std::unique_ptr<EventLottery> crowd_of(std::size_t n, const EventLotteryOptions& options = {}) {
  auto rule = std::move(EventLottery::create(options)).value();
  rule->admit(workers(n), 1.0);
  return rule;
}

double square(double x) {
  return x * x;
}

double total(const Row& row) {
  return std::accumulate(row.begin(), row.end(), 0.0);
}

// One win for worker i: alone in the room, with the lottery number that draws i's ticket.
void give_win(EventLottery& rule, std::size_t n, std::size_t i) {
  const Crowd crowd = workers(n);
  for (const WorkerId id : crowd) rule.leave(id);
  rule.come_back(crowd[0]);
  const double ticket = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
  rule.settle(Crowd{crowd[0]}, rule.stake(Crowd{crowd[0]}, ticket), Row{1.0});
  for (const WorkerId id : crowd) rule.come_back(id);
}

std::unique_ptr<EventLottery> with_wins(const Wins& wins, const EventLotteryOptions& options = {}) {
  auto rule = crowd_of(wins.size(), options);
  for (std::size_t i = 0; i < wins.size(); ++i)
    for (int k = 0; k < wins[i]; ++k) give_win(*rule, wins.size(), i);
  return rule;
}

// The lottery as published, with the factor d' before the distance from the others' average.
Row published_lottery(const Row& loss, double damping) {
  const double n = static_cast<double>(loss.size());
  const double all = n - total(loss);
  Row chance;
  for (const double l : loss)
    chance.push_back((1.0 + damping * (1.0 - l - (all - 1.0 + l) / (n - 1.0))) / n);
  return chance;
}

Row losses(const Row& report, double outcome) {
  Row loss;
  for (const double r : report) loss.push_back(square(r - outcome));
  return loss;
}

// What the rule makes of it when everyone is asked.
Row rule_lottery(const Row& loss) {
  const auto rule = crowd_of(loss.size());
  return rule->chances(workers(loss.size()), loss);
}

Law after_slot(const Law& law, const Row& chance) {
  Law next;
  for (const auto& [wins, probability] : law) {
    for (std::size_t i = 0; i < chance.size(); ++i) {
      Wins more = wins;
      ++more[i];
      next[more] += probability * chance[i];
    }
  }
  return next;
}

double leads(const Wins& wins, std::size_t worker) {
  const int most = *std::max_element(wins.begin(), wins.end());
  if (wins[worker] != most) return 0.0;
  return 1.0 / static_cast<double>(std::count(wins.begin(), wins.end(), most));
}

double lead_of_first(const Law& law) {
  double lead = 0.0;
  for (const auto& [wins, probability] : law) lead += probability * leads(wins, 0);
  return lead;
}

using Lottery = std::function<Row(const Row&)>;

// The first worker's chance of leading after slots that it believes independent, with probabilities
// b.
double lead_if_independent(const std::vector<Row>& report, const Row& b, const Lottery& lottery) {
  Law law{{Wins(report[0].size(), 0), 1.0}};
  for (std::size_t t = 0; t < report.size(); ++t) {
    Row chance = lottery(losses(report[t], 1.0));
    const Row otherwise = lottery(losses(report[t], 0.0));
    for (std::size_t i = 0; i < chance.size(); ++i)
      chance[i] = b[t] * chance[i] + (1.0 - b[t]) * otherwise[i];
    law = after_slot(law, chance);
  }
  return lead_of_first(law);
}

// The same, if all slots have one and the same outcome, and all reports are the same too.
double lead_if_identical(const Row& report, double b, int slots, const Lottery& lottery) {
  double lead = 0.0;
  for (const double y : {0.0, 1.0}) {
    Law law{{Wins(report.size(), 0), 1.0}};
    for (int t = 0; t < slots; ++t) law = after_slot(law, lottery(losses(report, y)));
    lead += (y == 1.0 ? b : 1.0 - b) * lead_of_first(law);
  }
  return lead;
}

TEST(EventLottery, MatchesTheHandWorkedLottery) {
  const auto rule = crowd_of(3);
  const Row chance = rule->chances(workers(3), Row{0, .5, 1});  // mean score 1/2
  EXPECT_NEAR(chance[0], 1.0 / 2, 1e-15);
  EXPECT_NEAR(chance[1], 1.0 / 3, 1e-15);
  EXPECT_NEAR(chance[2], 1.0 / 6, 1e-15);
  // u = .7: the ticket of worker 2, and .1 is left; the first .33 of that belong to worker 0.
  rule->settle(workers(3), rule->stake(workers(3), .7), Row{0, .5, 1});
  EXPECT_EQ(rule->weights(), (Row{1, 0, 0}));
  EXPECT_EQ(rule->wins(WorkerId{0}), 1U);
}

TEST(EventLottery, IsThePublishedLotteryDamped) {
  RandomStream random(1);
  for (const std::size_t n : {2U, 3U, 6U}) {
    Row loss(n);
    for (double& value : loss) value = random.uniform();
    const double damping = 1.0 - 1.0 / static_cast<double>(n);
    const Row published = published_lottery(loss, damping);
    const Row chance = rule_lottery(loss);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(chance[i], published[i], 1e-15);
  }
}

struct Case {
  std::unique_ptr<EventLottery> rule;
  double lottery = 1.0;  // the chance that there is one
};

// Up to seven workers, some of them away, with some wins; asks 0 to 4.
Case random_case(RandomStream& random) {
  const std::size_t n = 2 + random.below(6);
  EventLotteryOptions options{.asks = random.below(5), .damping = 1.0 - random.uniform() / 2};
  if (options.asks == 1) options.exploration = 0.1 + 0.8 * random.uniform();
  Wins wins(n);
  for (int& count : wins) count = static_cast<int>(random.below(3));
  Case some{with_wins(wins, options), 1.0};
  for (const WorkerId id : workers(n))
    if (id.value > 1 && random.bernoulli(.3)) some.rule->leave(id);
  if (options.asks == 1) some.lottery = options.exploration;
  return some;
}

TEST(EventLottery, ChancesAreValidForEverySetThatCanBeAsked) {
  RandomStream random(2);
  for (int trial = 0; trial < 400; ++trial) {
    const Case some = random_case(random);
    for (const auto& set : some.rule->law()) {
      Row loss(set.asks.worker.size());
      for (double& value : loss) value = static_cast<double>(random.below(3)) / 2;
      const Row chance = some.rule->chances(set.asks.worker, loss);
      EXPECT_GE(*std::min_element(chance.begin(), chance.end()), -1e-15);
      EXPECT_LE(total(chance), 1.0 + 1e-12);
      if (some.lottery == 1.0) {
        EXPECT_NEAR(total(chance), 1.0, 1e-12);
      }
    }
  }
}

// The mean over whom to ask: the same lottery as if everyone present had been asked, and 1/N for
// those away.
TEST(EventLottery, AskingAFewGivesTheLawOfAskingAll) {
  RandomStream random(3);
  for (int trial = 0; trial < 300; ++trial) {
    const Case some = random_case(random);
    const std::size_t n = some.rule->workers();
    Row loss(n);
    for (double& value : loss) value = random.uniform();
    Row mean(n, 0.0);
    for (const auto& set : some.rule->law()) {
      Row own;
      for (const WorkerId id : set.asks.worker) own.push_back(loss[id.index()]);
      const Row chance = some.rule->chances(set.asks.worker, own);
      for (std::size_t i = 0; i < n; ++i) mean[i] += set.probability * chance[i];
    }
    double score = 0.0;
    for (const WorkerId id : workers(n))
      if (some.rule->is_present(id)) score += 1.0 - loss[id.index()];
    score /= static_cast<double>(some.rule->present());
    const double damping = (mean[0] * static_cast<double>(n) / some.lottery - 1.0) /
                           (1.0 - loss[0] - score);  // as drawn for this case
    for (const WorkerId id : workers(n)) {
      const double gain = some.rule->is_present(id) ? 1.0 - loss[id.index()] - score : 0.0;
      EXPECT_NEAR(mean[id.index()], some.lottery * (1.0 + damping * gain) / static_cast<double>(n),
                  1e-9);
    }
    EXPECT_GE(damping, .5 - 1e-6);
    EXPECT_LE(damping, 1.0 + 1e-6);
  }
}

Wins all_wins(const EventLottery& rule) {
  Wins wins;
  for (const WorkerId id : workers(rule.workers())) wins.push_back(static_cast<int>(rule.wins(id)));
  return wins;
}

TEST(EventLottery, SettlingFollowsTheStatedChances) {
  constexpr int grid = 3000;
  const Wins start{2, 2, 0, 1, 2};
  const Crowd asked{{4}, {3}, {1}};  // two of the three leaders
  const Row loss{.3, .1, .8};
  Row frequency(5, 0.0);
  Row chance;
  for (int k = 0; k < grid; ++k) {
    const auto rule = with_wins(start, {.asks = 3});
    rule->leave(WorkerId{2});
    chance = rule->chances(asked, loss);
    rule->settle(asked, rule->stake(asked, (k + .5) / grid), loss);
    const Wins after = all_wins(*rule);
    for (std::size_t i = 0; i < 5; ++i) frequency[i] += (after[i] - start[i]) / double{grid};
  }
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(frequency[i], chance[i], 20.0 / grid);
  EXPECT_NEAR(chance[2], .2, 1e-15);  // away
}

TEST(EventLottery, HoldsALotteryOnlyWhenExploringIfOneIsAsked) {
  constexpr int grid = 4000;
  double held = 0.0;
  for (int k = 0; k < grid; ++k) {
    const auto rule = with_wins({1, 0, 0, 0}, {.asks = 1, .exploration = .4});
    rule->settle(Crowd{{0}}, rule->stake(Crowd{{0}}, (k + .5) / grid), Row{.5});
    const Wins after = all_wins(*rule);
    held += std::accumulate(after.begin(), after.end(), -1) / double{grid};
  }
  EXPECT_NEAR(held, .1 / .7, 2.0 / grid);  // explored (.4/4), of all times the leader is asked
}

// T slots, everyone's reports fixed but the first worker's: no other sequence has a better chance
// to lead.
TEST(EventLottery, NoSequenceOfReportsBeatsTheHonestOneForIndependentEvents) {
  RandomStream random(4);
  double least_price = 1.0;
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<Row> report(1 + random.below(4), Row(3));
    Row belief;
    for (Row& row : report) {
      for (double& value : row) value = random.uniform();
      belief.push_back(row[0]);
    }
    const double honest = lead_if_independent(report, belief, rule_lottery);
    for (int lie = 0; lie < 8; ++lie) {
      std::vector<Row> other = report;
      const std::size_t t = random.below(report.size());
      other[t][0] = lie < 2 ? lie : random.uniform();
      if (lie > 4) other[0][0] = random.uniform();
      const double price = honest - lead_if_independent(other, belief, rule_lottery);
      EXPECT_GE(price, -1e-15);
      if (std::fabs(other[t][0] - belief[t]) > .1) least_price = std::min(least_price, price);
    }
  }
  EXPECT_GT(least_price, 1e-5);
}

// The best that the first of three workers can do, by dynamic programming: in each slot, knowing
// all counts, it picks a report (used if it is asked). The others report as given.
struct Planner {
  EventLotteryOptions options;
  std::vector<Row> report;  // [T][3]; the first entry is the worker's belief
  std::map<std::pair<std::size_t, Wins>, double> known = {};
  double most_gained = 0.0;

  double value(std::size_t t, const Wins& wins) {
    if (t == report.size()) return leads(wins, 0);
    const auto [found, fresh] = known.try_emplace({t, wins}, 0.0);
    if (!fresh) return found->second;
    const auto rule = with_wins(wins, options);
    const double honest = worth_of(*rule, t, wins, report[t][0]);
    double best = honest;
    for (int step = 0; step <= 20; ++step)
      best = std::max(best, worth_of(*rule, t, wins, step / 20.0));
    most_gained = std::max(most_gained, best - honest);
    return known[{t, wins}] = best;
  }

  double worth_of(const EventLottery& rule, std::size_t t, const Wins& wins, double r) {
    double worth = 0.0;
    for (const double y : {0.0, 1.0}) {
      const double believed = y == 1.0 ? report[t][0] : 1.0 - report[t][0];
      for (const auto& set : rule.law()) {
        Row loss;
        for (const WorkerId id : set.asks.worker)
          loss.push_back(square((id.value == 0 ? r : report[t][id.index()]) - y));
        const Row chance = rule.chances(set.asks.worker, loss);
        for (std::size_t i = 0; i < 3; ++i) {
          Wins next = wins;
          ++next[i];
          worth += believed * set.probability * chance[i] * value(t + 1, next);
        }
        worth += believed * set.probability * (1.0 - total(chance)) * value(t + 1, wins);
      }
    }
    return worth;
  }
};

TEST(EventLottery, AWorkerWhoPlansAheadReportsItsBeliefHoweverManyAreAsked) {
  RandomStream random(5);
  for (const std::size_t asks : {0U, 1U, 2U}) {
    for (int trial = 0; trial < 5; ++trial) {
      EventLotteryOptions options{.asks = asks};
      if (asks == 1) options.exploration = .5;
      Planner planner{options, std::vector<Row>(4, Row(3))};
      for (Row& row : planner.report)
        for (double& value : row) value = random.uniform();
      const double honest = planner.value(0, {0, 0, 0});
      EXPECT_LT(planner.most_gained, 1e-14) << asks;
      const auto fresh = crowd_of(3, options);
      const double lie =
          planner.report[0][0] > .5 ? planner.report[0][0] - .3 : planner.report[0][0] + .3;
      EXPECT_LT(planner.worth_of(*fresh, 0, {0, 0, 0}, lie), honest - 1e-4) << asks;
    }
  }
}

// Why independence must be believed. The published instance, and the rule's own (milder) lottery.
TEST(EventLottery, CorrelatedEventsCanBeGamed) {
  const auto best_report = [](const Lottery& lottery) {
    std::pair<double, double> best{0.0, -1.0};
    for (int k = 0; k <= 100; ++k) {
      const double lead = lead_if_identical({k / 100.0, .4, .4}, .7, 3, lottery);
      if (lead > best.second) best = {k / 100.0, lead};
    }
    best.second -= lead_if_identical({.7, .4, .4}, .7, 3, lottery);
    return best;
  };
  const auto published = best_report([](const Row& loss) { return published_lottery(loss, 1.0); });
  EXPECT_NEAR(published.first, .74, 1e-9);
  EXPECT_NEAR(published.second, 6.3e-4, 1e-5);
  const auto ours = best_report(rule_lottery);
  EXPECT_GT(ours.first, .705);
  EXPECT_GT(ours.second, 1e-5);
  EXPECT_LT(ours.second, published.second);
}

// Exactly, by recursion over the counts: wins kept as they fall, with asks that depend on who
// leads, have the law of drawing the lotteries of all past slots afresh.
TEST(EventLottery, KeepingEachDrawHasTheLawOfDrawingAllAgain) {
  const std::vector<Row> loss{{.1, .5, .9}, {1, 0, 0}, {.3, .2, .1}, {0, 1, .5}};
  Law afresh{{Wins(3, 0), 1.0}};
  for (const Row& row : loss) afresh = after_slot(afresh, rule_lottery(row));
  for (const std::size_t asks : {0U, 2U}) {
    Law kept{{Wins(3, 0), 1.0}};
    for (const Row& row : loss) {
      Law next;
      for (const auto& [wins, probability] : kept) {
        const auto rule = with_wins(wins, {.asks = asks});
        for (const auto& set : rule->law()) {
          Row own;
          for (const WorkerId id : set.asks.worker) own.push_back(row[id.index()]);
          const Law step = after_slot({{wins, probability * set.probability}},
                                      rule->chances(set.asks.worker, own));
          for (const auto& [more, part] : step) next[more] += part;
        }
      }
      kept = next;
    }
    ASSERT_EQ(kept.size(), afresh.size());
    for (const auto& [wins, probability] : afresh) EXPECT_NEAR(kept[wins], probability, 1e-14);
  }
}

using LossOf = std::function<double(std::size_t slot, std::size_t worker)>;

struct Horizon {
  std::size_t workers;
  std::size_t slots;
};

// The leader's loss less the best worker's.
double regret_of(const EventLotteryOptions& options, Horizon size, const LossOf& loss,
                 std::uint64_t seed) {
  const auto rule = crowd_of(size.workers, options);
  RandomStream random(seed);
  Row of_worker(size.workers, 0.0);
  double of_rule = 0.0;
  for (std::size_t t = 0; t < size.slots; ++t) {
    for (std::size_t i = 0; i < size.workers; ++i) of_worker[i] += loss(t, i);
    const Asks asks = rule->draw(random);
    const Stakes stakes = rule->stake(asks.worker, random.uniform());
    Row share(asks.worker.size());
    Row own(asks.worker.size());
    rule->share(asks.worker, share);
    for (std::size_t j = 0; j < own.size(); ++j) {
      own[j] = loss(t, asks.worker[j].index());
      of_rule += share[j] * own[j];
    }
    rule->settle(asks.worker, stakes, own);
  }
  return of_rule - *std::min_element(of_worker.begin(), of_worker.end());
}

double alternating(std::size_t t, std::size_t i) {
  if (t == 0) return i == 1 ? 0.0 : .5;
  return i == (t % 2 == 1 ? 0U : 1U) ? 0.0 : 1.0;
}

// Two workers, right by turns. Undamped, the one who was right wins for sure: as follow-the-best.
TEST(EventLottery, TwoWorkersNeedTheDamping) {
  constexpr std::size_t slots = 4000;
  RandomStream random(6);
  std::array<int, 2> wins{};
  Row of_worker(2, 0.0);
  double undamped = 0.0;
  for (std::size_t t = 0; t < slots; ++t) {
    const Row loss{alternating(t, 0), alternating(t, 1)};
    const double first = wins[0] == wins[1] ? .5 : static_cast<double>(wins[0] > wins[1]);
    undamped += first * loss[0] + (1.0 - first) * loss[1];
    of_worker[0] += loss[0];
    of_worker[1] += loss[1];
    ++wins[random.bernoulli(published_lottery(loss, 1.0)[0]) ? 0 : 1];
  }
  undamped -= std::min(of_worker[0], of_worker[1]);
  EXPECT_GT(undamped, .2 * slots);
  double damped = 0.0;
  for (std::uint64_t seed = 0; seed < 6; ++seed)
    damped += regret_of({}, {2, slots}, alternating, seed) / 6;
  EXPECT_LT(damped, 60.0);
}

// Losses 0/1; the best worker is better by sqrt(N/T), about what can just be told from noise.
double hard_regret(const EventLotteryOptions& options, Horizon size, int seeds) {
  const double gap =
      std::min(.45, std::sqrt(static_cast<double>(size.workers) / static_cast<double>(size.slots)));
  double mean = 0.0;
  for (int seed = 0; seed < seeds; ++seed) {
    RandomStream random(99, static_cast<std::uint64_t>(seed));
    std::vector<Row> loss(size.slots, Row(size.workers));
    for (Row& row : loss)
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = random.bernoulli(i == 0 ? .5 - gap : .5) ? 1.0 : 0.0;
    mean += regret_of(
        options, size, [&loss](std::size_t t, std::size_t i) { return loss[t][i]; },
        static_cast<std::uint64_t>(seed));
  }
  return mean / seeds;
}

TEST(EventLottery, RegretGrowsLikeTheRootOfWorkersTimesSlots) {
  for (const std::size_t asks : {0U, 2U}) {
    for (const std::size_t slots : {500U, 4000U}) {
      const double scale = std::sqrt(4.0 * static_cast<double>(slots));
      const double regret = hard_regret({.asks = asks}, {4, slots}, 10);
      EXPECT_LT(regret, 1.0 * scale);
      EXPECT_GT(regret, .2 * scale);  // the instance is hard
    }
  }
}

TEST(EventLottery, DrawsWhomToAskByItsLaw) {
  RandomStream random(7);
  for (const std::size_t asks : {1U, 2U, 3U}) {
    EventLotteryOptions options{.asks = asks};
    if (asks == 1) options.exploration = .3;
    const auto rule = with_wins({1, 2, 2, 0, 2}, options);
    rule->leave(WorkerId{4});
    std::map<Crowd, double> frequency;
    constexpr int draws = 20000;
    for (int k = 0; k < draws; ++k) {
      Crowd asked = rule->draw(random).worker;
      std::sort(asked.begin(), asked.end());
      frequency[asked] += 1.0 / draws;
    }
    double all = 0.0;
    Row included(5, 0.0);
    for (const auto& set : rule->law()) {
      all += set.probability;
      EXPECT_NEAR(frequency[set.asks.worker], set.probability, .018);
      frequency.erase(set.asks.worker);
      for (std::size_t j = 0; j < set.asks.worker.size(); ++j) {
        included[set.asks.worker[j].index()] += set.probability;
        EXPECT_EQ(set.asks.probability[j], rule->probability(set.asks.worker[j]));
      }
    }
    EXPECT_TRUE(frequency.empty());
    EXPECT_NEAR(all, 1.0, 1e-14);
    for (const WorkerId id : workers(5))
      EXPECT_NEAR(included[id.index()], rule->probability(id), 1e-14);
  }
}

TEST(EventLottery, TakesNoAsksThatItCouldNotHaveDrawn) {
  for (const std::size_t m : {0UL, 1UL, 2UL, 3UL, 9UL}) {
    const auto rule = EventLottery::create({.asks = m}).value();
    const auto crowd = first_workers(6);
    rule->admit(crowd, 1.0);
    rule->leave(WorkerId{5});
    RandomStream random(60, m);
    for (int slot = 0; slot < 40; ++slot) {
      const std::vector<WorkerId> drawn = rule->draw(random).worker;
      ASSERT_TRUE(rule->could_draw(drawn));
      const std::vector<double> loss(drawn.size(), .5);
      rule->settle(drawn, rule->stake(drawn, random.uniform()), loss);
    }
    std::vector<std::vector<WorkerId>> possible;
    for (const AskingRule::Possible& set : rule->law()) possible.push_back(set.asks.worker);
    for (unsigned bits = 0; bits < 64; ++bits) {  // every set, also those with the absent worker
      std::vector<WorkerId> asked;
      for (const WorkerId id : crowd)
        if (bits >> id.value & 1U) asked.push_back(id);
      const bool expected = std::find(possible.begin(), possible.end(), asked) != possible.end();
      ASSERT_EQ(rule->could_draw(asked), expected) << m << " " << bits;
    }
    ASSERT_FALSE(rule->could_draw(std::vector<WorkerId>(std::min<std::size_t>(m + 2, 5))));
  }
}

TEST(EventLottery, LateOutcomesMayComeInAnyOrder) {
  RandomStream random(8);
  const auto forwards = crowd_of(6, {.asks = 3});
  const auto backwards = crowd_of(6, {.asks = 3});
  std::vector<Asks> asks;
  std::vector<Stakes> stakes;
  std::vector<Row> loss;
  for (int slot = 0; slot < 200; ++slot) {
    if (slot == 100) {  // newcomers, and somebody leaves, while all outcomes are out
      forwards->admit(Crowd{{6}, {7}}, .1);
      backwards->admit(Crowd{{6}, {7}}, .1);
      forwards->leave(WorkerId{3});
      backwards->leave(WorkerId{3});
    }
    asks.push_back(forwards->draw(random));
    stakes.push_back(forwards->stake(asks.back().worker, random.uniform()));
    loss.push_back({random.uniform(), random.uniform(), random.uniform()});
  }
  for (std::size_t k = 0; k < 200; ++k) {
    forwards->settle(asks[k].worker, stakes[k], loss[k]);
    backwards->settle(asks[199 - k].worker, stakes[199 - k], loss[199 - k]);
  }
  EXPECT_EQ(all_wins(*forwards), all_wins(*backwards));
  const Wins wins = all_wins(*forwards);
  EXPECT_EQ(std::accumulate(wins.begin(), wins.end(), 0), 200);
}

TEST(EventLottery, AnAwayLeaderKeepsItsWinsAndIsNotAsked) {
  const auto rule = with_wins({0, 3, 1}, {.asks = 1, .exploration = .5});
  rule->leave(WorkerId{1});
  EXPECT_EQ(rule->probability(WorkerId{1}), 0.0);
  EXPECT_EQ(rule->probability(WorkerId{2}), .75);
  EXPECT_EQ(rule->weights(), (Row{0, 1, 0}));
  Row share(2);
  rule->share(Crowd{{0}, {2}}, share);
  EXPECT_EQ(share, (Row{0, 1}));
  rule->come_back(WorkerId{1});
  EXPECT_EQ(rule->probability(WorkerId{1}), .5 + .5 / 3);
}

TEST(EventLottery, WeightIsTheChanceOfLeadingAmongAllAdmitted) {
  RandomStream random(10);
  for (int trial = 0; trial < 100; ++trial) {
    const Case some = random_case(random);
    const Wins wins = all_wins(*some.rule);
    const Row weight = some.rule->weights();
    EXPECT_NEAR(total(weight), 1.0, 1e-15);
    for (std::size_t i = 0; i < wins.size(); ++i) EXPECT_EQ(weight[i], leads(wins, i));
  }
  const auto level = crowd_of(3);
  level->admit(Crowd{{3}}, .5);
  EXPECT_EQ(level->weight(WorkerId{3}), .25);
  EXPECT_EQ(level->weight(WorkerId{9}), 0.0);
}

TEST(EventLottery, ANewIdentityStartsWithTheFewestWinsThereAre) {
  const auto rule = with_wins({5, 2, 4});
  rule->admit(Crowd{{3}, {4}}, .9);
  EXPECT_EQ(all_wins(*rule), (Wins{5, 2, 4, 2, 2}));
  EXPECT_EQ(rule->weights(), (Row{1, 0, 0, 0, 0}));
}

TEST(EventLottery, AReleasedSlotGivesNobodyAWin) {
  const auto rule = crowd_of(3);
  const Stakes stakes = rule->stake(workers(3), .2);
  rule->release(workers(3), stakes);
  EXPECT_EQ(all_wins(*rule), (Wins{0, 0, 0}));
}

TEST(EventLottery, CopesWithAnEmptyAndAOnePersonRoom) {
  auto rule = std::move(EventLottery::create({.asks = 2})).value();
  RandomStream random(9);
  EXPECT_TRUE(rule->draw(random).worker.empty());
  EXPECT_TRUE(rule->law().empty());
  rule->settle({}, rule->stake({}, .5), {});
  rule->admit(workers(1), 1.0);
  const Asks asks = rule->draw(random);
  ASSERT_EQ(asks.worker, workers(1));
  EXPECT_EQ(asks.probability, Row{1.0});
  rule->settle(asks.worker, rule->stake(asks.worker, .999), Row{1.0});
  EXPECT_EQ(rule->wins(WorkerId{0}), 1U);
}

TEST(EventLottery, RefusesOptionsWithoutMeaning) {
  for (const EventLotteryOptions& options :
       {EventLotteryOptions{.damping = 0.0}, EventLotteryOptions{.damping = 1.1},
        EventLotteryOptions{.asks = 1, .exploration = 1.0},
        EventLotteryOptions{.asks = 3, .exploration = .1}})
    EXPECT_FALSE(EventLottery::create(options).ok());
  EXPECT_NE(EventLottery::create({.damping = NAN}).error().message().find("damping"),
            std::string::npos);
}

}  // namespace
}  // namespace candor::learning
