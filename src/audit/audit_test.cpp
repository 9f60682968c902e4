#include "candor/audit/audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "audit/catalogue.h"
#include "audit/em_audit.h"
#include "audit/heat.h"
#include "audit/row_search.h"
#include "candor/base/random.h"

namespace candor::audit {
namespace {

using game::Motive;

const Audited& named(const std::string& name) {
  const auto& all = catalogue();
  return *std::find_if(all.begin(), all.end(),
                       [&](const Audited& one) { return one.note.name == name; });
}

AuditInstance one_slot(std::vector<double> weights, double step, std::vector<double> reports) {
  AuditInstance instance;
  instance.weights = std::move(weights);
  instance.step_size = step;
  instance.slots = {{reports[0], reports, {}}};
  return instance;
}

AuditRow audited(const std::string& name, Motive motive, const AuditInstance& instance,
                 std::size_t variant = 0, std::size_t coalition = 1,
                 const std::string& label = "") {
  const Quest quest{&named(name), variant, motive, coalition, 1};
  const auto subject = quest.audited->variants[variant].make(label);
  EXPECT_TRUE(subject.ok());
  return row_of_instance(quest, **subject, instance, Effort{});
}

const std::vector<double> thirds(3, 1.0 / 3.0);

// The examples of the literature and of the documents, by hand -----------------------------------

TEST(Audit, TheAverageIsPulledByExaggeration) {
  const AuditRow row = audited("average", Motive::sway, one_slot(thirds, 0.0, {0.9, 0.5, 0.5}));
  EXPECT_NEAR(row.honest_label, 0.6333, 5e-5);
  EXPECT_NEAR(row.honest_utility, -0.0711, 5e-5);
  EXPECT_NEAR(row.best_label, 0.6667, 5e-5);
  EXPECT_NEAR(row.best_utility, -0.0544, 5e-5);
  EXPECT_NEAR(row.best[0], 1.0, 1e-12);
  EXPECT_TRUE(row.exact);
}

TEST(Audit, TheMedianOfFourMovesToTheLiarsPeakThatOfThreeDoesNot) {
  const AuditRow even = audited("median", Motive::sway,
                                one_slot({0.25, 0.25, 0.25, 0.25}, 0.0, {0.6, 0.9, 0.4, 0.1}), 1);
  EXPECT_NEAR(even.honest_label, 0.5, 1e-12);
  EXPECT_NEAR(even.best_label, 0.6, 1e-6);
  EXPECT_NEAR(even.gain, 0.01, 1e-9);
  const AuditRow odd = audited("median", Motive::sway, one_slot(thirds, 0.0, {0.6, 0.9, 0.4}));
  EXPECT_EQ(odd.gain, 0.0);
}

TEST(Audit, AgreementPayRewardsTheConsensus) {
  const AuditRow row = audited("median", Motive::pay, one_slot(thirds, 0.0, {0.9, 0.5, 0.5}));
  EXPECT_NEAR(row.best[0], 0.5, 1e-3);
  EXPECT_NEAR(row.gain, 0.16 / 3.0, 1e-6);
}

TEST(Audit, HedgesBestReports) {
  const auto best = [](double rate, double weight, double belief, double other) {
    return audited("exponential", Motive::next_weight,
                   one_slot({weight, 1.0 - weight}, rate, {belief, other}), 1);
  };
  EXPECT_NEAR(best(0.5, 0.5, 0.7, 0.4).best[0], 0.7005, 5e-4);
  EXPECT_NEAR(best(2.0, 0.5, 0.7, 0.4).best[0], 0.7083, 1e-4);
  EXPECT_NEAR(best(4.0, 0.5, 0.7, 0.4).best[0], 0.7508, 1e-4);
  EXPECT_NEAR(best(8.0, 0.2, 0.6, 0.1).best[0], 0.9881, 1e-3);
  EXPECT_NEAR(best(8.0, 0.2, 0.6, 0.1).gain, 3.35e-3, 1e-5);
}

TEST(Audit, ACampaignsExponentialRuleIsTheHedgeOfTheSameStep) {
  const AuditInstance instance = one_slot({0.5, 0.5}, 0.5, {0.7, 0.4});
  const AuditRow campaign = audited("exponential", Motive::next_weight, instance, 0);
  const AuditRow rule = audited("exponential", Motive::next_weight, instance, 1);
  EXPECT_NEAR(campaign.gain, rule.gain, 1e-14);
  EXPECT_NEAR(campaign.gain, 2.79e-8, 1e-9);
}

TEST(Audit, InverseErrorWeightsRewardCertainty) {
  const AuditRow row =
      audited("inverse-error", Motive::next_weight, one_slot({0.5, 0.5}, 0.0, {0.7, 0.4}));
  EXPECT_NEAR(row.best[0], 0.978, 1e-3);
  EXPECT_NEAR(row.best_utility, 0.7256, 5e-5);
  EXPECT_NEAR(row.honest_utility, 0.6272, 5e-5);
}

TEST(Audit, EmRewardsAlwaysSayingTheCommonAnswer) {
  const SignalCrowd crowd{"always A", 0.8, {0.6, 0.75, 0.75}, 400};
  EXPECT_NEAR(em_utility(crowd, 1, {}).weight, 0.60, 1e-3);
  EXPECT_NEAR(em_utility(crowd, 1, {1.0, 1.0}).weight, 0.80, 1e-3);
}

// Whoever wants weight and sway: E[w'] - mu (label - b)^2 at w = 1/2, b = .7, the other .3.
TEST(Audit, AMixtureOfWeightAndSwayMovesTheBestReport) {
  const auto subject = named("weighted-score").variants[0].make("");
  ASSERT_TRUE(subject.ok());
  const auto best = [&](double step, double mu) {
    const AuditInstance instance = one_slot({0.5, 0.5}, step, {0.7, 0.3});
    Situation weight(**subject, instance, Motive::next_weight, 1, Effort{});
    Situation sway(**subject, instance, Motive::sway, 1, Effort{});
    const Function mixed = [&](std::span<const double> r) {
      return weight.value(r, false) + mu * sway.value(r, false);
    };
    return maximise_quadratic(mixed, std::vector{0.7}, 0.0).report[0];
  };
  EXPECT_NEAR(best(0.5, 0.01), 0.708, 5e-4);
  EXPECT_NEAR(best(0.5, 0.1), 0.767, 5e-4);
  EXPECT_NEAR(best(0.5, 1.0), 0.967, 5e-4);
  EXPECT_NEAR(best(0.02, 0.01), 0.833, 5e-4);
  EXPECT_NEAR(best(0.02, 1.0), 1.0, 1e-12);
}

TEST(Audit, PlanningTenSlotsAheadGainsWhatTheDynamicProgramSays) {
  const AuditRow final_weight = two_worker_row("weighted-score", Motive::final_weight, 10);
  EXPECT_NEAR(final_weight.gain / final_weight.honest_utility, 1.41e-3, 2e-5);
  const AuditRow total = two_worker_row("weighted-score", Motive::total_weight, 10);
  EXPECT_NEAR(total.gain / total.honest_utility, 4.05e-4, 1e-5);
}

// Truthful mechanisms
// ------------------------------------------------------------------------------

struct Promise {
  std::string mechanism;
  std::vector<Motive> motives;
  bool coalitions = true;
  std::size_t variant = 0;
};

class Truthful : public testing::TestWithParam<Promise> {};

TEST_P(Truthful, NoLieGainsAnything) {
  for (const Motive motive : GetParam().motives) {
    for (std::size_t coalition = 1; coalition <= (GetParam().coalitions ? 3U : 1U); ++coalition) {
      const Audited& one = named(GetParam().mechanism);
      const AuditRow row =
          search_row({&one, GetParam().variant, motive, coalition, 1}, {.seed = 7});
      EXPECT_LE(row.gain, 1e-12) << game::name_of(motive) << " coalition " << coalition;
      EXPECT_TRUE(row.exact);
    }
  }
}

const std::vector<Motive> weight_and_pay{Motive::next_weight, Motive::pay};

INSTANTIATE_TEST_SUITE_P(
    Mechanisms, Truthful,
    testing::Values(Promise{"weighted-score", weight_and_pay},
                    Promise{"weighted-score-drawn",
                            {Motive::next_weight, Motive::pay, Motive::sway}},
                    Promise{"sleeping", weight_and_pay}, Promise{"lf", weight_and_pay},
                    Promise{"wsu-ux", {Motive::next_weight, Motive::pay, Motive::sway}},
                    Promise{"log-barrier", {Motive::next_weight, Motive::pay, Motive::sway}},
                    Promise{"loss-biased", weight_and_pay}, Promise{"m-set", weight_and_pay},
                    Promise{"elf", weight_and_pay}, Promise{"elf", {Motive::next_weight}, true, 1},
                    Promise{"pay-apart", {Motive::pay}}, Promise{"wagering", {Motive::pay}},
                    Promise{"vcg-pool", {Motive::sway}, false}),
    [](const auto& instance) {
      std::string name = instance.param.mechanism;
      std::replace(name.begin(), name.end(), '-', '_');
      return name + (instance.param.variant == 0 ? "" : "_variant");
    });

// The closed form is one: a search over the real rule finds the same maximum and value.
TEST(Audit, ClosedFormsAgreeWithSearch) {
  RandomStream random(3);
  for (const char* name :
       {"weighted-score", "lf", "sleeping", "log-barrier", "average", "wagering"}) {
    const Audited& one = named(name);
    const auto subject = one.variants[0].make("");
    for (const Motive motive : {Motive::next_weight, Motive::pay, Motive::sway}) {
      const AuditInstance instance = random_instance(one.variants[0].kind, 1, 1, random);
      Situation situation(**subject, instance, motive, 1, Effort{});
      const Function value = [&](std::span<const double> r) { return situation.value(r, false); };
      const std::vector honest{instance.slots[0].belief};
      const Maximum exact = maximise_quadratic(value, honest, 0.0);
      const Maximum found = maximise_by_search(value, honest, 0.0, {}, Grid{});
      EXPECT_NEAR(exact.gain, found.gain, 1e-9) << name << ' ' << game::name_of(motive);
    }
  }
}

TEST(Audit, LeadingInTheEndIsTruthfulOverThreeSlotsOfAnEventLottery) {
  for (const std::size_t variant : {0U, 1U}) {  // everyone asked, and 2 of 3
    for (const Motive motive : {Motive::total_weight, Motive::final_weight}) {
      const AuditRow row = search_row({&named("elf"), variant, motive, 1, 3}, {.seed = 2});
      EXPECT_LE(row.gain, 1e-12);
      EXPECT_EQ(row.method, "enumeration");
      EXPECT_TRUE(row.exact);
    }
  }
}

// The law of the next win: f_i = 1/N (1 + s_i - mean of s), here of losses 0, .25, 1; the same
// whoever leads, and whether everyone is asked or two are.
TEST(Audit, TheLotteryIsEnumeratedWithItsOwnChances) {
  const AuditInstance instance = one_slot(thirds, 1.0, {1.0, 0.5, 0.0});
  for (const std::size_t variant : {0U, 1U}) {
    const auto subject = named("elf").variants[variant].make("");
    for (const std::vector<double>& wins :
         {std::vector{0.0, 0.0, 0.0}, std::vector{2.0, 0.0, 2.0}, std::vector{0.0, 1.0, 0.0}}) {
      State start = (*subject)->start(instance);
      start.memory = wins;
      std::vector<double> win(3, 0.0);
      double all = 0.0;
      for (const Ending& ending :
           (*subject)->play(start, instance.slots[0], instance.slots[0].reports, 1.0)) {
        all += ending.probability;
        for (std::size_t i = 0; i < 3; ++i)
          win[i] += ending.probability * (ending.state.memory[i] - wins[i]);
      }
      const double mean = 1.75 / 3.0;
      EXPECT_NEAR(all, 1.0, 1e-12);
      EXPECT_NEAR(win[0], (1.0 + 1.0 - mean) / 3.0, 1e-12) << variant;
      EXPECT_NEAR(win[1], (1.0 + 0.75 - mean) / 3.0, 1e-12) << variant;
      EXPECT_NEAR(win[2], (1.0 + 0.0 - mean) / 3.0, 1e-12) << variant;
    }
  }
}

// The maximum of a polynomial of degree 2 ---------------------------------------------------------

using Point = std::vector<double>;

// value(x) = slope . x + x . curve . x, curve symmetric: random, of any curvature.
struct RandomForm {
  Point slope;
  std::vector<Point> curve;

  RandomForm(std::size_t c, RandomStream& random) : slope(c), curve(c, Point(c)) {
    for (std::size_t i = 0; i < c; ++i) {
      slope[i] = 2.0 * random.uniform() - 1.0;
      for (std::size_t j = 0; j <= i; ++j) curve[i][j] = curve[j][i] = 2.0 * random.uniform() - 1.0;
    }
  }
  [[nodiscard]] double operator()(std::span<const double> x) const {
    double value = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      value += slope[i] * x[i];
      for (std::size_t j = 0; j < x.size(); ++j) value += x[i] * curve[i][j] * x[j];
    }
    return value;
  }
};

// The best of a grid of `points` a side, ends included.
double best_of_grid(const RandomForm& form, std::size_t c, std::size_t points, double floor) {
  double best = -std::numeric_limits<double>::infinity();
  std::size_t all = 1;
  for (std::size_t i = 0; i < c; ++i) all *= points;
  Point at(c);
  for (std::size_t k = 0; k < all; ++k) {
    std::size_t digits = k;
    for (double& x : at) {
      x = floor + (1.0 - 2.0 * floor) * static_cast<double>(digits % points) /
                      static_cast<double>(points - 1);
      digits /= points;
    }
    best = std::max(best, form(at));
  }
  return best;
}

// Against a grid: never worse, and better by no more than half a step can bring (slopes are below
// 7 there, and near an inner maximum only curvature counts).
TEST(Maximise, FindsTheBestOfTheBoxForAnyCurvature) {
  RandomStream random(12);
  for (const double floor : {0.0, 0.01}) {
    for (std::size_t k = 0; k < 90; ++k) {
      const std::size_t c = 1 + k % 3;
      const std::size_t points = c == 3 ? 31 : 201;
      const RandomForm form(c, random);
      Point honest(c);
      for (double& x : honest) x = floor + (1.0 - 2.0 * floor) * random.uniform();
      const Maximum found = maximise_quadratic(form, honest, floor);
      for (const double x : found.report) EXPECT_TRUE(x >= floor && x <= 1.0 - floor) << x;
      EXPECT_NEAR(found.gain, form(found.report) - form(honest), 1e-12);
      const double grid = best_of_grid(form, c, points, floor);
      const double step = 0.5 / static_cast<double>(points - 1);
      EXPECT_GE(form(found.report), grid - 1e-12) << k;
      EXPECT_LE(form(found.report), grid + static_cast<double>(c * c) * step * step) << k;
    }
  }
}

// value = (x - y)^2 - (x + y - 1.2)^2 / 10, from honest .6 .6: a saddle, level in both reports.
// Along x = 1: the top at y = 0; (1 - .0) - .04/10.
TEST(Maximise, LeavesASaddleByHand) {
  const Function value = [](std::span<const double> r) {
    const double apart = r[0] - r[1];
    const double sum = r[0] + r[1] - 1.2;
    return apart * apart - sum * sum / 10.0;
  };
  const Maximum found = maximise_quadratic(value, Point{0.6, 0.6}, 0.0);
  EXPECT_NEAR(found.gain, 0.996, 1e-12);
  EXPECT_NEAR(std::abs(found.report[0] - found.report[1]), 1.0, 1e-12);
}

TEST(Maximise, KeepsHonestReportsOnWhichNothingDepends) {
  const Function value = [](std::span<const double> r) { return -(r[0] - 0.25) * (r[0] - 0.25); };
  const Maximum found = maximise_quadratic(value, Point{0.5, 0.3, 0.7}, 0.0);
  EXPECT_NEAR(found.report[0], 0.25, 1e-12);
  EXPECT_EQ(found.report[1], 0.3);
  EXPECT_EQ(found.report[2], 0.7);
  EXPECT_NEAR(found.gain, 0.0625, 1e-12);
}

// Reputation and labels are two things ------------------------------------------------------------

class SeparationTest : public testing::TestWithParam<const char*> {};

// For every weight rule that a campaign can choose: whatever pool makes the label, the best lie for
// weight or pay and what it gains are the same to the bit.
TEST_P(SeparationTest, WhateverTheLabelTheGainsForWeightAndPayAreTheSameToTheBit) {
  const Audited& one = named(GetParam());
  for (const Motive motive :
       {Motive::next_weight, Motive::pay, Motive::total_weight, Motive::final_weight}) {
    const bool plans = motive == Motive::final_weight || motive == Motive::total_weight;
    const std::size_t horizon = plans ? 2 : 1;
    RandomStream random(11);
    const AuditInstance instance = random_instance(one.variants[0].kind, 1, horizon, random);
    const Quest quest{&one, 0, motive, 1, horizon};
    const Effort effort{{15, 1, 6}, {5, 1, 4}};
    const auto own = one.variants[0].make("");
    const AuditRow first = row_of_instance(quest, **own, instance, effort);
    for (const char* label : {"hedged", "median", "bayes"}) {
      const auto other = one.variants[0].make(label);
      ASSERT_TRUE(other.ok()) << label;
      const AuditRow row = row_of_instance(quest, **other, instance, effort);
      EXPECT_EQ(row.gain, first.gain) << game::name_of(motive) << ' ' << label;
      EXPECT_EQ(row.best, first.best);
      EXPECT_EQ(row.best_utility, first.best_utility);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryRule, SeparationTest,
                         testing::Values("weighted-score", "weighted-score-drawn", "sleeping", "lf",
                                         "wsu-ux", "log-barrier", "loss-biased", "elf",
                                         "exponential", "follow-the-best"));

TEST(Audit, WhoWantsToSwayTheLabelMindsWhichItIs) {
  const AuditInstance instance = one_slot({0.4, 0.4, 0.2}, 0.5, {0.7, 0.3, 0.2});
  const double linear = audited("weighted-score", Motive::sway, instance).gain;
  const double median = audited("weighted-score", Motive::sway, instance, 0, 1, "median").gain;
  EXPECT_GT(linear, 0.01);
  EXPECT_EQ(median, 0.0);
}

// The audit as a whole
// -----------------------------------------------------------------------------

TEST(Audit, SameBitsForAnyNumberOfThreads) {
  const auto one = audit_mechanism("median", {.threads = 1});
  const auto many = audit_mechanism("median", {.threads = 4});
  ASSERT_TRUE(one.ok() && many.ok());
  EXPECT_EQ(rows_json(*one).dump(), rows_json(*many).dump());
  EXPECT_EQ(report_json(*one, "").dump(), report_json(*many, "").dump());
}

TEST(Audit, EveryRowHasWhatAReaderNeedsToRedoIt) {
  const auto result = audit_mechanism("average", {});
  ASSERT_TRUE(result.ok());
  const nlohmann::json rows = rows_json(*result);
  ASSERT_TRUE(rows.is_array());
  for (const auto& row : rows) {
    for (const char* key : {"mechanism", "utility", "workers", "horizon", "gain", "exact", "method",
                            "coalition", "instance"})
      EXPECT_TRUE(row.contains(key)) << key;
    EXPECT_EQ(row["instance"]["weights"].size(), row["workers"]);
    EXPECT_EQ(row["instance"]["slots"][0]["best"].size(), row["coalition"]);
    if (row["utility"] == "sway") {
      EXPECT_TRUE(row["instance"].contains("best_label"));
    }
  }
}

TEST(Audit, TheHeatMapHoldsTheGainOfEveryReport) {
  const AuditInstance instance = one_slot(thirds, 0.0, {0.9, 0.5, 0.5});
  const Quest quest{&named("average"), 0, Motive::sway, 1, 1};
  const HeatMap map = heat_of(quest, audited("average", Motive::sway, instance), "");
  ASSERT_EQ(map.beliefs.size(), 21U);
  ASSERT_EQ(map.reports.size(), 41U);
  EXPECT_NEAR(map.gain[18][40], 0.0711111 - 0.0544444, 1e-6);  // belief .9, report 1
  for (std::size_t i = 0; i < 21; ++i) EXPECT_EQ(map.gain[i][2 * i], 0.0);
}

TEST(Audit, AnUnknownNameListsTheKnownOnes) {
  const auto result = audit_mechanism("mean", {});
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message().find("weighted-score, weighted-score-drawn"),
            std::string::npos);
  EXPECT_FALSE(audit_mechanism("average", {.label = "best"}).ok());
}

}  // namespace
}  // namespace candor::audit
