#include "candor/evaluation/scoreboard.h"

#include <gtest/gtest.h>

#include <cmath>

#include "candor/evaluation/curves.h"

namespace candor::evaluation {
namespace {

using Row = std::vector<double>;

Score score_of(const std::vector<std::pair<Row, Row>>& labels_and_outcomes) {
  Score score;
  for (const auto& [label, outcome] : labels_and_outcomes) score.charge(label, outcome);
  return score;
}

// P(A) .8 .5 .4 against A, A, B: Brier (.04 + .25 + .16) / 3, accuracy (1 + 1/2 + 1) / 3.
TEST(Score, IsTheMeanOfTheHandWorkedSlots) {
  const Score score = score_of({{{.8, .2}, {1, 0}}, {{.5, .5}, {1, 0}}, {{.4, .6}, {0, 1}}});
  EXPECT_NEAR(*score.brier(), .15, 1e-15);
  EXPECT_NEAR(*score.accuracy(), 2.5 / 3, 1e-15);
  EXPECT_NEAR(*score.mean_log_loss(), -std::log(.8 * .5 * .6) / 3, 1e-15);
  EXPECT_EQ(score.slots, 3U);
}

TEST(Score, TakesHalfTheSquaredDistanceOverThreeAnswers) {
  const Score score = score_of({{{.5, .3, .2}, {0, 1, 0}}});
  EXPECT_NEAR(*score.brier(), .5 * (.25 + .49 + .04), 1e-15);
}

TEST(Score, LeavesSplitOutcomesOutOfAccuracyOnly) {
  const Score score = score_of({{{.8, .2}, {.5, .5}}, {{.9, .1}, {1, 0}}});
  EXPECT_EQ(*score.accuracy(), 1.0);
  EXPECT_EQ(score.certain, 1U);
  EXPECT_NEAR(*score.brier(), (.09 + .01) / 2, 1e-15);
  EXPECT_NEAR(*score.mean_log_loss(), (-.5 * std::log(.8) - .5 * std::log(.2) - std::log(.9)) / 2,
              1e-15);
}

TEST(Score, FloorsProbabilitiesInTheLogLoss) {
  const Score score = score_of({{{0, 1}, {1, 0}}});
  EXPECT_NEAR(*score.mean_log_loss(), 12 * std::log(10), 1e-12);
  EXPECT_NEAR(*score_of({{{1e-13, 1}, {1, 0}}}).mean_log_loss(), 12 * std::log(10), 1e-12);
  EXPECT_EQ(*score_of({{{0, 1}, {0, 1}}}).mean_log_loss(), 0.0);
}

TEST(Score, HasNoMeansWithoutSlots) {
  const Score none;
  EXPECT_FALSE(none.brier());
  EXPECT_FALSE(none.mean_log_loss());
  EXPECT_FALSE(none.accuracy());
  EXPECT_FALSE(score_of({{{.8, .2}, {.5, .5}}}).accuracy());
}

TEST(Reliability, CountsTheFirstOfTwoAnswersAndEachOfMore) {
  Reliability two;
  two.add(Row{.82, .18}, Row{1, 0});
  two.add(Row{.88, .12}, Row{0, 1});
  two.add(Row{1, 0}, Row{1, 0});
  two.add(Row{0, 1}, Row{0, 1});
  EXPECT_EQ(two.bins[8].count, 2U);
  EXPECT_NEAR(two.bins[8].predicted, 1.7, 1e-15);
  EXPECT_EQ(two.bins[8].observed, 1.0);
  EXPECT_EQ(two.bins[9].count, 1U);  // 1 belongs to the last bin
  EXPECT_EQ(two.bins[0].count, 1U);
  EXPECT_EQ(two.bins[1].count, 0U);

  Reliability three;
  three.add(Row{.7, .2, .1}, Row{0, .5, .5});
  EXPECT_EQ(three.bins[7].count, 1U);
  EXPECT_EQ(three.bins[7].observed, 0.0);
  EXPECT_EQ(three.bins[2].observed, 0.5);
  EXPECT_EQ(three.bins[1].observed, 0.5);
}

TEST(LogSchedule, IsDueAtEverySlotAtFirstAndThenEveryEighth) {
  LogSchedule schedule;
  std::vector<std::uint64_t> due;
  for (std::uint64_t slot = 1; slot <= 40; ++slot)
    if (schedule.due(slot)) due.push_back(slot);
  EXPECT_EQ(due, (std::vector<std::uint64_t>{1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                             13, 14, 15, 16, 18, 20, 22, 24, 27, 30, 33, 37}));
}

TEST(LogSchedule, TakesAboutAHundredSamplesOfAMillionSlots) {
  LogSchedule schedule;
  int samples = 0;
  for (std::uint64_t slot = 1; slot <= 1'000'000; ++slot) samples += schedule.due(slot) ? 1 : 0;
  EXPECT_GT(samples, 80);
  EXPECT_LT(samples, 140);
}

// Two methods; ann answers both slots, bob only the second.
Scoreboard two_slots() {
  Scoreboard board({"one", "two"}, true);
  const std::vector<WorkerId> ann{WorkerId{0}};
  const std::vector<WorkerId> both{WorkerId{0}, WorkerId{1}};
  board.record({2, ann, Row{1, 0}, {}}, Row{.5, .5, .8, .2}, Row{1, 0});
  board.record({2, both, Row{.5, .5, 0, 1}, {}}, Row{.4, .6, .3, .7}, Row{0, 1});
  return board;
}

TEST(Scoreboard, ChargesEveryMethodAndEveryWorker) {
  const Scoreboard board = two_slots();
  EXPECT_EQ(board.slots(), 2U);
  EXPECT_NEAR(board.score(0).loss, .25 + .16, 1e-15);
  EXPECT_NEAR(board.score(1).loss, .04 + .09, 1e-15);
  EXPECT_NEAR(*board.worker_score(WorkerId{0}).brier(), .125, 1e-15);
  EXPECT_EQ(*board.worker_score(WorkerId{0}).accuracy(), .75);
  EXPECT_EQ(board.worker_score(WorkerId{1}).slots, 1U);
  EXPECT_EQ(board.reliability(1).bins[3].count, 1U);
}

TEST(Scoreboard, MeasuresRegretOverTheSlotsThatAWorkerAnswered) {
  const Scoreboard board = two_slots();
  EXPECT_NEAR(board.regrets().regret_to(0, WorkerId{0}), .41 - .25, 1e-15);
  EXPECT_NEAR(board.regrets().regret_to(0, WorkerId{1}), .16, 1e-15);
  EXPECT_EQ(board.regrets().slots_of(WorkerId{1}), 1U);
}

TEST(RegretCurves, SampleTheRegretAndItsBoundAsSlotsSettle) {
  RegretCurves curves({"one", "two"}, 1);
  Scoreboard board({"one", "two"});
  const std::vector<WorkerId> ann{WorkerId{0}};
  const auto bound = [](std::size_t method, WorkerId worker) {
    return method == 0 ? std::optional(7.0 + worker.value) : std::nullopt;
  };
  for (int slot = 0; slot < 3; ++slot) {
    board.record({2, ann, Row{1, 0}, {}}, Row{.5, .5, 1, 0}, Row{1, 0});
    EXPECT_TRUE(curves.sample(board, bound));
  }
  EXPECT_EQ(curves.sample_slots(), (Row{1, 2, 3}));
  ASSERT_EQ(curves.curves().size(), 2U);
  EXPECT_EQ(curves.curves()[0].name, "one");
  EXPECT_EQ(curves.curves()[0].value, (std::vector<std::optional<double>>{.25, .5, .75}));
  EXPECT_EQ(curves.curves()[0].bound, (std::vector<std::optional<double>>{7, 7, 7}));
  EXPECT_EQ(curves.curves()[1].value, (std::vector<std::optional<double>>{0, 0, 0}));
  EXPECT_EQ(curves.curves()[1].bound[2], std::nullopt);
}

TEST(MinReports, IsTwentyOrTheMostThereAreUnlessSet) {
  learning::RegretLedger regrets(1);
  const std::vector<WorkerId> ann{WorkerId{0}};
  for (int slot = 0; slot < 8; ++slot) regrets.record(ann, Row{0}, Row{0});
  EXPECT_EQ(effective_min_reports(regrets, 0), 8U);
  EXPECT_EQ(effective_min_reports(regrets, 3), 3U);
  EXPECT_EQ(effective_min_reports(regrets, 9), 9U);
  for (int slot = 0; slot < 30; ++slot) regrets.record(ann, Row{0}, Row{0});
  EXPECT_EQ(effective_min_reports(regrets, 0), 20U);
}

}  // namespace
}  // namespace candor::evaluation
