// What is audited, and how.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "audit/instances.h"
#include "audit/subject.h"

namespace candor::audit {

/// A mechanism in one of its settings (a step size, an odd number of workers).
struct Variant {
  std::string setting;  ///< in words; empty if there is only one
  std::function<Result<std::unique_ptr<Subject>>(const std::string& label)> make;
  InstanceKind kind;
  std::vector<game::Motive> motives{game::all_motives.begin(), game::all_motives.end()};
};

/// An example of the literature, or of this project's documents.
struct Textbook {
  std::size_t variant = 0;
  game::Motive motive = game::Motive::next_weight;
  AuditInstance instance = {};
};

struct Audited {
  MechanismNote note;
  std::vector<Variant> variants;
  std::vector<Textbook> textbook;
  bool two_worker_dp = false;  ///< the weighted-score rule: exact for two workers and long horizons
};

/// All but dawid-skene, which works on whole tables (em_audit.h).
[[nodiscard]] const std::vector<Audited>& catalogue();

}  // namespace candor::audit
