// Instances to try: random ones, their neighbours, and the same in rounder numbers.
#pragma once

#include "candor/audit/audit.h"
#include "candor/base/random.h"

namespace candor::audit {

struct InstanceKind {
  std::size_t least = 2;  ///< workers
  std::size_t most = 4;
  bool equal = false;                   ///< weights start equal
  bool absent = false;                  ///< somebody is away in every slot
  double floor = 0.0;                   ///< beliefs and reports lie in [floor, 1 - floor]
  std::vector<double> step_sizes{0.0};  ///< one is chosen
};

/// Weights at random on the simplex (none below .02), beliefs and reports uniform or at 0, 1/2, 1.
[[nodiscard]] AuditInstance random_instance(const InstanceKind& kind, std::size_t coalition,
                                            std::size_t horizon, RandomStream& random);

/// The same but for one number.
[[nodiscard]] AuditInstance neighbour(const AuditInstance& instance, const InstanceKind& kind,
                                      std::size_t coalition, RandomStream& random);

/// Every number with so many decimals; the largest weight takes up what is missing to 1.
[[nodiscard]] AuditInstance rounded(const AuditInstance& instance, const InstanceKind& kind,
                                    std::size_t coalition, int decimals);

}  // namespace candor::audit
