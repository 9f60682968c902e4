#include "context_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace candor::app {

void ContextFit::cut(std::vector<policy::Token>& prompt, std::size_t answer,
                     std::optional<policy::Token> keep) {
  assert(answer_fits(answer) && !prompt.empty());
  ++seen_;
  const std::size_t room = context_ - answer;
  if (prompt.size() <= room) return;
  const std::size_t lost = prompt.size() - room;
  const bool keeps_first = keep && prompt.front() == *keep && room >= 2;
  const auto from = prompt.begin() + (keeps_first ? 1 : 0);
  prompt.erase(from, from + static_cast<std::ptrdiff_t>(lost));
  ++cut_;
  most_ = std::max(most_, lost);
}

std::string ContextFit::note() const {
  if (cut_ == 0) return {};
  return fmt::format(
      "{} of {} prompts were too long for the context of {} tokens together with their answers: "
      "cut at the left by up to {} tokens",
      cut_, seen_, context_, most_);
}

}  // namespace candor::app
