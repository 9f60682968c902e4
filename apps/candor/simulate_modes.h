// What `candor simulate` does beyond standard crowds: equilibrium play, asking only a few, and
// attacks with and without defences.
#pragma once

#include <string>

#include "candor/game/attack_experiment.h"
#include "candor/game/equilibrium.h"
#include "candor/game/limited_feedback.h"

namespace candor::app {

/// How a mode's result leaves the program.
struct ModeOutput {
  bool json = false;
  std::string report;      ///< HTML file; empty: none
  std::string invocation;  ///< the command line as typed
};

Status simulate_equilibrium(const game::EquilibriumOptions& options, const ModeOutput& output);
Status simulate_limited_feedback(const game::LimitedFeedbackOptions& options,
                                 const ModeOutput& output);

/// No HTML report (invalid_argument if one is asked for).
Status simulate_attack(const game::AttackOptions& options, const ModeOutput& output);

}  // namespace candor::app
