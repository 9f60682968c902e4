#include "candor/game/limited_feedback.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>
#include <utility>

#include "candor/base/parallel.h"
#include "candor/base/progress.h"
#include "candor/learning/asking_rules.h"
#include "candor/learning/weighted_score.h"
#include "candor/learning/weighted_score_update.h"
#include "game/horizons.h"

namespace candor::game {
namespace {

using Numbers = std::vector<double>;

constexpr std::uint64_t loss_stream = 21;
constexpr std::uint64_t asking_stream = 22;

// One rule that learns from losses, asking whom it likes.
class Learner {
 public:
  Learner() = default;
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;
  virtual ~Learner() = default;

  /// chance [N]: with which probability each worker would be followed in the next slot.
  virtual void chances(std::span<double> chance) const = 0;
  virtual void learn(std::span<const double> loss, RandomStream& random) = 0;
  [[nodiscard]] virtual std::optional<double> bound(double slots) const = 0;
};

class EveryoneAsked final : public Learner {
 public:
  EveryoneAsked(std::unique_ptr<learning::WeightedScore> rule, std::size_t workers)
      : rule_(std::move(rule)), worker_(first_workers(workers)), wager_(workers) {
    rule_->admit(worker_, 1.0);
  }
  void chances(std::span<double> chance) const override { rule_->share(worker_, chance); }
  void learn(std::span<const double> loss, RandomStream&) override {
    rule_->wager(worker_, wager_);
    rule_->settle(worker_, wager_, loss);
  }
  [[nodiscard]] std::optional<double> bound(double slots) const override {
    return rule_->regret_bound(WorkerId{0}, slots);
  }

 private:
  std::unique_ptr<learning::WeightedScore> rule_;
  std::vector<WorkerId> worker_;
  Numbers wager_;
};

class FewAsked final : public Learner {
 public:
  FewAsked(std::unique_ptr<learning::AskingRule> rule, std::size_t workers)
      : rule_(std::move(rule)), worker_(first_workers(workers)) {
    rule_->admit(worker_, 1.0);
  }
  void chances(std::span<double> chance) const override {
    if (rule_->asks() > 1) return rule_->share(worker_, chance);
    for (std::size_t i = 0; i < worker_.size(); ++i) chance[i] = rule_->probability(worker_[i]);
  }
  void learn(std::span<const double> loss, RandomStream& random) override {
    const learning::Asks asks = rule_->draw(random);
    const learning::Stakes stakes = rule_->stake(asks.worker, 0.0);
    observed_.clear();
    for (const WorkerId worker : asks.worker) observed_.push_back(loss[worker.index()]);
    rule_->settle(asks.worker, stakes, observed_);
  }
  [[nodiscard]] std::optional<double> bound(double slots) const override {
    return rule_->regret_bound(WorkerId{0}, slots);
  }

 private:
  std::unique_ptr<learning::AskingRule> rule_;
  std::vector<WorkerId> worker_;
  Numbers observed_;
};

using Made = Result<std::unique_ptr<Learner>>;

struct Contender {
  std::string name;
  std::function<Made(std::size_t workers, double horizon)> make;
};

Made everyone_asked(std::size_t workers, double horizon) {
  learning::WeightedScoreOptions options;
  CANDOR_TRY(options.step_size, learning::step_size_for_horizon(workers, horizon));
  CANDOR_TRY(auto rule, learning::WeightedScore::create(options));
  return std::unique_ptr<Learner>(std::make_unique<EveryoneAsked>(std::move(rule), workers));
}

Contender asking(const std::string& rule, std::size_t asks) {
  const auto make = [rule, asks](std::size_t workers, double horizon) -> Made {
    learning::AskingOptions options{.asks = asks};
    CANDOR_TRY(options.step_size, learning::asking_step_size(rule, workers, asks, horizon));
    CANDOR_TRY(options.exploration, learning::asking_exploration(rule, workers, options.step_size));
    CANDOR_TRY(auto made, learning::make_asking_rule(rule, options));
    return std::unique_ptr<Learner>(std::make_unique<FewAsked>(std::move(made), workers));
  };
  return {rule + ", " + std::to_string(asks) + " asked", make};
}

std::vector<Contender> contenders(std::size_t workers) {
  std::vector<Contender> all{{"weighted-score", everyone_asked}};
  if (workers / 2 > 2) all.push_back(asking("lf", workers / 2));
  all.push_back(asking("lf", 2));
  for (const char* rule : {"log-barrier", "loss-biased", "wsu-ux"}) all.push_back(asking(rule, 1));
  return all;
}

struct Gap {
  std::string name;
  std::string description;
  double (*of)(double workers, double horizon);
};

const std::vector<Gap>& gaps() {
  static const std::vector<Gap> both{
      {"steady-gap", "one worker is wrong 1 time in 4, the others every second time",
       [](double, double) { return 0.25; }},
      {"vanishing-gap", "one worker is better by 2 sqrt(N/T), at most .45: the hardest gap",
       [](double workers, double horizon) {
         return std::min(0.45, 2.0 * std::sqrt(workers / horizon));
       }}};
  return both;
}

struct Run {
  double regret = 0.0;
  double loss = 0.0;  // mean
  std::optional<double> bound;
};

Result<Run> run(const Contender& contender, const Gap& gap, std::size_t workers, double horizon,
                std::uint64_t seed) {
  CANDOR_TRY(const auto learner, contender.make(workers, horizon));
  RandomStream losses(seed, loss_stream);
  RandomStream asks(seed, asking_stream);
  const double better = gap.of(static_cast<double>(workers), horizon);
  Numbers wrong(workers, 0.5);
  wrong[0] -= better;
  Numbers chance(workers);
  Numbers loss(workers);
  Run result;
  const auto slots = static_cast<std::uint64_t>(horizon);
  for (std::uint64_t t = 0; t < slots; ++t) {
    learner->chances(chance);
    result.regret += (1.0 - chance[0]) * better;
    for (std::size_t i = 0; i < workers; ++i) loss[i] = losses.bernoulli(wrong[i]) ? 1.0 : 0.0;
    learner->learn(loss, asks);
  }
  result.loss = wrong[0] + result.regret / horizon;
  result.bound = learner->bound(horizon);
  return result;
}

SimulatedMethod summary(const std::string& name, const Numbers& horizons,
                        std::span<const Run> runs) {
  SimulatedMethod method;
  method.name = name;
  const std::size_t seeds = runs.size() / horizons.size();
  for (std::size_t h = 0; h < horizons.size(); ++h) {
    Numbers regret;
    Numbers loss;
    for (const Run& one : runs.subspan(h * seeds, seeds)) {
      regret.push_back(one.regret);
      loss.push_back(one.loss);
    }
    method.regret.push_back(mean_over(regret));
    method.regret_se.push_back(standard_error_over(regret));
    method.bound.push_back(runs[h * seeds].bound);
    method.brier = mean_over(loss);
  }
  method.accuracy = 1.0 - method.brier;
  method.slope = fitted_slope(horizons, method.regret);
  return method;
}

Error out_of_range(std::uint64_t found, std::string_view field, std::string_view expected) {
  return Error{ErrorCode::out_of_range, std::to_string(found)}
      .in_field(field)
      .expecting(expected)
      .way("see candor simulate --help");
}

Status check(const LimitedFeedbackOptions& options) {
  if (options.workers < 3 || options.workers > 1000)
    return out_of_range(options.workers, "--workers", "3 to 1000 workers");
  if (options.slots < 16) return out_of_range(options.slots, "--slots", "at least 16 slots");
  if (options.seeds == 0) return out_of_range(0, "--seeds", "at least 1 campaign");
  return {};
}

// Every (gap, rule, horizon, seed) is a block, which writes its own place only; long ones first.
class Grid {
 public:
  Grid(const LimitedFeedbackOptions& options, Numbers horizons)
      : options_(options),
        horizons_(std::move(horizons)),
        contenders_(contenders(options.workers)),
        runs_(gaps().size() * contenders_.size() * horizons_.size() * options.seeds) {}

  Status play() {
    std::optional<Progress> line;
    if (options_.progress) line.emplace("simulate", "campaigns", runs_.size());
    std::size_t done = 0;
    for_each_block(runs_.size(), options_.threads, [&](std::size_t block) {
      play_one(runs_.size() - 1 - block);
      const std::scoped_lock lock(mutex_);
      if (line) line->advance(++done);
    });
    return failure_;
  }
  [[nodiscard]] SimulatedScenario scenario(std::size_t gap) const {
    SimulatedScenario result;
    result.scenario.name = gaps()[gap].name;
    result.scenario.description = gaps()[gap].description;
    result.scenario.workers.resize(options_.workers);
    result.horizons = horizons_;
    const std::size_t each = horizons_.size() * options_.seeds;
    for (std::size_t c = 0; c < contenders_.size(); ++c)
      result.methods.push_back(
          summary(contenders_[c].name, horizons_,
                  std::span(runs_).subspan((gap * contenders_.size() + c) * each, each)));
    return result;
  }

 private:
  void play_one(std::size_t block) {
    const std::size_t seed = block % options_.seeds;
    const std::size_t horizon = block / options_.seeds % horizons_.size();
    const std::size_t which = block / options_.seeds / horizons_.size();
    auto played = run(contenders_[which % contenders_.size()], gaps()[which / contenders_.size()],
                      options_.workers, horizons_[horizon], options_.first_seed + seed);
    if (played.ok()) {
      runs_[block] = *played;
      return;
    }
    const std::scoped_lock lock(mutex_);
    failure_ = std::move(played).error();
  }

  const LimitedFeedbackOptions& options_;
  Numbers horizons_;
  std::vector<Contender> contenders_;
  std::vector<Run> runs_;  // [gaps, contenders, horizons, seeds]
  std::mutex mutex_;
  Status failure_;
};

}  // namespace

Result<SimulationResult> compare_limited_feedback(const LimitedFeedbackOptions& options) {
  CANDOR_CHECK(check(options));
  Grid grid(options, horizons_up_to(options.slots));
  CANDOR_CHECK(grid.play());
  SimulationResult result;
  result.seeds = options.seeds;
  for (std::size_t gap = 0; gap < gaps().size(); ++gap)
    result.scenarios.push_back(grid.scenario(gap));
  return result;
}

}  // namespace candor::game
