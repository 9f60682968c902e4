// align/test_pairs.h
// For tests: a table of answers with known preferences, and the pairs that it makes.
#pragma once

#include <vector>

#include "candor/align/objective.h"
#include "candor/align/preference_lesson.h"
#include "candor/align/trainer.h"
#include "candor/base/random.h"
#include "candor/policy/tabular_policy.h"
#include "policy/test_folder.h"

namespace candor::align {

using policy::must;
using policy::TestFolder;

/// One prompt {0}, answers {1}, {2}, ..., `answers` of them.
inline policy::TabularShape one_prompt(std::size_t answers,
                                       policy::Optimiser optimiser = policy::Optimiser::plain) {
  policy::TabularShape shape{.prompts = {{0}}, .answers = {}, .optimiser = optimiser};
  for (std::size_t i = 0; i < answers; ++i)
    shape.answers.push_back({static_cast<policy::Token>(i + 1)});
  return shape;
}

inline policy::Sequence answer(std::size_t i) {
  return {.tokens = {0, static_cast<policy::Token>(i + 1)}, .prompt_length = 1};
}

/// Every ordered pair of different answers, with label(i, j) and weight(i, j).
template <class Label, class Weight>
std::vector<PreferencePair> all_pairs(std::size_t answers, Label label, Weight weight) {
  std::vector<PreferencePair> pairs;
  for (std::size_t i = 0; i < answers; ++i)
    for (std::size_t j = 0; j < answers; ++j)
      if (i != j)
        pairs.push_back({.a = answer(i),
                         .b = answer(j),
                         .label = label(i, j),
                         .weight = weight(i, j),
                         .slot = "s" + std::to_string(i) + std::to_string(j)});
  return pairs;
}

/// A tabular policy with normal logits.
inline std::unique_ptr<policy::TabularPolicy> random_policy(
    std::size_t answers, std::uint64_t seed,
    policy::Optimiser optimiser = policy::Optimiser::plain) {
  auto policy = must(policy::TabularPolicy::create(one_prompt(answers, optimiser)));
  RandomStream random(seed);
  for (double& logit : policy->logits(0)) logit = random.normal();
  return policy;
}

/// Whole-batch plain gradient descent to the optimum.
inline void descend(policy::Scorer& scorer, std::vector<PreferencePair> pairs,
                    const Objective& objective, double rate, std::uint64_t steps) {
  const std::size_t batch = pairs.size();
  const auto lesson = must(PreferenceLesson::create(std::move(pairs), objective));
  const auto trainer = must(Trainer::create(
      scorer, *lesson,
      {.batch = batch, .steps = steps, .step = {.learning_rate = rate, .max_gradient_norm = 0}}));
  must(trainer->run());
}

}  // namespace candor::align
