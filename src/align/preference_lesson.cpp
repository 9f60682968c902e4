#include "candor/align/preference_lesson.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "align/fingerprint.h"
#include "candor/base/text.h"

namespace candor::align {
namespace {

std::string name_of_pair(const PreferencePair& pair, std::size_t number) {
  return pair.slot.empty() ? "pair " + std::to_string(number) : printable(pair.slot);
}

Error bad(const std::string& name, std::string_view field, double found,
          std::string_view expected) {
  return Error{ErrorCode::out_of_range, number_text(found) + " in " + name}
      .in_field(field)
      .expecting(expected)
      .way("correct the pair, or drop it");
}

bool finite(const std::optional<PairScores>& scores) {
  return !scores || (std::isfinite(scores->a) && std::isfinite(scores->b));
}

Status check_numbers(const PreferencePair& pair, const std::string& name) {
  if (!(pair.label >= 0.0 && pair.label <= 1.0))
    return bad(name, "label", pair.label, "a probability in [0,1]");
  if (!(pair.weight >= 0.0) || !std::isfinite(pair.weight))
    return bad(name, "weight", pair.weight, "a number >= 0");
  if (!std::isfinite(pair.margin)) return bad(name, "margin", pair.margin, "a finite number");
  if (!finite(pair.reference) || !finite(pair.previous))
    return Error{ErrorCode::out_of_range, "a cached score in " + name + " that is not finite"}.way(
        "cache the scores anew, with another model if need be");
  if (pair.a.answer_length() == 0 || pair.b.answer_length() == 0)
    return Error{ErrorCode::out_of_range, "an answer without tokens in " + name}.way(
        "drop the pair");
  return {};
}

Status check_cached(bool needed, const std::optional<PairScores>& scores, const std::string& whose,
                    const std::string& name) {
  if (!needed || scores) return {};
  return Error{ErrorCode::invalid_argument, "no scores of the " + whose + " policy for " + name}
      .way("call cache_" + whose + " on the pairs first");
}

Status check_pair(const PreferencePair& pair, const std::string& name, const Objective& objective) {
  CANDOR_CHECK(check_numbers(pair, name));
  CANDOR_CHECK(check_cached(objective.needs_reference(), pair.reference, "reference", name));
  return check_cached(objective.needs_previous(), pair.previous, "previous", name);
}

bool finite(const PairLoss& loss) {
  return std::isfinite(loss.value) && std::isfinite(loss.by_a) && std::isfinite(loss.by_b);
}

}  // namespace

Result<std::unique_ptr<PreferenceLesson>> PreferenceLesson::create(
    std::vector<PreferencePair> pairs, const Objective& objective) {
  if (pairs.empty())
    return Error{ErrorCode::invalid_argument, "no preference pairs"}.expecting("at least one");
  for (std::size_t i = 0; i < pairs.size(); ++i)
    CANDOR_CHECK(check_pair(pairs[i], name_of_pair(pairs[i], i), objective));
  return std::unique_ptr<PreferenceLesson>(new PreferenceLesson(std::move(pairs), objective));
}

std::uint64_t PreferenceLesson::fingerprint() const {
  Fingerprint print;
  print.add(objective_.name());
  for (const PreferencePair& pair : pair_) {
    print.add(pair.a);
    print.add(pair.b);
    print.add(pair.label);
    print.add(pair.weight);
    print.add(pair.margin);
    print.add(pair.reference);
    print.add(pair.previous);
  }
  return print.value();
}

std::string PreferenceLesson::label_of(std::uint32_t example) const {
  return name_of_pair(pair_[example], example);
}

double PreferenceLesson::divisor(Examples batch) const {
  return static_cast<double>(batch.size());
}

std::vector<policy::Sequence> PreferenceLesson::sequences(Examples piece) const {
  std::vector<policy::Sequence> list;
  for (const std::uint32_t i : piece) {
    list.push_back(pair_[i].a);
    list.push_back(pair_[i].b);
  }
  return list;
}

Status PreferenceLesson::tally_losses(Examples piece, std::span<const double> score, Tally& tally,
                                      std::vector<double>* derivative) const {
  assert(score.size() == 2 * piece.size());
  for (std::size_t k = 0; k < piece.size(); ++k) {
    const PairTerms terms = terms_of(pair_[piece[k]], {score[2 * k], score[2 * k + 1]});
    const PairLoss loss = objective_.loss(terms);
    if (!finite(loss))
      return Error{ErrorCode::out_of_range,
                   "a loss of " + number_text(loss.value) + " on " + label_of(piece[k])}
          .expecting("a finite number");
    add_pair(tally, objective_, terms, loss);
    if (derivative != nullptr) derivative->insert(derivative->end(), {loss.by_a, loss.by_b});
  }
  return {};
}

Status PreferenceLesson::learn(policy::Scorer& scorer, Examples piece, double divisor,
                               Tally& tally) const {
  CANDOR_TRY(const std::vector<double> score, scorer.forward(sequences(piece)));
  std::vector<double> derivative;
  CANDOR_CHECK(tally_losses(piece, score, tally, &derivative));
  for (double& d : derivative) d /= divisor;
  return scorer.backward(derivative);
}

Status PreferenceLesson::judge(policy::Scorer& scorer, Examples piece, Tally& tally) const {
  CANDOR_TRY(const std::vector<double> score, scorer.scores(sequences(piece)));
  return tally_losses(piece, score, tally, nullptr);
}

}  // namespace candor::align
