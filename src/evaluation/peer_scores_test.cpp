#include "candor/evaluation/peer_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "candor/base/random.h"
#include "candor/scoring/correlated_agreement.h"
#include "candor/scoring/mutual_information.h"

namespace candor::evaluation {
namespace {

using Answers = std::vector<std::uint32_t>;

constexpr PeerRule both_rules[] = {PeerRule::correlated_agreement, PeerRule::mutual_information};

// What a worker does with the answer that it sees.
using Strategy = std::function<std::uint32_t(std::uint32_t seen, RandomStream&)>;

struct Worker {
  double accuracy = 0.8;
  Strategy strategy = [](std::uint32_t seen, RandomStream&) { return seen; };
  double presence = 1.0;
};

const Strategy honest = [](std::uint32_t seen, RandomStream&) { return seen; };
const Strategy always_one = [](std::uint32_t, RandomStream&) { return 1U; };
const Strategy swapped = [](std::uint32_t seen, RandomStream&) {
  return seen < 2 ? 1 - seen : seen;
};
const Strategy coin = [](std::uint32_t, RandomStream& random) {
  return static_cast<std::uint32_t>(random.below(2));
};

PeerAnswers simulated(const std::vector<Worker>& crowd, std::size_t slots, std::uint64_t seed,
                      std::size_t answers = 2) {
  RandomStream random(seed);
  PeerAnswers sheet(answers);
  for (std::size_t t = 0; t < slots; ++t) {
    const auto truth = static_cast<std::uint32_t>(random.below(answers));
    std::vector<WorkerId> who;
    Answers given;
    for (std::uint32_t i = 0; i < crowd.size(); ++i) {
      const bool right = random.bernoulli(crowd[i].accuracy);
      const auto other =
          static_cast<std::uint32_t>((truth + 1 + random.below(answers - 1)) % answers);
      const std::uint32_t said = crowd[i].strategy(right ? truth : other, random);
      if (!random.bernoulli(crowd[i].presence)) continue;
      who.push_back(WorkerId{i});
      given.push_back(said);
    }
    sheet.add_slot(who, given);
  }
  return sheet;
}

PeerScores scores_of(const PeerAnswers& answers, PeerRule rule, std::size_t min_shared = 0) {
  auto scores = peer_scores(answers, {.rule = rule, .min_shared = min_shared});
  EXPECT_TRUE(scores.ok()) << scores.error().message();
  return scores.ok() ? std::move(scores).value() : PeerScores{};
}

// The mean over seeds of each worker's score.
std::vector<double> mean_scores(const std::vector<Worker>& crowd, PeerRule rule, std::size_t slots,
                                std::size_t answers = 2) {
  constexpr int seeds = 60;
  std::vector<double> mean(crowd.size(), 0.0);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const PeerScores scores = scores_of(simulated(crowd, slots, seed, answers), rule);
    for (std::size_t i = 0; i < crowd.size(); ++i) mean[i] += *scores.worker[i].score / seeds;
  }
  return mean;
}

TEST(PeerScores, MatchTheHandWorkedCrowd) {
  PeerAnswers answers(2);
  const std::vector<WorkerId> crowd{{0}, {1}, {2}};
  for (const Answers& given : {Answers{0, 0, 0}, {0, 0, 0}, {1, 1, 1}, {1, 1, 0}})
    answers.add_slot(crowd, given);
  const PeerScores scores = scores_of(answers, PeerRule::correlated_agreement);
  EXPECT_EQ(scores.min_shared, 2U);
  EXPECT_EQ(scores.pairs, 3U);
  EXPECT_EQ(scores.pairs_left_out, 0U);
  EXPECT_NEAR(*scores.worker[0].score, .5, 1e-15);
  EXPECT_NEAR(*scores.worker[1].score, .5, 1e-15);
  EXPECT_NEAR(*scores.worker[2].score, 1.0 / 3, 1e-15);
  EXPECT_EQ(scores.worker[2].slots, 4U);
  EXPECT_EQ(scores.worker[2].peers, 2U);
}

// Again from the definitions, pair by pair over all pairs and all slots.
struct Oracle {
  const PeerAnswers& answers;
  std::uint64_t seed;

  std::map<std::size_t, std::uint32_t> of(std::uint32_t worker) const {
    std::map<std::size_t, std::uint32_t> said;
    for (std::size_t t = 0; t < answers.slots(); ++t)
      for (const auto& given : answers.of_slot(t))
        if (given.worker.value == worker) said[t] = given.answer;
    return said;
  }
  std::vector<double> joint_without(std::uint32_t worker) const {
    const std::size_t k = answers.answers();
    std::vector<double> joint(k * k, 0.0);
    double total = 0.0;
    for (std::size_t t = 0; t < answers.slots(); ++t)
      for (const auto& a : answers.of_slot(t))
        for (const auto& b : answers.of_slot(t)) {
          if (a.worker == b.worker || a.worker.value == worker || b.worker.value == worker)
            continue;
          joint[a.answer * k + b.answer] += 1.0;
          total += 1.0;
        }
    for (double& share : joint) share /= total;
    return joint;
  }
  double agreement(std::uint32_t worker, const Answers& own, const Answers& other) const {
    const auto rule =
        scoring::CorrelatedAgreement::from_joint(joint_without(worker), answers.answers());
    double same = 0.0;
    double different = 0.0;
    const std::size_t n = own.size();
    for (std::size_t b = 0; b < n; ++b) same += rule->agrees(own[b], other[b]) ? 1.0 : 0.0;
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = 0; q < n; ++q)
        if (p != q) different += rule->agrees(own[p], other[q]) ? 1.0 : 0.0;
    return same / static_cast<double>(n) - different / static_cast<double>(n * (n - 1));
  }
  double information(const Answers& own, const Answers& other) const {
    Answers batch[4];
    for (std::size_t t = 0; t < own.size(); ++t) {
      batch[t % 2].push_back(own[t]);
      batch[2 + t % 2].push_back(other[t]);
    }
    const auto pay = scoring::mutual_information_pay({batch[0], batch[2]}, {batch[1], batch[3]},
                                                     answers.answers());
    return pay->pay / pay->largest;
  }
  std::optional<double> score(std::uint32_t worker, PeerRule rule, std::size_t min_shared) const {
    RandomStream random(seed, 1);
    const std::vector<std::uint32_t> order = shuffled_order(answers.slots(), random);
    const auto mine = of(worker);
    double total = 0.0;
    double weight = 0.0;
    for (std::uint32_t peer = 0; peer < answers.workers(); ++peer) {
      if (peer == worker) continue;
      const auto theirs = of(peer);
      Answers own;
      Answers other;
      for (const std::uint32_t t : order) {
        if (!mine.contains(t) || !theirs.contains(t)) continue;
        own.push_back(mine.at(t));
        other.push_back(theirs.at(t));
      }
      if (own.size() < min_shared) continue;
      const double n = static_cast<double>(own.size());
      weight += n;
      total += n * (rule == PeerRule::correlated_agreement ? agreement(worker, own, other)
                                                           : information(own, other));
    }
    if (weight == 0.0) return std::nullopt;
    return total / weight;
  }
};

TEST(PeerScores, EqualTheDefinitionsPairByPair) {
  for (const std::size_t k : {2UL, 3UL}) {
    std::vector<Worker> crowd(9, Worker{.7, honest, .6});
    crowd[3].strategy = swapped;
    crowd[4].presence = .05;
    const PeerAnswers answers = simulated(crowd, 40, 7, k);
    const Oracle oracle{answers, 11};
    for (const PeerRule rule : both_rules) {
      for (const std::size_t min_shared : {2 * k, 10UL}) {
        const auto scores =
            peer_scores(answers, {.rule = rule, .min_shared = min_shared, .seed = 11});
        ASSERT_TRUE(scores.ok());
        std::size_t scored = 0;
        for (std::uint32_t i = 0; i < answers.workers(); ++i) {
          const auto expected = oracle.score(i, rule, min_shared);
          ASSERT_EQ(scores->worker[i].score.has_value(), expected.has_value()) << i;
          if (!expected) continue;
          ++scored;
          EXPECT_NEAR(*scores->worker[i].score, *expected, 1e-13) << name_of(rule) << ' ' << i;
        }
        EXPECT_GT(scored, 4U);
        EXPECT_LT(scored, 9U);
      }
    }
  }
}

TEST(PeerScores, RiseWithAccuracy) {
  const std::vector<Worker> crowd{{.95}, {.85}, {.75}, {.65}, {.5}, {.8}, {.8}};
  for (const PeerRule rule : both_rules) {
    const std::vector<double> mean = mean_scores(crowd, rule, 200);
    for (std::size_t i = 1; i < 5; ++i) EXPECT_GT(mean[i - 1], mean[i] + .01) << name_of(rule);
    EXPECT_NEAR(mean[4], 0.0, .01) << name_of(rule);
  }
}

TEST(PeerScores, GiveNothingForAnswersWithoutInformation) {
  const std::vector<Worker> crowd{{.8}, {.8}, {.8}, {.8}, {.8, always_one}, {.8, coin}};
  for (const PeerRule rule : both_rules) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
      EXPECT_NEAR(*scores_of(simulated(crowd, 30, seed), rule).worker[4].score, 0.0, 1e-15);
    EXPECT_NEAR(mean_scores(crowd, rule, 200)[5], 0.0, .01) << name_of(rule);
  }
}

// Under correlated agreement a swap costs; the determinant changes sign in both batches, so that
// mutual information does not see it, to the bit.
TEST(PeerScores, TellASwapFromHonestyUnderOneRuleOnly) {
  std::vector<Worker> crowd(6, Worker{.8});
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    crowd[0].strategy = honest;
    const PeerAnswers plain = simulated(crowd, 60, seed);
    crowd[0].strategy = swapped;
    const PeerAnswers relabelled = simulated(crowd, 60, seed);
    const auto information = PeerRule::mutual_information;
    EXPECT_EQ(*scores_of(plain, information).worker[0].score,
              *scores_of(relabelled, information).worker[0].score);
    const auto agreement = PeerRule::correlated_agreement;
    EXPECT_GT(*scores_of(plain, agreement).worker[0].score, 0.0);
    EXPECT_LT(*scores_of(relabelled, agreement).worker[0].score, 0.0);
  }
}

// Kong's theorem at n slots a batch: E pay / largest = (K^K det U n(n-1)...(n-K+1) / n^K)^2.
TEST(PeerScores, OfMutualInformationHaveTheMeanThatTheorySays) {
  const std::vector<Worker> pair{{.9}, {.8}};
  const double u = .5 * (.9 * .8 + .1 * .2);  // P(both say 0) = P(both say 1)
  const double determinant = u * u - (.5 - u) * (.5 - u);
  const double n = 10.0;
  const double expected = std::pow(4.0 * determinant * (n - 1.0) / n, 2.0);
  constexpr int seeds = 4000;
  double mean = 0.0;
  int negative = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const double score =
        *scores_of(simulated(pair, 20, seed), PeerRule::mutual_information).worker[0].score;
    mean += score / seeds;
    negative += score < 0.0 ? 1 : 0;
  }
  EXPECT_NEAR(mean, expected, .01);
  EXPECT_GT(negative, 0);  // a single pay may be below 0, the mean never is
}

// One sure worker who swaps, among four who barely know: over all pairs, disagreeing is what
// answers do, since most of the information is its own. It must not be paid for that.
TEST(PeerScores, DoNotLetAWorkerChooseWhatCountsAsAgreement) {
  const std::vector<Worker> crowd{{.95, swapped}, {.6}, {.6}, {.6}, {.6}};
  const PeerAnswers answers = simulated(crowd, 10000, 3);
  std::int64_t agreed = 0;
  std::int64_t disagreed = 0;
  for (std::size_t t = 0; t < answers.slots(); ++t)
    for (const auto& a : answers.of_slot(t))
      for (const auto& b : answers.of_slot(t))
        if (a.worker < b.worker) ++(a.answer == b.answer ? agreed : disagreed);
  EXPECT_LT(agreed, disagreed);
  EXPECT_LT(*scores_of(answers, PeerRule::correlated_agreement).worker[0].score, -.05);
}

TEST(PeerScores, SayWhoSharesTooFewSlots) {
  PeerAnswers answers(2);
  for (std::uint32_t t = 0; t < 5; ++t) {
    const std::vector<WorkerId> full{{0}, {1}, {2}};
    const std::vector<WorkerId> two{{0}, {1}};
    const Answers same{t % 2, t % 2, t % 2};
    answers.add_slot(t < 3 ? full : two, std::span(same).first(t < 3 ? 3 : 2));
  }
  answers.add_slot(std::vector<WorkerId>{{4}}, Answers{0});
  const PeerScores scores = scores_of(answers, PeerRule::mutual_information);
  EXPECT_EQ(scores.min_shared, 4U);
  EXPECT_EQ(scores.pairs, 1U);
  EXPECT_EQ(scores.pairs_left_out, 2U);
  EXPECT_TRUE(scores.worker[0].score);
  EXPECT_FALSE(scores.worker[2].score);
  EXPECT_EQ(scores.worker[2].most_shared, 3U);
  EXPECT_EQ(scores.worker[2].slots, 0U);
  EXPECT_EQ(scores.worker[3].answered, 0U);
  EXPECT_EQ(scores.worker[4].most_shared, 0U);
  EXPECT_EQ(scores.worker[4].answered, 1U);
}

TEST(PeerScores, NeedAThirdWorkerToLearnAgreementFrom) {
  const PeerScores scores =
      scores_of(simulated({{.9}, {.9}}, 30, 1), PeerRule::correlated_agreement);
  EXPECT_EQ(scores.worker[0].peers, 1U);
  EXPECT_FALSE(scores.worker[0].score);
}

TEST(PeerScores, RefuseWhatTheRuleCannotUse) {
  const PeerAnswers answers = simulated({{.9}, {.9}}, 30, 1);
  const auto error_of = [](const PeerAnswers& sheet, const PeerScoreOptions& options) {
    const auto scores = peer_scores(sheet, options);
    return scores.ok() ? std::string() : scores.error().message();
  };
  EXPECT_NE(error_of(answers, {.rule = PeerRule::mutual_information, .min_shared = 3})
                .find("at least 4 slots for mutual-information"),
            std::string::npos);
  EXPECT_NE(error_of(answers, {.min_shared = 1}).find("at least 2"), std::string::npos);
  EXPECT_NE(error_of(PeerAnswers(33), {.rule = PeerRule::mutual_information})
                .find("correlated-agreement"),
            std::string::npos);
  EXPECT_EQ(error_of(PeerAnswers(33), {}), "");
  EXPECT_FALSE(parse_peer_rule("agreement").ok());
  for (const PeerRule rule : both_rules) EXPECT_EQ(*parse_peer_rule(name_of(rule)), rule);
}

}  // namespace
}  // namespace candor::evaluation
