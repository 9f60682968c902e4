// One campaign under attack.
#pragma once

#include <memory>

#include "candor/base/random.h"
#include "candor/defence/quarantine.h"
#include "candor/game/attack_experiment.h"
#include "candor/learning/weighted_score.h"

namespace candor::game {

struct Defences {
  const char* name = "none";
  bool detector = false;
  bool admission = false;
  bool attackers = true;  // false: the campaign without them
};

/// Workers 0 .. honest-1 are honest, the attackers follow. The world and the honest workers'
/// reports are functions of the seed alone, so that defences are compared slot by slot.
class AttackCampaign {
 public:
  AttackCampaign(const AttackOptions& options, const Defences& defences, std::uint64_t seed);
  [[nodiscard]] Result<DefenceOutcome> run();

 private:
  struct Slot {
    bool targeted = false;
    double outcome = 0.0;
    std::vector<WorkerId> worker;
    std::vector<double> report;  // [n, 2]
  };

  [[nodiscard]] bool is_attacker(WorkerId worker) const { return worker.value >= options_.honest; }
  [[nodiscard]] double report_of(double accuracy, bool hard, bool a_is_right);
  void add(Slot& slot, std::uint32_t worker, double report) const;
  [[nodiscard]] Slot next_slot();
  void welcome_attackers();
  void admit_due();
  void play(const Slot& slot);
  void pay(const Slot& slot);
  Status inspect();
  [[nodiscard]] DefenceOutcome summary() const;

  const AttackOptions& options_;
  Defences defences_;
  RandomStream random_;
  std::vector<double> accuracy_;  // [honest + 1], the attackers' mind last
  std::unique_ptr<learning::WeightedScore> rule_;
  mechanism::Admission admission_;
  defence::AnswerSheet sheet_{2};
  defence::Quarantine quarantine_;
  std::uint32_t slot_ = 0;
  std::uint32_t attack_from_ = 0;
  DefenceOutcome sums_;
  double targeted_slots_ = 0.0;
  std::int64_t paid_ = 0;
  std::int64_t paid_attackers_ = 0;
};

}  // namespace candor::game
