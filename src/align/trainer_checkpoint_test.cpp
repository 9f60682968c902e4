// Saving, resuming and failing.
#include <cmath>
#include <limits>

#include "align/test_run.h"
#include "candor/align/metrics_log.h"

namespace candor::align {
namespace {

TEST(Trainer, a_resumed_run_has_the_curve_of_one_that_was_never_broken_bit_for_bit) {
  DpoRun unbroken(usual);
  must(unbroken.trainer->run());
  for (const std::uint64_t killed_at : {0U, 2U, 5U, 9U}) {
    const TestFolder folder;
    const TrainerOptions options = with_folder(usual, folder.path("run"), 4);
    std::vector<Metrics> curve;
    {
      DpoRun run(options);
      must(run.trainer->run_until(killed_at));
      curve = run.curve;
    }
    DpoRun run(options);
    ASSERT_TRUE(must(run.trainer->resume()));
    const std::uint64_t saved = killed_at == 9 ? 9 : killed_at / 4 * 4;
    EXPECT_EQ(run.trainer->state().step, saved);
    must(run.trainer->run());
    curve.resize(saved);
    curve.insert(curve.end(), run.curve.begin(), run.curve.end());
    EXPECT_EQ(curve, unbroken.curve) << killed_at;
    EXPECT_EQ(run.parameters(), unbroken.parameters()) << killed_at;
  }
}

TEST(Trainer, nothing_to_resume_is_no_error) {
  const TestFolder folder;
  DpoRun run(with_folder(usual, folder.path("run"), 2));
  EXPECT_FALSE(must(run.trainer->resume()));
  DpoRun without_folder(usual);
  EXPECT_FALSE(must(without_folder.trainer->resume()));
}

TEST(Trainer, a_checkpoint_of_another_run_is_refused_with_what_differs) {
  const TestFolder folder;
  const TrainerOptions options = with_folder(usual, folder.path("run"), 2);
  must(DpoRun(options).trainer->run_until(3));
  const auto differing = [&](TrainerOptions changed, std::uint64_t data) {
    DpoRun run(with_folder(changed, folder.path("run"), 2), data);
    const auto resumed = run.trainer->resume();
    return resumed.ok() ? ""
                        : std::string(name_of(resumed.error().code)) + " " + resumed.error().field;
  };
  EXPECT_EQ(differing(usual, 1), "");
  EXPECT_EQ(differing(usual, 2), "conflict data");
  TrainerOptions other = usual;
  other.seed = 8;
  EXPECT_EQ(differing(other, 1), "conflict seed");
  other = usual;
  other.step.learning_rate = 0.1;
  EXPECT_EQ(differing(other, 1), "conflict learning_rate");
  other = usual;
  other.epochs = 4;
  EXPECT_EQ(differing(other, 1), "conflict total_steps");
}

TEST(Trainer, a_checkpoint_that_was_not_resumed_is_not_overwritten) {
  const TestFolder folder;
  const TrainerOptions options = with_folder(usual, folder.path("run"), 2);
  must(DpoRun(options).trainer->run_until(4));
  DpoRun run(options);
  EXPECT_EQ(run.trainer->run().error().code, ErrorCode::conflict);
}

TEST(Trainer, a_damaged_checkpoint_is_named) {
  const TestFolder folder;
  const TrainerOptions options = with_folder(usual, folder.path("run"), 2);
  must(DpoRun(options).trainer->run_until(4));
  (void)folder.write("run/checkpoint/trainer.json", "{\"step\":");
  DpoRun run(options);
  const Error error = run.trainer->resume().error();
  EXPECT_EQ(error.code, ErrorCode::corrupt);
  EXPECT_NE(error.message().find("trainer.json"), std::string::npos);
}

/// Good-natured for so many calls, then the loss and the slope given.
class Poisoned final : public Objective {
 public:
  Poisoned(int good_calls, double value, double slope)
      : good_calls_(good_calls), value_(value), slope_(slope) {}
  [[nodiscard]] std::string_view name() const override { return "poisoned"; }
  [[nodiscard]] bool needs_reference() const override { return false; }
  [[nodiscard]] bool needs_previous() const override { return false; }
  [[nodiscard]] PairLoss loss(const PairTerms&) const override {
    if (calls_++ < good_calls_) return {.value = 1, .by_a = 0.3, .by_b = -0.2};
    return {.value = value_, .by_a = slope_, .by_b = 0};
  }
  [[nodiscard]] PairScores rewards(const PairTerms&) const override { return {}; }

 private:
  mutable int calls_ = 0;
  int good_calls_;
  double value_;
  double slope_;
};

struct Failure {
  Error error;
  std::uint64_t step = 0;
  std::vector<double> score;  ///< of one sequence, after the failure
};

Failure fail(const Poisoned& objective, const TrainerOptions& options) {
  auto policy = must(BigramPolicy::create({.vocabulary = 6, .context = 8}));
  const auto lesson = must(PreferenceLesson::create(random_pairs(1), objective));
  const auto trainer = must(Trainer::create(*policy, *lesson, options));
  const Status status = trainer->run();
  EXPECT_FALSE(status.ok());
  return {status.error(), trainer->state().step,
          must(policy->scores(std::vector<Sequence>{{{0, 1, 2}, 1}}))};
}

TEST(Trainer, a_loss_that_is_not_finite_stops_the_run_at_the_last_good_checkpoint) {
  const TestFolder folder;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  TrainerOptions options = with_folder(usual, folder.path("run"), 2);
  options.piece = 1;  // part of the batch's gradient is gathered when the loss fails
  const Poisoned objective(4 + 4 + 2 + 3, nan, 0);  // in step 4, at its last pair
  const Failure failure = fail(objective, options);
  const std::string message = failure.error.message();
  EXPECT_EQ(failure.error.code, ErrorCode::out_of_range);
  for (const char* part : {"step 4", "nan", "slot", "the batch was", "back at step 2"})
    EXPECT_NE(message.find(part), std::string::npos) << message;
  EXPECT_EQ(failure.step, 2U);
  // The scorer is that of a run which was stopped after step 2.
  auto policy = must(BigramPolicy::create({.vocabulary = 6, .context = 8}));
  const Poisoned harmless(1000, 0, 0);
  const auto lesson = must(PreferenceLesson::create(random_pairs(1), harmless));
  options.folder = "";
  const auto trainer = must(Trainer::create(*policy, *lesson, options));
  must(trainer->run_until(2));
  EXPECT_EQ(failure.score, must(policy->scores(std::vector<Sequence>{{{0, 1, 2}, 1}})));
}

TEST(Trainer, a_gradient_that_is_not_finite_does_the_same) {
  const TestFolder folder;
  const Poisoned objective(2, 1, 1.7e308);  // finite derivatives whose sum is not
  const Failure failure = fail(objective, with_folder(usual, folder.path("run"), 0));
  const std::string message = failure.error.message();
  for (const char* part : {"step 1", "gradient", "the batch was slot", "back at step 0"})
    EXPECT_NE(message.find(part), std::string::npos) << message;
  EXPECT_NEAR(failure.score[0], 2 * std::log(1.0 / 6), 1e-14) << "as it was at the start";
}

TEST(Trainer, without_a_folder_the_error_says_so) {
  const Poisoned objective(0, std::numeric_limits<double>::infinity(), 0);
  const std::string message = fail(objective, usual).error.message();
  EXPECT_NE(message.find("give the run a folder"), std::string::npos) << message;
}

/// A scorer whose state can be saved a few times, then the disk is full.
class FullDisk final : public policy::Scorer {
 public:
  FullDisk(policy::Scorer& inner, int saves) : inner_(inner), saves_(saves) {}
  Result<std::vector<double>> scores(std::span<const Sequence> s) override {
    return inner_.scores(s);
  }
  Result<std::vector<double>> forward(std::span<const Sequence> s) override {
    return inner_.forward(s);
  }
  Status backward(std::span<const double> d) override { return inner_.backward(d); }
  Result<policy::StepReport> step(const policy::StepOptions& o) override { return inner_.step(o); }
  Status save_state(const std::string& folder) const override {
    if (saves_-- > 0) return inner_.save_state(folder);
    return Error{ErrorCode::io, "no space left on the device"}.in_file(folder);
  }
  Status load_state(const std::string& folder) override { return inner_.load_state(folder); }

 private:
  policy::Scorer& inner_;
  mutable int saves_;
};

TEST(Trainer, a_full_disk_leaves_the_checkpoint_before) {
  const TestFolder folder;
  const TrainerOptions options = with_folder(usual, folder.path("run"), 2);
  DpoRun run(options);
  FullDisk scorer(*run.policy, 2);  // the start and step 2
  const auto trainer = must(Trainer::create(scorer, *run.lesson, options));
  EXPECT_EQ(trainer->run().error().code, ErrorCode::io);
  EXPECT_EQ(trainer->state().step, 4U) << "the run ended after a whole step";
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/checkpoint.partial")));
  ASSERT_TRUE(must(run.trainer->resume()));
  EXPECT_EQ(run.trainer->state().step, 2U);
}

TEST(Trainer, a_metrics_log_goes_on_where_the_checkpoint_is) {
  const TestFolder folder;
  const TrainerOptions options = with_folder(usual, folder.path("run"), 4);
  const auto train = [&](std::uint64_t until) {
    DpoRun run(options);
    MetricsLog log = must(MetricsLog::open(folder.path("log")));
    run.trainer->on_metrics([&](const Metrics& metrics) { return log.write(metrics); });
    if (must(run.trainer->resume())) must(log.truncate_after(run.trainer->state().step));
    must(run.trainer->run_until(until));
  };
  train(7);
  train(9);
  DpoRun unbroken(usual);
  must(unbroken.trainer->run());
  EXPECT_EQ(must(read_metrics(folder.path("log/metrics.jsonl"))), unbroken.curve);
}

}  // namespace
}  // namespace candor::align
