#include "audit/instances.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "candor/base/math.h"

namespace candor::audit {
namespace {

constexpr double least_weight = 0.02;

double random_probability(const InstanceKind& kind, RandomStream& random) {
  constexpr std::array<double, 3> round{0.0, 0.5, 1.0};
  const double free = random.uniform();
  const double value = random.bernoulli(0.3) ? round[random.below(3)] : free;
  return std::clamp(value, kind.floor, 1.0 - kind.floor);
}

void bring_to_simplex(std::vector<double>& weight) {
  for (double& value : weight) value = std::max(value, least_weight);
  double total = 0.0;
  for (const double value : weight) total += value;
  for (double& value : weight) value /= total;
}

std::vector<double> random_weights(const InstanceKind& kind, std::size_t n, RandomStream& random) {
  std::vector<double> weight(n, 1.0 / static_cast<double>(n));
  if (kind.equal) return weight;
  for (double& value : weight) value = -portable_log(1.0 - random.uniform());
  bring_to_simplex(weight);
  return weight;
}

void set_belief(AuditSlot& slot, std::size_t coalition, double belief) {
  slot.belief = belief;
  for (std::size_t i = 0; i < coalition; ++i) slot.reports[i] = belief;
}

AuditSlot random_slot(const InstanceKind& kind, std::size_t n, std::size_t coalition,
                      RandomStream& random) {
  AuditSlot slot;
  for (std::size_t i = 0; i < n; ++i) slot.reports.push_back(random_probability(kind, random));
  set_belief(slot, coalition, random_probability(kind, random));
  if (!kind.absent) return slot;
  slot.present.assign(n, true);
  slot.present[coalition + random.below(n - coalition)] = false;
  return slot;
}

}  // namespace

AuditInstance random_instance(const InstanceKind& kind, std::size_t coalition, std::size_t horizon,
                              RandomStream& random) {
  const std::size_t least = std::max(kind.least, coalition + (kind.absent ? 2 : 1));
  const std::size_t most = std::max(kind.most, least);
  const std::size_t n = least + random.below(most - least + 1);
  AuditInstance instance;
  instance.weights = random_weights(kind, n, random);
  instance.step_size = kind.step_sizes[random.below(kind.step_sizes.size())];
  for (std::size_t t = 0; t < horizon; ++t)
    instance.slots.push_back(random_slot(kind, n, coalition, random));
  return instance;
}

AuditInstance neighbour(const AuditInstance& instance, const InstanceKind& kind,
                        std::size_t coalition, RandomStream& random) {
  AuditInstance next = instance;
  const std::size_t n = next.weights.size();
  AuditSlot& slot = next.slots[random.below(next.slots.size())];
  const std::size_t which = random.below(n - coalition + (kind.equal ? 1 : 2));
  const double moved = 0.15 * random.normal();
  const bool extreme = random.bernoulli(0.15);
  const double end = random.bernoulli(0.5) ? kind.floor : 1.0 - kind.floor;
  const auto shifted = [&](double from) {
    return extreme ? end : std::clamp(from + moved, kind.floor, 1.0 - kind.floor);
  };
  if (which == 0) {
    set_belief(slot, coalition, shifted(slot.belief));
  } else if (which < n - coalition + 1) {
    slot.reports[coalition + which - 1] = shifted(slot.reports[coalition + which - 1]);
  } else {
    next.weights[random.below(n)] += moved;
    bring_to_simplex(next.weights);
  }
  return next;
}

AuditInstance rounded(const AuditInstance& instance, const InstanceKind& kind,
                      std::size_t coalition, int decimals) {
  double unit = 1.0;
  for (int k = 0; k < decimals; ++k) unit *= 10.0;
  const auto round = [&](double x) { return std::round(x * unit) / unit; };
  AuditInstance rounder = instance;
  for (AuditSlot& slot : rounder.slots) {
    for (double& report : slot.reports)
      report = std::clamp(round(report), kind.floor, 1.0 - kind.floor);
    set_belief(slot, coalition, std::clamp(round(slot.belief), kind.floor, 1.0 - kind.floor));
  }
  if (kind.equal) return rounder;
  double total = 0.0;
  for (double& weight : rounder.weights) {
    weight = std::max(round(weight), 1.0 / unit);
    total += weight;
  }
  double& largest = *std::max_element(rounder.weights.begin(), rounder.weights.end());
  largest = round(largest + 1.0 - total);
  if (largest <= 0.0) rounder.weights = instance.weights;
  return rounder;
}

}  // namespace candor::audit
