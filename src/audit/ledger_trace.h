// A ledger reduced to what moves weights and payments, in memory, to be run many times.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "candor/learning/asking_rule.h"
#include "candor/mechanism/mechanism.h"

namespace candor::audit {

struct Trace {
  enum class Step : std::uint8_t {
    join,       // a worker waits for admission
    admit,      // a cohort of newcomers may be due
    leave,      // a worker is not asked any more
    come_back,  // a worker may be asked again
    ask,        // stakes are frozen for an ask
    withdraw,   // and given back
    pool,       // wagers are frozen for a slot
    settle,
    expire,
  };
  struct Op {
    Step step = Step::join;
    std::uint32_t id = 0;  // worker, ask or slot (in the order pooled)
  };
  struct Ask {
    std::vector<WorkerId> worker;
    double lottery = 0.0;
    learning::Stakes stakes = {};  // as recorded; only where stakes_stay
  };

  std::string campaign;
  std::vector<std::string> answers;
  std::vector<std::string> worker_names;
  mechanism::MechanismSpec spec;
  std::optional<mechanism::Mechanism> judge;  // for its loss; no campaign runs in it
  std::vector<Op> ops;
  std::vector<Ask> asks;
  /// Stakes depend on who led when they were frozen (elf): those recorded are used in every run.
  bool stakes_stay = false;
  std::size_t settled = 0;

  // Slots in the order pooled; their reports one after the other.
  std::vector<std::size_t> start{0};    // [slots + 1]
  std::vector<std::uint32_t> slot_ask;  // [slots] with an asking rule
  std::vector<bool> is_settled;         // [slots]
  std::vector<double> outcome;          // [slots, K] where settled
  std::vector<WorkerId> worker;         // [reports]
  std::vector<double> report;           // [reports, K]
  std::vector<double> loss;             // [reports] where settled
  // What the ledger itself came to, to be compared with.
  std::vector<double> final_weight;         // [workers]
  std::vector<std::int64_t> balance_micro;  // [workers]

  [[nodiscard]] std::size_t slots() const { return start.size() - 1; }
  [[nodiscard]] std::size_t reports_in(std::size_t slot) const {
    return start[slot + 1] - start[slot];
  }
  [[nodiscard]] std::span<const WorkerId> workers_of(std::size_t slot) const {
    return std::span(worker).subspan(start[slot], reports_in(slot));
  }
  [[nodiscard]] std::span<const double> losses_of(std::size_t slot) const {
    return std::span(loss).subspan(start[slot], reports_in(slot));
  }
  [[nodiscard]] std::span<const double> row(std::size_t report_at) const {
    return std::span(report).subspan(report_at * answers.size(), answers.size());
  }
  [[nodiscard]] std::span<const double> outcome_of(std::size_t slot) const {
    return std::span(outcome).subspan(slot * answers.size(), answers.size());
  }
};

/// Errors: those of store::read_ledger and event::Fold.
[[nodiscard]] Result<Trace> read_trace(const std::string& path);

}  // namespace candor::audit
