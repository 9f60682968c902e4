// Campaigns whose outcomes are a record that is wrong at known rates.
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "candor/base/math.h"
#include "candor/base/random.h"
#include "candor/event/fold.h"

namespace candor::event {
namespace {

using Row = std::vector<double>;

CampaignOpened campaign(Row errors, std::size_t answers = 2, double step_size = 0.4) {
  CampaignOpened opened{"test", std::vector<std::string>(answers, "x"), {}};
  for (std::size_t k = 0; k < answers; ++k) opened.answers[k] += std::to_string(k);
  opened.spec.weighted_score.step_size = step_size;
  opened.spec.outcome_errors = std::move(errors);
  return opened;
}

void apply(Fold& fold, const Event& event) {
  const Status status = fold.apply(event);
  ASSERT_TRUE(status.ok()) << status.error().message();
}

void open(Fold& fold, const CampaignOpened& opened, std::uint32_t workers) {
  apply(fold, opened);
  for (std::uint32_t i = 0; i < workers; ++i) apply(fold, WorkerJoined{WorkerId{i}, "w"});
}

SlotId pool(Fold& fold, const std::vector<Row>& reports) {
  const SlotId slot{static_cast<std::uint32_t>(fold.slot_names().size())};
  apply(fold, SlotOpened{slot, "t"});
  for (std::uint32_t i = 0; i < reports.size(); ++i)
    apply(fold, ReportSubmitted{slot, WorkerId{i}, reports[i]});
  apply(fold, SlotPooled{slot, 0.5});
  return slot;
}

Row certain(std::size_t answer, std::size_t answers) {
  Row row(answers, 0.0);
  row[answer] = 1.0;
  return row;
}

void play(Fold& fold, const std::vector<Row>& reports, std::size_t revealed) {
  const SlotId slot = pool(fold, reports);
  apply(fold, OutcomeRevealed{slot, certain(revealed, reports[0].size())});
  apply(fold, SlotSettled{slot});
}

// The first worker's weight after one slot, if this is revealed; two others report, and weights are
// uneven before.
double next_weight(const CampaignOpened& opened, const Row& report, std::size_t revealed) {
  const std::size_t answers = opened.answers.size();
  Row sure(answers, 0.1 / static_cast<double>(answers - 1));
  sure[0] = 0.9;
  const Row even(answers, 1.0 / static_cast<double>(answers));
  Fold fold;
  open(fold, opened, 3);
  play(fold, {sure, even, even}, 0);
  play(fold, {report, sure, even}, revealed);
  return fold.mechanism()->weight_rule().weights()[0];
}

// P(revealed z | truth y) [K, K] from what a campaign states.
Row confusion_of(const Row& errors) {
  if (errors.size() != 2) return errors;
  return {1 - errors[0], errors[0], errors[1], 1 - errors[1]};
}

// Under a belief about the truth and the errors of the record, over all truths and records.
double expected_weight(const CampaignOpened& opened, const Row& report, const Row& belief,
                       const Row& confusion) {
  const std::size_t answers = belief.size();
  double expected = 0.0;
  for (std::size_t z = 0; z < answers; ++z) {
    double chance = 0.0;
    for (std::size_t y = 0; y < answers; ++y) chance += belief[y] * confusion[y * answers + z];
    expected += chance * next_weight(opened, report, z);
  }
  return expected;
}

// Which of the reports 0, .01, ..., 1 brings the highest expected weight.
double best_report(const Row& stated, const Row& errors, double belief) {
  const CampaignOpened opened = campaign(stated);
  double best = 0.0;
  double highest = -1.0;
  for (int percent = 0; percent <= 100; ++percent) {
    const double report = percent / 100.0;
    const double weight = expected_weight(opened, {report, 1.0 - report}, {belief, 1.0 - belief},
                                          confusion_of(errors));
    if (weight > highest) {
      highest = weight;
      best = report;
    }
  }
  return best;
}

TEST(OutcomeErrors, MatchTheHandWorkedSlot) {
  Fold fold;
  open(fold, campaign({.2, .35}), 2);
  const auto& mechanism = *fold.mechanism();
  EXPECT_NEAR(mechanism.loss(Row{1, 0}, Row{0, 1}), 1.0, 1e-15);
  EXPECT_NEAR(mechanism.loss(Row{1, 0}, Row{1, 0}), (-.2 + .35) / 1.15, 1e-15);
  EXPECT_NEAR(mechanism.loss(Row{0, 1}, Row{1, 0}), (.65 + .35) / 1.15, 1e-15);
  EXPECT_NEAR(mechanism.loss(Row{0, 1}, Row{0, 1}), 0.0, 1e-15);
  play(fold, {{1, 0}, {0, 1}}, 0);
  // w0 = .5 + .4 .5 .5 (1/1.15 - .15/1.15)
  EXPECT_NEAR(mechanism.weight_rule().weights()[0], .5 + .1 * .85 / 1.15, 1e-15);
}

TEST(OutcomeErrors, MakeTheBeliefAboutTheTruthTheBestReport) {
  for (const Row& errors : {Row{.2, .35}, Row{.35, .2}, Row{0, .4}, Row{.45, .45}})
    for (const double belief : {.05, .3, .5, .8, 1.0})
      EXPECT_NEAR(best_report(errors, errors, belief), belief, 1e-9) << errors[0] << ' ' << belief;
}

TEST(OutcomeErrors, UnstatedMakeTheChanceOfTheRecordTheBestReport) {
  EXPECT_NEAR(best_report({}, {.2, .35}, .8), .71, 1e-9);
  EXPECT_NEAR(best_report({}, {.35, .2}, .8), .56, 1e-9);
  EXPECT_NEAR(best_report({}, {.2, .35}, .05), .05 * .8 + .95 * .35, .0051);
}

TEST(OutcomeErrors, AreUndoneInExpectationAtASmallerStepSize) {
  RandomStream random(1);
  for (const Row& errors : {Row{.2, .35}, Row{.7, .2, .1, .05, .9, .05, .2, .1, .7}}) {
    const Row confusion = confusion_of(errors);
    const std::size_t answers = errors.size() == 2 ? 2 : 3;
    const CampaignOpened noisy = campaign(errors, answers);
    const auto surrogate = scoring::SurrogateLoss::create({}, confusion, answers);
    for (int trial = 0; trial < 20; ++trial) {
      Row report(answers);
      for (double& value : report) value = random.uniform();
      normalise(report);
      for (std::size_t truth = 0; truth < answers; ++truth) {
        const Row belief = certain(truth, answers);
        const double weight = expected_weight(noisy, report, belief, confusion);
        // One slot each way: where the second starts from the same weights.
        Fold first;
        open(first, noisy, 3);
        Row sure(answers, 0.1 / static_cast<double>(answers - 1));
        sure[0] = 0.9;
        const Row even(answers, 1.0 / static_cast<double>(answers));
        play(first, {sure, even, even}, 0);
        const Row before = first.mechanism()->weight_rule().weights();
        const auto loss = [&](const Row& row) { return scoring::quadratic_loss(row, belief); };
        const double step = 0.4 * surrogate->largest_step();
        const double mean =
            before[0] * loss(report) + before[1] * loss(sure) + before[2] * loss(even);
        EXPECT_NEAR(weight, before[0] * (1.0 + step * (mean - loss(report))), 1e-14);
      }
    }
  }
}

TEST(OutcomeErrors, MakeTheBeliefTheBestReportOverThreeAnswersToo) {
  RandomStream random(2);
  const Row errors{.7, .2, .1, .05, .9, .05, .2, .1, .7};
  for (int trial = 0; trial < 40; ++trial) {
    Row belief(3);
    Row lie(3);
    for (std::size_t k = 0; k < 3; ++k) {
      belief[k] = random.uniform();
      lie[k] = random.uniform();
    }
    normalise(belief);
    normalise(lie);
    const double honest = expected_weight(campaign(errors, 3), belief, belief, errors);
    EXPECT_GT(honest, expected_weight(campaign(errors, 3), lie, belief, errors));
    // Stated wrongly, the chances of the record are better than the belief.
    Row record(3, 0.0);
    for (std::size_t y = 0; y < 3; ++y)
      for (std::size_t z = 0; z < 3; ++z) record[z] += belief[y] * errors[y * 3 + z];
    EXPECT_GT(expected_weight(campaign({}, 3), record, belief, errors),
              expected_weight(campaign({}, 3), belief, belief, errors));
  }
}

// 3000 slots, a record that is wrong for 10 % of truly A and 40 % of truly B; four workers know the
// truth with 85 %. Two of them say so, two say what the record will probably be.
Row weights_after_crowd(const Row& stated) {
  const CampaignOpened opened = campaign(stated, 2, 0.05);
  const Row errors{.1, .4};
  RandomStream random(3);
  Fold fold;
  open(fold, opened, 4);
  for (int slot = 0; slot < 3000; ++slot) {
    const bool truly_a = random.bernoulli(.5);
    std::vector<Row> reports;
    for (int i = 0; i < 4; ++i) {
      const bool right = random.bernoulli(.85);
      const double belief = right == truly_a ? .85 : .15;
      const double record = belief * (1 - errors[0]) + (1 - belief) * errors[1];
      const double report = i < 2 ? belief : record;
      reports.push_back({report, 1.0 - report});
    }
    const bool wrong = random.bernoulli(truly_a ? errors[0] : errors[1]);
    play(fold, reports, truly_a != wrong ? 0 : 1);
  }
  return fold.mechanism()->weight_rule().weights();
}

TEST(OutcomeErrors, DecideWhoIsFollowedInASimulatedCrowd) {
  const Row known = weights_after_crowd({.1, .4});
  EXPECT_GT(known[0] + known[1], .8);
  const Row unknown = weights_after_crowd({});
  EXPECT_LT(unknown[0] + unknown[1], .2);
}

TEST(OutcomeErrors, RefuseRatesThatTellNothing) {
  const auto refused = [](const Row& errors, std::size_t answers = 2) {
    Fold fold;
    const Status status = fold.apply(Event{campaign(errors, answers)});
    EXPECT_EQ(fold.mechanism() != nullptr, status.ok());
    return status.ok() ? std::string()
                       : std::string(name_of(status.error().code)) + ' ' + status.error().field;
  };
  EXPECT_EQ(refused({.5, .5}), "out_of_range outcome errors");
  EXPECT_EQ(refused({.9, .2}), "out_of_range outcome errors");
  EXPECT_EQ(refused({-.1, .2}), "out_of_range outcome errors");
  EXPECT_EQ(refused({std::nan(""), .2}), "out_of_range outcome errors");
  EXPECT_EQ(refused({.2}), "invalid_argument outcome errors");
  EXPECT_EQ(refused({.9, .1, .1, .9}), "invalid_argument outcome errors");
  EXPECT_EQ(refused({.1, .1}, 3), "invalid_argument outcome errors");
  EXPECT_EQ(refused(Row(9, 1.0 / 3), 3), "out_of_range outcome errors");
  EXPECT_EQ(refused({.7, .2, .2, .05, .9, .05, .2, .1, .7}, 3), "out_of_range outcome errors");
  EXPECT_EQ(refused({.7, .2, .1, .05, .9, .05, .2, .1, .7}, 3), "");
  EXPECT_EQ(refused({0, .99}), "");
}

TEST(OutcomeErrors, RefuseAnOutcomeThatIsDivided) {
  Fold fold;
  open(fold, campaign({.2, .35}), 2);
  const SlotId slot = pool(fold, {{1, 0}, {0, 1}});
  const Status status = fold.apply(OutcomeRevealed{slot, {.5, .5}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::out_of_range);
  EXPECT_EQ(status.error().field, "outcome");
  EXPECT_NE(status.error().message().find("certain answer"), std::string::npos);
  apply(fold, OutcomeRevealed{slot, {1, 0}});
  apply(fold, SlotSettled{slot});
}

// The labels of every pool in the last slot that was pooled.
class LastLabels final : public FoldObserver {
 public:
  void on_pooled(SlotId, const mechanism::PooledSlot& pooled) override { labels = pooled.labels; }
  Row labels;
};

// Pools without weights learn from what was revealed, whatever its errors; weights do not.
TEST(OutcomeErrors, ChangeWeightsAndNotWhatLabelPoolsLearn) {
  RandomStream random(4);
  LastLabels of_plain;
  LastLabels of_noisy;
  Fold plain(&of_plain);
  Fold noisy(&of_noisy);
  open(plain, campaign({}), 3);
  open(noisy, campaign({.1, .2}), 3);
  for (int slot = 0; slot < 50; ++slot) {
    std::vector<Row> reports;
    for (int i = 0; i < 3; ++i) {
      const double p = random.uniform();
      reports.push_back({p, 1.0 - p});
    }
    const std::size_t revealed = random.below(2);
    play(plain, reports, revealed);
    play(noisy, reports, revealed);
  }
  const auto& names = plain.mechanism()->label_names();
  std::size_t compared = 0;
  for (std::size_t label = 0; label < names.size(); ++label) {
    const bool equal = of_plain.labels[2 * label] == of_noisy.labels[2 * label];
    if (names[label].starts_with("bayes")) {
      EXPECT_TRUE(equal) << names[label];
      ++compared;
    }
    EXPECT_FALSE(names[label] == "weighted-score" && equal);
  }
  EXPECT_GT(compared, 0U);
}

}  // namespace
}  // namespace candor::event
