#include "candor/align/supervised_lesson.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "align/fingerprint.h"
#include "candor/base/text.h"

namespace candor::align {
namespace {

std::string name_of_example(const SupervisedExample& example, std::size_t number) {
  return example.name.empty() ? "example " + std::to_string(number) : printable(example.name);
}

Status check_example(const SupervisedExample& example, const std::string& name) {
  if (!(example.weight >= 0.0) || !std::isfinite(example.weight))
    return Error{ErrorCode::out_of_range, number_text(example.weight) + " in " + name}
        .in_field("weight")
        .expecting("a number >= 0");
  if (example.sequence.answer_length() == 0)
    return Error{ErrorCode::out_of_range, "an answer without tokens in " + name}.way(
        "drop the example");
  return {};
}

double tokens_of(const SupervisedExample& example) {
  return static_cast<double>(example.sequence.answer_length());
}

}  // namespace

Result<std::unique_ptr<SupervisedLesson>> SupervisedLesson::create(
    std::vector<SupervisedExample> examples) {
  if (examples.empty())
    return Error{ErrorCode::invalid_argument, "no examples"}.expecting("at least one");
  for (std::size_t i = 0; i < examples.size(); ++i)
    CANDOR_CHECK(check_example(examples[i], name_of_example(examples[i], i)));
  return std::unique_ptr<SupervisedLesson>(new SupervisedLesson(std::move(examples)));
}

std::uint64_t SupervisedLesson::fingerprint() const {
  Fingerprint print;
  for (const SupervisedExample& example : example_) {
    print.add(example.sequence);
    print.add(example.weight);
  }
  return print.value();
}

std::string SupervisedLesson::label_of(std::uint32_t example) const {
  return name_of_example(example_[example], example);
}

double SupervisedLesson::divisor(Examples batch) const {
  double tokens = 0.0;
  for (const std::uint32_t i : batch) tokens += example_[i].weight * tokens_of(example_[i]);
  return tokens > 0.0 ? tokens : 1.0;  // where nothing weighs anything, losses are 0 anyway
}

std::vector<policy::Sequence> SupervisedLesson::sequences(Examples piece) const {
  std::vector<policy::Sequence> list;
  for (const std::uint32_t i : piece) list.push_back(example_[i].sequence);
  return list;
}

Status SupervisedLesson::tally_losses(Examples piece, std::span<const double> score,
                                      Tally& tally) const {
  assert(score.size() == piece.size());
  for (std::size_t k = 0; k < piece.size(); ++k) {
    const SupervisedExample& example = example_[piece[k]];
    if (!std::isfinite(score[k]))
      return Error{ErrorCode::out_of_range,
                   "a loss of " + number_text(-score[k]) + " on " + label_of(piece[k])}
          .expecting("a finite number");
    tally.add("loss", -example.weight * score[k], example.weight * tokens_of(example));
  }
  return {};
}

Status SupervisedLesson::learn(policy::Scorer& scorer, Examples piece, double divisor,
                               Tally& tally) const {
  CANDOR_TRY(const std::vector<double> score, scorer.forward(sequences(piece)));
  CANDOR_CHECK(tally_losses(piece, score, tally));
  std::vector<double> derivative;
  for (const std::uint32_t i : piece) derivative.push_back(-example_[i].weight / divisor);
  return scorer.backward(derivative);
}

Status SupervisedLesson::judge(policy::Scorer& scorer, Examples piece, Tally& tally) const {
  CANDOR_TRY(const std::vector<double> score, scorer.scores(sequences(piece)));
  return tally_losses(piece, score, tally);
}

}  // namespace candor::align
