#include "lm/exceptions.h"

#include <new>
#include <string_view>

namespace candor::lm {

namespace {

bool ran_out_of_memory(const std::exception& thrown, std::string_view text) {
  return dynamic_cast<const std::bad_alloc*>(&thrown) != nullptr ||
         text.find("out of memory") != text.npos || text.find("allocate memory") != text.npos ||
         text.find("not enough memory") != text.npos;
}

}  // namespace

Error error_of(const std::exception& thrown) {
  const std::string_view text = thrown.what();
  std::string first_line(text.substr(0, text.find('\n')));
  if (!ran_out_of_memory(thrown, text))
    return Error{ErrorCode::unsupported, "LibTorch: " + first_line};
  return Error{ErrorCode::io, "LibTorch: " + first_line}
      .expecting("enough memory")
      .way("use smaller pieces (tokens_at_once), activation checkpointing, or an adapter");
}

}  // namespace candor::lm
