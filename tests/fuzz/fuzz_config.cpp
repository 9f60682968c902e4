// Any bytes as config.json: no crash; a config that is read is written and read again unchanged.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/checkpoint/model_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace candor::checkpoint;
  const auto config = parse_config({reinterpret_cast<const char*>(data), size}, "config.json");
  if (!config.ok()) {
    if (config.error().message().empty()) std::abort();
    return 0;
  }
  if (!config->check().ok() || config->parameters() == 0) std::abort();
  const auto again = parse_config(config_json(*config), "config.json");
  if (!again.ok() || !(*again == *config)) std::abort();
  return 0;
}
