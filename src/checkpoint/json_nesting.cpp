#include "candor/checkpoint/json_nesting.h"

#include <algorithm>

namespace candor::checkpoint {
namespace {

// From behind a text's opening quote to its closing one, or to the end.
std::size_t end_of_text(std::string_view json, std::size_t place) {
  while (place < json.size() && json[place] != '"') place += json[place] == '\\' ? 2 : 1;
  return place;
}

}  // namespace

std::size_t nesting_of(std::string_view json) {
  std::size_t open = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char byte = json[i];
    if (byte == '"') i = end_of_text(json, i + 1);
    if (byte == '[' || byte == '{') most = std::max(most, ++open);
    if ((byte == ']' || byte == '}') && open > 0) --open;
  }
  return most;
}

Status check_nesting(std::string_view json, const std::string& file) {
  if (nesting_of(json) <= deepest_json) return {};
  const std::string most = std::to_string(deepest_json);
  return Error{ErrorCode::malformed, "arrays or objects nested deeper than " + most}
      .in_file(file)
      .expecting("at most " + most + " inside each other")
      .way("check where the file comes from: no such file is made in earnest");
}

}  // namespace candor::checkpoint
