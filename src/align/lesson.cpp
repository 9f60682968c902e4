#include "candor/align/lesson.h"

#include <algorithm>
#include <numeric>

#include "align/pieces.h"

namespace candor::align {

Result<std::vector<Metric>> judge_all(const Lesson& lesson, policy::Scorer& scorer,
                                      std::size_t piece, std::string_view prefix) {
  std::vector<std::uint32_t> all(lesson.size());
  std::iota(all.begin(), all.end(), 0U);
  Tally tally;
  for (const Examples part : pieces_of(all, piece)) CANDOR_CHECK(lesson.judge(scorer, part, tally));
  return tally.means(prefix);
}

}  // namespace candor::align
