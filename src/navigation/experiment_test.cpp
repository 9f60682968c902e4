#include "candor/navigation/experiment.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "candor/baseline/dawid_skene.h"
#include "candor/navigation/forecast_tokenizer.h"
#include "candor/navigation/navigation_task.h"
#include "navigation/hour_policy.h"
#include "navigation/methods.h"
#include "navigation/seed_run.h"
#include "navigation/watched_task.h"

namespace candor::navigation {
namespace {

using Json = nlohmann::json;

class ExperimentTest : public ::testing::Test {
 protected:
  ExperimentTest() : series_(generated_series(1)) {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        ::testing::TempDir() + "candor_experiment_" + std::to_string(::getpid()) + info->name();
    std::filesystem::remove_all(folder_);
    EXPECT_TRUE(write_forecast_tokenizer(folder_).ok());
    tokenizer_ = tokenizer::load_tokenizer(folder_).value();
  }
  ~ExperimentTest() override { std::filesystem::remove_all(folder_); }

  // A table learns fast, and has a cell for each hour of the week to fill.
  ExperimentOptions options(std::vector<std::string> methods) const {
    ExperimentOptions options;
    options.methods = std::move(methods);
    options.seeds = 1;
    options.corpus = {.informed = 0.5, .noise = 0.15, .texts = 2000};
    options.warm_up_rate = 0.1;
    options.rounds = 4;
    options.slots = 300;
    options.rounds_remembered = 1;
    options.learning_rate = 0.1;
    options.beta = 0.1;
    options.epochs = 2;
    options.batch = 32;
    options.top_p = 0.95;
    options.evaluation_hours = 200;
    options.curve_hours = 50;
    options.folder = folder_;
    return options;
  }
  PolicyFactory factory() const {
    return [this](std::uint64_t) { return HourPolicy::create(*tokenizer_); };
  }
  Result<ExperimentResult> run(const ExperimentOptions& options) const {
    return run_experiment(series_, *tokenizer_, factory(), options);
  }
  std::string refusal(const ExperimentOptions& options) const {
    const auto result = run(options);
    return result.ok() ? "taken" : result.error().message();
  }

  TrafficSeries series_;
  std::string folder_;
  std::unique_ptr<tokenizer::Tokenizer> tokenizer_;
};

TEST_F(ExperimentTest, LiarsMisleadUnweightedLabelsAndNotWeightedOnes) {
  const auto result =
      run(options({"weighted-score-hedged", "average", "majority", "dawid-skene", "oracle"}));
  ASSERT_TRUE(result.ok()) << result.error().message();
  const auto& m = result->methods;
  const auto error = [&](std::size_t i) { return m[i].after.forecast_error.mean; };
  const double before = result->before.forecast_error.mean;
  EXPECT_LT(error(0), 0.85 * before);
  EXPECT_LT(error(4), 0.85 * before);
  EXPECT_GT(error(2), 1.3 * before);
  EXPECT_GT(error(3), 1.3 * before);
  EXPECT_LT(error(0), error(1));
  EXPECT_LT(m[4].regret.mean, 0.0);
  EXPECT_EQ(m[4].label_loss.mean, 0.0);
  EXPECT_LT(m[0].regret.mean, 30.0);
  EXPECT_GT(m[1].regret.mean, 100.0);
  EXPECT_GT(m[2].regret.mean, m[1].regret.mean);
  EXPECT_GT(m[0].win_rate.mean, 0.5);
  EXPECT_LT(m[2].win_rate.mean, 0.5);
  EXPECT_EQ(m[0].best_drivers[0].substr(0, 8), "commuter");
}

TEST_F(ExperimentTest, WithAnHonestCrowdTheAverageTeachesToo) {
  ExperimentOptions honest = options({"average"});
  honest.crowd = honest_crowd();
  const auto result = run(honest);
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_LT(result->methods[0].after.forecast_error.mean,
            0.85 * result->before.forecast_error.mean);
}

TEST_F(ExperimentTest, ResultsHangTogetherAndComeAgain) {
  ExperimentOptions two = options({"average", "limited-feedback", "weighted-score-drawn"});
  two.seeds = 2;
  two.rounds = 2;
  two.slots = 40;
  two.threads = 2;
  ExperimentOptions alone = two;
  alone.threads = 1;
  std::vector<std::string> lines;
  const auto result = run_experiment(series_, *tokenizer_, factory(), alone,
                                     [&](const std::string& line) { lines.push_back(line); });
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(lines.size(), 2U * 4U);
  EXPECT_EQ(lines[1].substr(0, 17), "seed 1, average: ");
  EXPECT_TRUE(result->generated);
  EXPECT_EQ(result->slots, 80U);
  ASSERT_EQ(result->methods.size(), 3U);
  for (const MethodSummary& method : result->methods) {
    EXPECT_EQ(method.after.by_seed.size(), 2U);
    EXPECT_EQ(method.curve.size(), 3U);
    EXPECT_EQ(method.curve[0], result->methods[0].curve[0]);  // the same base model
    EXPECT_NEAR(method.change.mean,
                method.after.forecast_error.mean - result->before.forecast_error.mean, 1e-9);
    EXPECT_LE(method.after.forecast_error.low, method.after.forecast_error.mean);
  }
  EXPECT_EQ(result->methods[0].less_average.high, 0.0);
  EXPECT_NE(result->methods[1].after.by_seed, result->methods[0].after.by_seed);
  EXPECT_EQ(experiment_json(*run(two)), experiment_json(*result));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/base-1"));
}

TEST_F(ExperimentTest, JsonHasWhatItsHeaderSays) {
  ExperimentOptions brief = options({"oracle"});
  brief.rounds = 1;
  brief.slots = 20;
  const auto result = run(brief);
  ASSERT_TRUE(result.ok());
  const Json json = Json::parse(experiment_json(*result));
  EXPECT_EQ(json["before"]["forecast_error"], result->before.forecast_error.mean);
  EXPECT_EQ(json["before"]["forecast_error_ci"].size(), 2U);
  EXPECT_EQ(json["methods"][0]["name"], "oracle");
  for (const char* name : {"regret", "regret_ci", "label_loss", "forecast_error",
                           "forecast_error_ci", "malformed", "win_rate", "less_average", "curve"})
    EXPECT_TRUE(json["methods"][0].contains(name)) << name;
  EXPECT_EQ(json["data"]["generated"], true);
  EXPECT_EQ(json["setting"]["penalty"], 2000.0);
  ASSERT_EQ(json["samples"].size(), 3U);
  EXPECT_EQ(json["samples"][0]["after"]["oracle"], result->samples[0].after[0]);
  EXPECT_NE(json["samples"][0]["prompt"], json["samples"][2]["prompt"]);
}

// Regret by hand: the same campaign, its reports summed up driver by driver.
TEST_F(ExperimentTest, RegretIsToTheBestDriver) {
  ExperimentOptions small = options({"average"});
  small.rounds = 2;
  small.slots = 30;
  const double regret = run(small)->methods[0].regret.mean;

  const Split split = split_of(series_);
  const auto policy = HourPolicy::create(*tokenizer_).value();
  ASSERT_TRUE(warm_up(*policy, *tokenizer_, series_, split, small, 1).ok());
  const auto drivers = Drivers::create(series_, split, mixed_crowd()).value();
  const auto task = NavigationTask::create(series_, split, drivers, 1).value();
  const auto campaign =
      campaign::run_campaign(*policy, *tokenizer_, *task,
                             campaign_of("average", small, 30, 1, *tokenizer_->end()).value());
  ASSERT_TRUE(campaign.ok());
  ASSERT_EQ(campaign->slots.size(), 60U);
  double pooled = 0.0;
  std::vector<double> loss(30, 0.0);
  for (const campaign::SlotState& slot : campaign->slots) {
    double mean = 0.0;
    for (const auto& report : slot.reports) {
      mean += report.a_preferred / 30.0;
      loss[report.worker.index()] += std::pow(report.a_preferred - slot.outcome[0], 2);
    }
    pooled += std::pow(mean - slot.outcome[0], 2);
  }
  EXPECT_NEAR(regret, pooled - *std::min_element(loss.begin(), loss.end()), 1e-9);
}

TEST_F(ExperimentTest, CampaignsCanBeKeptOnce) {
  ExperimentOptions kept = options({"oracle"});
  kept.rounds = 1;
  kept.slots = 10;
  kept.keep_campaigns = true;
  ASSERT_TRUE(run(kept).ok());
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/seed-1/oracle/ledger.jsonl"));
  EXPECT_NE(refusal(kept).find("seed-1/oracle: found a campaign of an earlier run"),
            std::string::npos)
      << refusal(kept);
}

TEST_F(ExperimentTest, RefusesOptionsThatMakeNoSense) {
  const auto with = [&](auto change) {
    ExperimentOptions changed = options({"average"});
    change(changed);
    return refusal(changed);
  };
  EXPECT_NE(with([](auto& o) {
              o.methods = {"mode"};
            }).find("\"method\": found mode; expected one of weighted-score, "),
            std::string::npos);
  EXPECT_NE(with([](auto& o) { o.methods.clear(); }).find("\"methods\""), std::string::npos);
  EXPECT_NE(with([](auto& o) { o.seeds = 0; }).find("\"seeds\": found 0"), std::string::npos);
  EXPECT_NE(with([](auto& o) { o.rounds = 0; }).find("\"rounds\""), std::string::npos);
  EXPECT_NE(with([](auto& o) { o.penalty = NAN; }).find("\"penalty\""), std::string::npos);
  EXPECT_NE(with([](auto& o) { o.step_size = 2; }).find("\"step size\""), std::string::npos);
  EXPECT_NE(with([](auto& o) { o.folder.clear(); }).find("\"folder\""), std::string::npos);
  EXPECT_NE(with([](auto& o) { o.corpus.informed = 2; }).find("\"informed\""), std::string::npos);
}

TEST_F(ExperimentTest, AModelThatSaysNothingPaysThePenalty) {
  // Untrained, every forecast is equally likely, and the first in the table is chosen: 0 vehicles.
  const auto policy = HourPolicy::create(*tokenizer_).value();
  const std::vector<const Hour*> hours{&series_.hours()[0], &series_.hours()[17]};
  const auto score = score_forecasts(*policy, *tokenizer_, hours, 2000);
  ASSERT_TRUE(score.ok());
  EXPECT_EQ(score->text[1], " quiet, about 0 vehicles, clear road");
  EXPECT_NEAR(score->error, (hours[0]->volume + hours[1]->volume) / 2.0, 1e-9);
  ForecastScore better = *score;
  better.reading[0] = read_forecast("quiet, about 100 vehicles, clear road");
  better.reading[1] = {{}, "broken"};
  EXPECT_EQ(win_rate(better, *score, hours), 0.5);
}

// Labels of EM are those of each round's end, later slots unseen.
TEST(TrainedLabels, OfEmAreMadeRoundByRound) {
  RandomStream random(3);
  std::vector<campaign::SlotState> slots(12);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    slots[i].round = i / 4;
    for (std::uint32_t w = 0; w < 5; ++w)
      slots[i].reports.push_back({WorkerId{w}, random.uniform()});
  }
  const auto labels = trained_labels(slots, campaign::LabelSource::dawid_skene);
  ASSERT_TRUE(labels.ok());
  for (const std::size_t end : {4U, 8U, 12U}) {
    baseline::ReportTable table(2);
    for (std::size_t i = 0; i < end; ++i) {
      std::vector<WorkerId> who;
      std::vector<double> rows;
      for (const auto& report : slots[i].reports) {
        who.push_back(report.worker);
        rows.push_back(report.a_preferred);
        rows.push_back(1.0 - report.a_preferred);
      }
      table.add_slot(who, rows);
    }
    const auto em = baseline::dawid_skene(table).value();
    for (std::size_t i = end - 4; i < end; ++i) EXPECT_EQ((*labels)[i], em.posterior[2 * i]);
  }
}

// A task of three slots and two workers, one always sure of A, one always in doubt.
class ThreeSlots final : public campaign::Task {
 public:
  [[nodiscard]] const std::vector<std::string>& workers() const override { return names_; }
  [[nodiscard]] std::size_t prompts() const override { return 3; }
  [[nodiscard]] std::string prompt(std::size_t) const override { return "?"; }
  Result<std::optional<std::vector<campaign::WorkerReport>>> reports(
      const campaign::Question&, std::span<const WorkerId> asked, std::uint64_t) override {
    std::vector<campaign::WorkerReport> all{{WorkerId{0}, 1.0}, {WorkerId{1}, 0.5}};
    if (!asked.empty()) all = {all[asked[0].index()]};
    return std::optional(all);
  }
  Result<std::optional<double>> outcome(const campaign::Question& question) override {
    return std::optional(question.prompt_index == 2 ? 0.0 : 1.0);
  }

 private:
  std::vector<std::string> names_{"sure", "unsure"};
};

TEST(WatchedTask, ScoresThoseWhoWereNotAskedOnceASlot) {
  ThreeSlots task;
  WatchedTask watched(task);
  const std::vector<WorkerId> asked{WorkerId{0}};
  for (const std::size_t i : {0U, 1U, 1U, 2U}) {
    const campaign::Question question{"slot-" + std::to_string(i), i, "?", {}};
    EXPECT_EQ(watched.reports(question, asked, 1).value()->size(), 1U);
  }
  EXPECT_EQ(watched.best().name, "unsure");  // 3/4 against 1
  EXPECT_EQ(watched.best().loss, 0.75);
}

TEST(Methods, AreNineKindsOfCampaign) {
  EXPECT_EQ(experiment_methods().size(), 9U);
  const ExperimentOptions options;
  for (const std::string& name : experiment_methods()) {
    EXPECT_TRUE(check_method(name).ok());
    EXPECT_TRUE(campaign_of(name, options, 30, 1, 0).ok()) << name;
  }
  const auto drawn = campaign_of("weighted-score-drawn", options, 30, 1, 7).value();
  EXPECT_EQ(drawn.mechanism.output, mechanism::Output::drawn);
  EXPECT_EQ(drawn.generate.stop, std::vector<policy::Token>{7});
  EXPECT_NEAR(drawn.mechanism.weighted_score.step_size, std::sqrt(std::log(30.0) / 3000.0), 1e-12);
  EXPECT_EQ(campaign_of("limited-feedback", options, 30, 1, 7)->mechanism.weight_rule, "lf");
  EXPECT_EQ(campaign_of("majority", options, 30, 1, 7)->mechanism.label, "majority");
  EXPECT_EQ(campaign_of("oracle", options, 30, 1, 7)->label, campaign::LabelSource::outcome);
}

}  // namespace
}  // namespace candor::navigation
