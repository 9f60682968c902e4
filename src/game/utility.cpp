#include "candor/game/utility.h"

#include "candor/base/text.h"

namespace candor::game {
namespace {

constexpr std::array<std::string_view, all_motives.size()> names{"next-weight", "total-weight",
                                                                 "final-weight", "pay", "sway"};

Error not_a_mixture(std::string_view text) {
  return Error{ErrorCode::invalid_argument, std::string(text)}
      .in_field("utility")
      .expecting("a motive, or several with parts above 0, as in pay:1,sway:0.5")
      .way("motives are next-weight, total-weight, final-weight, pay and sway");
}

}  // namespace

std::string_view name_of(Motive motive) {
  return names.at(static_cast<std::size_t>(motive));
}

Result<Motive> parse_motive(std::string_view text) {
  for (const Motive motive : all_motives)
    if (name_of(motive) == text) return motive;
  return not_a_mixture(text);
}

Utility Utility::pure(Motive motive) {
  Utility utility;
  utility.part.at(static_cast<std::size_t>(motive)) = 1.0;
  return utility;
}

Result<Utility> Utility::parse(std::string_view text) {
  Utility utility;
  const std::string_view whole = text;
  while (true) {
    const std::string_view item = text.substr(0, text.find(','));
    const std::size_t colon = item.find(':');
    CANDOR_TRY(const Motive motive, parse_motive(item.substr(0, colon)));
    const auto part =
        colon == std::string_view::npos ? std::optional(1.0) : parse_number(item.substr(colon + 1));
    double& place = utility.part.at(static_cast<std::size_t>(motive));
    if (!part || !(*part > 0.0) || place != 0.0) return not_a_mixture(whole);
    place = *part;
    if (item.size() == text.size()) return utility;
    text.remove_prefix(item.size() + 1);
  }
}

}  // namespace candor::game
