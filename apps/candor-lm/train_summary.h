// What a training run says at its end: the curve in ten rows, and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "candor/align/metrics.h"

namespace candor::app {

/// The metrics of a run in at most `rows` rows, one for each stretch of steps of about equal
/// length: the step it ends at, and the means over it; of eval_*, the last. Names in the order of
/// first mention.
[[nodiscard]] std::vector<align::Metrics> curve_of(const std::vector<align::Metrics>& steps,
                                                   std::size_t rows = 10);

/// One row a point; columns for those of the usual metrics that are there.
[[nodiscard]] std::string curve_table(const std::vector<align::Metrics>& curve);

/// [{"step": 10, "loss": 1.5, ...}, ...]; a value that is not finite is null.
[[nodiscard]] nlohmann::ordered_json curve_json(const std::vector<align::Metrics>& curve);

}  // namespace candor::app
