// candor/learning/asking_rules.h
// Asking rules by name, and the options that suit a campaign of known length.
//
//   name         asks  best regret in T slots of N workers            cost of a slot
//   lf           m>=2  2 sqrt(T ln N [(N-1)/(m-1) + N/m])             O(m log N)
//   log-barrier  1     about 2 sqrt(2 N T ln T)                       O(N)
//   loss-biased  1     8 sqrt(N T ln N)                               O(N)
//   wsu-ux       1     O(T^(2/3) (N ln N)^(1/3)): for comparison      O(log N)
//   elf          any   no constants known (event_lottery.h)          O(m + log N)
//
// The first four are truthful for a worker who cares about its next weight: use lf where two can be
// asked a slot, log-barrier where only one can. elf is truthful for workers who plan ahead, too;
// its step size is its damping, and asks 0 means everyone present. Thread safety: functions of
// their arguments.
//
// Worked: lf, N = 10, m = 2, T = 10000: sqrt(2.302585/(10000 (9 + 5))) = .0040555, below .68/9.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "candor/learning/asking_rule.h"

namespace candor::learning {

/// The names that make_asking_rule knows, in the order of the table.
[[nodiscard]] std::span<const std::string_view> asking_rule_names();

/// Errors: invalid_argument for a name that is not in the table (lists them), else those of the
/// rule.
[[nodiscard]] Result<std::unique_ptr<AskingRule>> make_asking_rule(std::string_view name,
                                                                   const AskingOptions& options);

/// The step size with the best regret bound for `workers` (2 at least are assumed), `asks` a slot
/// and `horizon` slots, never above the range of that bound:
///   lf           min(.68 (m-1)/(N-1), sqrt(ln N / (T [(N-1)/(m-1) + N/m]))); m >= N:
///                sqrt(ln N / T)
///   log-barrier  min(1/2, sqrt(N ln T / (2 T)))
///   loss-biased  min(1/(8N), sqrt(ln N / ((14 N + 2) T)))
///   wsu-ux       min(1/(4N), (ln N / (4 sqrt(N) T))^(2/3))
///   elf          1, or 1/2 with two workers
/// Errors: out_of_range unless horizon > 0; invalid_argument for asks that the rule has no use for,
/// or an unknown name.
[[nodiscard]] Result<double> asking_step_size(std::string_view name, std::size_t workers,
                                              std::size_t asks, double horizon);

/// The exploration that goes with a step size for `workers` present: wsu-ux min(1/2, sqrt(eta N)),
/// loss-biased min(1/2, 2 eta N), others 0 (elf has a schedule of its own).
/// AskingOptions::exploration = 0 does the same, with the number present in each slot. Errors: as
/// above; out_of_range for a step size outside (0,1].
[[nodiscard]] Result<double> asking_exploration(std::string_view name, std::size_t workers,
                                                double step_size);

}  // namespace candor::learning
