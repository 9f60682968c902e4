// Belief x report maps of gains.
#pragma once

#include "audit/row_search.h"

namespace candor::audit {

/// The map of a row with one liar and one slot: its weights and the others' reports, every belief.
[[nodiscard]] HeatMap heat_of(const Quest& quest, const AuditRow& row, const std::string& label);

}  // namespace candor::audit
