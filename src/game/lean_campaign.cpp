#include "candor/game/lean_campaign.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "candor/base/math.h"
#include "candor/base/text.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::game {
namespace {

constexpr std::array<std::string_view, 7> fixed_names{
    "truthful", "exaggerating", "hedging", "always-wrong", "lying", "constant", "side-biased"};

using Row = std::vector<double>;

Status check(const LeanCampaign& campaign) {
  if (campaign.workers.size() < 2 || campaign.slots == 0) {
    return Error{ErrorCode::invalid_argument, std::to_string(campaign.workers.size()) +
                                                  " workers, " + std::to_string(campaign.slots) +
                                                  " slots"}
        .in_field("workers and slots")
        .expecting("at least 2 workers and 1 slot")
        .way("one worker alone has nobody to be compared with");
  }
  for (const LeanWorker& worker : campaign.workers) {
    CANDOR_CHECK(calibrated_belief(worker.accuracy));
    if (is_fixed(worker.strategy)) continue;
    return Error{ErrorCode::invalid_argument, worker.strategy.text()}
        .in_field("strategy")
        .expecting("a strategy whose reports depend on the belief alone")
        .way("play_game knows the others");
  }
  CANDOR_CHECK(learning::check_step_size(campaign.step_size));
  return campaign.world.check();
}

// What everyone reports: by whether A is better, and whether the signal is right.
class ReportTable {
 public:
  static Result<ReportTable> create(const LeanCampaign& campaign) {
    ReportTable table;
    const World world{0, campaign.world.base_rate, campaign.world.noise};
    for (const LeanWorker& worker : campaign.workers) {
      CANDOR_TRY(const auto strategy, make_strategy(worker.strategy));
      const double if_a = report(*strategy, posterior(world, worker.accuracy, true), true);
      const double if_b = report(*strategy, posterior(world, worker.accuracy, false), false);
      table.if_a_.push_back(if_a);
      table.if_b_.push_back(if_b);
    }
    return table;
  }
  [[nodiscard]] const Row& when_right(bool a_is_better) const {
    return a_is_better ? if_a_ : if_b_;
  }
  [[nodiscard]] const Row& when_wrong(bool a_is_better) const {
    return a_is_better ? if_b_ : if_a_;
  }

 private:
  static double report(Strategy& strategy, double belief, bool says_a) {
    Information information;
    information.belief = leaning(belief, says_a);
    RandomStream unused(0);
    return strategy.report(information, unused);
  }

  Row if_a_;
  Row if_b_;
};

class LeanRun {
 public:
  LeanRun(const LeanCampaign& campaign, ReportTable table)
      : campaign_(campaign), table_(std::move(table)) {
    const std::size_t n = campaign.workers.size();
    for (const LeanWorker& worker : campaign.workers) accuracy_.push_back(worker.accuracy);
    draw_.resize(n + n % 2);
    report_.resize(n);
    slot_loss_.resize(n);
    result_.loss.resize(n);
    result_.weight.assign(n, 1.0 / static_cast<double>(n));
  }

  Result<LeanResult> play() && {
    for (std::uint32_t slot = 0; slot < campaign_.slots; ++slot) {
      const World world = campaign_.world.world(campaign_.seed, slot);
      draw_signals(slot);
      report(world);
      const double label = dot(result_.weight, report_);
      CANDOR_TRY(const double mean,
                 learning::weighted_score_update(result_.weight, slot_loss_, campaign_.step_size));
      result_.pooled_loss += (label - world.outcome) * (label - world.outcome);
      result_.drawn_loss += mean;
    }
    return std::move(result_);
  }

 private:
  void draw_signals(std::uint32_t slot) {
    for (std::uint32_t pair = 0; std::size_t{2} * pair < draw_.size(); ++pair) {
      const auto two = uniform_pair(campaign_.seed, Purpose::signal, pair, slot);
      draw_[std::size_t{2} * pair] = two[0];
      draw_[std::size_t{2} * pair + 1] = two[1];
    }
  }

  void report(const World& world) {
    const double* right = table_.when_right(world.a_is_better).data();
    const double* wrong = table_.when_wrong(world.a_is_better).data();
    for (std::size_t i = 0; i < report_.size(); ++i) {
      const double value = draw_[i] < accuracy_[i] ? right[i] : wrong[i];
      const double off = value - world.outcome;
      report_[i] = value;
      slot_loss_[i] = off * off;
      result_.loss[i] += off * off;
    }
  }

  const LeanCampaign& campaign_;
  ReportTable table_;
  Row accuracy_;
  Row draw_;
  Row report_;
  Row slot_loss_;
  LeanResult result_;
};

}  // namespace

double LeanResult::best_loss() const {
  return *std::min_element(loss.begin(), loss.end());
}

bool is_fixed(const StrategySpec& strategy) {
  return std::find(fixed_names.begin(), fixed_names.end(), strategy.name) != fixed_names.end();
}

Result<LeanResult> run_lean(const LeanCampaign& campaign) {
  CANDOR_CHECK(check(campaign));
  CANDOR_TRY(ReportTable table, ReportTable::create(campaign));
  return LeanRun(campaign, std::move(table)).play();
}

}  // namespace candor::game
