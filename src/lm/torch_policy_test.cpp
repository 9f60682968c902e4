// Policies as the rest of Candor sees them: nothing here knows of tensors.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <filesystem>

#include "candor/base/file.h"
#include "candor/base/random.h"
#include "candor/checkpoint/model_source.h"
#include "candor/lm/language_model.h"
#include "candor/lm/reward_model.h"
#include "lm/sampling.h"

namespace {

using candor::ErrorCode;
using candor::RandomStream;
using candor::checkpoint::Architecture;
using candor::checkpoint::ModelConfig;
using candor::lm::AdapterOptions;
using candor::lm::create_policy;
using candor::lm::create_reward_model;
using candor::lm::ModelOptions;
using candor::policy::GenerateOptions;
using candor::policy::Policy;
using candor::policy::Scorer;
using candor::policy::Sequence;
using candor::policy::StepOptions;
using candor::policy::Token;

ModelConfig small(Architecture architecture = Architecture::llama) {
  ModelConfig config;
  config.architecture = architecture;
  config.vocabulary = 23;
  config.context = 24;
  config.width = 16;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = architecture == Architecture::gpt2 ? 4 : 2;
  config.head_width = 4;
  config.hidden = 32;
  config.tied_embeddings = architecture == Architecture::gpt2;
  return config;
}

ModelOptions on_cpu(std::optional<AdapterOptions> adapter = {}) {
  return {.device = "cpu", .threads = 1, .adapter = std::move(adapter), .tokens_at_once = 60};
}

std::unique_ptr<Policy> small_policy(std::uint64_t seed = 5, const ModelOptions& options = on_cpu(),
                                     Architecture architecture = Architecture::llama) {
  auto policy = create_policy(small(architecture), seed, options);
  EXPECT_TRUE(policy.ok()) << (policy.ok() ? "" : policy.error().message());
  return std::move(policy).value();
}

std::vector<Sequence> some_sequences(std::size_t n, std::uint64_t seed = 1) {
  RandomStream random(seed);
  std::vector<Sequence> sequences(n);
  for (Sequence& sequence : sequences) {
    sequence.tokens.resize(2 + random.below(14));
    for (Token& token : sequence.tokens) token = static_cast<Token>(random.below(23));
    sequence.prompt_length = 1 + random.below(sequence.tokens.size());
  }
  return sequences;
}

// The gradient's derivative by which the score of the even sequences rises, of the odd ones falls.
std::vector<double> up_and_down(std::size_t n) {
  std::vector<double> derivative(n);
  for (std::size_t i = 0; i < n; ++i) derivative[i] = i % 2 == 0 ? -0.3 : 0.3;
  return derivative;
}

double train_once(Scorer& scorer, std::span<const Sequence> sequences,
                  const StepOptions& options = {.learning_rate = 1e-2, .weight_decay = 0.01}) {
  EXPECT_TRUE(scorer.forward(sequences).ok());
  EXPECT_TRUE(scorer.backward(up_and_down(sequences.size())).ok());
  const auto report = scorer.step(options);
  EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().message());
  return report.ok() ? report->gradient_norm : 0.0;
}

std::vector<double> scores_of(Scorer& scorer, std::span<const Sequence> sequences) {
  auto scores = scorer.scores(sequences);
  EXPECT_TRUE(scores.ok()) << (scores.ok() ? "" : scores.error().message());
  return std::move(scores).value();
}

void expect_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << i;
}

std::filesystem::path fresh_folder(const std::string& name) {
  const auto path = std::filesystem::path(testing::TempDir()) / ("candor_lm_" + name);
  std::filesystem::remove_all(path);
  std::filesystem::remove_all(path.string() + ".partial");
  return path;
}

TEST(TorchPolicy, ProbabilitiesOfAllShortAnswersSumToOne) {
  const auto policy = small_policy();
  std::vector<Sequence> all;
  for (Token a = 0; a < 23; ++a)
    for (Token b = 0; b < 23; ++b) all.push_back({.tokens = {7, 3, a, b}, .prompt_length = 2});
  double sum = 0.0;
  for (const double score : scores_of(*policy, all)) sum += std::exp(score);
  EXPECT_NEAR(sum, 1.0, 1e-5);
}

TEST(TorchPolicy, AScoreIsTheSumOfItsTokensScores) {
  for (const Architecture architecture :
       {Architecture::llama, Architecture::gpt2, Architecture::qwen2}) {
    const auto policy = small_policy(5, on_cpu(), architecture);
    for (const Sequence& sequence : some_sequences(6)) {
      double sum = 0.0;
      for (std::size_t t = sequence.prompt_length; t < sequence.tokens.size(); ++t) {
        const auto end = sequence.tokens.begin() + static_cast<std::ptrdiff_t>(t) + 1;
        const Sequence one = {.tokens = {sequence.tokens.begin(), end}, .prompt_length = t};
        sum += scores_of(*policy, std::vector{one}).front();
      }
      EXPECT_NEAR(scores_of(*policy, std::vector{sequence}).front(), sum, 1e-4);
    }
  }
}

TEST(TorchPolicy, BatchingChangesNothingButRounding) {
  const auto policy = small_policy();
  const auto sequences = some_sequences(17);
  const auto together = scores_of(*policy, sequences);
  for (std::size_t i = 0; i < sequences.size(); ++i)
    EXPECT_NEAR(scores_of(*policy, std::span(sequences).subspan(i, 1)).front(), together[i], 1e-5);
  const auto kept = policy->forward(sequences);
  ASSERT_TRUE(kept.ok());
  expect_near(*kept, together, 1e-6);
}

TEST(TorchPolicy, GradientIsThatOfTheScores) {
  // A small step of plain descent changes sum_i d_i score_i by minus the step times the squared
  // norm. Adam with beta1 = beta2 = 0 and a large epsilon is plain descent at rate / epsilon.
  const auto sequences = some_sequences(9);
  const auto derivative = up_and_down(9);
  const auto value = [&](Policy& policy) {
    double sum = 0.0;
    const auto scores = scores_of(policy, sequences);
    for (std::size_t i = 0; i < 9; ++i) sum += derivative[i] * scores[i];
    return sum;
  };
  const auto policy = small_policy();
  const double before = value(*policy);
  constexpr double rate = 1e-4;
  const double norm = train_once(*policy, sequences,
                                 {.learning_rate = rate * 1e6,
                                  .beta1 = 0.0,
                                  .beta2 = 0.0,
                                  .epsilon = 1e6,
                                  .max_gradient_norm = 0.0});
  EXPECT_NEAR((before - value(*policy)) / (rate * norm * norm), 1.0, 0.02);
}

TEST(TorchPolicy, PiecesAddUpToTheWholeBatch) {
  const auto sequences = some_sequences(12);
  const auto whole = small_policy();
  const auto pieces = small_policy();
  const double norm = train_once(*whole, sequences);
  for (std::size_t at = 0; at < 12; at += 4) {
    ASSERT_TRUE(pieces->forward(std::span(sequences).subspan(at, 4)).ok());
    ASSERT_TRUE(pieces->backward(up_and_down(4)).ok());
  }
  const auto report = pieces->step({.learning_rate = 1e-2, .weight_decay = 0.01});
  ASSERT_TRUE(report.ok());
  EXPECT_NEAR(report->gradient_norm, norm, 1e-5 * norm);
  expect_near(scores_of(*whole, sequences), scores_of(*pieces, sequences), 2e-3);
}

TEST(TorchPolicy, TrainingPrefersWhatItIsTold) {
  const auto policy = small_policy();
  const auto sequences = some_sequences(8);
  const auto before = scores_of(*policy, sequences);
  for (int step = 0; step < 10; ++step) train_once(*policy, sequences, {.learning_rate = 3e-3});
  const auto after = scores_of(*policy, sequences);
  for (std::size_t i = 0; i < 8; ++i) {
    if (sequences[i].answer_length() == 0) continue;
    EXPECT_EQ(after[i] > before[i], i % 2 == 0) << i;
  }
}

TEST(TorchPolicy, ActivationCheckpointingGivesTheSameGradient) {
  for (const auto& adapter : {std::optional<AdapterOptions>(), std::optional(AdapterOptions{})}) {
    ModelOptions options = on_cpu(adapter);
    const auto plain = small_policy(5, options);
    options.activation_checkpointing = true;
    const auto recomputed = small_policy(5, options);
    const auto sequences = some_sequences(6);
    for (int step = 0; step < 3; ++step)
      EXPECT_NEAR(train_once(*plain, sequences), train_once(*recomputed, sequences), 1e-5);
  }
}

TEST(TorchPolicy, MixedPrecisionComesClose) {
  ModelOptions options = on_cpu();
  options.precision = "bf16";
  auto mixed = create_policy(small(), 5, options);
  if (!mixed.ok()) GTEST_SKIP() << mixed.error().message();
  const auto policy = small_policy();
  const auto sequences = some_sequences(8);
  expect_near(scores_of(**mixed, sequences), scores_of(*policy, sequences), 0.1);
  const double norm = train_once(*policy, sequences);
  EXPECT_NEAR(train_once(**mixed, sequences), norm, 0.05 * norm);
}

TEST(TorchPolicy, WrongInputChangesNothing) {
  const auto policy = small_policy();
  const auto good = some_sequences(3);
  const auto before = scores_of(*policy, good);
  std::vector<Sequence> bad = good;
  bad[1].tokens[0] = 23;
  EXPECT_EQ(policy->scores(bad).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(policy->forward(bad).error().code, ErrorCode::out_of_range);
  ASSERT_TRUE(policy->forward(good).ok());
  EXPECT_EQ(policy->backward(std::vector<double>{1.0, std::nan(""), 1.0}).error().code,
            ErrorCode::out_of_range);
  ASSERT_TRUE(policy->forward(good).ok());
  EXPECT_FALSE(policy->backward(std::vector<double>{1.0}).ok());
  EXPECT_FALSE(policy->backward(std::vector<double>{1.0, 1.0, 1.0}).ok()) << "forward is used up";
  ASSERT_TRUE(policy->forward(good).ok());
  ASSERT_TRUE(policy->backward(std::vector<double>{1e300, 0.0, 0.0}).ok());
  EXPECT_EQ(policy->step({}).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(scores_of(*policy, good), before);
}

TEST(TorchPolicy, OptionsThatCannotBeHadAreNamed) {
  const auto field = [](ModelOptions options) {
    const auto policy = create_policy(small(), 1, options);
    return policy.ok() ? "" : policy.error().message();
  };
  EXPECT_NE(field({.device = "tpu"}).find("tpu"), std::string::npos);
  EXPECT_NE(field({.device = "cpu", .precision = "f8"}).find("f8"), std::string::npos);
  EXPECT_NE(field({.device = "cpu", .tokens_at_once = 0}).find("tokens_at_once"),
            std::string::npos);
  EXPECT_NE(field({.device = "cpu", .adapter = AdapterOptions{.rank = 0}}).find("rank"),
            std::string::npos);
  EXPECT_NE(field({.device = "cpu", .threads = 3'000'000'000}).find("threads"), std::string::npos);
  EXPECT_NE(field({.device = "cpu", .threads = 1025}).find("from 0 to 1024"), std::string::npos);
}

TEST(TorchPolicy, AFrozenCopyStaysAndIsNotTrained) {
  for (const auto& adapter : {std::optional<AdapterOptions>(), std::optional(AdapterOptions{})}) {
    const auto policy = small_policy(5, on_cpu(adapter));
    const auto sequences = some_sequences(5);
    train_once(*policy, sequences);
    const auto before = scores_of(*policy, sequences);
    const auto copy = policy->frozen_copy();
    ASSERT_TRUE(copy.ok());
    train_once(*policy, sequences);
    EXPECT_EQ(scores_of(**copy, sequences), before);
    EXPECT_NE(scores_of(*policy, sequences), before);
    EXPECT_EQ((*copy)->forward(sequences).error().code, ErrorCode::unsupported);
    EXPECT_EQ((*copy)->step({}).error().code, ErrorCode::unsupported);
  }
}

// --- state -------------------------------------------------------------------------------------

void resume_equals_going_on(const std::function<std::unique_ptr<Scorer>(std::uint64_t)>& make) {
  const auto folder = fresh_folder("resume").string();
  const auto sequences = some_sequences(6);
  const auto unbroken = make(5);
  const auto first_half = make(5);
  for (int step = 0; step < 4; ++step) train_once(*unbroken, sequences);
  for (int step = 0; step < 2; ++step) train_once(*first_half, sequences);
  ASSERT_TRUE(first_half->save_state(folder).ok());
  const auto second_half = make(6);
  train_once(*second_half, some_sequences(3, 2));
  const auto loaded = second_half->load_state(folder);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message();
  for (int step = 0; step < 2; ++step) train_once(*second_half, sequences);
  EXPECT_EQ(scores_of(*second_half, sequences), scores_of(*unbroken, sequences));
}

TEST(TrainingState, AResumedRunIsTheUnbrokenRunBitForBit) {
  resume_equals_going_on([](std::uint64_t seed) { return small_policy(seed); });
}

TEST(TrainingState, OfAnAdapterToo) {
  resume_equals_going_on([](std::uint64_t seed) -> std::unique_ptr<Scorer> {
    return small_policy(5, on_cpu(AdapterOptions{.rank = 2, .seed = seed}));
  });
}

TEST(TrainingState, OfARewardModelToo) {
  resume_equals_going_on([](std::uint64_t /*seed*/) {
    return std::move(create_reward_model(small(), 5, on_cpu())).value();
  });
}

TEST(TrainingState, BeforeTheFirstStepThereAreNoMoments) {
  const auto folder = fresh_folder("first").string();
  const auto sequences = some_sequences(6);
  const auto policy = small_policy(5);
  ASSERT_TRUE(policy->save_state(folder).ok());
  const auto other = small_policy(6);
  train_once(*other, sequences);
  ASSERT_TRUE(other->load_state(folder).ok());
  train_once(*policy, sequences);
  train_once(*other, sequences);
  EXPECT_EQ(scores_of(*other, sequences), scores_of(*policy, sequences));
}

TEST(TrainingState, OfAnotherModelIsRefused) {
  const auto folder = fresh_folder("other").string();
  const auto sequences = some_sequences(3);
  ASSERT_TRUE(small_policy()->save_state(folder).ok());
  auto wider = small();
  wider.hidden = 40;
  auto other = create_policy(wider, 1, on_cpu());
  const auto before = scores_of(**other, sequences);
  const auto loaded = (*other)->load_state(folder);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, ErrorCode::conflict);
  EXPECT_NE(loaded.error().message().find("[32,16]"), std::string::npos);
  EXPECT_NE(loaded.error().message().find("[40,16]"), std::string::npos);
  EXPECT_EQ(scores_of(**other, sequences), before);
  EXPECT_EQ(small_policy(5, on_cpu(AdapterOptions{}))->load_state(folder).error().code,
            ErrorCode::conflict);
  EXPECT_EQ(small_policy()->load_state(folder + "_missing").error().code, ErrorCode::not_found);
}

TEST(TrainingState, AnAdaptersStateGoesWithItsBaseOnly) {
  const auto folder = fresh_folder("base").string();
  const auto adapted = [](std::uint64_t base) {
    return small_policy(base, on_cpu(AdapterOptions{}));
  };
  ASSERT_TRUE(adapted(5)->save_state(folder).ok());
  EXPECT_TRUE(adapted(5)->load_state(folder).ok());
  EXPECT_EQ(adapted(6)->load_state(folder).error().code, ErrorCode::conflict);
}

TEST(TrainingState, ADamagedFileIsCorrupt) {
  const auto folder = fresh_folder("damaged");
  const auto policy = small_policy();
  ASSERT_TRUE(policy->save_state(folder.string()).ok());
  const auto file = folder / "state.safetensors";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_EQ(policy->load_state(folder.string()).error().code, ErrorCode::corrupt);
}

// While it lives, no file can grow beyond so many bytes: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    (void)getrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    (void)setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    (void)setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(TrainingState, AFullDiskLeavesTheOldStateAndNoNewOne) {
  const auto folder = fresh_folder("full");
  const auto other = fresh_folder("full_new");
  const auto sequences = some_sequences(4);
  const auto policy = small_policy();
  ASSERT_TRUE(policy->save_state(folder.string()).ok());
  const auto saved = scores_of(*policy, sequences);
  train_once(*policy, sequences);
  {
    const FullDisk full(5000);
    EXPECT_EQ(policy->save_state(folder.string()).error().code, ErrorCode::io);
    EXPECT_EQ(policy->save_state(other.string()).error().code, ErrorCode::io);
    EXPECT_EQ(policy->save_model(other.string()).error().code, ErrorCode::io);
  }
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_FALSE(std::filesystem::exists(other.string() + ".partial"));
  ASSERT_TRUE(policy->load_state(folder.string()).ok());
  EXPECT_EQ(scores_of(*policy, sequences), saved);
}

// --- models on disk ----------------------------------------------------------------------------

TEST(LanguageModel, SavedAndReadBackItScoresTheSame) {
  for (const Architecture architecture :
       {Architecture::llama, Architecture::gpt2, Architecture::qwen2}) {
    const auto folder = fresh_folder("model").string();
    const auto sequences = some_sequences(4);
    const auto policy = small_policy(5, on_cpu(), architecture);
    train_once(*policy, sequences);
    ASSERT_TRUE(policy->save_model(folder).ok());
    const auto read = candor::lm::load_policy(folder, on_cpu());
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(scores_of(**read, sequences), scores_of(*policy, sequences));
  }
}

TEST(LanguageModel, AnAdapterIsSavedApartOrMerged) {
  const auto base_folder = fresh_folder("base_model").string();
  const auto adapter_folder = fresh_folder("adapter").string();
  const auto merged_folder = fresh_folder("merged").string();
  const auto sequences = some_sequences(4);
  ASSERT_TRUE(small_policy()->save_model(base_folder).ok());
  auto adapted = candor::lm::load_policy(base_folder, on_cpu(AdapterOptions{.rank = 3}));
  ASSERT_TRUE(adapted.ok()) << adapted.error().message();
  EXPECT_EQ(scores_of(**adapted, sequences), scores_of(*small_policy(), sequences));
  for (int step = 0; step < 3; ++step) train_once(**adapted, sequences);
  const auto trained = scores_of(**adapted, sequences);
  EXPECT_NE(trained, scores_of(*small_policy(), sequences));
  ASSERT_TRUE((*adapted)->save_model(adapter_folder).ok());
  EXPECT_TRUE(std::filesystem::exists(adapter_folder + "/adapter_config.json"));
  const auto again = candor::lm::load_policy_with_adapter(base_folder, adapter_folder, on_cpu());
  ASSERT_TRUE(again.ok()) << again.error().message();
  expect_near(scores_of(**again, sequences), trained, 1e-6);
  ASSERT_TRUE(candor::lm::save_merged(**adapted, merged_folder).ok());
  const auto merged = candor::lm::load_policy(merged_folder, on_cpu());
  ASSERT_TRUE(merged.ok()) << merged.error().message();
  expect_near(scores_of(**merged, sequences), trained, 1e-5);
}

TEST(LanguageModel, SavingIntoAFolderKeepsWhatElseIsThere) {
  const auto folder = fresh_folder("used");
  const auto other = folder / "tokenizer.json";
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(candor::write_file(other.string(), "{}").ok());
  ASSERT_TRUE(small_policy(1)->save_model(folder.string()).ok());
  ASSERT_TRUE(small_policy(2)->save_model(folder.string()).ok());
  EXPECT_TRUE(std::filesystem::exists(other));
  const auto read = candor::lm::load_policy(folder.string(), on_cpu());
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(scores_of(**read, some_sequences(3)), scores_of(*small_policy(2), some_sequences(3)));
}

TEST(LanguageModel, AMissingFolderIsNamed) {
  const auto policy = candor::lm::load_policy("no/such/model", on_cpu());
  ASSERT_FALSE(policy.ok());
  EXPECT_NE(policy.error().message().find("no/such/model"), std::string::npos);
}

// --- generation --------------------------------------------------------------------------------

std::vector<std::vector<Token>> some_prompts() {
  return {{1, 2, 3}, {4}, {5, 0, 1, 2, 3, 4, 5}, {2, 2}, {3, 1, 4, 22, 7, 9, 11, 13, 2, 6}, {8}};
}

// log softmax of every next token, from scores alone, without a cache.
std::vector<float> logits_by_scores(Policy& policy, const std::vector<Token>& text) {
  std::vector<Sequence> all;
  for (std::size_t v = 0; v < policy.vocabulary(); ++v) {
    all.push_back({.tokens = text, .prompt_length = text.size()});
    all.back().tokens.push_back(static_cast<Token>(v));
  }
  const auto scores = scores_of(policy, all);
  return {scores.begin(), scores.end()};
}

std::vector<Token> written_without_cache(Policy& policy, std::vector<Token> text,
                                         const GenerateOptions& options, std::uint64_t seed,
                                         std::uint64_t stream) {
  RandomStream random(seed, stream);
  for (std::size_t t = 0; t < options.max_tokens && text.size() < policy.context(); ++t) {
    const double uniform = options.temperature > 0.0 ? random.uniform() : 0.0;
    text.push_back(*candor::lm::choose_token(logits_by_scores(policy, text), options, uniform));
    if (std::find(options.stop.begin(), options.stop.end(), text.back()) != options.stop.end())
      break;
  }
  return text;
}

// A policy whose distributions are not almost flat, so that nothing hangs on the last bit.
std::unique_ptr<Policy> trained_policy(Architecture architecture) {
  ModelOptions options = on_cpu();
  options.tokens_at_once = 500;
  auto policy = small_policy(5, options, architecture);
  for (int step = 0; step < 5; ++step)
    train_once(*policy, some_sequences(16), {.learning_rate = 3e-2});
  return policy;
}

TEST(TorchPolicy, GeneratesWhatANetworkWithoutCacheWould) {
  for (const Architecture architecture :
       {Architecture::llama, Architecture::gpt2, Architecture::qwen2}) {
    const auto policy = trained_policy(architecture);
    const auto prompts = some_prompts();
    for (const GenerateOptions& options :
         {GenerateOptions{.max_tokens = 16, .temperature = 0.0, .stop = {3}},
          GenerateOptions{.max_tokens = 16, .stop = {3, 4}},
          GenerateOptions{.max_tokens = 6, .temperature = 0.8, .top_k = 9, .top_p = 0.9}}) {
      const auto answers = policy->generate(prompts, options, 42);
      ASSERT_TRUE(answers.ok()) << answers.error().message();
      for (std::size_t i = 0; i < prompts.size(); ++i)
        EXPECT_EQ((*answers)[i].tokens, written_without_cache(*policy, prompts[i], options, 42, i));
    }
  }
}

// GPT-2 has a table of positions: a row that fills its context must leave before the others end.
TEST(TorchPolicy, ARowThatFillsItsContextDoesNotStopTheOthers) {
  ModelConfig config = small(Architecture::gpt2);
  config.context = 16;
  auto options = on_cpu();
  options.tokens_at_once = 1000;
  const auto policy = create_policy(config, 5, options);
  ASSERT_TRUE(policy.ok()) << policy.error().message();
  std::vector<std::vector<Token>> prompts(8, {1, 2});
  prompts[0] = std::vector<Token>(12, 3);
  const GenerateOptions how = {.max_tokens = 14};
  const auto answers = (*policy)->generate(prompts, how, 42);
  ASSERT_TRUE(answers.ok()) << answers.error().message();
  for (std::size_t i = 0; i < prompts.size(); ++i)
    EXPECT_EQ((*answers)[i].tokens, written_without_cache(**policy, prompts[i], how, 42, i)) << i;
}

TEST(TorchPolicy, HowPromptsAreBatchedChangesNoAnswer) {
  auto options = on_cpu();
  const auto policy = trained_policy(Architecture::llama);
  const auto folder = fresh_folder("batching").string();
  ASSERT_TRUE(policy->save_model(folder).ok());
  options.tokens_at_once = 1;
  const auto alone = candor::lm::load_policy(folder, options);
  options.tokens_at_once = 10000;
  const auto together = candor::lm::load_policy(folder, options);
  const GenerateOptions generate = {.max_tokens = 20, .stop = {3, 4, 5}};
  const auto one = (*alone)->generate(some_prompts(), generate, 9);
  const auto two = (*together)->generate(some_prompts(), generate, 9);
  for (std::size_t i = 0; i < one->size(); ++i) EXPECT_EQ((*one)[i].tokens, (*two)[i].tokens);
}

TEST(Extrapolated, GoesOnInTheDirectionOfTheLastStep) {
  const auto policy = small_policy();
  const auto older = policy->frozen_copy();
  const auto sequences = some_sequences(8);
  train_once(*policy, sequences, {.learning_rate = 1e-3});
  const auto none = candor::lm::extrapolate(*policy, **older, 0.0);
  const auto half = candor::lm::extrapolate(*policy, **older, 0.5);
  ASSERT_TRUE(none.ok() && half.ok());
  const auto new_scores = scores_of(*policy, sequences);
  expect_near(scores_of(**none, sequences), new_scores, 1e-5);
  // To first order in the step: score + a (score - older score).
  const auto old_scores = scores_of(**older, sequences);
  std::vector<double> expected(sequences.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    expected[i] = new_scores[i] + 0.5 * (new_scores[i] - old_scores[i]);
  expect_near(scores_of(**half, sequences), expected, 5e-3);
  train_once(*policy, sequences);
  expect_near(scores_of(**half, sequences), expected, 5e-3);
  EXPECT_TRUE((*half)->generate(some_prompts(), {.max_tokens = 4}, 1).ok());
  EXPECT_TRUE(candor::lm::extrapolate(**half, **older, 1.0).ok());
}

TEST(Extrapolated, RefusesWhatDoesNotFit) {
  const auto policy = small_policy();
  auto wide = small();
  wide.vocabulary = 24;
  const auto other = create_policy(wide, 1, on_cpu());
  EXPECT_EQ(candor::lm::extrapolate(*policy, *policy, -0.1).error().code, ErrorCode::out_of_range);
  const auto error = candor::lm::extrapolate(*policy, **other, 0.1).error();
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_NE(error.message().find("23 and 24"), std::string::npos);
}

// --- reward models -----------------------------------------------------------------------------

TEST(RewardModel, StartsAtZeroAndLearnsAnOrder) {
  auto reward = create_reward_model(small(), 3, on_cpu());
  ASSERT_TRUE(reward.ok());
  const auto sequences = some_sequences(10);
  EXPECT_EQ(scores_of(**reward, sequences), std::vector<double>(10, 0.0));
  for (int step = 0; step < 20; ++step) train_once(**reward, sequences, {.learning_rate = 1e-2});
  const auto scores = scores_of(**reward, sequences);
  for (std::size_t i = 0; i < 10; i += 2)
    for (std::size_t j = 1; j < 10; j += 2) EXPECT_GT(scores[i], scores[j]);
}

TEST(RewardModel, ReadsTheLastTokenWhateverFollowsInThePadding) {
  auto reward = create_reward_model(small(), 3, on_cpu());
  const auto sequences = some_sequences(10);
  train_once(**reward, sequences);
  train_once(**reward, sequences);
  const auto together = scores_of(**reward, sequences);
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_NEAR(scores_of(**reward, std::span(sequences).subspan(i, 1)).front(), together[i], 1e-6);
}

TEST(RewardModel, SavedAndReadBackItScoresTheSame) {
  for (const auto& adapter : {std::optional<AdapterOptions>(), std::optional(AdapterOptions{})}) {
    const auto folder = fresh_folder("reward").string();
    auto reward = create_reward_model(small(), 3, on_cpu(adapter));
    ASSERT_TRUE(reward.ok());
    const auto sequences = some_sequences(10);
    for (int step = 0; step < 3; ++step) train_once(**reward, sequences);
    ASSERT_TRUE(candor::lm::save_reward_model(**reward, folder).ok());
    const auto read = candor::lm::load_reward_model(folder, on_cpu());
    ASSERT_TRUE(read.ok()) << read.error().message();
    expect_near(scores_of(**read, sequences), scores_of(**reward, sequences), 1e-5);
  }
}

TEST(RewardModel, APolicyIsNone) {
  EXPECT_EQ(candor::lm::save_reward_model(*small_policy(), "nowhere").error().code,
            ErrorCode::unsupported);
}

}  // namespace
