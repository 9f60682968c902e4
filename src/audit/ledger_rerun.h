// A trace's weight rule and payments run again, with one worker's losses replaced.
#pragma once

#include "audit/ledger_trace.h"
#include "candor/audit/ledger_audit.h"

namespace candor::audit {

/// Where a worker's reports are.
struct OwnAnswers {
  WorkerId worker;
  std::vector<std::uint32_t> slot;     // [answers] of the trace, rising
  std::vector<std::size_t> report_at;  // [answers] in Trace::report
};

/// [workers] Everybody's answers. Memory: 12 bytes a report.
[[nodiscard]] std::vector<OwnAnswers> answers_by_worker(const Trace& trace);

/// What the worker earns if its loss in slot own.slot[n] is own_loss[n] (looked at where settled).
/// Where stake is not null, it gets g (1 - g/G) for each answer [answers]; for open rules only.
[[nodiscard]] Earnings rerun(const Trace& trace, const OwnAnswers& own,
                             std::span<const double> own_loss, std::vector<double>* stake);

}  // namespace candor::audit
