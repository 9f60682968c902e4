#include "train_run.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "candor/align/metrics_log.h"
#include "candor/base/file.h"
#include "candor/base/progress.h"
#include "train_data.h"
#include "train_model.h"
#include "train_summary.h"

namespace candor::app {
namespace {

using Clock = std::chrono::steady_clock;
using Pairs = std::span<align::PreferencePair>;

class TrainRun {
 public:
  explicit TrainRun(const TrainOptions& options) : options_(options) {}
  Status run();

 private:
  Status check_folder() const;
  Status check_reference() const;
  Status read();
  Status load();
  Status score_with_reference();
  Status make_lessons();
  Status prepare_trainer();
  Status train();
  Status finish();
  Status note_model() const;
  Status score(policy::Scorer& scorer, Pairs pairs, bool reference, const char* label) const;
  Status score_all(policy::Scorer& scorer, bool reference);
  [[nodiscard]] nlohmann::ordered_json summary_json(const std::vector<align::Metrics>& curve) const;

  const TrainOptions& options_;
  ModelPlan plan_;
  std::optional<EncodingReport> encoding_;
  TrainTokens data_;
  TrainTokens eval_;
  std::unique_ptr<align::Objective> objective_;
  std::optional<TrainedModel> model_;
  std::unique_ptr<align::Lesson> lesson_;
  std::unique_ptr<align::Lesson> held_out_;
  std::unique_ptr<align::Trainer> trainer_;
  std::optional<align::MetricsLog> log_;
  std::size_t examples_ = 0;
  std::uint64_t tokens_ = 0;
  std::uint64_t resumed_at_ = 0;
  std::size_t piece_ = 1;
  std::string saved_in_;
};

// A second run in the same folder would overwrite the first.
Status TrainRun::check_folder() const {
  std::error_code ignored;
  const bool there = std::filesystem::exists(options_.out + "/checkpoint", ignored);
  if (!there || options_.resume) return {};
  return Error{ErrorCode::conflict, "the checkpoint of another run"}
      .in_field("--out")
      .in_file(options_.out)
      .expecting("a folder without one")
      .way("--resume goes on with that run; or take another folder");
}

Status TrainRun::check_reference() const {
  if (options_.reference.empty()) return {};
  CANDOR_TRY(const checkpoint::ModelConfig config, read_model_config(options_.reference));
  if (config.vocabulary == plan_.config.vocabulary) return {};
  return Error{ErrorCode::conflict, fmt::format("{} tokens", config.vocabulary)}
      .in_field("--reference")
      .in_file(options_.reference)
      .expecting(fmt::format("the model's vocabulary of {}", plan_.config.vocabulary));
}

Status TrainRun::read() {
  CANDOR_TRY(const TrainFile data, read_train_file(options_.data, options_.training()));
  CANDOR_TRY(plan_, plan_model(options_, data));
  CANDOR_TRY(const TextCodec codec,
             TextCodec::create(plan_.tokenizer, plan_.config, options_.chat_template));
  const std::size_t context = plan_.config.context;
  if (options_.max_length > context)
    return Error{ErrorCode::out_of_range, std::to_string(options_.max_length)}
        .in_field("--max-length")
        .expecting(fmt::format("at most the model's context, {}", context));
  encoding_.emplace(
      EncodingReport{ContextFit(options_.max_length > 0 ? options_.max_length : context)});
  CANDOR_TRY(data_, encode_train_file(data, codec, options_.data, *encoding_));
  if (!options_.eval.empty()) {
    CANDOR_TRY(const TrainFile held_out, read_train_file(options_.eval, options_.training()));
    CANDOR_TRY(eval_, encode_train_file(held_out, codec, options_.eval, *encoding_));
  }
  CANDOR_CHECK(check_reference());
  for (const std::string& line : encoding_->notes()) note(line);
  examples_ = data_.size();
  tokens_ = data_.tokens();
  piece_ = data_.piece();
  return {};
}

Status TrainRun::note_model() const {
  const auto& config = plan_.config;
  note(fmt::format(
      "{}: {}, {} parameters ({} trained), {} tokens, context {}", options_.model_name(),
      checkpoint::name_of(config.architecture), count_text(config.parameters()),
      options_.adapter.empty() ? count_text(trained_parameters(options_, config)) : "the adapter's",
      plan_.tokenizer->vocabulary(), config.context));
  return note_machine(options_.machine);
}

Status TrainRun::load() {
  CANDOR_CHECK(note_model());
  CANDOR_TRY(model_, TrainedModel::create(options_, plan_));
  return {};
}

// In pieces, so that there is something to be seen of it.
Status TrainRun::score(policy::Scorer& scorer, Pairs pairs, bool reference,
                       const char* label) const {
  Progress progress(label, "pairs", pairs.size());
  const std::size_t piece = options_.piece > 0 ? options_.piece : piece_;
  for (std::size_t from = 0; from < pairs.size(); from += piece) {
    const Pairs some = pairs.subspan(from, std::min(piece, pairs.size() - from));
    CANDOR_CHECK(reference ? align::cache_reference(scorer, some, piece)
                           : align::cache_previous(scorer, some, piece));
    progress.advance(from + some.size());
  }
  return {};
}

Status TrainRun::score_all(policy::Scorer& scorer, bool reference) {
  const char* label = reference ? "reference" : "previous";
  CANDOR_CHECK(score(scorer, data_.pairs, reference, label));
  return score(scorer, eval_.pairs, reference, label);
}

// Before training: the model still is what it was when it wrote the answers. Another reference is in
// memory only while it scores.
Status TrainRun::score_with_reference() {
  if (options_.training() == Training::texts) return {};
  CANDOR_TRY(objective_, align::make_objective(options_.objective, options_.objective_options));
  if (objective_->needs_previous()) CANDOR_CHECK(score_all(model_->scorer(), false));
  if (!objective_->needs_reference()) return {};
  if (options_.reference.empty()) return score_all(model_->scorer(), true);
  CANDOR_TRY(const auto reference,
             lm::load_policy(options_.reference, options_.machine.model_options()));
  return score_all(*reference, true);
}

Status TrainRun::make_lessons() {
  CANDOR_CHECK(score_with_reference());
  CANDOR_TRY(lesson_, make_lesson(std::move(data_), objective_.get()));
  if (options_.eval.empty()) return {};
  CANDOR_TRY(held_out_, make_lesson(std::move(eval_), objective_.get()));
  return {};
}

Status TrainRun::prepare_trainer() {
  CANDOR_TRY(const align::TrainerOptions how, options_.trainer_options(piece_));
  CANDOR_TRY(trainer_, align::Trainer::create(model_->scorer(), *lesson_, how));
  const std::uint64_t total = trainer_->total_steps();
  const std::uint64_t tenth = std::max<std::uint64_t>(1, total / 10);
  if (held_out_)
    trainer_->evaluate_on(*held_out_, options_.eval_every > 0 ? options_.eval_every : tenth);
  if (options_.resume) {
    CANDOR_TRY(const bool resumed, trainer_->resume());
    resumed_at_ = trainer_->state().step;
    note(resumed ? fmt::format("resumed at step {} of {}", resumed_at_, total)
                 : "no checkpoint to resume: starting from the first step");
  }
  CANDOR_TRY(log_, align::MetricsLog::open(options_.log_folder()));
  return log_->truncate_after(resumed_at_);
}

Status TrainRun::train() {
  const std::uint64_t total = trainer_->total_steps();
  Progress progress("train", "steps", total);
  progress.advance(resumed_at_);
  trainer_->on_metrics([&](const align::Metrics& metrics) {
    progress.advance(metrics.step);
    return log_->write(metrics);
  });
  return trainer_->run();
}

nlohmann::ordered_json TrainRun::summary_json(const std::vector<align::Metrics>& curve) const {
  const auto& config = plan_.config;
  return {{"model", options_.model_name()},
          {"architecture", checkpoint::name_of(config.architecture)},
          {"parameters", config.parameters()},
          {"objective", options_.objective},
          {"examples", examples_},
          {"tokens", tokens_},
          {"prompts_cut", encoding_->fit.cut_prompts()},
          {"most_tokens_cut", encoding_->fit.most_cut()},
          {"texts_split", encoding_->split_texts},
          {"steps", trainer_->total_steps()},
          {"resumed_at", resumed_at_},
          {"saved", saved_in_},
          {"curve", curve_json(curve)}};
}

Status TrainRun::finish() {
  CANDOR_TRY(saved_in_, model_->save(options_, plan_));
  CANDOR_TRY(const auto steps, align::read_metrics(options_.log_folder() + "/metrics.jsonl"));
  const auto curve = curve_of(steps);
  const std::string text =
      options_.json
          ? summary_json(curve).dump(1) + "\n"
          : fmt::format("{}: {} examples, {} steps of {}\n\n{}", options_.objective, examples_,
                        trainer_->total_steps(), options_.batch, curve_table(curve));
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
  return {};
}

Status TrainRun::run() {
  CANDOR_CHECK(options_.check());
  CANDOR_CHECK(check_folder());
  CANDOR_CHECK(read());
  CANDOR_CHECK(load());
  CANDOR_CHECK(make_folder(options_.out));  // only now: what is refused leaves no trace
  CANDOR_CHECK(make_lessons());
  CANDOR_CHECK(prepare_trainer());
  const auto start = Clock::now();
  CANDOR_CHECK(train());
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  CANDOR_CHECK(finish());
  note(fmt::format("{} steps in {:.1f} s; {} and {}/metrics.jsonl are written",
                   trainer_->total_steps() - resumed_at_, seconds, saved_in_,
                   options_.log_folder()));
  return {};
}

}  // namespace

Status run_training(const TrainOptions& options) {
  return TrainRun(options).run();
}

}  // namespace candor::app
