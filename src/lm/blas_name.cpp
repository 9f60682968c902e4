#include "lm/blas_name.h"

#include <fmt/format.h>

namespace candor::lm {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "OpenBLAS 0.3.21 NO_AFFINITY USE_OPENMP SkylakeX MAX_THREADS=64" -> "OpenBLAS 0.3.21"
std::string_view first_two_words(std::string_view text) {
  const std::size_t first = text.find(' ');
  if (first == std::string_view::npos) return text;
  return text.substr(0, text.find(' ', first + 1));
}

Blas openblas(std::string_view config, std::string_view file) {
  if (config.empty()) return {.name = "OpenBLAS"};
  const bool openmp = has(config, "USE_OPENMP") || has(file, "openmp");
  return {.name = fmt::format("{} ({})", first_two_words(config),
                              openmp ? "OpenMP" : "own threads: slower in training")};
}

}  // namespace

Blas blas_of(std::string_view torch_config, std::string_view sgemm_file,
             std::string_view openblas_config) {
  if (has(torch_config, "BLAS_INFO=mkl")) return {.name = "MKL"};
  if (has(sgemm_file, "openblas")) return openblas(openblas_config, sgemm_file);
  if (has(sgemm_file, "mkl")) return {.name = "MKL"};
  if (has(sgemm_file, "blis")) return {.name = "BLIS"};
  if (has(sgemm_file, "atlas")) return {.name = "ATLAS"};
  if (has(sgemm_file, "libblas")) return {.name = "reference BLAS", .slow = true};
  return {.name = sgemm_file.empty() ? "BLAS inside LibTorch" : fmt::format("BLAS {}", sgemm_file)};
}

std::string processor_of(std::string_view torch_config) {
  constexpr std::string_view label = "CPU capability usage: ";
  const std::size_t at = torch_config.find(label);
  if (at == std::string_view::npos) return "unknown";
  const std::size_t begin = at + label.size();
  return std::string(torch_config.substr(begin, torch_config.find_first_of(" \n", begin) - begin));
}

}  // namespace candor::lm
