// lm/blas_name.h
// Which library multiplies the matrices, read from what LibTorch and the dynamic linker say. No
// tensor library, so that every machine's case is tested on any machine.
#pragma once

#include <string>
#include <string_view>

namespace candor::lm {

struct Blas {
  std::string name;
  bool slow = false;  ///< a reference BLAS: about a thirtieth of the processor's rate
};

/// torch_config: at::show_config(). sgemm_file: the shared object that sgemm_ comes from, "" if none
/// is seen. openblas_config: openblas_get_config(), "" where there is no OpenBLAS.
/// Worked: a config with BLAS_INFO=mkl -> "MKL"; ".../blas/libblas.so.3" -> "reference BLAS", slow.
[[nodiscard]] Blas blas_of(std::string_view torch_config, std::string_view sgemm_file,
                           std::string_view openblas_config);

/// "AVX512" from the line "CPU capability usage: AVX512"; "unknown" without one.
[[nodiscard]] std::string processor_of(std::string_view torch_config);

}  // namespace candor::lm
