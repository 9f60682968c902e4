// Any bytes as a safetensors file: no crash; what can be read is as long as its shape says.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/checkpoint/safetensors.h"

namespace {

using namespace candor;
using namespace candor::checkpoint;

Status read(const std::string& path) {
  CANDOR_TRY(const SafetensorsFile file, SafetensorsFile::open(path));
  for (const auto& [name, entry] : file.tensors()) {
    if (!entry.element()) continue;
    CANDOR_TRY(const std::vector<float> values, file.read(TensorShape{name, entry.shape}));
    std::size_t count = 1;
    for (const std::size_t length : entry.shape) count *= length;
    if (values.size() != count) std::abort();
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = ::memfd_create("fuzz", 0);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  const auto status = read("/proc/self/fd/" + std::to_string(file));
  ::close(file);
  if (!status.ok() && status.error().message().empty()) std::abort();
  return 0;
}
