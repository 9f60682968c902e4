#include "audit/row_search.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "candor/base/text.h"

namespace candor::audit {
namespace {

constexpr double nothing = 1e-12;  // a gain below this is rounding

// How many instances, how many steps of local search, and how closely reports are looked at.
struct Budget {
  std::size_t instances = 0;
  std::size_t steps = 0;
  Effort effort;
};

Budget budget_for(const Quest& quest, Shape shape, bool finite, bool thorough) {
  const std::size_t times = thorough ? 10 : 1;
  Budget budget{60 * times, 60 * times, {}};
  if (shape == Shape::constant) return {1, 0, {}};
  if (quest.horizon > 1) {
    budget = {finite ? 10 * times : 6 * times, finite ? 0 : 8 * times, {{13, 2, 16}, {9, 1, 12}}};
    if (quest.horizon > 2 && !finite) budget = {2, 2, {{9, 1, 8}, {7, 1, 8}}};
    return budget;
  }
  if (shape == Shape::quadratic) return budget;
  constexpr std::array<std::size_t, 4> points{0, 201, 21, 9};
  budget.effort.first = {points[quest.coalition], 3, 25};
  if (quest.coalition > 1) budget = {8 * times, 8 * times, budget.effort};
  return budget;
}

// The same numbers for a row whatever else is audited (FNV-1a of what it is called).
std::uint64_t stream_of(const Quest& quest) {
  const std::string text = quest.audited->note.name + '/' +
                           quest.audited->variants[quest.variant].setting + '/' +
                           std::string(game::name_of(quest.motive)) + '/' +
                           std::to_string(quest.coalition) + '/' + std::to_string(quest.horizon);
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

class Hunt {
 public:
  Hunt(const Quest& quest, const Subject& subject, const AuditOptions& options)
      : quest_(quest),
        subject_(subject),
        kind_(quest.audited->variants[quest.variant].kind),
        random_(options.seed, stream_of(quest)) {
    const std::size_t workers = std::max(kind_.least, quest.coalition + 1);
    budget_ = budget_for(quest, subject.shape(quest.motive, workers, quest.coalition),
                         subject.finite(), options.thorough);
  }

  AuditRow run() {
    for (std::size_t k = 0; k < budget_.instances; ++k)
      consider(random_instance(kind_, quest_.coalition, quest_.horizon, random_));
    for (std::size_t k = 0; k < budget_.steps && gain_ > nothing; ++k)
      consider(neighbour(worst_, kind_, quest_.coalition, random_));
    for (int decimals = 1; decimals <= 3; ++decimals) {
      const AuditInstance round = rounded(worst_, kind_, quest_.coalition, decimals);
      if (gain_of(round) < 0.9 * gain_ || !positive(round.weights)) continue;
      worst_ = round;
      break;
    }
    return row_of_instance(quest_, subject_, worst_, budget_.effort);
  }

 private:
  static bool positive(const std::vector<double>& weights) {
    return std::all_of(weights.begin(), weights.end(), [](double w) { return w > 0.0; });
  }
  [[nodiscard]] double gain_of(const AuditInstance& instance) const {
    return Situation(subject_, instance, quest_.motive, quest_.coalition, budget_.effort)
        .best()
        .best.gain;
  }
  void consider(AuditInstance instance) {
    const double gain = gain_of(instance);
    if (!worst_.weights.empty() && gain <= gain_) return;
    gain_ = gain;
    worst_ = std::move(instance);
  }

  const Quest& quest_;
  const Subject& subject_;
  InstanceKind kind_;
  RandomStream random_;
  Budget budget_;
  AuditInstance worst_;
  double gain_ = 0.0;
};

std::string how_found(const Quest& quest, const Subject& subject, const Misreport& found) {
  if (!found.exact) return "search";
  return subject.finite() && quest.horizon > 1 ? "enumeration" : "closed form";
}

}  // namespace

AuditRow row_of_instance(const Quest& quest, const Subject& subject, const AuditInstance& instance,
                         const Effort& effort) {
  const Misreport found =
      Situation(subject, instance, quest.motive, quest.coalition, effort).best();
  AuditRow row;
  row.mechanism = quest.audited->note.name;
  row.utility = quest.motive;
  row.workers = instance.weights.size();
  row.horizon = instance.slots.size();
  row.coalition = quest.coalition;
  row.gain = found.best.gain;
  row.exact = found.exact;
  row.method = how_found(quest, subject, found);
  row.instance = instance;
  row.honest.assign(quest.coalition, instance.slots[0].belief);
  row.best = found.best.report;
  row.honest_utility = found.honest_utility;
  row.best_utility = found.honest_utility + found.best.gain;
  row.honest_label = found.honest_label;
  row.best_label = found.best_label;
  row.note = quest.audited->variants[quest.variant].setting;
  row.spacing = found.exact ? 0.0 : found.best.spacing;
  return row;
}

AuditRow search_row(const Quest& quest, const AuditOptions& options) {
  auto subject = quest.audited->variants[quest.variant].make(options.label);
  assert(subject.ok());
  return Hunt(quest, **subject, options).run();
}

}  // namespace candor::audit
