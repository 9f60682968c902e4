#include "game/play.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "candor/baseline/dawid_skene_online.h"
#include "candor/game/equilibrium.h"
#include "candor/learning/asking_rules.h"
#include "candor/learning/exponential_weights.h"
#include "candor/learning/follow_the_best.h"
#include "candor/learning/weighted_score.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::game {
namespace {

using Numbers = std::vector<double>;

double squared(double x) {
  return x * x;
}

std::size_t drawn(std::span<const double> share, double draw) {
  double reached = 0.0;
  for (std::size_t i = 0; i < share.size(); ++i) {
    reached += share[i];
    if (draw < reached) return i;
  }
  return share.size() - 1;
}

// Everyone answers; the label is the linear pool, or the report of one worker drawn by weight.
class OpenPlay final : public Play {
 public:
  OpenPlay(std::unique_ptr<learning::OpenRule> rule, std::size_t workers, bool draws)
      : rule_(std::move(rule)), worker_(first_workers(workers)), draws_(draws) {
    rule_->admit(worker_, 1.0);
    share_.resize(workers);
    wager_.resize(workers);
    loss_.resize(workers);
  }
  double pool(std::span<const double> report, RandomStream& random) override {
    rule_->share(worker_, share_);
    if (draws_) return report[drawn(share_, random.uniform())];
    return std::inner_product(share_.begin(), share_.end(), report.begin(), 0.0);
  }
  void settle(std::span<const double> report, double outcome) override {
    for (std::size_t i = 0; i < loss_.size(); ++i) loss_[i] = squared(report[i] - outcome);
    rule_->wager(worker_, wager_);
    rule_->settle(worker_, wager_, loss_);
  }
  void weights(std::span<double> out) const override { rule_->share(worker_, out); }

 private:
  std::unique_ptr<learning::OpenRule> rule_;
  std::vector<WorkerId> worker_;
  bool draws_;
  Numbers share_;
  Numbers wager_;
  Numbers loss_;
};

// A few are asked; the label is the linear pool of those.
class AskingPlay final : public Play {
 public:
  AskingPlay(std::unique_ptr<learning::AskingRule> rule, std::size_t workers)
      : rule_(std::move(rule)) {
    rule_->admit(first_workers(workers), 1.0);
  }
  double pool(std::span<const double> report, RandomStream& random) override {
    asked_ = rule_->draw(random).worker;
    stakes_ = rule_->stake(asked_, random.uniform());
    share_.resize(asked_.size());
    rule_->share(asked_, share_);
    double label = 0.0;
    for (std::size_t j = 0; j < asked_.size(); ++j) label += share_[j] * report[asked_[j].index()];
    return label;
  }
  void settle(std::span<const double> report, double outcome) override {
    loss_.resize(asked_.size());
    for (std::size_t j = 0; j < asked_.size(); ++j)
      loss_[j] = squared(report[asked_[j].index()] - outcome);
    rule_->settle(asked_, stakes_, loss_);
  }
  void weights(std::span<double> out) const override {
    const Numbers all = rule_->weights();
    std::copy(all.begin(), all.end(), out.begin());
  }

 private:
  std::unique_ptr<learning::AskingRule> rule_;
  std::vector<WorkerId> asked_;
  learning::Stakes stakes_;
  Numbers share_;
  Numbers loss_;
};

double mean_of(std::span<const double> report) {
  return std::accumulate(report.begin(), report.end(), 0.0) / static_cast<double>(report.size());
}

double median_of(std::span<const double> report) {
  Numbers sorted(report.begin(), report.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
}

// No weights and no use for outcomes; paid for agreement with the pool of the others.
class AgreementPlay final : public Play {
 public:
  using Pool = double (*)(std::span<const double>);
  AgreementPlay(Pool of_reports, std::size_t workers) : pool_(of_reports), pay_(workers) {}

  double pool(std::span<const double> report, RandomStream&) override { return pool_(report); }
  void settle(std::span<const double> report, double) override {
    for (std::size_t i = 0; i < pay_.size(); ++i) {
      others_.assign(report.begin(), report.end());
      others_.erase(others_.begin() + static_cast<std::ptrdiff_t>(i));
      pay_[i] = (1.0 - squared(report[i] - pool_(others_))) / static_cast<double>(pay_.size());
    }
  }
  void weights(std::span<double> out) const override {
    std::fill(out.begin(), out.end(), 1.0 / static_cast<double>(pay_.size()));
  }
  void pay(std::span<double> out) const override {
    std::copy(pay_.begin(), pay_.end(), out.begin());
  }

 private:
  Pool pool_;
  Numbers pay_;
  Numbers others_;
};

// Dawid & Skene's model while slots arrive; a worker's weight is its part of all estimated
// accuracy.
class EmPlay final : public Play {
 public:
  explicit EmPlay(std::size_t workers)
      : em_(2), worker_(first_workers(workers)), rows_(2 * workers) {}

  double pool(std::span<const double> report, RandomStream&) override {
    for (std::size_t i = 0; i < report.size(); ++i) {
      rows_[2 * i] = report[i];
      rows_[2 * i + 1] = 1.0 - report[i];
    }
    Numbers label(2);
    em_.pool(worker_, rows_, label);
    return label[0];
  }
  void settle(std::span<const double>, double) override { em_.observe(worker_, rows_); }
  void weights(std::span<double> out) const override {
    Numbers prior(2);
    em_.prior(prior);
    double total = 0.0;
    for (std::size_t i = 0; i < worker_.size(); ++i) {
      Numbers table(4);
      em_.confusion(worker_[i], table);
      total += out[i] = prior[0] * table[0] + prior[1] * table[3];
    }
    for (double& value : out) value /= total;
  }

 private:
  baseline::OnlineDawidSkene em_;
  std::vector<WorkerId> worker_;
  Numbers rows_;  // [N, 2]
};

using Made = Result<std::unique_ptr<Play>>;
using Maker = std::function<Made(std::size_t workers, double horizon)>;

Maker weighted_score(bool draws) {
  return [draws](std::size_t workers, double horizon) -> Made {
    learning::WeightedScoreOptions options;
    CANDOR_TRY(options.step_size, learning::step_size_for_horizon(workers, horizon));
    CANDOR_TRY(auto rule, learning::WeightedScore::create(options));
    return std::unique_ptr<Play>(std::make_unique<OpenPlay>(std::move(rule), workers, draws));
  };
}

Maker asking(const std::string& name, std::size_t asks) {
  return [name, asks](std::size_t workers, double horizon) -> Made {
    learning::AskingOptions options{.asks = asks, .step_size = 1.0};
    if (name != "elf") {
      CANDOR_TRY(options.step_size, learning::asking_step_size(name, workers, asks, horizon));
      CANDOR_TRY(options.exploration,
                 learning::asking_exploration(name, workers, options.step_size));
    }
    CANDOR_TRY(auto rule, learning::make_asking_rule(name, options));
    return std::unique_ptr<Play>(std::make_unique<AskingPlay>(std::move(rule), workers));
  };
}

Made exponential(std::size_t workers, double) {
  CANDOR_TRY(auto rule, learning::ExponentialWeights::create());
  return std::unique_ptr<Play>(std::make_unique<OpenPlay>(std::move(rule), workers, false));
}

Made follow_the_best(std::size_t workers, double) {
  auto rule = std::make_unique<learning::FollowTheBest>();
  return std::unique_ptr<Play>(std::make_unique<OpenPlay>(std::move(rule), workers, false));
}

Maker agreement(AgreementPlay::Pool pool) {
  return [pool](std::size_t workers, double) -> Made {
    return std::unique_ptr<Play>(std::make_unique<AgreementPlay>(pool, workers));
  };
}

Made em(std::size_t workers, double) {
  return std::unique_ptr<Play>(std::make_unique<EmPlay>(workers));
}

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> table{
      {"weighted-score", weighted_score(false)},
      {"weighted-score-drawn", weighted_score(true)},
      {"lf", asking("lf", 2)},
      {"loss-biased", asking("loss-biased", 1)},
      {"log-barrier", asking("log-barrier", 1)},
      {"wsu-ux", asking("wsu-ux", 1)},
      {"elf", asking("elf", 0)},
      {"exponential", exponential},
      {"follow-the-best", follow_the_best},
      {"average", agreement(mean_of)},
      {"median", agreement(median_of)},
      {"dawid-skene", em}};
  return table;
}

}  // namespace

const std::vector<std::string>& playable_mechanisms() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, maker] : makers()) all.push_back(name);
    return all;
  }();
  return names;
}

Result<std::unique_ptr<Play>> make_play(const std::string& mechanism, std::size_t workers,
                                        double horizon) {
  for (const auto& [name, make] : makers())
    if (name == mechanism) return make(workers, horizon);
  std::string known;
  for (const std::string& name : playable_mechanisms()) known += (known.empty() ? "" : ", ") + name;
  return Error{ErrorCode::invalid_argument, mechanism}
      .in_field("mechanism")
      .expecting("one of " + known)
      .way("name one or several of these, separated by commas");
}

}  // namespace candor::game
