// The pools that "hedged" mixes. Private: a campaign names labels, not pools.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "candor/pooling/label_pool.h"

namespace candor::mechanism {

/// One of each, for K = answers; the two that use the mechanism's own weights are named after its rule.
std::vector<std::unique_ptr<pooling::LabelPool>> standard_pools(const std::string& weight_rule,
                                                                std::size_t answers);

}  // namespace candor::mechanism
