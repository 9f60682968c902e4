#include "candor/align/trainer.h"

#include <cmath>
#include <set>

#include "align/test_run.h"

namespace candor::align {
namespace {

/// A lesson that notes which examples it is given, and gives no gradient.
class Spy final : public Lesson {
 public:
  explicit Spy(std::size_t size) : size_(size) {}
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::uint64_t fingerprint() const override { return size_; }
  [[nodiscard]] std::string label_of(std::uint32_t example) const override {
    return std::to_string(example);
  }
  [[nodiscard]] double divisor(Examples batch) const override {
    return static_cast<double>(batch.size());
  }
  Status learn(policy::Scorer&, Examples piece, double, Tally&) const override {
    seen.emplace_back(piece.begin(), piece.end());
    return {};
  }
  Status judge(policy::Scorer&, Examples, Tally&) const override { return {}; }

  mutable std::vector<std::vector<std::uint32_t>> seen;

 private:
  std::size_t size_;
};

TEST(Trainer, training_lowers_the_loss_and_raises_the_accuracy) {
  DpoRun run({.batch = 10, .epochs = 200, .step = {.learning_rate = 0.05}});
  must(run.trainer->run());
  ASSERT_EQ(run.curve.size(), 200U);
  EXPECT_LT(*run.curve.back().find("loss"), *run.curve.front().find("loss"));
  EXPECT_EQ(run.curve.front().find("rewards/accuracies"), 0.5) << "all rewards are 0 at first";
  EXPECT_GT(*run.curve.back().find("rewards/accuracies"), 0.85);
  EXPECT_GT(*run.curve.back().find("rewards/margins"), 0);
}

TEST(Trainer, metrics_have_their_usual_names) {
  DpoRun run(usual);
  must(run.trainer->run_until(1));
  std::vector<std::string> names;
  for (const Metric& metric : run.curve[0].values) names.push_back(metric.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"loss", "rewards/chosen", "rewards/rejected",
                                      "rewards/margins", "rewards/accuracies", "logps/chosen",
                                      "logps/rejected", "grad_norm", "learning_rate", "epoch"}));
  EXPECT_EQ(run.curve[0].step, 1U);
  EXPECT_EQ(run.curve[0].find("learning_rate"), 0.025) << "half of the peak: warm-up over 2 steps";
  EXPECT_EQ(run.curve[0].find("epoch"), 0.4);
  EXPECT_GT(*run.curve[0].find("grad_norm"), 0);
}

TEST(Trainer, every_epoch_sees_every_example_once_in_an_order_of_its_own) {
  auto policy = must(BigramPolicy::create({.vocabulary = 2, .context = 8}));
  const Spy spy(10);
  const auto trainer = must(Trainer::create(*policy, spy, {.batch = 4, .epochs = 3, .seed = 5}));
  EXPECT_EQ(trainer->total_steps(), 9U);
  must(trainer->run());
  ASSERT_EQ(spy.seen.size(), 9U);
  std::set<std::vector<std::uint32_t>> orders;
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    std::vector<std::uint32_t> order;
    for (std::size_t step = 0; step < 3; ++step) {
      const auto& batch = spy.seen[3 * epoch + step];
      EXPECT_EQ(batch.size(), step == 2 ? 2U : 4U);
      order.insert(order.end(), batch.begin(), batch.end());
    }
    RandomStream random(5, epoch);
    EXPECT_EQ(order, shuffled_order(10, random));
    orders.insert(order);
    EXPECT_EQ(std::set<std::uint32_t>(order.begin(), order.end()).size(), 10U);
  }
  EXPECT_EQ(orders.size(), 3U);
}

TEST(Trainer, pieces_give_the_step_of_the_whole_batch) {
  DpoRun whole(usual);
  must(whole.trainer->run());
  for (const std::size_t piece : {1U, 2U, 3U}) {
    TrainerOptions options = usual;
    options.piece = piece;
    DpoRun cut(options);
    must(cut.trainer->run());
    for (std::size_t i = 0; i < 36; ++i)
      EXPECT_NEAR(cut.parameters()[i], whole.parameters()[i], 1e-12);
    for (std::size_t step = 0; step < 9; ++step)
      EXPECT_NEAR(*cut.curve[step].find("loss"), *whole.curve[step].find("loss"), 1e-14);
  }
}

TEST(Trainer, state_says_epoch_and_position) {
  DpoRun run(usual);
  must(run.trainer->run_until(5));
  EXPECT_EQ(run.trainer->state(), (TrainerState{.step = 5, .epoch = 1, .position = 8}));
  must(run.trainer->run_until(6));
  EXPECT_EQ(run.trainer->state(), (TrainerState{.step = 6, .epoch = 2, .position = 0}));
}

TEST(Trainer, held_out_pairs_are_judged_every_few_steps_and_at_the_end) {
  DpoRun run(usual);
  const auto held_out = must(PreferenceLesson::create(
      [&] {
        auto pairs = random_pairs(9);
        must(cache_reference(*run.policy, pairs));
        return pairs;
      }(),
      *run.dpo));
  run.trainer->evaluate_on(*held_out, 4);
  must(run.trainer->run());
  for (const Metrics& metrics : run.curve)
    EXPECT_EQ(metrics.find("eval_loss").has_value(),
              metrics.step == 4 || metrics.step == 8 || metrics.step == 9);
  const auto now = must(judge_all(*held_out, *run.policy, 3));
  const Metrics expected{.step = 0, .values = now};
  EXPECT_NEAR(*run.curve.back().find("eval_loss"), *expected.find("eval_loss"), 1e-12);
}

TEST(Trainer, an_error_of_the_callback_ends_the_run_after_a_whole_step) {
  DpoRun run(usual);
  run.trainer->on_metrics([](const Metrics& metrics) {
    return metrics.step < 3 ? Status{} : Status{Error{ErrorCode::io, "no space"}};
  });
  EXPECT_EQ(run.trainer->run().error().code, ErrorCode::io);
  EXPECT_EQ(run.trainer->state().step, 3U);
}

TEST(Trainer, options_out_of_range_are_named) {
  auto policy = must(BigramPolicy::create({.vocabulary = 2, .context = 8}));
  const Spy spy(3);
  const auto field = [&](const TrainerOptions& options) {
    return Trainer::create(*policy, spy, options).error().field;
  };
  EXPECT_EQ(field({.batch = 0}), "batch");
  EXPECT_EQ(field({.epochs = 0}), "epochs");
  EXPECT_EQ(field({.schedule = {.final_share = 2}}), "final_share");
  EXPECT_EQ(field({.step = {.learning_rate = NAN}}), "learning_rate");
  EXPECT_EQ(must(Trainer::create(*policy, spy, {.epochs = 0, .steps = 5}))->total_steps(), 5U);
}

}  // namespace
}  // namespace candor::align
