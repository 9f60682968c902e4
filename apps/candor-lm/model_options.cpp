#include "model_options.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "candor/base/text.h"
#include "candor/checkpoint/model_source.h"
#include "candor/lm/device.h"

namespace candor::app {
namespace {

std::string whole_number_text(std::uint64_t lowest, std::uint64_t highest) {
  const std::string text = fmt::format("a whole number from {}", lowest);
  return highest == largest_whole_number ? text : fmt::format("{} to {}", text, highest);
}

}  // namespace

void MachineOptions::add_to(CLI::App& verb) {
  const std::string group = "Machine";
  verb.add_option("--device", device,
                  "auto, cpu, cuda or cuda:N; auto takes CUDA where there is one")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--precision", precision,
                  "f32, or bf16: mixed, matrix products in bfloat16 where the device has it")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--threads", threads, "At most 1024; 0: as many as the machine has")
      ->check(whole_number_from(0, lm::most_threads))
      ->capture_default_str()
      ->group(group);
}

lm::ModelOptions MachineOptions::model_options() const {
  lm::ModelOptions options;
  options.device = device;
  options.precision = precision;
  options.threads = threads;
  return options;
}

CLI::Validator whole_number_from(std::uint64_t lowest, std::uint64_t highest) {
  const auto check = [lowest, highest](const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool good = code == std::errc{} && end == text.data() + text.size() && number >= lowest &&
                      number <= highest;
    return good ? std::string()
                : fmt::format("{} is not {}", text, whole_number_text(lowest, highest));
  };
  return {check, "", ""};
}

Result<checkpoint::ModelConfig> read_model_config(const std::string& path) {
  CANDOR_TRY(const auto source, checkpoint::open_model(path));
  return source->config();
}

Result<std::shared_ptr<const tokenizer::Tokenizer>> read_tokenizer(const std::string& model,
                                                                   const std::string& tokenizer) {
  CANDOR_TRY(auto found, tokenizer::load_tokenizer(tokenizer.empty() ? model : tokenizer));
  return std::shared_ptr<const tokenizer::Tokenizer>(std::move(found));
}

Status note_machine(const MachineOptions& options) {
  CANDOR_CHECK(lm::check_threads(options.threads));
  CANDOR_TRY(const lm::Device device, lm::device_of(options.device));
  CANDOR_TRY(const lm::Precision precision, lm::precision_of(options.precision, device));
  lm::set_threads(options.threads);
  note(fmt::format("{}, {}; {}", lm::name_of(device), lm::name_of(precision),
                   lm::describe_machine().text()));
  return {};
}

void note(const std::string& line) {
  if (!line.empty()) (void)std::fprintf(stderr, "candor: %s\n", line.c_str());
}

std::string count_text(std::size_t count) {
  const auto number = static_cast<double>(count);
  if (count >= 1'000'000'000) return fmt::format("{:.1f} G", number / 1e9);
  if (count >= 1'000'000) return fmt::format("{:.1f} M", number / 1e6);
  if (count >= 1'000) return fmt::format("{:.1f} k", number / 1e3);
  return std::to_string(count);
}

}  // namespace candor::app
