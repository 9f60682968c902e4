// Any bytes as a GGUF file: no crash; what can be read is as long as its shape says, and a model
// that opens has a config that stands its own check.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "candor/checkpoint/gguf.h"

namespace {

using namespace candor;
using namespace candor::checkpoint;

Status read_tensors(const std::string& path) {
  CANDOR_TRY(const GgufFile file, GgufFile::open(path));
  for (const auto& [key, value] : file.metadata()) {
    (void)file.find<std::string>(key);
    (void)file.find<std::int64_t>(key);
    (void)file.find<double>(key);
    (void)file.find<std::vector<double>>(key);
  }
  for (const auto& [name, tensor] : file.tensors()) {
    CANDOR_TRY(const std::vector<float> values, file.read(TensorShape{name, tensor.shape}));
    std::size_t count = 1;
    for (const std::size_t length : tensor.shape) count *= length;
    if (values.size() != count) std::abort();
  }
  return {};
}

Status read_model(const std::string& path) {
  CANDOR_TRY(const std::unique_ptr<ModelSource> source, open_gguf(path));
  if (!source->config().check().ok()) std::abort();
  for (const TensorShape& tensor : tensors_of(source->config())) CANDOR_CHECK(source->read(tensor));
  return {};
}

void check(const Status& status) {
  if (!status.ok() && status.error().message().empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = ::memfd_create("fuzz", 0);
  if (file < 0 || ::write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  check(read_tensors(path));
  check(read_model(path));
  ::close(file);
  return 0;
}
