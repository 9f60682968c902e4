// align/test_run.h
// For tests: a small run of preference training on a bigram policy.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "align/test_pairs.h"
#include "candor/policy/bigram_policy.h"

namespace candor::align {

using policy::BigramPolicy;
using policy::Sequence;
using policy::Token;

/// 10 pairs of random answers over 6 tokens, with random labels and weights.
inline std::vector<PreferencePair> random_pairs(std::uint64_t seed) {
  RandomStream random(seed);
  const auto text = [&] {
    Sequence s{{0}, 1};
    for (std::uint64_t t = 1 + random.below(4); t > 0; --t)
      s.tokens.push_back(static_cast<Token>(random.below(6)));
    return s;
  };
  std::vector<PreferencePair> pairs;
  for (int i = 0; i < 10; ++i)
    pairs.push_back({.a = text(),
                     .b = text(),
                     .label = random.uniform(),
                     .weight = 0.2 + random.uniform(),
                     .slot = "slot" + std::to_string(i)});
  return pairs;
}

/// A run of DPO on a bigram policy, from the start; everything that a run needs in one place.
struct DpoRun {
  std::unique_ptr<BigramPolicy> policy =
      must(BigramPolicy::create({.vocabulary = 6, .context = 8}));
  std::unique_ptr<Objective> dpo = must(make_objective("dpo"));
  std::unique_ptr<PreferenceLesson> lesson;
  std::unique_ptr<Trainer> trainer;
  std::vector<Metrics> curve;

  explicit DpoRun(const TrainerOptions& options, std::uint64_t data = 1) {
    auto pairs = random_pairs(data);
    must(cache_reference(*policy, pairs));
    lesson = must(PreferenceLesson::create(std::move(pairs), *dpo));
    trainer = must(Trainer::create(*policy, *lesson, options));
    trainer->on_metrics([this](const Metrics& metrics) {
      curve.push_back(metrics);
      return Status{};
    });
  }
  [[nodiscard]] std::vector<double> parameters() const {
    std::vector<double> all;
    for (Token t = 0; t < 6; ++t)
      all.insert(all.end(), policy->logits(t).begin(), policy->logits(t).end());
    return all;
  }
};

inline const TrainerOptions usual = {
    .batch = 4,
    .epochs = 3,
    .step = {.learning_rate = 0.05, .weight_decay = 0.01},
    .schedule = {.kind = Schedule::Kind::cosine, .warmup_steps = 2},
    .seed = 7};

inline TrainerOptions with_folder(TrainerOptions options, std::string folder, std::uint64_t every) {
  options.folder = std::move(folder);
  options.save_every = every;
  return options;
}

}  // namespace candor::align
