#include "game/campaign.h"

#include <algorithm>

#include "candor/baseline/dawid_skene_online.h"
#include "candor/evaluation/bounds.h"
#include "candor/evaluation/producer.h"
#include "candor/learning/weighted_score_update.h"

namespace candor::game {
namespace {

constexpr std::size_t answers = 2;
constexpr std::uint64_t draw_stream = 2;

class Campaign final : public event::FoldObserver {
 public:
  explicit Campaign(const Scenario& scenario, std::uint64_t seed)
      : crowd_(scenario, seed), draws_(seed, draw_stream), em_(answers) {
    for (std::uint32_t i = 0; i < crowd_.workers(); ++i) workers_.push_back(WorkerId{i});
    belief_.resize(workers_.size());
    report_.resize(workers_.size() * answers);
    em_label_.resize(answers);
  }

  Status open(const mechanism::MechanismSpec& spec) {
    CANDOR_CHECK(producer_.emit(event::CampaignOpened{"simulation", {"A", "B"}, spec}));
    for (const WorkerId id : workers_)
      CANDOR_CHECK(producer_.emit(event::WorkerJoined{id, "w" + std::to_string(id.value)}));
    std::vector<std::string> methods = mechanism().label_names();
    methods.emplace_back("dawid-skene-online");
    labels_.resize(methods.size() * answers);
    board_.emplace(std::move(methods));
    return {};
  }

  Status play(SlotId slot) {
    const double outcome = crowd_.next(belief_);
    CANDOR_CHECK(producer_.emit(event::SlotOpened{slot, {}}));
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      report_[2 * i] = belief_[i];
      report_[2 * i + 1] = 1.0 - belief_[i];
      CANDOR_CHECK(producer_.emit(
          event::ReportSubmitted{slot, workers_[i], {report_[2 * i], report_[2 * i + 1]}}));
    }
    em_.pool(workers_, report_, em_label_);
    CANDOR_CHECK(producer_.emit(event::SlotPooled{slot, draws_.uniform()}));
    CANDOR_CHECK(producer_.emit(event::OutcomeRevealed{slot, {outcome, 1.0 - outcome}}));
    CANDOR_CHECK(producer_.emit(event::SlotSettled{slot}));
    em_.observe(workers_, report_);
    return {};
  }

  void on_settled(SlotId, const mechanism::PooledSlot& pooled, std::span<const double> outcome,
                  const mechanism::Settlement&) override {
    std::copy(pooled.labels.begin(), pooled.labels.end(), labels_.begin());
    std::copy(em_label_.rbegin(), em_label_.rend(), labels_.rbegin());
    board_->record(pooled.view(), labels_, outcome);
  }

  [[nodiscard]] CampaignOutcome outcome() const {
    CampaignOutcome result;
    for (std::size_t m = 0; m < board_->methods().size(); ++m) {
      const auto worst = *board_->regrets().regret(m, 1);
      const auto& score = board_->score(m);
      result.methods.push_back({board_->methods()[m], worst.regret, bound_of(m, worst.worker),
                                *score.brier(), *score.accuracy()});
    }
    return result;
  }

 private:
  [[nodiscard]] const mechanism::Mechanism& mechanism() const {
    return *producer_.fold().mechanism();
  }
  [[nodiscard]] std::optional<double> bound_of(std::size_t method, WorkerId worker) const {
    return evaluation::regret_bound(mechanism(), method, worker, board_->slots(), board_->slots());
  }

  Crowd crowd_;
  RandomStream draws_;
  evaluation::Producer producer_{this};
  baseline::OnlineDawidSkene em_;
  std::optional<evaluation::Scoreboard> board_;
  std::vector<WorkerId> workers_;
  std::vector<double> belief_;
  std::vector<double> report_;
  std::vector<double> em_label_;
  std::vector<double> labels_;
};

}  // namespace

Result<CampaignOutcome> run_campaign(const Scenario& scenario, std::uint64_t slots,
                                     std::uint64_t seed, mechanism::MechanismSpec spec) {
  if (!spec.weighted_score.doubling) {
    CANDOR_TRY(
        spec.weighted_score.step_size,
        learning::step_size_for_horizon(scenario.workers.size(), static_cast<double>(slots)));
  }
  Campaign campaign(scenario, seed);
  CANDOR_CHECK(campaign.open(spec));
  for (std::uint32_t slot = 0; slot < slots; ++slot) CANDOR_CHECK(campaign.play(SlotId{slot}));
  return campaign.outcome();
}

}  // namespace candor::game
