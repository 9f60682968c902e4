#include "candor/evaluation/bounds.h"

#include "candor/pooling/aggregating_mixer.h"

namespace candor::evaluation {
namespace {

std::optional<double> member_bound(const mechanism::Mechanism& mechanism, std::size_t label,
                                   WorkerId worker, double slots) {
  if (mechanism.label_names()[label] == mechanism.spec().weight_rule)
    return mechanism.weight_rule().regret_bound(worker, slots);
  return mechanism.pools().regret_bound(label, worker, slots);
}

}  // namespace

std::optional<double> regret_bound(const mechanism::Mechanism& mechanism, std::size_t label,
                                   WorkerId worker, std::uint64_t slots, std::uint64_t all_slots) {
  const std::size_t labels = mechanism.label_names().size();
  const mechanism::MechanismSpec& spec = mechanism.spec();
  const bool covered = spec.loss.kind == scoring::LossRule::Kind::quadratic &&
                       spec.outcome_errors.empty();  // else losses are not those of the outcome
  if (label >= labels || !covered) return std::nullopt;
  if (label > 0) return member_bound(mechanism, label, worker, static_cast<double>(slots));
  if (slots != all_slots) return std::nullopt;
  std::optional<double> least;
  for (std::size_t member = 1; member < labels; ++member) {
    const auto bound = member_bound(mechanism, member, worker, static_cast<double>(slots));
    if (bound && (!least || *bound < *least)) least = bound;
  }
  if (least) *least += pooling::mixing_cost(labels - 1);
  return least;
}

}  // namespace candor::evaluation
