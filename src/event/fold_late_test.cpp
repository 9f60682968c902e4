// Outcomes that come late, in any order: what a worker's own loss costs it is what was frozen when
// it was asked (or its slot pooled), whatever has happened to weights since.
#include <gtest/gtest.h>

#include <utility>

#include "candor/base/random.h"
#include "candor/event/fold.h"

namespace candor::event {
namespace {

using Row = std::vector<double>;

// For each slot, the factor of each worker's own loss in its next weight, as frozen.
class Frozen final : public FoldObserver {
 public:
  void on_asked(SlotId slot, const mechanism::AskedWorkers& asked) override {
    Row factors;
    for (std::size_t k = 0; k < asked.worker.size(); ++k)
      factors.push_back(asked.stakes.stake[k] * (1.0 - asked.stakes.claim[k]));
    keep(slot, asked.worker, factors);
  }
  void on_pooled(SlotId slot, const mechanism::PooledSlot& pooled) override {
    if (pooled.wager.empty()) return;  // frozen when they were asked
    double staked = 0.0;
    for (const double wager : pooled.wager) staked += wager;
    Row factors;
    for (const double wager : pooled.wager)
      factors.push_back(staked > 0.0 ? wager * (1.0 - wager / staked) : 0.0);
    keep(slot, pooled.worker, factors);
  }

  std::vector<std::vector<WorkerId>> worker;  // by slot
  std::vector<Row> factor;

 private:
  void keep(SlotId slot, const std::vector<WorkerId>& who, const Row& factors) {
    worker.resize(slot.index() + 1);
    factor.resize(slot.index() + 1);
    worker[slot.index()] = who;
    factor[slot.index()] = factors;
  }
};

// A campaign as its list of events: up to `most_open` slots wait for an outcome at any time, which
// comes in random order or never; somebody leaves or returns now and then.
class Campaign {
 public:
  Campaign(const mechanism::MechanismSpec& spec, std::size_t most_open, std::uint64_t seed)
      : random_(seed), fold_(&frozen) {
    emit(CampaignOpened{"late", {"A", "B"}, spec});
    for (std::uint32_t i = 0; i < 7; ++i) emit(WorkerJoined{WorkerId{i}, "w"});
    for (std::uint32_t s = 0; s < 60; ++s) {
      play(SlotId{s});
      while (open_.size() > most_open) finish_one();
    }
    while (!open_.empty()) finish_one();
  }

  std::vector<Event> events;
  Frozen frozen;

 private:
  void emit(const Event& event) {
    const Status status = fold_.apply(event);
    ASSERT_TRUE(status.ok()) << status.error().message();
    events.push_back(event);
  }
  std::vector<WorkerId> who_answers(SlotId slot) {
    const learning::AskingRule* rule = fold_.mechanism()->asking_rule();
    std::vector<WorkerId> crowd;
    if (rule == nullptr) {
      for (std::uint32_t i = 0; i < 7; ++i)
        if (random_.bernoulli(.6)) crowd.push_back(WorkerId{i});
      return crowd;
    }
    const WorkerId absent{static_cast<std::uint32_t>(random_.below(7))};
    if (!rule->is_present(absent)) {
      emit(WorkerReturned{absent});
    } else if (rule->present() > 4 && random_.bernoulli(.3)) {
      emit(WorkerLeft{absent});
    }
    const learning::Asks asks = rule->draw(random_);
    emit(WorkersAsked{slot, asks.worker, asks.probability, 0.5});
    return asks.worker;
  }
  void play(SlotId slot) {
    emit(SlotOpened{slot, "t"});
    const std::vector<WorkerId> crowd = who_answers(slot);
    if (crowd.empty()) return emit(SlotExpired{slot});
    for (const WorkerId worker : crowd) {
      const double p = random_.uniform();
      emit(ReportSubmitted{slot, worker, {p, 1.0 - p}});
    }
    emit(SlotPooled{slot, 0.5});
    open_.push_back(slot);
  }
  void finish_one() {
    std::swap(open_[random_.below(open_.size())], open_.back());
    const SlotId slot = open_.back();
    open_.pop_back();
    if (random_.bernoulli(.15)) return emit(SlotExpired{slot});
    emit(OutcomeRevealed{slot, random_.bernoulli(.5) ? Row{1, 0} : Row{0, 1}});
    emit(SlotSettled{slot});
  }

  RandomStream random_;
  Fold fold_;
  std::vector<SlotId> open_;
};

// A worker's weight once this slot is settled, had it reported `p` there.
double weight_if(const std::vector<Event>& events, SlotId slot, WorkerId worker, double p) {
  Fold fold;
  for (Event event : events) {
    if (auto* report = std::get_if<ReportSubmitted>(&event))
      if (report->slot == slot && report->worker == worker) report->report = {p, 1.0 - p};
    EXPECT_TRUE(fold.apply(event).ok());
    const auto* settled = std::get_if<SlotSettled>(&event);
    if (settled != nullptr && settled->slot == slot) break;
  }
  return fold.mechanism()->weight_rule().weights()[worker.index()];
}

// The report P(A) with loss 0, or -1 where no outcome came.
double right_report(const std::vector<Event>& events, SlotId slot) {
  for (const Event& event : events)
    if (const auto* revealed = std::get_if<OutcomeRevealed>(&event))
      if (revealed->slot == slot) return revealed->outcome[0];
  return -1.0;
}

mechanism::MechanismSpec spec_of(const std::string& rule) {
  mechanism::MechanismSpec spec;
  spec.weight_rule = rule;
  spec.weighted_score.step_size = 0.3;
  spec.asking = {.asks = rule == "lf" ? 3UL : 1UL, .step_size = rule == "lf" ? 0.2 : 0.02};
  if (rule == "wsu-ux" || rule == "loss-biased") spec.asking.exploration = 0.3;
  return spec;
}

TEST(LateOutcomes, ChargeALossByWhatWasFrozenWhenTheWorkerWasAsked) {
  for (const std::string rule : {"weighted-score", "lf", "log-barrier", "loss-biased", "wsu-ux"}) {
    double charged = 0.0;
    for (const std::size_t most_open : {0UL, 3UL, 20UL}) {
      const Campaign campaign(spec_of(rule), most_open, 5 + most_open);
      for (std::uint32_t s = 0; s < 60; s += 4) {
        const SlotId slot{s};
        const double right = right_report(campaign.events, slot);
        if (right < 0.0) continue;
        for (std::size_t k = 0; k < campaign.frozen.worker[s].size(); ++k) {
          const WorkerId worker = campaign.frozen.worker[s][k];
          const double cost = weight_if(campaign.events, slot, worker, right) -
                              weight_if(campaign.events, slot, worker, 1.0 - right);
          EXPECT_NEAR(cost, campaign.frozen.factor[s][k], 1e-14)
              << rule << " slot " << s << " worker " << worker.value << " open " << most_open;
          charged += cost;
        }
      }
    }
    EXPECT_GT(charged, .01) << rule;
  }
}

}  // namespace
}  // namespace candor::event
