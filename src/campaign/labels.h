// From what workers reported to what the policy is trained on.
#pragma once

#include <vector>

#include "campaign/collector.h"

namespace candor::campaign {

/// The preference pairs of the rounds first_round .. last_round, in the order of their slots; slots
/// without reports have none. Errors: conflict for LabelSource::outcome where an outcome is not
/// known, the task's, those of EM.
Result<std::vector<align::PreferencePair>> pairs_of_rounds(const Book& book, Task& task,
                                                           const Collector& collector,
                                                           LabelSource source,
                                                           std::size_t first_round,
                                                           std::size_t last_round);

}  // namespace candor::campaign
