// Any bytes as an event: no crash; what is read is written and read again without a change.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/event/codec.h"

namespace {

std::string json_of(const candor::event::Event& event) {
  std::string text;
  candor::event::encode(event, text);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto event = candor::event::decode({reinterpret_cast<const char*>(data), size});
  if (!event.ok()) {
    if (event.error().message().empty()) std::abort();
    return 0;
  }
  const std::string written = json_of(*event);
  const auto again = candor::event::decode(written);
  if (!again.ok() || json_of(*again) != written) std::abort();
  return 0;
}
