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
  Campaign(Crowd crowd, std::uint64_t seed)
      : crowd_(std::move(crowd)), draws_(seed, draw_stream), em_(answers), em_label_(answers) {}

  Status open(const mechanism::MechanismSpec& spec) {
    CANDOR_CHECK(producer_.emit(event::CampaignOpened{"simulation", {"A", "B"}, spec}));
    for (std::uint32_t i = 0; i < crowd_.workers(); ++i)
      CANDOR_CHECK(producer_.emit(event::WorkerJoined{WorkerId{i}, "w" + std::to_string(i)}));
    std::vector<std::string> methods = mechanism().label_names();
    methods.emplace_back("dawid-skene-online");
    labels_.resize(methods.size() * answers);
    board_.emplace(std::move(methods));
    return {};
  }

  // A slot that nobody answers expires: there is nothing to pool.
  Status play(SlotId slot) {
    const CrowdSlot& played = crowd_.next();
    CANDOR_CHECK(producer_.emit(event::SlotOpened{slot, {}}));
    if (played.worker.empty()) return producer_.emit(event::SlotExpired{slot});
    CANDOR_CHECK(submit(slot, played));
    em_.pool(played.worker, report_, em_label_);
    CANDOR_CHECK(producer_.emit(event::SlotPooled{slot, draws_.uniform()}));
    CANDOR_CHECK(
        producer_.emit(event::OutcomeRevealed{slot, {played.outcome, 1.0 - played.outcome}}));
    CANDOR_CHECK(producer_.emit(event::SlotSettled{slot}));
    em_.observe(played.worker, report_);
    crowd_.observe(label_, mechanism().weight_rule().weights());
    return {};
  }

  void on_settled(SlotId, const mechanism::PooledSlot& pooled, std::span<const double> outcome,
                  const mechanism::Settlement&) override {
    std::copy(pooled.labels.begin(), pooled.labels.end(), labels_.begin());
    std::copy(em_label_.rbegin(), em_label_.rend(), labels_.rbegin());
    label_ = pooled.label[0];
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
  Status submit(SlotId slot, const CrowdSlot& played) {
    report_.clear();
    for (std::size_t j = 0; j < played.worker.size(); ++j) {
      const double a = played.report[j];
      report_.insert(report_.end(), {a, 1.0 - a});
      CANDOR_CHECK(producer_.emit(event::ReportSubmitted{slot, played.worker[j], {a, 1.0 - a}}));
    }
    return {};
  }
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
  std::vector<double> report_;
  std::vector<double> em_label_;
  double label_ = 0.5;  // the last training label, P(A)
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
  const bool told = spec.weight_rule == "weighted-score" && !spec.weighted_score.doubling;
  CANDOR_TRY(Crowd crowd,
             Crowd::create(scenario, seed, {slots, told ? spec.weighted_score.step_size : 0.0}));
  Campaign campaign(std::move(crowd), seed);
  CANDOR_CHECK(campaign.open(spec));
  for (std::uint32_t slot = 0; slot < slots; ++slot) CANDOR_CHECK(campaign.play(SlotId{slot}));
  return campaign.outcome();
}

}  // namespace candor::game
