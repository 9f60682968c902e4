#include "dataset/slot_emitter.h"

namespace candor::dataset {

Status SlotEmitter::emit(SlotId slot, std::span<const WorkerId> workers,
                         std::span<const double> codes) {
  const std::size_t answers = survey_.answers.size();
  reports_.resize(codes.size() * answers);
  for (std::size_t i = 0; i < codes.size(); ++i)
    survey_.write_code(codes[i], std::span(reports_).subspan(i * answers, answers));
  const bool known = survey_.write_outcome(slot, outcome_);
  return visit_({slot, workers, reports_,
                 known ? std::span<const double>(outcome_) : std::span<const double>{}});
}

Error file_changed(const Survey& survey) {
  return Error{ErrorCode::conflict, "other rows than in the first pass"}
      .in_file(survey.files.front().path)
      .expecting("a file that stays the same while it is read twice")
      .way("run again when nothing writes to the file");
}

}  // namespace candor::dataset
