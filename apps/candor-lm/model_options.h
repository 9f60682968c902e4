// What train, generate and export ask about a model and the machine in the same words.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "candor/checkpoint/model_config.h"
#include "candor/lm/language_model.h"
#include "text_codec.h"

namespace candor::app {

struct MachineOptions {
  std::string device = "auto";
  std::string precision = "f32";
  std::size_t threads = 0;

  void add_to(CLI::App& verb);
  [[nodiscard]] lm::ModelOptions model_options() const;
};

inline constexpr std::uint64_t largest_whole_number = std::uint64_t{1} << 53U;
/// A check of a CLI option: a whole number from `lowest` to `highest`. (Unsigned options would take
/// -1 for a very large number.)
[[nodiscard]] CLI::Validator whole_number_from(std::uint64_t lowest,
                                               std::uint64_t highest = largest_whole_number);

/// The config alone, without the weights. Errors: those of checkpoint::open_model.
Result<checkpoint::ModelConfig> read_model_config(const std::string& path);

/// The tokenizer of a model: at `tokenizer` where that is given, or else beside the model.
Result<std::shared_ptr<const tokenizer::Tokenizer>> read_tokenizer(const std::string& model,
                                                                   const std::string& tokenizer);

/// One line about what the arithmetic runs on, such as
/// "cpu, f32, 2 threads, OpenBLAS 0.3.21, ..." to stderr; a slow BLAS is told of.
Status note_machine(const MachineOptions& options);
/// "candor: LINE" on stderr; nothing for an empty line.
void note(const std::string& line);

/// 135,432,192 -> "135.4 M"; 260032 -> "260.0 k".
[[nodiscard]] std::string count_text(std::size_t count);

}  // namespace candor::app
