#include "navigation/seed_run.h"

#include <cmath>
#include <filesystem>
#include <utility>

#include "candor/align/supervised_lesson.h"
#include "candor/align/trainer.h"
#include "candor/base/file.h"
#include "candor/navigation/navigation_task.h"
#include "navigation/methods.h"
#include "navigation/watched_task.h"

namespace candor::navigation {
namespace {

// Scores each version on the curve's hours.
class CurveObserver final : public campaign::CampaignObserver {
 public:
  explicit CurveObserver(const Setting& setting) : setting_(setting) {}
  Status on_published(std::uint32_t /*version*/, policy::Policy& policy) override {
    CANDOR_TRY(
        const ForecastScore score,
        score_forecasts(policy, setting_.tokenizer, setting_.curve, setting_.options.penalty));
    curve_.push_back(score.error);
    return {};
  }
  [[nodiscard]] std::vector<double>& curve() { return curve_; }

 private:
  const Setting& setting_;
  std::vector<double> curve_;
};

std::vector<align::SupervisedExample> examples_of(const std::vector<CorpusText>& texts,
                                                  const tokenizer::Tokenizer& tokenizer) {
  std::vector<align::SupervisedExample> examples;
  for (const CorpusText& text : texts) {
    policy::Sequence sequence;
    sequence.tokens = tokenizer.encode(text.prompt);
    sequence.prompt_length = sequence.tokens.size();
    const auto answer = tokenizer.encode(text.answer);
    sequence.tokens.insert(sequence.tokens.end(), answer.begin(), answer.end());
    if (const auto end = tokenizer.end()) sequence.tokens.push_back(*end);
    examples.push_back({std::move(sequence), 1.0, {}});
  }
  return examples;
}

double sum_of_squares(const std::vector<campaign::SlotState>& slots,
                      const std::vector<double>& labels) {
  double sum = 0.0;
  for (std::size_t i = 0; i < slots.size(); ++i)
    sum += (labels[i] - slots[i].outcome[0]) * (labels[i] - slots[i].outcome[0]);
  return sum;
}

// Removes the base model's files when the seed is over, whichever way.
class ScratchFolder {
 public:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) { remove(); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { remove(); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string path_;
};

}  // namespace

Status warm_up(policy::Policy& policy, const tokenizer::Tokenizer& tokenizer,
               const TrafficSeries& series, const Split& split, const ExperimentOptions& options,
               std::uint64_t seed) {
  CANDOR_TRY(const auto texts, warm_up_corpus(series, split, options.corpus, seed));
  CANDOR_TRY(const auto lesson, align::SupervisedLesson::create(examples_of(texts, tokenizer)));
  align::TrainerOptions train;
  train.batch = options.warm_up_batch;
  train.epochs = options.warm_up_epochs;
  train.step.learning_rate = options.warm_up_rate;
  train.schedule = {align::Schedule::Kind::cosine, 20, 0.1};
  train.seed = seed;
  CANDOR_TRY(const auto trainer, align::Trainer::create(policy, *lesson, train));
  return trainer->run();
}

void SeedRun::say(const std::string& what, const ForecastScore& score) const {
  if (setting_.progress)
    setting_.progress("seed " + std::to_string(seed_) + ", " + what + ": " +
                      std::to_string(std::lround(score.error)) + " vehicles an hour off");
}

Result<SeedResult> SeedRun::run() {
  const ExperimentOptions& options = setting_.options;
  const ScratchFolder base(options.folder + "/base-" + std::to_string(seed_));
  CANDOR_CHECK(
      warm_up(policy_, setting_.tokenizer, setting_.series, setting_.split, options, seed_));
  CANDOR_CHECK(policy_.save_state(base.path()));
  SeedResult result;
  CANDOR_TRY(result.before,
             score_forecasts(policy_, setting_.tokenizer, setting_.evaluation, options.penalty));
  say("base model", result.before);
  for (const std::string& method : options.methods) {
    CANDOR_CHECK(policy_.load_state(base.path()));
    CANDOR_TRY(MethodRun run, run_method(method, result.before));
    say(method, run.after);
    result.methods.push_back(std::move(run));
  }
  return result;
}

Result<campaign::CampaignOptions> SeedRun::options_of(const std::string& method) const {
  CANDOR_TRY(auto options, campaign_of(method, setting_.options, setting_.drivers.names().size(),
                                       seed_, *setting_.tokenizer.end()));
  if (!options.folder.empty() && std::filesystem::exists(options.folder))
    return Error{ErrorCode::conflict, "a campaign of an earlier run"}
        .in_file(options.folder)
        .expecting("no such folder yet")
        .way("give another folder, or remove it");
  return options;
}

Result<MethodRun> SeedRun::run_method(const std::string& method, const ForecastScore& before) {
  CANDOR_TRY(const auto options, options_of(method));
  CANDOR_TRY(const auto task,
             NavigationTask::create(setting_.series, setting_.split, setting_.drivers, seed_));
  WatchedTask watched(*task);
  CurveObserver observer(setting_);
  CANDOR_TRY(const auto campaign,
             campaign::run_campaign(policy_, setting_.tokenizer, watched, options, &observer));
  CANDOR_TRY(const auto labels, trained_labels(campaign.slots, options.label));
  const double loss = sum_of_squares(campaign.slots, labels);
  MethodRun run;
  run.regret = loss - watched.best().loss;
  run.label_loss = loss / static_cast<double>(labels.size());
  run.best_driver = watched.best().name;
  run.curve = std::move(observer.curve());
  CANDOR_TRY(run.after, score_forecasts(policy_, setting_.tokenizer, setting_.evaluation,
                                        setting_.options.penalty));
  run.win_rate = win_rate(run.after, before, setting_.evaluation);
  return run;
}

}  // namespace candor::navigation
