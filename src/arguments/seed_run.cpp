#include "arguments/seed_run.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "candor/align/preference_lesson.h"
#include "candor/align/supervised_lesson.h"
#include "candor/align/trainer.h"
#include "candor/base/file.h"
#include "candor/base/random.h"

namespace candor::arguments {
namespace {

constexpr std::uint64_t choice_stream = 0xC401CE;
constexpr std::size_t piece = 16;  // sequences a forward pass without a gradient

// The optimiser's moments go on from the warm-up, whose gradients are of another size: a short
// memory lets the first steps on preferences be of the right length.
constexpr double second_moment = 0.95;

align::TrainerOptions trainer_options(std::size_t batch, std::size_t epochs, double rate,
                                      std::uint64_t seed) {
  align::TrainerOptions options;
  options.batch = batch;
  options.epochs = epochs;
  options.step.learning_rate = rate;
  options.step.beta2 = second_moment;
  options.schedule = {align::Schedule::Kind::linear, 0, 0.1};
  options.seed = seed;
  return options;
}

Status train(policy::Scorer& scorer, std::vector<align::PreferencePair> pairs,
             const align::Objective& objective, const align::TrainerOptions& options) {
  CANDOR_TRY(const auto lesson, align::PreferenceLesson::create(std::move(pairs), objective));
  CANDOR_TRY(const auto trainer, align::Trainer::create(scorer, *lesson, options));
  return trainer->run();
}

std::string percent(double share) {
  const auto tenths = static_cast<long>(std::lround(share * 1000.0));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

}  // namespace

SeedRun::SeedRun(const Setting& setting, std::uint64_t seed)
    : setting_(setting),
      options_(setting.options),
      seed_(seed),
      folder_(setting.options.folder + "/seed-" + std::to_string(seed)) {}

SeedRun::~SeedRun() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void SeedRun::say(const std::string& what) const {
  if (setting_.progress) setting_.progress("seed " + std::to_string(seed_) + ", " + what);
}

Result<SeedResult> SeedRun::run() {
  CANDOR_CHECK(choose_pairs());
  CANDOR_CHECK(make_models());
  CANDOR_CHECK(cache_pairs());
  SeedResult result;
  result.longer_wins = longer_wins(setting_.text, test_);
  result.test_pairs = test_.size();
  result.trained_pairs = chosen_.size();
  result.warm_up_loss = warm_up_loss_;
  CANDOR_TRY(result.honest, run_crowd("honest", setting_.text));
  CANDOR_TRY(result.strategic, run_strategic(result));
  return result;
}

Status SeedRun::choose_pairs() {
  CANDOR_TRY(split_, split_debates(setting_.text, options_.held_out_debates, seed_));
  training_ = training_pairs(setting_.text, split_);
  test_ = test_pairs(setting_.text, split_);
  if (test_.empty() || training_.empty())
    return Error{ErrorCode::not_found, "no strict pair held out, or no pair to train on"}
        .in_file(setting_.text.source)
        .expecting("both")
        .way("hold out another number of debates");
  RandomStream random(seed_, choice_stream);
  const auto order = shuffled_order(training_.size(), random);
  chosen_.assign(order.begin(), order.end());
  chosen_.resize(std::min(chosen_.size(), options_.training_pairs));
  return {};
}

Status SeedRun::make_models() {
  CANDOR_CHECK(make_folder(folder_));
  CANDOR_TRY(policy_, setting_.models.policy(seed_));
  CANDOR_TRY(warm_up_loss_, warm_up());
  CANDOR_CHECK(policy_->save_state(folder_ + "/policy"));
  CANDOR_CHECK(policy_->save_model(folder_ + "/base"));
  CANDOR_TRY(reward_, setting_.models.reward(seed_, folder_ + "/base"));
  return reward_->save_state(folder_ + "/reward");
}

Result<std::optional<double>> SeedRun::warm_up() {
  if (options_.warm_up_epochs == 0) return std::optional<double>{};
  std::vector<align::SupervisedExample> examples;
  for (const std::size_t i : arguments_of(setting_.text, split_, false))
    examples.push_back({setting_.sequence[i], 1.0, setting_.text.arguments[i].name});
  CANDOR_TRY(const auto lesson, align::SupervisedLesson::create(std::move(examples)));
  align::TrainerOptions options = trainer_options(options_.warm_up_batch, options_.warm_up_epochs,
                                                  options_.warm_up_rate, seed_);
  options.schedule = {align::Schedule::Kind::cosine, 10, 0.1};
  CANDOR_TRY(const auto trainer, align::Trainer::create(*policy_, *lesson, options));
  std::optional<double> loss;
  trainer->on_metrics([&](const align::Metrics& metrics) -> Status {
    loss = metrics.find("loss");
    return {};
  });
  CANDOR_CHECK(trainer->run());
  say("base model: " + std::to_string(loss.value_or(0.0)) + " nats a token");
  return loss;
}

Status SeedRun::cache_pairs() {
  for (const std::size_t place : chosen_) {
    const ArgumentPair& pair = setting_.text.pairs[training_[place]];
    align::PreferencePair one;
    one.a = setting_.sequence[pair.a];
    one.b = setting_.sequence[pair.b];
    one.slot = pair.name;
    pair_.push_back(std::move(one));
  }
  CANDOR_CHECK(align::cache_reference(*policy_, pair_));
  CANDOR_TRY(reference_, held_out_scores(*policy_));
  return {};
}

Result<std::vector<MethodRun>> SeedRun::run_crowd(const std::string& crowd, const CrowdText& text) {
  CANDOR_TRY(const Labels labels,
             pooled_labels(text, training_, options_.methods, options_.labels));
  std::vector<MethodRun> runs;
  for (std::size_t m = 0; m < labels.size(); ++m) {
    CANDOR_TRY(MethodRun run, run_method(labels[m]));
    run.label = score_labels(text, training_, labels[m]);
    say(crowd + ", " + options_.methods[m] + ": labels " + percent(run.label.accuracy) +
        ", reward model " + percent(run.reward_accuracy) + ", policy " +
        percent(run.policy_accuracy));
    runs.push_back(run);
  }
  return runs;
}

Result<std::vector<MethodRun>> SeedRun::run_strategic(SeedResult& result) {
  CANDOR_TRY(const CrowdText mixed, with_strategic_votes(setting_.text, options_.strategic, seed_));
  result.strategic_workers = mixed.workers.size() - setting_.text.workers.size();
  return run_crowd("strategic", mixed);
}

Result<MethodRun> SeedRun::run_method(const std::vector<double>& label) {
  const auto pairs = labelled(label);
  MethodRun run;
  CANDOR_TRY(run.policy_accuracy, train_policy(pairs));
  CANDOR_TRY(run.reward_accuracy, train_reward(pairs));
  return run;
}

std::vector<align::PreferencePair> SeedRun::labelled(const std::vector<double>& label) const {
  std::vector<align::PreferencePair> pairs = pair_;
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].label = label[chosen_[i]];
  return pairs;
}

Result<double> SeedRun::train_policy(const std::vector<align::PreferencePair>& pairs) {
  CANDOR_CHECK(policy_->load_state(folder_ + "/policy"));
  CANDOR_TRY(const auto dpo, align::make_objective("dpo", {.beta = options_.beta}));
  CANDOR_CHECK(
      train(*policy_, pairs, *dpo,
            trainer_options(options_.batch, options_.epochs, options_.learning_rate, seed_)));
  CANDOR_TRY(std::vector<double> score, held_out_scores(*policy_));
  for (std::size_t i = 0; i < score.size(); ++i) score[i] -= reference_[i];
  return pair_accuracy(setting_.text, test_, score);
}

Result<double> SeedRun::train_reward(const std::vector<align::PreferencePair>& pairs) {
  CANDOR_CHECK(reward_->load_state(folder_ + "/reward"));
  CANDOR_TRY(const auto bradley_terry, align::make_objective("reward-model"));
  CANDOR_CHECK(
      train(*reward_, pairs, *bradley_terry,
            trainer_options(options_.batch, options_.reward_epochs, options_.reward_rate, seed_)));
  CANDOR_TRY(const std::vector<double> score, held_out_scores(*reward_));
  return pair_accuracy(setting_.text, test_, score);
}

// [arguments]; 0 for those of training debates, which no test pair has.
Result<std::vector<double>> SeedRun::held_out_scores(policy::Scorer& scorer) const {
  const auto held_out = arguments_of(setting_.text, split_, true);
  std::vector<double> all(setting_.text.arguments.size(), 0.0);
  for (std::size_t i = 0; i < held_out.size(); i += piece) {
    const std::size_t end = std::min(held_out.size(), i + piece);
    std::vector<policy::Sequence> batch;
    for (std::size_t j = i; j < end; ++j) batch.push_back(setting_.sequence[held_out[j]]);
    CANDOR_TRY(const std::vector<double> score, scorer.scores(batch));
    for (std::size_t j = i; j < end; ++j) all[held_out[j]] = score[j - i];
  }
  return all;
}

}  // namespace candor::arguments
