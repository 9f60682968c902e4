#include "candor/lm/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>

#include "candor/base/parallel.h"
#include "lm/blas_name.h"

namespace candor::lm {
namespace {

// LibTorch's answer to "how many" throws where a driver is there and broken.
std::size_t cuda_devices() {
  try {
    return torch::cuda::device_count();
  } catch (const std::exception&) {
    return 0;
  }
}

// Why there is no such device.
std::string no_cuda_because(std::size_t devices) {
  if (devices > 0) return fmt::format("this machine has {} CUDA device(s)", devices);
  if (at::detail::getCUDAHooks().hasCUDART()) return "no CUDA device or driver answers";
  return fmt::format("LibTorch {} was built without CUDA", TORCH_VERSION);
}

Error no_cuda(std::string_view name, std::size_t devices) {
  return Error{ErrorCode::unsupported, fmt::format("{}, but {}", name, no_cuda_because(devices))}
      .in_field("device")
      .expecting(devices == 0 ? "\"cpu\"" : fmt::format("cuda:0 to cuda:{}", devices - 1))
      .way("choose \"cpu\" or \"auto\"");
}

std::optional<std::size_t> cuda_index(std::string_view name) {
  if (name == "cuda") return 0;
  if (!name.starts_with("cuda:")) return std::nullopt;
  const std::string_view digits = name.substr(5);
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return index;
}

// The path of the shared object that a function of this name comes from; empty where none has it.
std::string shared_object_of(const char* function) {
  void* symbol = dlsym(RTLD_DEFAULT, function);
  Dl_info info{};
  if (symbol == nullptr || dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return {};
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(info.dli_fname, nullptr),
                                                             &std::free);
  return resolved ? resolved.get() : info.dli_fname;
}

// What OpenBLAS says of itself ("OpenBLAS 0.3.21 NO_LAPACK ... SkylakeX MAX_THREADS=64").
std::string openblas_config() {
  void* symbol = dlsym(RTLD_DEFAULT, "openblas_get_config");
  if (symbol == nullptr) return {};
  return reinterpret_cast<const char* (*)()>(symbol)();
}

bool computes_bf16() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bf16") == 0) return false;
#else
  return false;
#endif
  try {  // oneDNN throws where its instruction set is capped below what the processor has
    const at::Tensor ones = at::ones({16, 16}, at::kBFloat16);
    return at::matmul(ones, ones).defined();
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

Result<Device> device_of(std::string_view name) {
  if (name == "cpu") return Device{};
  const std::size_t devices = cuda_devices();
  if (name == "auto") {
    return devices > 0 ? Device{.kind = Device::Kind::cuda, .index = 0} : Device{};
  }
  const std::optional<std::size_t> index = cuda_index(name);
  if (!index) {
    return Error{ErrorCode::invalid_argument, std::string(name)}.in_field("device").expecting(
        "\"cpu\", \"cuda\", \"cuda:1\" or \"auto\"");
  }
  if (*index >= devices) return no_cuda(name, devices);
  return Device{.kind = Device::Kind::cuda, .index = *index};
}

std::string name_of(const Device& device) {
  return device.kind == Device::Kind::cpu ? "cpu" : fmt::format("cuda:{}", device.index);
}

Result<Precision> precision_of(std::string_view name, const Device& device) {
  if (name == "f32") return Precision::f32;
  if (name != "bf16") {
    return Error{ErrorCode::invalid_argument, std::string(name)}
        .in_field("precision")
        .expecting("\"f32\" or \"bf16\"");
  }
  if (device.kind == Device::Kind::cuda || computes_bf16()) return Precision::bf16;
  return Error{ErrorCode::unsupported, "bf16 on a processor without AVX512-BF16"}
      .in_field("precision")
      .expecting("\"f32\"")
      .way("choose f32, or a CUDA device");
}

std::string_view name_of(Precision precision) {
  return precision == Precision::f32 ? "f32" : "bf16";
}

Status check_threads(std::size_t threads) {
  if (threads <= most_threads) return {};
  return Error{ErrorCode::out_of_range, std::to_string(threads)}.in_field("threads").expecting(
      fmt::format("from 0 to {}; 0: as many as the machine has", most_threads));
}

void set_threads(std::size_t threads) {
  assert(threads <= most_threads);
  const std::size_t wanted = threads == 0 ? default_threads() : threads;
  at::set_num_threads(static_cast<int>(std::min(wanted, most_threads)));
}

Machine describe_machine() {
  const std::string config = at::show_config();
  const Blas blas = blas_of(config, shared_object_of("sgemm_"), openblas_config());
  return {.libtorch = TORCH_VERSION,
          .blas = blas.name,
          .slow_blas = blas.slow,
          .processor = processor_of(config),
          .bf16 = computes_bf16(),
          .threads = static_cast<std::size_t>(at::get_num_threads()),
          .cuda_devices = cuda_devices()};
}

std::string Machine::text() const {
  std::string line =
      fmt::format("LibTorch {}, {}, {}, {} thread(s), bf16 {}, {} CUDA device(s)", libtorch, blas,
                  processor, threads, bf16 ? "yes" : "no", cuda_devices);
  if (slow_blas) line += "; slow: install libopenblas0-openmp";
  return line;
}

}  // namespace candor::lm
