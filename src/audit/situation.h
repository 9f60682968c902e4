// What an instance is worth to a coalition, and its best misreport there.
#pragma once

#include <map>

#include "audit/maximise.h"
#include "audit/subject.h"

namespace candor::audit {

/// How closely to look. `later` is for the choices after the first slot, which are made once for
/// each way in which the slots before can end.
struct Effort {
  Grid first;
  Grid later{9, 1, 12};
};

/// What was found in one instance.
struct Misreport {
  Maximum best;
  bool exact = false;
  double honest_utility = 0.0;
  double honest_label = 0.0;  ///< expected, first slot
  double best_label = 0.0;
};

/// A coalition of workers 0 .. c-1 that wants the sum of its members' utilities, in one instance.
/// With more than one slot c must be 1. Thread safety: one thread at a time.
class Situation {
 public:
  Situation(const Subject& subject, const AuditInstance& instance, game::Motive motive,
            std::size_t coalition, const Effort& effort)
      : subject_(subject),
        instance_(instance),
        motive_(motive),
        coalition_(coalition),
        effort_(effort) {}

  /// Expected utility with these reports [c] in the first slot and the best ones (`planning`) or
  /// honest ones after it.
  [[nodiscard]] double value(std::span<const double> first, bool planning);
  [[nodiscard]] Misreport best();

 private:
  struct Place {
    std::size_t slot = 0;
    const State* state = nullptr;
  };
  [[nodiscard]] double from(const Place& place, std::span<const double> liars, bool planning);
  [[nodiscard]] double after(const Place& place, bool planning);
  [[nodiscard]] double now(const Ending& ending, std::size_t slot) const;
  [[nodiscard]] bool last(std::size_t slot) const { return slot + 1 == instance_.slots.size(); }
  [[nodiscard]] bool quadratic(std::size_t slot) const;
  [[nodiscard]] std::vector<double> honest(std::size_t slot) const;
  [[nodiscard]] std::vector<double> candidates(std::size_t slot) const;
  [[nodiscard]] double label_with(std::span<const double> liars) const;

  const Subject& subject_;
  const AuditInstance& instance_;
  game::Motive motive_;
  std::size_t coalition_;
  Effort effort_;
  std::map<std::vector<double>, double> known_;  // values of finite subjects, by place
};

}  // namespace candor::audit
