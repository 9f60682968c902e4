// The experiments' results for people.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "candor/arguments/experiment.h"
#include "candor/navigation/experiment.h"

namespace candor::app {

[[nodiscard]] std::string arguments_table(const arguments::ArgumentsResult& result);
[[nodiscard]] std::string navigation_table(const navigation::ExperimentResult& result);
/// Report kind "alignment-experiment" (candor/report/report.h). model: what it is, in words.
[[nodiscard]] nlohmann::json navigation_report_json(const navigation::ExperimentResult& result,
                                                    const std::string& model);

}  // namespace candor::app
