#include "candor/arguments/experiment.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "arguments/bag_scorer.h"
#include "arguments/small_crowd.h"
#include "candor/policy/bigram_policy.h"
#include "candor/tokenizer/bpe_trainer.h"

namespace candor::arguments {
namespace {

using Json = nlohmann::json;

class ExperimentTest : public ::testing::Test {
 protected:
  ExperimentTest() : text_(generated_crowd_text(1)) {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        ::testing::TempDir() + "candor_arguments_" + std::to_string(::getpid()) + info->name();
    std::filesystem::remove_all(folder_);
    tokenizer::BpeTrainingOptions options;
    options.vocabulary = 360;
    tokenizer_ = tokenizer::train_bpe(corpus_for_vocabulary(text_), options).value();
    models_.policy = [this](std::uint64_t) -> Result<std::unique_ptr<policy::Policy>> {
      CANDOR_TRY(auto policy, policy::BigramPolicy::create(
                                  {.vocabulary = tokenizer_->vocabulary(), .context = 64}));
      return std::unique_ptr<policy::Policy>(std::move(policy));
    };
    models_.reward = [this](std::uint64_t,
                            const std::string& base) -> Result<std::unique_ptr<policy::Scorer>> {
      EXPECT_TRUE(std::filesystem::exists(base + "/bigram.json"));
      return std::unique_ptr<policy::Scorer>(std::make_unique<BagScorer>(tokenizer_->vocabulary()));
    };
  }
  ~ExperimentTest() override { std::filesystem::remove_all(folder_); }

  // Tables learn fast.
  ArgumentsOptions options(std::vector<std::string> methods, std::size_t seeds) const {
    ArgumentsOptions options;
    options.methods = std::move(methods);
    options.seeds = seeds;
    options.held_out_debates = 2;
    options.max_tokens = 64;
    options.warm_up_epochs = 2;
    options.warm_up_rate = 0.05;
    options.training_pairs = 300;
    options.learning_rate = 0.05;
    options.reward_rate = 0.02;
    options.folder = folder_;
    return options;
  }
  std::string refusal(const ArgumentsOptions& options) const {
    const auto result = run_arguments(text_, *tokenizer_, models_, options);
    return result.ok() ? "taken" : result.error().message();
  }

  CrowdText text_;
  std::string folder_;
  std::unique_ptr<tokenizer::Tokenizer> tokenizer_;
  ModelFactories models_;
};

TEST_F(ExperimentTest, LiarsMisleadMajoritiesAndNotTheHedge) {
  const auto result =
      run_arguments(text_, *tokenizer_, models_, options({"hedged", "majority", "oracle"}, 3));
  ASSERT_TRUE(result.ok()) << result.error().message();
  const auto& m = result->methods;
  for (const MethodSummary& method : m) {
    EXPECT_GT(method.honest.reward_accuracy.mean, 0.8) << method.name;
    EXPECT_GT(method.honest.policy_accuracy.mean, 0.75) << method.name;
  }
  EXPECT_GT(m[0].strategic.reward_accuracy.mean, 0.8);
  EXPECT_GT(m[0].strategic.policy_accuracy.mean, 0.75);
  EXPECT_LT(m[1].strategic.label_accuracy.mean, m[0].strategic.label_accuracy.mean - 0.1);
  EXPECT_LT(m[1].strategic.reward_accuracy.mean, m[0].strategic.reward_accuracy.mean);
  EXPECT_GT(m[1].lost.mean, 0.0);
  EXPECT_EQ(m[2].lost.mean, 0.0);
  EXPECT_EQ(m[2].honest.label_brier.mean, 0.0);
  EXPECT_GT(m[2].honest.reward_accuracy.mean, result->longer_wins.mean);
  EXPECT_EQ(result->warm_up_loss.size(), 3U);
  EXPECT_LT(result->warm_up_loss[0], 5.5);  // ln 360 = 5.9 untrained
}

TEST_F(ExperimentTest, ResultsComeAgainAndAreTold) {
  ArgumentsOptions brief = options({"average", "dawid-skene"}, 2);
  brief.training_pairs = 40;
  std::vector<std::string> lines;
  const auto result = run_arguments(text_, *tokenizer_, models_, brief,
                                    [&](const std::string& line) { lines.push_back(line); });
  ASSERT_TRUE(result.ok()) << result.error().message();
  EXPECT_EQ(lines.size(), 2U * (1U + 2U * 2U));
  EXPECT_EQ(lines[1].substr(0, 31), "seed 1, honest, average: labels");
  const auto again = run_arguments(text_, *tokenizer_, models_, brief);
  EXPECT_EQ(arguments_json(*again), arguments_json(*result));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/seed-1"));

  const Json json = Json::parse(arguments_json(*result));
  EXPECT_EQ(json["kind_of_report"], "alignment-experiment");
  EXPECT_EQ(json["generated"], true);
  EXPECT_EQ(json["data"], "generated text");
  EXPECT_EQ(json["measure"]["better"], "higher");
  EXPECT_EQ(json["setting"]["training_pairs"], 40);
  EXPECT_EQ(json["setting"]["strategic_workers"], 90);
  EXPECT_EQ(json["methods"][1]["name"], "dawid-skene");
  const Json& method = json["methods"][0];
  EXPECT_EQ(method["value"], result->methods[0].honest.reward_accuracy.mean);
  EXPECT_EQ(method["value_strategic_ci"][1], result->methods[0].strategic.reward_accuracy.high);
  for (const char* name : {"policy_accuracy", "label_accuracy", "label_brier", "lost"})
    EXPECT_TRUE(method.contains(name) && method.contains(std::string(name) + "_ci")) << name;
  EXPECT_NEAR(method["lost"].get<double>(),
              method["value"].get<double>() - method["value_strategic"].get<double>(), 1e-12);
}

TEST_F(ExperimentTest, SequencesAreCutToTheirLength) {
  const auto shorter = [](const Argument& a, const Argument& b) {
    return a.text.size() < b.text.size();
  };
  const Argument& argument =
      *std::max_element(text_.arguments.begin(), text_.arguments.end(), shorter);
  const auto whole = sequence_of(text_, argument, *tokenizer_, 1000);
  const auto prompt = tokenizer_->encode(prompt_of(text_, argument));
  EXPECT_EQ(whole.prompt_length, prompt.size());
  EXPECT_TRUE(std::equal(prompt.begin(), prompt.end(), whole.tokens.begin()));
  EXPECT_EQ(tokenizer_->decode(whole.answer()).value(), argument.text);
  EXPECT_EQ(whole.tokens.back(), tokenizer_->end());
  const auto cut = sequence_of(text_, argument, *tokenizer_, whole.tokens.size() - 3);
  EXPECT_EQ(cut.prompt_length, whole.prompt_length);
  EXPECT_TRUE(std::equal(cut.tokens.begin(), cut.tokens.end(), whole.tokens.begin()));
  EXPECT_EQ(cut.tokens.size(), whole.tokens.size() - 3);
  const auto shortest = sequence_of(text_, argument, *tokenizer_, 8);
  EXPECT_EQ(shortest.prompt_length, 4U);
  EXPECT_EQ(shortest.answer_length(), 4U);
}

TEST(PairAccuracy, IsThatOfTheWorkedExample) {
  const CrowdText text = small_crowd();  // pairs 0 (0 better than 1) and 2 (4 better than 3)
  const std::vector<std::size_t> strict{0, 2};
  const std::vector<double> score{2.0, 1.0, 0.0, 5.0, 5.0};
  EXPECT_EQ(pair_accuracy(text, strict, score), 0.75);
  EXPECT_EQ(longer_wins(text, strict), 1.0);
}

TEST_F(ExperimentTest, RefusesOptionsThatMakeNoSense) {
  const auto with = [&](auto change) {
    ArgumentsOptions changed = options({"average"}, 1);
    change(changed);
    return refusal(changed);
  };
  const auto has = [](const std::string& message, const std::string& part) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  has(with([](auto& o) { o.methods = {"mode"}; }), "\"method\": found mode");
  has(with([](auto& o) { o.methods.clear(); }), "\"methods\"");
  has(with([](auto& o) { o.seeds = 0; }), "\"seeds\": found 0");
  has(with([](auto& o) { o.held_out_debates = 8; }), "\"held-out debates\": found 8");
  has(with([](auto& o) { o.max_tokens = 7; }), "\"max tokens\"");
  has(with([](auto& o) { o.beta = 0; }), "\"beta\"");
  has(with([](auto& o) { o.folder.clear(); }), "\"folder\"");
  has(with([](auto& o) { o.strategic.ring_lie = -1; }), "\"ring lie\"");
}

}  // namespace
}  // namespace candor::arguments
