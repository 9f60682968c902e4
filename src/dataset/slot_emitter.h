// dataset/slot_emitter.h
// Codes of reports become rows of probabilities, and a visit. Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"
#include "candor/dataset/slot_stream.h"

namespace candor::dataset {

inline constexpr std::size_t most_listed_duplicates = 100;
inline constexpr std::uint64_t stream_progress_every = 65536;

class SlotEmitter {
 public:
  SlotEmitter(const Survey& survey, const SlotVisitor& visit)
      : survey_(survey), visit_(visit), outcome_(survey.answers.size()) {}

  Status emit(SlotId slot, std::span<const WorkerId> workers, std::span<const double> codes);

 private:
  const Survey& survey_;
  const SlotVisitor& visit_;
  std::vector<double> reports_;
  std::vector<double> outcome_;
};

/// The file is not the one that was surveyed.
[[nodiscard]] Error file_changed(const Survey& survey);

}  // namespace candor::dataset
