#include "audit/situation.h"

#include <algorithm>

namespace candor::audit {

std::vector<double> Situation::honest(std::size_t slot) const {
  return std::vector<double>(coalition_, instance_.slots[slot].belief);
}

// Just above and below what the others say: where rankings and medians change.
std::vector<double> Situation::candidates(std::size_t slot) const {
  std::vector<double> found;
  const AuditSlot& facts = instance_.slots[slot];
  for (std::size_t i = coalition_; i < facts.reports.size(); ++i)
    for (const double by : {-0.001, 0.0, 0.001})
      found.push_back(std::clamp(facts.reports[i] + by, 0.0, 1.0));
  if (coalition_ > 1)
    for (int k = 0; k <= 40; ++k) found.push_back(k / 40.0);
  return found;
}

double Situation::now(const Ending& ending, std::size_t slot) const {
  if (motive_ == game::Motive::final_weight && !last(slot)) return 0.0;
  double worth = 0.0;
  for (std::size_t i = 0; i < coalition_; ++i)
    worth += subject_.worth(motive_, ending, i, instance_.slots[slot].belief);
  return worth;
}

double Situation::from(const Place& place, std::span<const double> liars, bool planning) {
  const AuditSlot& facts = instance_.slots[place.slot];
  std::vector<double> report = facts.reports;
  std::copy(liars.begin(), liars.end(), report.begin());
  double value = 0.0;
  for (const double outcome : {1.0, 0.0}) {
    const double chance = outcome == 1.0 ? facts.belief : 1.0 - facts.belief;
    if (chance == 0.0) continue;
    for (const Ending& ending : subject_.play(*place.state, facts, report, outcome)) {
      const double later =
          last(place.slot) ? 0.0 : after({place.slot + 1, &ending.state}, planning);
      value += chance * ending.probability * (now(ending, place.slot) + later);
    }
  }
  return value;
}

bool Situation::quadratic(std::size_t slot) const {
  if (subject_.finite()) return true;
  const std::size_t workers = instance_.slots[slot].reports.size();
  const Shape shape = subject_.shape(motive_, workers, coalition_);
  return shape == Shape::constant || (last(slot) && shape == Shape::quadratic);
}

// The value of being here: with the best report, or with the honest one.
double Situation::after(const Place& place, bool planning) {
  std::vector<double> key;
  if (subject_.finite()) {
    key = place.state->memory;
    key.push_back(static_cast<double>(place.slot));
    key.push_back(planning ? 1.0 : 0.0);
    if (const auto found = known_.find(key); found != known_.end()) return found->second;
  }
  const std::vector<double> truth = honest(place.slot);
  double value = from(place, truth, planning);
  if (planning) {
    const Function gain = [&](std::span<const double> r) { return from(place, r, true); };
    value += quadratic(place.slot) ? maximise_quadratic(gain, truth, subject_.floor()).gain
                                   : maximise_by_search(gain, truth, subject_.floor(),
                                                        candidates(place.slot), effort_.later)
                                         .gain;
  }
  if (!key.empty()) known_[key] = value;
  return value;
}

double Situation::value(std::span<const double> first, bool planning) {
  const State start = subject_.start(instance_);
  return from({0, &start}, first, planning);
}

double Situation::label_with(std::span<const double> liars) const {
  std::vector<double> report = instance_.slots[0].reports;
  std::copy(liars.begin(), liars.end(), report.begin());
  const State start = subject_.start(instance_);
  double label = 0.0;
  for (const Ending& ending : subject_.play(start, instance_.slots[0], report, 1.0))
    label += ending.probability * ending.label;
  return label;
}

Misreport Situation::best() {
  const std::vector<double> truth = honest(0);
  const bool plans = instance_.slots.size() > 1;
  const Function utility = [&](std::span<const double> r) { return value(r, plans); };
  Misreport found;
  const Shape shape = subject_.shape(motive_, instance_.weights.size(), coalition_);
  found.honest_utility = value(truth, false);
  if (quadratic(0)) {
    found.best = maximise_quadratic(utility, truth, subject_.floor());
    found.exact = true;
  } else {
    found.best = maximise_by_search(utility, truth, subject_.floor(), candidates(0), effort_.first);
    found.exact = shape == Shape::truthful;
  }
  // Lies in later slots, after an honest first report.
  if (plans) found.best.gain += std::max(0.0, value(truth, true) - found.honest_utility);
  found.honest_label = label_with(truth);
  found.best_label = label_with(found.best.report);
  return found;
}

}  // namespace candor::audit
