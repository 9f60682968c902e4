#include "candor/align/preference_pair.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

namespace candor::align {
namespace {

Result<std::vector<PairScores>> score_piece(policy::Scorer& scorer,
                                            std::span<const PreferencePair> pairs) {
  std::vector<policy::Sequence> sequences;
  for (const PreferencePair& pair : pairs) {
    sequences.push_back(pair.a);
    sequences.push_back(pair.b);
  }
  CANDOR_TRY(const std::vector<double> score, scorer.scores(sequences));
  assert(score.size() == sequences.size());
  std::vector<PairScores> out;
  for (std::size_t i = 0; i < pairs.size(); ++i) out.push_back({score[2 * i], score[2 * i + 1]});
  return out;
}

Status cache(policy::Scorer& scorer, std::span<PreferencePair> pairs, std::size_t piece,
             std::optional<PairScores> PreferencePair::* member) {
  CANDOR_TRY(const std::vector<PairScores> scores, score_pairs(scorer, pairs, piece));
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].*member = scores[i];
  return {};
}

}  // namespace

Result<std::vector<PairScores>> score_pairs(policy::Scorer& scorer,
                                            std::span<const PreferencePair> pairs,
                                            std::size_t piece) {
  std::vector<PairScores> out;
  const std::size_t step = piece == 0 ? std::max<std::size_t>(pairs.size(), 1) : piece;
  for (std::size_t first = 0; first < pairs.size(); first += step) {
    const auto part = pairs.subspan(first, std::min(step, pairs.size() - first));
    CANDOR_TRY(const std::vector<PairScores> scores, score_piece(scorer, part));
    out.insert(out.end(), scores.begin(), scores.end());
  }
  return out;
}

Status cache_reference(policy::Scorer& reference, std::span<PreferencePair> pairs,
                       std::size_t piece) {
  return cache(reference, pairs, piece, &PreferencePair::reference);
}

Status cache_previous(policy::Scorer& previous, std::span<PreferencePair> pairs,
                      std::size_t piece) {
  return cache(previous, pairs, piece, &PreferencePair::previous);
}

}  // namespace candor::align
