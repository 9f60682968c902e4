#include "candor/game/simulation.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "candor/base/math.h"
#include "candor/base/parallel.h"
#include "candor/base/progress.h"
#include "game/campaign.h"
#include "game/horizons.h"

namespace candor::game {
namespace {

Status check(const SimulationOptions& options) {
  if (options.slots < 16) {
    return Error{ErrorCode::out_of_range, std::to_string(options.slots)}
        .in_field("--slots")
        .expecting("a horizon of at least 16 slots")
        .way("8192 takes seconds");
  }
  if (options.seeds == 0) {
    return Error{ErrorCode::out_of_range, "0"}
        .in_field("--seeds")
        .expecting("at least 1 campaign")
        .way("8 gives usable error bars");
  }
  return {};
}

// campaigns: [horizons, seeds] of one scenario.
SimulatedScenario summarise(const Scenario& scenario, const std::vector<double>& horizons,
                            std::span<const CampaignOutcome> campaigns) {
  SimulatedScenario result{scenario, horizons, {}};
  const std::size_t seeds = campaigns.size() / horizons.size();
  for (std::size_t m = 0; m < campaigns.front().methods.size(); ++m) {
    SimulatedMethod method;
    method.name = campaigns.front().methods[m].name;
    for (std::size_t h = 0; h < horizons.size(); ++h) {
      std::vector<double> regret;
      std::vector<double> bound;
      std::vector<double> brier;
      std::vector<double> accuracy;
      for (const CampaignOutcome& campaign : campaigns.subspan(h * seeds, seeds)) {
        const CampaignOutcome::Method& one = campaign.methods[m];
        regret.push_back(one.regret);
        if (one.bound) bound.push_back(*one.bound);
        brier.push_back(one.brier);
        accuracy.push_back(one.accuracy);
      }
      method.regret.push_back(mean_over(regret));
      method.regret_se.push_back(standard_error_over(regret));
      method.bound.push_back(bound.empty() ? std::nullopt : std::optional(mean_over(bound)));
      method.brier = mean_over(brier);
      method.accuracy = mean_over(accuracy);
    }
    method.slope = fitted_slope(horizons, method.regret);
    result.methods.push_back(std::move(method));
  }
  return result;
}

// Runs campaigns in any order; each writes its own place only.
class CampaignGrid {
 public:
  CampaignGrid(const SimulationOptions& options, std::vector<double> horizons)
      : options_(options),
        horizons_(std::move(horizons)),
        outcome_(options.scenarios.size() * horizons_.size() * options.seeds) {}

  Status run() {
    std::optional<Progress> line;
    if (options_.progress) line.emplace("simulate", "campaigns", outcome_.size());
    std::mutex line_mutex;
    std::size_t done = 0;
    for_each_block(outcome_.size(), options_.threads, [&](std::size_t block) {
      run_one(block);
      const std::scoped_lock lock(line_mutex);
      if (line) line->advance(++done);
    });
    return failure_;
  }
  [[nodiscard]] SimulatedScenario scenario(std::size_t s) const {
    const std::size_t each = horizons_.size() * options_.seeds;
    return summarise(options_.scenarios[s], horizons_, std::span(outcome_).subspan(s * each, each));
  }

 private:
  void run_one(std::size_t block) {
    const std::size_t seed = block % options_.seeds;
    const std::size_t horizon = block / options_.seeds % horizons_.size();
    const std::size_t scenario = block / options_.seeds / horizons_.size();
    auto outcome =
        run_campaign(options_.scenarios[scenario], static_cast<std::uint64_t>(horizons_[horizon]),
                     options_.first_seed + seed, options_.spec);
    if (outcome.ok()) {
      outcome_[block] = std::move(outcome).value();
      return;
    }
    const std::scoped_lock lock(mutex_);
    failure_ = std::move(outcome).error();
  }

  const SimulationOptions& options_;
  std::vector<double> horizons_;
  std::vector<CampaignOutcome> outcome_;
  std::mutex mutex_;
  Status failure_;
};

}  // namespace

std::optional<double> log_log_slope(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 2 || std::any_of(y.begin(), y.end(), [](double value) { return value <= 0.0; }))
    return std::nullopt;
  const auto n = static_cast<double>(x.size());
  double mean_x = 0.0;
  double mean_y = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += portable_log(x[i]) / n;
    mean_y += portable_log(y[i]) / n;
  }
  double together = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = portable_log(x[i]) - mean_x;
    together += dx * (portable_log(y[i]) - mean_y);
    squares += dx * dx;
  }
  return together / squares;
}

Result<SimulationResult> simulate(const SimulationOptions& options) {
  CANDOR_CHECK(check(options));
  CampaignGrid grid(options, horizons_up_to(options.slots));
  CANDOR_CHECK(grid.run());
  SimulationResult result;
  result.seeds = options.seeds;
  for (std::size_t s = 0; s < options.scenarios.size(); ++s)
    result.scenarios.push_back(grid.scenario(s));
  return result;
}

}  // namespace candor::game
