// candor/evaluation/bounds.h
// What theory promises for a method's regret, in quadratic loss, where it promises anything:
//
//   the weight rule's linear pool   WeightRule::regret_bound, to each worker over its own slots
//   exponential                     ln(1/w) / eta, to each worker over its own slots
//   hedged                          the least of these + ln(M)/2, to a worker who answered every
//   slot
//
// (The hedge is never more than ln(M)/2 behind each of its M members over all slots, not over the
// slots that one worker happened to answer: hence the condition.)
#pragma once

#include <optional>

#include "candor/mechanism/mechanism.h"

namespace candor::evaluation {

/// label: an index into mechanism.label_names(). slots: how many settled slots the worker answered,
/// of all_slots. Nothing where no theorem applies (another loss rule than quadratic and outcomes
/// with errors among them).
[[nodiscard]] std::optional<double> regret_bound(const mechanism::Mechanism& mechanism,
                                                 std::size_t label, WorkerId worker,
                                                 std::uint64_t slots, std::uint64_t all_slots);

}  // namespace candor::evaluation
