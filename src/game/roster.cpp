#include "game/roster.h"

#include <map>

namespace candor::game {

Result<std::unique_ptr<Roster>> Roster::create(const std::vector<Member>& members,
                                               std::uint64_t seed, const Told& told) {
  auto roster = std::unique_ptr<Roster>(new Roster(members, seed, told));
  for (const Member& member : members) {
    CANDOR_TRY(auto strategy, make_strategy(member.strategy));
    roster->strategy_.push_back(std::move(strategy));
  }
  return roster;
}

Roster::Roster(const std::vector<Member>& members, std::uint64_t seed, const Told& told)
    : seed_(seed),
      told_(told),
      leader_(members.size()),
      belief_(members.size()),
      memory_(members.size()) {
  std::map<std::size_t, std::size_t> first;
  for (std::size_t i = 0; i < members.size(); ++i)
    if (members[i].party) leader_[i] = first.try_emplace(*members[i].party, i).first->second;
}

void Roster::open_slot(std::uint32_t slot, bool audited) {
  slot_ = slot;
  audited_ = audited;
}

Information Roster::information_of(WorkerId worker) const {
  Information information;
  const std::size_t i = worker.index();
  information.slot = slot_;
  information.horizon = told_.horizon;
  information.self = worker;
  information.workers = size();
  information.belief = belief_[i];
  information.weight = memory_.weights()[i];
  if (told_.weights) information.weights = memory_.weights();
  information.step_size = told_.step_size;
  information.past = memory_.past();
  if (told_.reports) information.last_report = memory_.last_report();
  information.audited = audited_;
  if (leader_[i]) information.party = belief_[*leader_[i]];
  return information;
}

bool Roster::answers(WorkerId worker) {
  RandomStream random = stream_of(seed_, Purpose::attendance, worker.value, slot_);
  return strategy_[worker.index()]->answers(information_of(worker), random);
}

double Roster::report(WorkerId worker, const OracleMaker& oracle) {
  Strategy& strategy = *strategy_[worker.index()];
  Information information = information_of(worker);
  std::unique_ptr<SlotOracle> made;
  if (strategy.wants_oracle() && oracle) made = oracle(worker, information.belief.probability);
  information.oracle = made.get();
  RandomStream random = stream_of(seed_, Purpose::strategy, worker.value, slot_);
  return strategy.report(information, random);
}

void Roster::observe(const PastSlot& settled, std::span<const WorkerId> worker,
                     std::span<const double> report, std::span<const double> weight) {
  memory_.observe(settled, worker, report, weight);
  for (std::size_t j = 0; j < worker.size(); ++j)
    strategy_[worker[j].index()]->observe(settled, report[j]);
}

}  // namespace candor::game
