// The weight rules that a campaign can choose, by name.
#pragma once

#include <memory>

#include "candor/learning/asking_rule.h"
#include "candor/mechanism/mechanism.h"

namespace candor::mechanism {

/// One of the two is set.
struct ChosenRule {
  std::unique_ptr<learning::OpenRule> open;
  std::unique_ptr<learning::AskingRule> asking;
};

/// Errors: invalid_argument for an unknown name, out_of_range for an option outside the rule's
/// range.
[[nodiscard]] Result<ChosenRule> choose_rule(const MechanismSpec& spec);

}  // namespace candor::mechanism
