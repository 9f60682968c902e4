#include "candor/align/objective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "align/test_pairs.h"

namespace candor::align {
namespace {

double logit(double p) {
  return std::log(p / (1 - p));
}

std::unique_ptr<Objective> made(std::string_view name, const ObjectiveOptions& options = {}) {
  return must(make_objective(name, options));
}

/// Options at which every objective has slopes of ordinary size.
const ObjectiveOptions gentle = {.beta = 0.7,
                                 .ipo_tau = 0.4,
                                 .flip_rate = 0.2,
                                 .clip = 3,
                                 .eta = 0.8,
                                 .inpo_tau = 0.3,
                                 .samples = 5,
                                 .use_margin = true};

PairTerms random_terms(RandomStream& random) {
  PairTerms t;
  for (double* x : {&t.score_a, &t.score_b, &t.reference_a, &t.reference_b, &t.previous_a,
                    &t.previous_b, &t.margin})
    *x = random.normal();
  t.length_a = 1.0 + static_cast<double>(random.below(9));
  t.length_b = 1.0 + static_cast<double>(random.below(9));
  t.label = random.uniform();
  t.weight = 3 * random.uniform();
  return t;
}

PairTerms exchanged(PairTerms t) {
  std::swap(t.score_a, t.score_b);
  std::swap(t.reference_a, t.reference_b);
  std::swap(t.previous_a, t.previous_b);
  std::swap(t.length_a, t.length_b);
  t.label = 1 - t.label;
  t.margin = -t.margin;
  return t;
}

/// The gap score_a - score_b at which the loss of such a pair is smallest (convex: bisection).
double best_gap(const Objective& objective, PairTerms t) {
  double low = -500;
  double high = 500;
  t.score_b = 0;
  for (int i = 0; i < 200; ++i) {
    t.score_a = (low + high) / 2;
    (objective.loss(t).by_a > 0 ? high : low) = t.score_a;
  }
  return (low + high) / 2;
}

TEST(Objective, dpo_worked_examples) {
  const auto dpo = made("dpo");
  const PairLoss hard = dpo->loss({.score_a = -3, .score_b = -4, .label = 1});
  EXPECT_NEAR(hard.value, 0.6443966600735709, 1e-15);
  EXPECT_NEAR(hard.by_a, -0.047502081252106, 1e-15);
  EXPECT_EQ(hard.by_b, -hard.by_a);
  const PairLoss soft = dpo->loss({.score_a = -3, .score_b = -4, .label = 0.75});
  EXPECT_NEAR(soft.value, 0.6693966600735709, 1e-15);
  EXPECT_NEAR(soft.by_a, -0.022502081252106, 1e-15);
}

TEST(Objective, ipo_worked_example) {
  const PairLoss loss = made("ipo")->loss({.score_a = 1, .label = 0.75});
  EXPECT_NEAR(loss.value, 2.25, 1e-14);
  EXPECT_NEAR(loss.by_a, -3, 1e-14);
}

TEST(Objective, robust_dpo_worked_example) {
  const PairLoss loss = made("robust-dpo", {.flip_rate = 0.25})->loss({.score_a = 10, .label = 1});
  EXPECT_NEAR(loss.value, -0.18673831248177708, 1e-15);
  EXPECT_NEAR(loss.by_a, -0.07689414213699952, 1e-15);
  EXPECT_EQ(loss.clipped, std::optional(false));
}

TEST(Objective, hinge_worked_example) {
  const PairLoss loss = made("hinge")->loss({.score_a = 1, .label = 0.75});
  EXPECT_NEAR(loss.value, 0.95, 1e-15);
  EXPECT_NEAR(loss.by_a, -0.05, 1e-15);
}

TEST(Objective, simpo_worked_example) {
  const PairLoss loss =
      made("simpo")->loss({.score_a = -3, .score_b = -4, .length_a = 3, .length_b = 2, .label = 1});
  EXPECT_NEAR(loss.value, 0.31326168751822286, 1e-15);
  EXPECT_NEAR(loss.by_a, -0.17929428091333005, 1e-15);
  EXPECT_NEAR(loss.by_b, 0.2689414213699951, 1e-15);
}

TEST(Objective, inpo_worked_example) {
  const PairTerms terms{.score_a = 1, .reference_a = 0.4, .previous_a = 0.6, .label = 0.75};
  const PairLoss loss = made("inpo", {.eta = 0.5, .inpo_tau = 0.25})->loss(terms);
  EXPECT_NEAR(loss.value, 0, 1e-15);
  EXPECT_NEAR(loss.by_a, 0, 1e-15);
}

TEST(Objective, spo_worked_example) {
  const PairLoss loss =
      made("spo", {.eta = 0.5})->loss({.score_a = 1, .previous_a = 0.6, .label = 0.75});
  EXPECT_NEAR(loss.value, 0.01, 1e-15);
  EXPECT_NEAR(loss.by_a, -0.2, 1e-15);
}

TEST(Objective, reward_model_worked_example) {
  const PairLoss loss = made("reward-model")->loss({.score_a = 1, .label = 0.75, .margin = 2});
  EXPECT_NEAR(loss.value, 0.5632616875182228, 1e-15) << "margins are off unless asked for";
  EXPECT_NEAR(loss.by_a, -0.018941421369995104, 1e-15);
}

TEST(Objective, every_gradient_agrees_with_finite_differences) {
  RandomStream random(1);
  for (const std::string_view name : objective_names()) {
    const auto objective = made(name, gentle);
    for (int i = 0; i < 300; ++i) {
      PairTerms t = random_terms(random);
      const PairLoss loss = objective->loss(t);
      const auto slope = [&](double PairTerms::* score) {
        PairTerms above = t;
        PairTerms below = t;
        above.*score += 1e-5;
        below.*score -= 1e-5;
        return (objective->loss(above).value - objective->loss(below).value) / 2e-5;
      };
      EXPECT_NEAR(loss.by_a, slope(&PairTerms::score_a), 1e-7) << name;
      EXPECT_NEAR(loss.by_b, slope(&PairTerms::score_b), 1e-7) << name;
    }
  }
}

TEST(Objective, exchanging_the_answers_changes_nothing) {
  RandomStream random(2);
  for (const std::string_view name : objective_names()) {
    const auto objective = made(name, gentle);
    for (int i = 0; i < 100; ++i) {
      const PairTerms t = random_terms(random);
      const PairLoss forth = objective->loss(t);
      const PairLoss back = objective->loss(exchanged(t));
      EXPECT_NEAR(forth.value, back.value, 1e-12) << name;
      EXPECT_NEAR(forth.by_a, back.by_b, 1e-12) << name;
    }
  }
}

TEST(Objective, a_soft_label_is_the_mean_of_drawn_ones_and_a_weight_a_factor) {
  RandomStream random(3);
  for (const std::string_view name : objective_names()) {
    const auto objective = made(name, gentle);
    for (int i = 0; i < 100; ++i) {
      PairTerms t = random_terms(random);
      if (name == "robust-dpo") t.score_a = t.score_b = 0;  // its clip depends on the label
      const double soft = objective->loss(t).by_a;
      const double p = t.label;
      t.label = 1;
      const double won = objective->loss(t).by_a;
      t.label = 0;
      const double lost = objective->loss(t).by_a;
      EXPECT_NEAR(soft, p * won + (1 - p) * lost, 1e-12) << name;
      PairTerms doubled = t;
      doubled.weight *= 2;
      EXPECT_NEAR(objective->loss(doubled).value, 2 * objective->loss(t).value, 1e-12) << name;
      EXPECT_NEAR(objective->loss(doubled).by_a, 2 * lost, 1e-12) << name;
    }
  }
}

TEST(Objective, optimum_of_the_expected_loss_is_the_stated_one) {
  const ObjectiveOptions& o = gentle;
  for (const double p : {0.03, 0.3, 0.5, 0.62, 0.9}) {
    const PairTerms t{.reference_a = 0.3, .previous_a = -0.2, .label = p, .margin = 0.5};
    const auto gap = [&](std::string_view name) { return best_gap(*made(name, o), t); };
    EXPECT_NEAR(gap("dpo"), 0.3 + logit(p) / 0.7, 1e-9);
    EXPECT_NEAR(gap("ipo"), 0.3 + (2 * p - 1) / 0.8, 1e-9);
    EXPECT_NEAR(gap("reward-model"), 0.5 + logit(p), 1e-9);
    EXPECT_NEAR(gap("inpo"), 0.3 * 0.375 - 0.2 * 0.625 + (2 * p - 1) / 1.6, 1e-9);
    EXPECT_NEAR(gap("spo"), -0.2 + (2 * p - 1) * 0.8 / 0.8, 1e-9);
    const double c = std::exp(-1.0);
    const double root = std::sqrt((2 * p - 1) * (2 * p - 1) + 4 * p * (1 - p) * c * c);
    EXPECT_NEAR(gap("simpo"), std::log((2 * p - 1 + root) / (2 * (1 - p) * c)) / 0.7, 1e-9);
    if (p != 0.5) {
      EXPECT_NEAR(gap("hinge"), 0.3 + (p > 0.5 ? 1 : -1) / 0.7, 1e-9);
    }
    const double q = (p - 0.2) / 0.6;
    if (q > 0 && q < 1) {
      EXPECT_NEAR(gap("robust-dpo"), 0.3 + logit(q) / 0.7, 1e-9);
    }
  }
}

TEST(RobustDpo, is_dpo_on_clean_labels_in_the_mean_over_flips) {
  const auto dpo = made("dpo", gentle);
  const auto robust = made("robust-dpo", gentle);
  RandomStream random(4);
  for (int i = 0; i < 200; ++i) {
    PairTerms t = random_terms(random);
    const PairLoss clean = dpo->loss(t);
    const double p = t.label;
    const double flipped = p * 0.8 + (1 - p) * 0.2;  // P(the label says a)
    t.label = 1;
    const PairLoss says_a = robust->loss(t);
    t.label = 0;
    const PairLoss says_b = robust->loss(t);
    if (*says_a.clipped || *says_b.clipped) continue;
    EXPECT_NEAR(flipped * says_a.value + (1 - flipped) * says_b.value, clean.value, 1e-12);
    EXPECT_NEAR(flipped * says_a.by_a + (1 - flipped) * says_b.by_a, clean.by_a, 1e-12);
  }
}

TEST(RobustDpo, its_clip_stops_a_push_outwards_and_nothing_else) {
  const auto robust = made("robust-dpo", gentle);  // clip 3 at beta .7
  const auto at = [&](double z, double label) {
    return robust->loss({.score_a = z / 0.7, .label = label});
  };
  EXPECT_LT(at(2.999, 1).by_a, 0);
  EXPECT_EQ(at(3.001, 1).by_a, 0);
  EXPECT_EQ(at(3.001, 1).clipped, std::optional(true));
  EXPECT_NEAR(at(3.001, 1).value, at(2.999, 1).value, 2e-3) << "continuous";
  EXPECT_EQ(at(400, 1).value, at(4, 1).value) << "bounded below";
  EXPECT_EQ(at(-4, 0).clipped, std::optional(true));
  EXPECT_LT(at(-40, 1).by_a, 0) << "a pull back is never clipped";
  EXPECT_GT(at(40, 0.5).by_a, 0) << "nor is a pair whose optimum is finite";
  EXPECT_EQ(made("dpo")->loss({}).clipped, std::nullopt);
}

TEST(Objective, spo_of_two_samples_is_inpo_without_a_reference) {
  const auto spo = made("spo", {.eta = 0.4});
  const auto inpo = made("inpo", {.eta = 0.4, .inpo_tau = 0});
  EXPECT_FALSE(inpo->needs_reference());
  RandomStream random(5);
  for (int i = 0; i < 100; ++i) {
    const PairTerms t = random_terms(random);
    EXPECT_NEAR(spo->loss(t).value, inpo->loss(t).value, 1e-12);
    EXPECT_NEAR(spo->loss(t).by_a, inpo->loss(t).by_a, 1e-12);
  }
}

TEST(Objective, rewards_differ_by_the_log_odds_at_the_optimum) {
  for (const char* name : {"dpo", "simpo", "reward-model"}) {
    const auto objective = made(name, {.simpo_margin = 0});
    PairTerms t{.reference_a = -1, .reference_b = -2, .label = 0.8};
    t.score_a = best_gap(*objective, t);
    const PairScores reward = objective->rewards(t);
    EXPECT_NEAR(reward.a - reward.b, logit(0.8), 1e-9) << name;
  }
}

TEST(Objective, extreme_scores_stay_finite) {
  for (const std::string_view name : objective_names()) {
    const auto objective = made(name);
    for (const double gap : {-1e6, -800.0, 800.0, 1e6}) {
      const PairLoss loss = objective->loss({.score_a = gap, .label = 0.5});
      EXPECT_TRUE(std::isfinite(loss.value) && std::isfinite(loss.by_a)) << name << " " << gap;
    }
  }
  EXPECT_GT(made("reward-model")->loss({.score_a = 40, .label = 1}).value, 0)
      << "a small loss is not rounded away";
}

TEST(Objective, names_and_options_are_checked) {
  const auto error = [](std::string_view name, const ObjectiveOptions& options) {
    const auto result = make_objective(name, options);
    return result.ok() ? "made" : result.error().message();
  };
  for (const std::string_view name : objective_names()) {
    EXPECT_EQ(error(name, {}), "made");
    EXPECT_EQ(made(name)->name(), name);
    EXPECT_NE(error("ppo", {}).find(name), std::string::npos) << "the known names are listed";
  }
  EXPECT_NE(error("dpo", {.beta = 0}).find("beta"), std::string::npos);
  EXPECT_NE(error("ipo", {.ipo_tau = -1}).find("ipo_tau"), std::string::npos);
  EXPECT_NE(error("robust-dpo", {.flip_rate = 0.5}).find("flip_rate"), std::string::npos);
  EXPECT_NE(error("robust-dpo", {.clip = 0}).find("clip"), std::string::npos);
  EXPECT_NE(error("simpo", {.simpo_margin = NAN}).find("simpo_margin"), std::string::npos);
  EXPECT_NE(error("inpo", {.inpo_tau = 1}).find("inpo_tau"), std::string::npos);
  EXPECT_NE(error("spo", {.samples = 1}).find("samples"), std::string::npos);
  EXPECT_EQ(error("dpo", {.ipo_tau = -1}), "made") << "options of others are not looked at";
}

}  // namespace
}  // namespace candor::align
