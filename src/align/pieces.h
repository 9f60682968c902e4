// align/pieces.h
// A batch cut into pieces that fit in memory.
#pragma once

#include <algorithm>
#include <vector>

#include "candor/align/lesson.h"

namespace candor::align {

/// Pieces of `piece` examples, the last maybe shorter; 0: one piece. They view `batch`.
[[nodiscard]] inline std::vector<Examples> pieces_of(Examples batch, std::size_t piece) {
  const std::size_t step = piece == 0 ? std::max<std::size_t>(batch.size(), 1) : piece;
  std::vector<Examples> out;
  for (std::size_t first = 0; first < batch.size(); first += step)
    out.push_back(batch.subspan(first, std::min(step, batch.size() - first)));
  return out;
}

}  // namespace candor::align
