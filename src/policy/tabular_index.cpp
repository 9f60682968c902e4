#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "candor/policy/tabular_policy.h"

namespace candor::policy {
namespace {

using Texts = std::vector<std::vector<Token>>;

bool sound(const std::vector<Token>& tokens) {
  return !tokens.empty() && *std::min_element(tokens.begin(), tokens.end()) >= 0;
}

Status check_list(const Texts& list, std::string_view field) {
  const bool all_sound = std::all_of(list.begin(), list.end(), sound);
  const std::map<std::vector<Token>, int> distinct = [&] {
    std::map<std::vector<Token>, int> seen;
    for (const auto& tokens : list) ++seen[tokens];
    return seen;
  }();
  if (!list.empty() && all_sound && distinct.size() == list.size()) return {};
  return Error{ErrorCode::invalid_argument,
               "a list that is empty, or one of whose entries is "
               "empty, twice there or holds a negative token"}
      .in_field(field)
      .expecting("different lists of tokens >= 0");
}

std::map<std::vector<Token>, std::size_t> numbered(const Texts& list) {
  std::map<std::vector<Token>, std::size_t> numbers;
  for (std::size_t i = 0; i < list.size(); ++i) numbers[list[i]] = i;
  return numbers;
}

Result<std::size_t> look_up(const std::map<std::vector<Token>, std::size_t>& list,
                            std::span<const Token> tokens, std::string_view what) {
  const auto found = list.find({tokens.begin(), tokens.end()});
  if (found != list.end()) return found->second;
  return Error{ErrorCode::out_of_range,
               nlohmann::json(std::vector(tokens.begin(), tokens.end())).dump()}
      .in_field(what)
      .expecting("one of the " + std::to_string(list.size()) + " that the table was made with");
}

}  // namespace

TabularIndex::TabularIndex(TabularShape shape)
    : shape_(std::move(shape)),
      prompt_(numbered(shape_.prompts)),
      answer_(numbered(shape_.answers)) {}

Result<TabularIndex> TabularIndex::create(TabularShape shape) {
  CANDOR_CHECK(check_list(shape.prompts, "prompts"));
  CANDOR_CHECK(check_list(shape.answers, "answers"));
  return TabularIndex(std::move(shape));
}

Result<std::size_t> TabularIndex::find_prompt(std::span<const Token> prompt) const {
  return look_up(prompt_, prompt, "prompt");
}

Result<TabularPlace> TabularIndex::find(const Sequence& sequence) const {
  CANDOR_TRY(const std::size_t prompt, find_prompt(sequence.prompt()));
  CANDOR_TRY(const std::size_t answer, look_up(answer_, sequence.answer(), "answer"));
  return TabularPlace{prompt, answer};
}

Result<std::vector<TabularPlace>> TabularIndex::find_all(std::span<const Sequence> list) const {
  std::vector<TabularPlace> places;
  for (const Sequence& sequence : list) {
    CANDOR_TRY(const TabularPlace place, find(sequence));
    places.push_back(place);
  }
  return places;
}

Sequence TabularIndex::sequence(TabularPlace place) const {
  Sequence sequence{shape_.prompts[place.prompt], shape_.prompts[place.prompt].size()};
  const std::vector<Token>& answer = shape_.answers[place.answer];
  sequence.tokens.insert(sequence.tokens.end(), answer.begin(), answer.end());
  return sequence;
}

std::string TabularIndex::kind(const std::string& name) const {
  return name + " " + nlohmann::json(shape_.prompts).dump() + " " +
         nlohmann::json(shape_.answers).dump();
}

}  // namespace candor::policy
