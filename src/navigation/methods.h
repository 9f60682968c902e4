// The methods that the experiment compares, as settings of a campaign.
#pragma once

#include <string>

#include "candor/campaign/campaign.h"
#include "candor/navigation/experiment.h"

namespace candor::navigation {

/// Whether the name is one of experiment_methods(). Errors: invalid_argument, listing them.
Status check_method(const std::string& name);

/// The campaign that runs this method with one seed. `end` ends a forecast. Requires a known name.
/// Errors: out_of_range for asks that limited-feedback cannot use.
Result<campaign::CampaignOptions> campaign_of(const std::string& method,
                                              const ExperimentOptions& options, std::size_t drivers,
                                              std::uint64_t seed, policy::Token end);

}  // namespace candor::navigation
