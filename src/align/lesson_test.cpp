// Both kinds of lesson, and cached scores.
#include <cmath>
#include <functional>

#include "align/test_run.h"
#include "candor/align/supervised_lesson.h"

namespace candor::align {
namespace {

TEST(PreferenceLesson, refuses_pairs_that_cannot_be_learned_and_names_them) {
  const auto dpo = must(make_objective("dpo"));
  const auto message = [&](const std::function<void(PreferencePair&)>& spoil) {
    auto pairs = random_pairs(1);
    for (PreferencePair& pair : pairs) pair.reference = PairScores{};
    spoil(pairs[3]);
    const auto lesson = PreferenceLesson::create(std::move(pairs), *dpo);
    return lesson.ok() ? "made" : lesson.error().message();
  };
  EXPECT_EQ(message([](PreferencePair&) {}), "made");
  const std::vector<std::pair<std::string, std::function<void(PreferencePair&)>>> cases = {
      {"label", [](PreferencePair& p) { p.label = 1.01; }},
      {"label", [](PreferencePair& p) { p.label = NAN; }},
      {"weight", [](PreferencePair& p) { p.weight = -1; }},
      {"margin", [](PreferencePair& p) { p.margin = INFINITY; }},
      {"cached score", [](PreferencePair& p) { p.reference->b = -INFINITY; }},
      {"cache_reference", [](PreferencePair& p) { p.reference.reset(); }},
      {"without tokens", [](PreferencePair& p) { p.b.tokens.resize(1); }}};
  for (const auto& [part, spoil] : cases) {
    const std::string text = message(spoil);
    EXPECT_NE(text.find(part), std::string::npos) << text;
    EXPECT_NE(text.find("slot3"), std::string::npos) << text;
  }
  EXPECT_FALSE(PreferenceLesson::create({}, *dpo).ok());
}

TEST(CachedScores, are_the_same_however_they_are_cut) {
  const DpoRun run(usual);
  auto pairs = random_pairs(2);
  const auto whole = must(score_pairs(*run.policy, pairs, 0));
  for (const std::size_t piece : {1U, 3U, 64U})
    EXPECT_EQ(must(score_pairs(*run.policy, pairs, piece)), whole);
  must(cache_previous(*run.policy, pairs));
  EXPECT_EQ(pairs[4].previous, whole[4]);
  EXPECT_FALSE(pairs[4].reference.has_value());
  pairs[9].a.tokens.push_back(77);
  EXPECT_FALSE(cache_reference(*run.policy, pairs, 1).ok());
  EXPECT_FALSE(pairs[0].reference.has_value()) << "no pair has changed";
}

TEST(SupervisedLesson, the_worked_example) {
  policy::TabularShape shape{.prompts = {{0}}, .answers = {{1, 2}, {3}, {4}}};
  auto policy = must(policy::TabularPolicy::create(shape));
  const double rest = 1 - std::exp(-3) - std::exp(-4);
  policy->logits(0)[0] = -3 - std::log(rest);
  policy->logits(0)[1] = -4 - std::log(rest);
  const auto lesson = must(SupervisedLesson::create(
      {{.sequence = policy->sequence(0, 0)}, {.sequence = policy->sequence(0, 1), .weight = 2}}));
  const auto metrics = must(judge_all(*lesson, *policy, 1, ""));
  ASSERT_EQ(metrics.size(), 1U);
  EXPECT_NEAR(metrics[0].value, 2.75, 1e-12);
}

TEST(SupervisedLesson, training_reaches_the_weighted_frequencies_however_it_is_cut) {
  for (const std::size_t piece : {0U, 1U, 2U}) {
    auto policy = must(policy::TabularPolicy::create(one_prompt(3)));
    const auto lesson = must(SupervisedLesson::create({{.sequence = answer(0)},
                                                       {.sequence = answer(1), .weight = 2},
                                                       {.sequence = answer(0), .weight = 3}}));
    const auto trainer = must(Trainer::create(
        *policy, *lesson,
        {.batch = 3, .piece = piece, .epochs = 4000, .step = {.learning_rate = 2}}));
    must(trainer->run());
    EXPECT_NEAR(policy->probabilities(0)[0], 2.0 / 3, 1e-3);
    EXPECT_NEAR(policy->probabilities(0)[1], 1.0 / 3, 1e-3);
  }
}

TEST(SupervisedLesson, refuses_examples_that_cannot_be_learned) {
  EXPECT_FALSE(SupervisedLesson::create({}).ok());
  EXPECT_EQ(SupervisedLesson::create({{.sequence = answer(0), .weight = -1}}).error().field,
            "weight");
  const auto empty = SupervisedLesson::create({{.sequence = {{0}, 1}, .name = "hour 17"}});
  EXPECT_NE(empty.error().message().find("hour 17"), std::string::npos);
}

}  // namespace
}  // namespace candor::align
