#include "candor/mechanism/admission.h"

#include <string>
#include <utility>

#include "candor/base/text.h"

namespace candor::mechanism {

Status Admission::check(const AdmissionOptions& options) {
  if (!(options.mass > 0.0 && options.mass < 1.0)) {
    return Error{ErrorCode::out_of_range, number_text(options.mass)}
        .in_field("newcomer mass")
        .expecting("a number in (0,1): the weight that a cohort of newcomers shares")
        .way("0.05 suits most crowds");
  }
  if (options.period == 0) {
    return Error{ErrorCode::out_of_range, "0"}
        .in_field("newcomer period")
        .expecting("at least 1 slot between two cohorts")
        .way("100 suits most crowds");
  }
  return {};
}

Status Admission::skip_founders() {
  if (admitted_ == 0 && slots_ == 0) {
    admitted_ = waiting_.size();
    waiting_.clear();
    return {};
  }
  return Error{ErrorCode::conflict, "first weights of a campaign under way"}
      .in_field("first weights")
      .expecting("no slot pooled yet, and weights not set before")
      .way("set first weights once, before the first slot");
}

Admission::Cohort Admission::due() {
  const bool founding = slots_ == 0;
  const bool due = founding || slots_ % options_.period == 0;
  ++slots_;
  if (!due || waiting_.empty()) return {};
  Cohort cohort{std::exchange(waiting_, {}), admitted_ == 0 ? 1.0 : options_.mass};
  admitted_ += cohort.workers.size();
  return cohort;
}

}  // namespace candor::mechanism
