// candor/lm/device.h
// Where a model computes: processor or CUDA device, with how many threads, in which precision; and
// what this machine offers, in words for the log.
//
//   CANDOR_TRY(const Device device, device_of("auto"));          // CUDA where there is one
//   CANDOR_TRY(const Precision precision, precision_of("f32", device));
//   set_threads(0);                                              // all cores
//   std::puts(describe_machine().text().c_str());
//
// Call set_threads once at the start: LibTorch may otherwise run on one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor::lm {

struct Device {
  enum class Kind : std::uint8_t { cpu, cuda };
  Kind kind = Kind::cpu;
  std::size_t index = 0;  ///< which CUDA device; 0 for the processor
  bool operator==(const Device&) const = default;
};

/// "cpu"; "cuda" (the first), "cuda:1"; "auto": the first CUDA device, or else the processor.
/// Worked: "cpu" -> {cpu, 0}; "cuda:1" -> {cuda, 1}.
/// Errors: invalid_argument for another name; unsupported where CUDA is asked for and LibTorch was
/// built without it, or sees no such device (the message says which of the two, and how many it
/// sees).
[[nodiscard]] Result<Device> device_of(std::string_view name);
/// "cpu", "cuda:0".
[[nodiscard]] std::string name_of(const Device& device);

/// f32: everything in single precision. bf16: mixed; matrix products in bfloat16 (8 bits of
/// precision), parameters, norms, softmax, loss and optimiser in single precision. (Pure bf16
/// parameters learn worse and are not offered.)
enum class Precision : std::uint8_t { f32, bf16 };

/// Errors: invalid_argument for another name; unsupported for bf16 on a device that does not compute
/// in it: a processor without AVX512-BF16. (CUDA devices before compute capability 8 emulate it.)
[[nodiscard]] Result<Precision> precision_of(std::string_view name, const Device& device);
[[nodiscard]] std::string_view name_of(Precision precision);

/// More threads than any one operation gains from, and few enough for every system to start.
inline constexpr std::size_t most_threads = 1024;
/// Errors: out_of_range, naming "threads", above most_threads.
[[nodiscard]] Status check_threads(std::size_t threads);
/// Threads of one operation, process-wide, 0..most_threads (a contract: check_threads asks);
/// 0: one for each hardware thread.
void set_threads(std::size_t threads);

/// What the arithmetic runs on.
struct Machine {
  std::string libtorch;     ///< "1.13.1"
  std::string blas;         ///< "OpenBLAS 0.3.21 (OpenMP)", "reference BLAS", "MKL", …
  bool slow_blas = false;   ///< a reference BLAS: tens of times slower than need be
  std::string processor;    ///< "AVX512": the vector instructions LibTorch uses
  bool bf16 = false;        ///< on the processor
  std::size_t threads = 1;  ///< as set
  std::size_t cuda_devices = 0;
  /// All of it on one line; a slow BLAS adds what to install.
  [[nodiscard]] std::string text() const;
};
[[nodiscard]] Machine describe_machine();

}  // namespace candor::lm
