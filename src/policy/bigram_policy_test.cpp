#include "candor/policy/bigram_policy.h"

#include <cmath>

#include "candor/base/random.h"
#include "policy/test_folder.h"

namespace candor::policy {
namespace {

std::unique_ptr<BigramPolicy> random_policy(std::uint64_t seed,
                                            Optimiser optimiser = Optimiser::plain) {
  auto policy = must(BigramPolicy::create({.vocabulary = 4, .context = 8, .optimiser = optimiser}));
  RandomStream random(seed);
  for (Token t = 0; t < 4; ++t)
    for (double& logit : policy->logits(t)) logit = random.normal();
  return policy;
}

TEST(BigramPolicy, the_worked_example) {
  auto policy = must(BigramPolicy::create({.vocabulary = 3, .context = 8}));
  const std::vector<std::vector<Token>> prompts(200, {0});
  const auto written = must(policy->generate(prompts, {.max_tokens = 4, .stop = {2}}, 7));
  bool stopped_early = false;
  for (const Sequence& s : written) {
    ASSERT_GE(s.answer_length(), 1U);
    ASSERT_LE(s.answer_length(), 4U);
    for (std::size_t t = 0; t + 1 < s.answer_length(); ++t) EXPECT_NE(s.answer()[t], 2);
    if (s.answer_length() < 4) {
      EXPECT_EQ(s.answer().back(), 2);
      stopped_early = true;
    }
  }
  EXPECT_TRUE(stopped_early);
}

TEST(BigramPolicy, score_is_the_sum_of_log_probabilities_of_the_answer) {
  auto policy = must(BigramPolicy::create({.vocabulary = 2, .context = 8}));
  policy->logits(0)[1] = std::log(3.0);  // after 0: 1/4, 3/4; after 1: even
  const std::vector<Sequence> sequence = {{.tokens = {1, 0, 1, 1, 0}, .prompt_length = 2}};
  EXPECT_NEAR(must(policy->scores(sequence))[0], std::log(0.75 * 0.5 * 0.5), 1e-15);
}

TEST(BigramPolicy, gradient_agrees_with_finite_differences) {
  auto policy = random_policy(1);
  const std::vector<Sequence> batch = {{.tokens = {0, 3, 3, 1}, .prompt_length = 1},
                                       {.tokens = {2, 3, 0}, .prompt_length = 2}};
  const std::vector<double> derivative = {0.8, -0.5};
  const auto loss = [&] {
    const auto score = must(policy->scores(batch));
    return derivative[0] * score[0] + derivative[1] * score[1];
  };
  std::vector<double> expected;
  for (Token t = 0; t < 4; ++t)
    for (double& logit : policy->logits(t)) {
      const double kept = logit;
      logit = kept + 1e-5;
      const double above = loss();
      logit = kept - 1e-5;
      expected.push_back((above - loss()) / 2e-5);
      logit = kept;
    }
  const auto before = random_policy(1);
  must(policy->forward(batch));
  must(policy->backward(derivative));
  must(policy->step({.learning_rate = 1, .max_gradient_norm = 0}));
  for (Token t = 0; t < 4; ++t)
    for (std::size_t z = 0; z < 4; ++z)
      EXPECT_NEAR(before->logits(t)[z] - policy->logits(t)[z],
                  expected[4 * static_cast<std::size_t>(t) + z], 1e-9);
}

TEST(BigramPolicy, pieces_gather_the_gradient_of_the_whole_batch) {
  auto whole = random_policy(2);
  auto pieces = random_policy(2);
  const std::vector<Sequence> batch = {{.tokens = {0, 3, 1}, .prompt_length = 1},
                                       {.tokens = {2, 3, 0}, .prompt_length = 1}};
  must(whole->forward(batch));
  must(whole->backward(std::vector<double>{1.0, -2.0}));
  for (std::size_t i = 0; i < 2; ++i) {
    must(pieces->forward(std::span(batch).subspan(i, 1)));
    must(pieces->backward(std::vector<double>{i == 0 ? 1.0 : -2.0}));
  }
  must(whole->step({}));
  must(pieces->step({}));
  for (Token t = 0; t < 4; ++t)
    for (std::size_t z = 0; z < 4; ++z) EXPECT_EQ(whole->logits(t)[z], pieces->logits(t)[z]);
}

TEST(BigramPolicy, an_answer_is_a_function_of_seed_and_place) {
  auto policy = random_policy(3);
  const std::vector<std::vector<Token>> prompts = {{0}, {1, 2}, {3}};
  const GenerateOptions options{.max_tokens = 5};
  const auto together = must(policy->generate(prompts, options, 9));
  EXPECT_EQ(together[1].tokens,
            must(policy->generate(std::span(prompts).first(2), options, 9))[1].tokens);
  EXPECT_EQ(together[1].prompt_length, 2U);
  EXPECT_NE(together[2].tokens, must(policy->generate(prompts, options, 10))[2].tokens);
}

TEST(BigramPolicy, writing_ends_where_the_context_is_full) {
  auto policy = random_policy(4);
  const std::vector<std::vector<Token>> prompt = {{0, 1, 2, 3, 0}};
  EXPECT_EQ(must(policy->generate(prompt, {.max_tokens = 64}, 1))[0].tokens.size(), 8U);
}

TEST(BigramPolicy, refuses_what_does_not_fit_and_says_both_numbers) {
  auto policy = random_policy(5);
  const auto message = [&](const Sequence& s) {
    const auto result = policy->scores(std::span(&s, 1));
    return result.ok() ? "" : result.error().message();
  };
  EXPECT_NE(message({.tokens = {0, 4}, .prompt_length = 1}).find("token 4"), std::string::npos);
  EXPECT_NE(message({.tokens = {0, -1}, .prompt_length = 1}).find("token -1"), std::string::npos);
  const std::string too_long = message({.tokens = std::vector<Token>(9, 0), .prompt_length = 1});
  EXPECT_NE(too_long.find("9 tokens"), std::string::npos) << too_long;
  EXPECT_NE(too_long.find("context of 8"), std::string::npos) << too_long;
  EXPECT_NE(message({.tokens = {0, 1}, .prompt_length = 0}).find("prompt_length"),
            std::string::npos);
  const std::vector<std::vector<Token>> full = {std::vector<Token>(8, 0)};
  EXPECT_EQ(policy->generate(full, {}, 0).error().code, ErrorCode::out_of_range);
  const std::vector<std::vector<Token>> empty = {{}};
  EXPECT_FALSE(policy->generate(empty, {}, 0).ok());
  EXPECT_EQ(BigramPolicy::create({.vocabulary = 5000, .context = 8}).error().field, "vocabulary");
}

TEST(BigramPolicy, training_states_and_models_come_back_bit_for_bit) {
  const TestFolder folder;
  auto policy = random_policy(6, Optimiser::adamw);
  const std::vector<Sequence> one = {{.tokens = {0, 3, 1}, .prompt_length = 1}};
  const auto train = [&](BigramPolicy& p) {
    must(p.forward(one));
    must(p.backward(std::vector<double>{-1.0}));
    must(p.step({.learning_rate = 0.05}));
  };
  train(*policy);
  must(policy->save_state(folder.path("state")));
  must(policy->save_model(folder.path("model")));
  auto resumed = must(BigramPolicy::create({.vocabulary = 4, .context = 8}));
  must(resumed->load_state(folder.path("state")));
  EXPECT_EQ(must(must(BigramPolicy::open(folder.path("model")))->scores(one)),
            must(policy->scores(one)));
  train(*policy);
  train(*resumed);
  EXPECT_EQ(must(resumed->scores(one)), must(policy->scores(one)));
}

TEST(BigramPolicy, a_frozen_copy_stays) {
  auto policy = random_policy(7);
  auto copy = must(policy->frozen_copy());
  const std::vector<Sequence> one = {{.tokens = {0, 3, 1}, .prompt_length = 1}};
  const auto before = must(copy->scores(one));
  must(policy->forward(one));
  must(policy->backward(std::vector<double>{-1.0}));
  must(policy->step({.learning_rate = 0.5}));
  EXPECT_EQ(must(copy->scores(one)), before);
  EXPECT_GT(must(policy->scores(one))[0], before[0]);
  EXPECT_EQ(copy->backward({}).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace candor::policy
