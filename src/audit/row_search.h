// One row of the audit: the worst instance that can be found for a variant, a utility, a coalition
// and a horizon.
#pragma once

#include "audit/catalogue.h"
#include "audit/situation.h"

namespace candor::audit {

/// What is looked for.
struct Quest {
  const Audited* audited = nullptr;
  std::size_t variant = 0;
  game::Motive motive = game::Motive::next_weight;
  std::size_t coalition = 1;
  std::size_t horizon = 1;
};

/// The row of one given instance.
[[nodiscard]] AuditRow row_of_instance(const Quest& quest, const Subject& subject,
                                       const AuditInstance& instance, const Effort& effort);

/// Random instances, local search from the worst, rounding. The label must exist.
[[nodiscard]] AuditRow search_row(const Quest& quest, const AuditOptions& options);

/// The exact plan of a worker that looks ahead, two workers (game/two_worker_dp.h). motive:
/// total-weight or final-weight.
[[nodiscard]] AuditRow two_worker_row(const std::string& mechanism, game::Motive motive,
                                      std::size_t horizon);

}  // namespace candor::audit
