// candor/evaluation/result_json.h
// Results as JSON: what `--json` prints, and, with curves, what the HTML report is made of.
// docs/data-formats.md describes the members; members are added, never renamed.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "candor/evaluation/replay.h"

namespace candor::evaluation {

/// Counts, methods and worker weights. Numbers that do not exist (no outcome, no bound) are null.
[[nodiscard]] nlohmann::json to_json(const ReplayResult& result);

/// to_json and the curves and reliability bins; at most 1,000 workers from each end of the weights.
/// `title` and `command` head the report.
[[nodiscard]] nlohmann::json report_json(const ReplayResult& result, const std::string& title,
                                         const std::string& command);

/// A regret or weight curve's values as a JSON list with null for gaps.
[[nodiscard]] nlohmann::json json_list(const std::vector<std::optional<double>>& values);

/// "weighted-score x hedged x no pay, step size 0.0321": the mechanism on one line.
[[nodiscard]] std::string describe(const mechanism::MechanismSpec& spec);

}  // namespace candor::evaluation
