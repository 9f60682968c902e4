#include "scoring/answer_pairs.h"

#include <string>

namespace candor::scoring {
namespace {

Status check_answers(std::span<const std::uint32_t> given, std::size_t answers,
                     std::string_view name) {
  for (std::size_t t = 0; t < given.size(); ++t) {
    if (given[t] < answers) continue;
    return Error{ErrorCode::out_of_range, std::to_string(given[t])}
        .in_field(std::string(name) + "[" + std::to_string(t) + "]")
        .expecting("an answer in 0 .. " + std::to_string(answers - 1))
        .way("leave out slots without an answer");
  }
  return {};
}

}  // namespace

Result<std::vector<double>> count_pairs(std::span<const std::uint32_t> first,
                                        std::span<const std::uint32_t> second, std::size_t answers,
                                        std::string_view first_name, std::string_view second_name) {
  if (answers < 2) {
    return Error{ErrorCode::invalid_argument, std::to_string(answers)}
        .in_field("answers")
        .expecting("at least 2 answers to choose from")
        .way("say how many answers a slot has");
  }
  if (first.size() != second.size()) {
    return Error{ErrorCode::invalid_argument, std::to_string(second.size()) + " answers"}
        .in_field(second_name)
        .expecting(std::to_string(first.size()) + ", one for each of " + std::string(first_name))
        .way("keep only the slots that have both");
  }
  CANDOR_CHECK(check_answers(first, answers, first_name));
  CANDOR_CHECK(check_answers(second, answers, second_name));
  std::vector<double> count(answers * answers, 0.0);
  for (std::size_t t = 0; t < first.size(); ++t) count[first[t] * answers + second[t]] += 1.0;
  return count;
}

Status check_slots(std::size_t slots, std::size_t least) {
  if (slots >= least) return {};
  return Error{ErrorCode::invalid_argument, std::to_string(slots)}
      .in_field("slots")
      .expecting("at least " + std::to_string(least) + " slots that both answered")
      .way("wait for more answers, or choose another peer");
}

}  // namespace candor::scoring
