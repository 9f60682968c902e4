#include "candor/policy/tabular_policy.h"

#include <cmath>

#include "candor/base/math.h"
#include "candor/base/random.h"
#include "policy/test_folder.h"

namespace candor::policy {
namespace {

const TabularShape two_prompts = {
    .prompts = {{0}, {1, 4}}, .answers = {{1}, {2, 3}, {3}}, .optimiser = Optimiser::plain};

std::unique_ptr<TabularPolicy> random_policy(std::uint64_t seed) {
  auto policy = must(TabularPolicy::create(two_prompts));
  RandomStream random(seed);
  for (std::size_t x = 0; x < 2; ++x)
    for (double& logit : policy->logits(x)) logit = random.normal();
  return policy;
}

TEST(TabularPolicy, the_worked_example) {
  auto policy = must(TabularPolicy::create({.prompts = {{0}}, .answers = {{1}, {2}, {3}}}));
  policy->logits(0)[2] = portable_log(2.0);
  const Sequence third{.tokens = {0, 3}, .prompt_length = 1};
  EXPECT_NEAR(must(policy->scores(std::span(&third, 1)))[0], std::log(0.5), 1e-15);
  EXPECT_EQ(policy->vocabulary(), 4U);
  EXPECT_EQ(policy->context(), 2U);
}

TEST(TabularPolicy, gradient_agrees_with_finite_differences) {
  auto policy = random_policy(1);
  const std::vector<Sequence> batch = {policy->sequence(0, 1), policy->sequence(1, 2),
                                       policy->sequence(0, 0)};
  const std::vector<double> derivative = {0.7, -1.3, 0.2};
  const auto loss = [&] {
    const auto score = must(policy->scores(batch));
    return derivative[0] * score[0] + derivative[1] * score[1] + derivative[2] * score[2];
  };
  std::vector<double> expected;
  for (std::size_t x = 0; x < 2; ++x)
    for (double& logit : policy->logits(x)) {
      const double kept = logit;
      logit = kept + 1e-5;
      const double above = loss();
      logit = kept - 1e-5;
      expected.push_back((above - loss()) / 2e-5);
      logit = kept;
    }
  const auto before = random_policy(1);
  EXPECT_EQ(must(policy->forward(batch)), must(policy->scores(batch)));
  must(policy->backward(derivative));
  must(policy->step({.learning_rate = 1, .max_gradient_norm = 0}));
  for (std::size_t x = 0; x < 2; ++x)
    for (std::size_t y = 0; y < 3; ++y)
      EXPECT_NEAR(before->logits(x)[y] - policy->logits(x)[y], expected[3 * x + y], 1e-9);
}

TEST(TabularPolicy, answers_follow_its_probabilities_and_depend_on_the_seed_alone) {
  auto policy = random_policy(2);
  const std::vector<std::vector<Token>> prompts(20000, two_prompts.prompts[1]);
  const auto written = must(policy->generate(prompts, {}, 11));
  EXPECT_EQ(written[17].tokens, must(policy->generate(prompts, {}, 11))[17].tokens);
  std::vector<double> share(3);
  for (const Sequence& s : written)
    for (std::size_t y = 0; y < 3; ++y)
      if (s.tokens == policy->sequence(1, y).tokens) share[y] += 1.0 / 20000;
  const std::vector<double> expected = policy->probabilities(1);
  for (std::size_t y = 0; y < 3; ++y) EXPECT_NEAR(share[y], expected[y], 0.015);
}

TEST(TabularPolicy, a_frozen_copy_stays_and_cannot_be_trained) {
  auto policy = random_policy(3);
  auto copy = must(policy->frozen_copy());
  const std::vector<Sequence> one = {policy->sequence(0, 1)};
  const auto before = must(copy->scores(one));
  must(policy->forward(one));
  must(policy->backward(std::vector<double>{-1.0}));
  must(policy->step({.learning_rate = 1}));
  EXPECT_EQ(must(copy->scores(one)), before);
  EXPECT_GT(must(policy->scores(one))[0], before[0]);
  EXPECT_EQ(copy->forward(one).error().code, ErrorCode::unsupported);
  EXPECT_EQ(copy->step({}).error().code, ErrorCode::unsupported);
}

TEST(TabularPolicy, models_and_states_come_back_bit_for_bit) {
  const TestFolder folder;
  const auto policy = random_policy(4);
  must(policy->save_model(folder.path("model")));
  must(policy->save_state(folder.path("state")));
  const auto opened = must(TabularPolicy::open(folder.path("model")));
  auto loaded = must(TabularPolicy::create(two_prompts));
  must(loaded->load_state(folder.path("state")));
  for (std::size_t x = 0; x < 2; ++x)
    for (std::size_t y = 0; y < 3; ++y) {
      EXPECT_EQ(opened->logits(x)[y], policy->logits(x)[y]);
      EXPECT_EQ(loaded->logits(x)[y], policy->logits(x)[y]);
    }
  auto other = must(TabularPolicy::create({.prompts = {{0}}, .answers = {{1}}}));
  EXPECT_EQ(other->load_state(folder.path("state")).error().code, ErrorCode::conflict);
  (void)folder.write("model/tabular.json", R"({"prompts":[[0]],"answers":[[1]],"logits":[[0,1]]})");
  EXPECT_EQ(TabularPolicy::open(folder.path("model")).error().code, ErrorCode::corrupt);
}

TEST(TabularPolicy, refuses_what_its_table_has_not) {
  auto policy = random_policy(5);
  const std::vector<Sequence> unknown_answer = {{.tokens = {0, 9}, .prompt_length = 1}};
  const std::vector<Sequence> unknown_prompt = {{.tokens = {7, 1}, .prompt_length = 1}};
  EXPECT_EQ(policy->scores(unknown_answer).error().field, "answer");
  EXPECT_EQ(policy->forward(unknown_prompt).error().field, "prompt");
  const std::vector<std::vector<Token>> prompt = {{0}};
  EXPECT_EQ(policy->generate(prompt, {.max_tokens = 1}, 0).error().field, "max_tokens");
  EXPECT_FALSE(TabularPolicy::create({.prompts = {{0}}, .answers = {}}).ok());
  EXPECT_FALSE(TabularPolicy::create({.prompts = {{0}, {0}}, .answers = {{1}}}).ok());
}

TEST(TabularPolicy, refuses_derivatives_that_do_not_fit) {
  auto policy = random_policy(6);
  const std::vector<Sequence> one = {policy->sequence(0, 1)};
  must(policy->forward(one));
  EXPECT_FALSE(policy->backward(std::vector<double>{1, 2}).ok());
  EXPECT_EQ(policy->backward(std::vector<double>{NAN}).error().code, ErrorCode::out_of_range);
}

TEST(TabularRewardModel, the_worked_example_and_a_step) {
  auto model = must(TabularRewardModel::create(
      {.prompts = {{0}}, .answers = {{1}, {2}}, .optimiser = Optimiser::plain}));
  model->rewards(0)[1] = 3;
  const std::vector<Sequence> both = {model->sequence(0, 0), model->sequence(0, 1)};
  EXPECT_EQ(must(model->scores(both)), (std::vector<double>{0, 3}));
  must(model->forward(both));
  must(model->backward(std::vector<double>{-1, 0.5}));
  must(model->step({.learning_rate = 1, .max_gradient_norm = 0}));
  EXPECT_EQ(must(model->scores(both)), (std::vector<double>{1, 2.5}));
  const TestFolder folder;
  must(model->save_state(folder.path("state")));
  model->rewards(0)[0] = 8;
  must(model->load_state(folder.path("state")));
  EXPECT_EQ(must(model->scores(both)), (std::vector<double>{1, 2.5}));
}

}  // namespace
}  // namespace candor::policy
