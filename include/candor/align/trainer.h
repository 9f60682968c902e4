// candor/align/trainer.h
// The training loop: batches in a seeded order, gradient gathered in pieces, schedule, clipping,
// evaluation, checkpoints, and a resume that gives the same curve as a run that was never broken.
//
//   const TrainerOptions options{.batch = 16, .epochs = 3, .folder = "run", .save_every = 50};
//   CANDOR_TRY(auto trainer, Trainer::create(*policy, *lesson, options));
//   trainer->evaluate_on(*held_out, 25);
//   trainer->on_metrics([&](const Metrics& metrics) { return log.write(metrics); });
//   CANDOR_TRY(const bool resumed, trainer->resume());       // where a checkpoint is there
//   if (resumed) { CANDOR_CHECK(log.truncate_after(trainer->state().step)); }
//   CANDOR_CHECK(trainer->run());
//
// Order. Epoch e goes through the examples in shuffled_order(n, RandomStream(seed, e)), `batch` at
// a time; the last batch of an epoch takes what is left. So which examples step k sees is a
// function of (seed, n, batch, k), and a resumed run needs to remember no more than k.
//
// Moments. A run's first step starts AdamW's moments anew, whatever the scorer was trained on before;
// a resumed run goes on with its own.
//
// Pieces. A batch is given to the scorer `piece` examples at a time, with the batch's divisor: the
// gradient is that of the whole batch, up to the rounding of sums in another order.
//
// Checkpoints. FOLDER/checkpoint holds trainer.json and model/ (Scorer::save_state). It is replaced
// whole: a kill or a full disk leaves the one before. One is written before the first step, every
// save_every steps and at the end. Metrics of a step are handed out before the checkpoint after it.
//
// Failure. A loss or gradient that is not finite stops the run with an out_of_range Error that
// names the step and the examples of the batch. The scorer is then set back to the last checkpoint,
// and state() with it; without a folder there is none, parameters are those before the step (but
// part of its gradient may be gathered: do not train on). An Error of a callback or of the disk
// ends the run after a whole step.
//
// Thread safety: one thread at a time. Cost beside the scorer's: sequences are copied once a step.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "candor/align/lesson.h"
#include "candor/align/schedule.h"

namespace candor::align {

struct TrainerOptions {
  std::size_t batch = 16;         ///< examples an optimiser step, >= 1
  std::size_t piece = 0;          ///< examples a forward pass, for memory; 0: the whole batch
  std::size_t epochs = 1;         ///< >= 1 unless steps says how long
  std::uint64_t steps = 0;        ///< if not 0: this many steps, whatever epochs says
  policy::StepOptions step = {};  ///< its learning rate is the schedule's peak
  Schedule schedule = {};
  std::uint64_t seed = 0;
  std::string folder = {};       ///< for checkpoints; empty: none
  std::uint64_t save_every = 0;  ///< steps; 0: only before the first and at the end
};

/// What Trainer::create asks of options, for who wants to know before a model is there.
/// Errors: out_of_range, naming the option.
[[nodiscard]] Status check(const TrainerOptions& options);

/// Where a run stands. Everything but step follows from it and the options.
struct TrainerState {
  std::uint64_t step = 0;      ///< optimiser steps done
  std::uint64_t epoch = 0;     ///< of the next step, from 0
  std::uint64_t position = 0;  ///< examples of that epoch already seen
  bool operator==(const TrainerState&) const = default;
};

class Trainer {
 public:
  using OnMetrics = std::function<Status(const Metrics&)>;

  /// scorer and lesson must outlive the trainer. Errors: out_of_range, naming the option.
  static Result<std::unique_ptr<Trainer>> create(policy::Scorer& scorer, const Lesson& lesson,
                                                 const TrainerOptions& options);

  /// Every `every` steps (>= 1) and after the last, the means over held_out are among the metrics
  /// with eval_ before their names. held_out must outlive the trainer.
  void evaluate_on(const Lesson& held_out, std::uint64_t every);
  /// Called after every step with its metrics: the lesson's, grad_norm, learning_rate, epoch.
  void on_metrics(OnMetrics callback) { on_metrics_ = std::move(callback); }

  /// Takes up FOLDER/checkpoint where it is there; false where not (or without a folder). Errors:
  /// corrupt; conflict for a checkpoint of another run (seed, batch, number of steps, schedule,
  /// optimiser or data differ: it says which); the scorer's.
  Result<bool> resume();

  /// Trains to the end of the run. With until: to that step at most. Errors: as above; conflict
  /// where FOLDER holds a checkpoint that was not resumed, which would be overwritten.
  Status run();
  Status run_until(std::uint64_t until);

  [[nodiscard]] const TrainerState& state() const { return state_; }
  [[nodiscard]] std::uint64_t total_steps() const { return total_; }

 private:
  Trainer(policy::Scorer& scorer, const Lesson& lesson, const TrainerOptions& options);
  Status take_step();
  Result<Metrics> learn_batch(Examples batch);
  Status report(Metrics metrics);
  [[nodiscard]] bool evaluation_due() const;
  [[nodiscard]] bool save_due() const;
  [[nodiscard]] std::vector<std::uint32_t> next_batch();
  [[nodiscard]] policy::StepOptions step_options() const;
  void go_to(std::uint64_t step);
  [[nodiscard]] std::string checkpoint() const;
  Status save();
  Status save_start();
  Status restore();
  Error stopped(Error cause, Examples batch);

  policy::Scorer& scorer_;
  const Lesson& lesson_;
  TrainerOptions options_;
  std::uint64_t total_ = 0;
  TrainerState state_;
  const Lesson* held_out_ = nullptr;
  std::uint64_t evaluate_every_ = 0;
  OnMetrics on_metrics_;
  std::vector<std::uint32_t> order_;  // of order_epoch_
  std::uint64_t order_epoch_ = 0;
  bool saved_ = false;  // FOLDER/checkpoint is this run's
};

}  // namespace candor::align
