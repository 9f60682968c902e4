#include "audit/subject.h"

namespace candor::audit {

double Subject::worth(game::Motive motive, const Ending& ending, std::size_t member,
                      double belief) const {
  switch (motive) {
    case game::Motive::next_weight:
    case game::Motive::total_weight:
    case game::Motive::final_weight:
      return ending.state.weight[member];
    case game::Motive::pay:
      return ending.pay[member];
    case game::Motive::sway:
      return -(ending.label - belief) * (ending.label - belief);
  }
  return 0.0;
}

}  // namespace candor::audit
