#include "candor/align/trainer.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "align/option_check.h"
#include "align/pieces.h"
#include "candor/base/random.h"
#include "candor/policy/parameter_table.h"

namespace candor::align {
namespace {

std::uint64_t steps_of_an_epoch(const TrainerOptions& options, const Lesson& lesson) {
  return (lesson.size() + options.batch - 1) / options.batch;
}

}  // namespace

Status check(const TrainerOptions& options) {
  CANDOR_CHECK(require(options.batch >= 1, "batch", 0, "at least 1"));
  CANDOR_CHECK(require(options.epochs >= 1 || options.steps >= 1, "epochs", 0, "at least 1"));
  const double share = options.schedule.final_share;
  CANDOR_CHECK(require(share >= 0.0 && share <= 1.0, "final_share", share, "a number in [0,1]"));
  return policy::check(options.step);
}

Trainer::Trainer(policy::Scorer& scorer, const Lesson& lesson, const TrainerOptions& options)
    : scorer_(scorer),
      lesson_(lesson),
      options_(options),
      total_(options.steps != 0 ? options.steps
                                : options.epochs * steps_of_an_epoch(options, lesson)) {}

Result<std::unique_ptr<Trainer>> Trainer::create(policy::Scorer& scorer, const Lesson& lesson,
                                                 const TrainerOptions& options) {
  CANDOR_CHECK(check(options));
  return std::unique_ptr<Trainer>(new Trainer(scorer, lesson, options));
}

void Trainer::evaluate_on(const Lesson& held_out, std::uint64_t every) {
  assert(every >= 1);
  held_out_ = &held_out;
  evaluate_every_ = every;
}

void Trainer::go_to(std::uint64_t step) {
  const std::uint64_t epoch_steps = steps_of_an_epoch(options_, lesson_);
  state_ = {
      .step = step, .epoch = step / epoch_steps, .position = step % epoch_steps * options_.batch};
}

std::vector<std::uint32_t> Trainer::next_batch() {
  if (order_.empty() || order_epoch_ != state_.epoch) {
    RandomStream random(options_.seed, state_.epoch);
    order_ = shuffled_order(lesson_.size(), random);
    order_epoch_ = state_.epoch;
  }
  const std::size_t count = std::min(options_.batch, order_.size() - state_.position);
  const Examples batch = Examples(order_).subspan(state_.position, count);
  return {batch.begin(), batch.end()};
}

policy::StepOptions Trainer::step_options() const {
  policy::StepOptions step = options_.step;
  step.learning_rate *= rate_share(options_.schedule, state_.step, total_);
  step.first = state_.step == 0;
  return step;
}

Result<Metrics> Trainer::learn_batch(Examples batch) {
  Tally tally;
  const double divisor = lesson_.divisor(batch);
  for (const Examples piece : pieces_of(batch, options_.piece))
    CANDOR_CHECK(lesson_.learn(scorer_, piece, divisor, tally));
  const policy::StepOptions step = step_options();
  CANDOR_TRY(const policy::StepReport report, scorer_.step(step));
  Metrics metrics{.step = state_.step + 1, .values = tally.means()};
  metrics.values.push_back({"grad_norm", report.gradient_norm});
  metrics.values.push_back({"learning_rate", step.learning_rate});
  metrics.values.push_back({"epoch", static_cast<double>(state_.epoch) +
                                         static_cast<double>(state_.position + batch.size()) /
                                             static_cast<double>(lesson_.size())});
  return metrics;
}

bool Trainer::evaluation_due() const {
  return held_out_ != nullptr && (state_.step % evaluate_every_ == 0 || state_.step == total_);
}

Status Trainer::report(Metrics metrics) {
  if (evaluation_due()) {
    const std::size_t piece = options_.piece == 0 ? options_.batch : options_.piece;
    CANDOR_TRY(const std::vector<Metric> held_out, judge_all(*held_out_, scorer_, piece));
    metrics.values.insert(metrics.values.end(), held_out.begin(), held_out.end());
  }
  return on_metrics_ ? on_metrics_(metrics) : Status{};
}

Status Trainer::take_step() {
  const std::vector<std::uint32_t> batch = next_batch();
  Result<Metrics> metrics = learn_batch(batch);
  if (!metrics.ok()) return stopped(std::move(metrics).error(), batch);
  go_to(state_.step + 1);
  CANDOR_CHECK(report(std::move(metrics).value()));
  return save_due() ? save() : Status{};
}

Status Trainer::run() {
  return run_until(total_);
}

Status Trainer::run_until(std::uint64_t until) {
  CANDOR_CHECK(save_start());
  while (state_.step < std::min(until, total_)) CANDOR_CHECK(take_step());
  return {};
}

}  // namespace candor::align
