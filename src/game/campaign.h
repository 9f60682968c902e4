// One simulated campaign, from the first slot to its horizon.
#pragma once

#include "candor/evaluation/scoreboard.h"
#include "candor/game/crowd.h"
#include "candor/mechanism/mechanism.h"

namespace candor::game {

/// What a campaign came to, for each method.
struct CampaignOutcome {
  struct Method {
    std::string name;
    double regret = 0.0;
    std::optional<double> bound;
    double brier = 0.0;
    double accuracy = 0.0;
  };
  std::vector<Method> methods;
};

[[nodiscard]] Result<CampaignOutcome> run_campaign(const Scenario& scenario, std::uint64_t slots,
                                                   std::uint64_t seed,
                                                   mechanism::MechanismSpec spec);

}  // namespace candor::game
