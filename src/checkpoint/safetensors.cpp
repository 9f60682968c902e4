#include "candor/checkpoint/safetensors.h"

#include <algorithm>
#include <array>
#include <utility>

#include "checkpoint/input_file.h"
#include "checkpoint/safetensors_header.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

constexpr std::uint64_t longest_header = 100'000'000;  // as the format's own reader

Result<std::uint64_t> header_length(const InputFile& file) {
  std::array<std::uint8_t, 8> bytes{};
  CANDOR_CHECK(file.read_at(0, bytes));
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8U | bytes.at(i);
  const std::uint64_t most = std::min(file.size() - 8, longest_header);
  if (length <= most) return length;
  return Error{ErrorCode::malformed, "a header of " + std::to_string(length) + " bytes"}
      .in_file(file.path())
      .expecting("at most " + std::to_string(most))
      .way("this is no safetensors file, or it was cut short");
}

Error no_numbers(const std::string& path, const std::string& name, const std::string& type) {
  return Error{ErrorCode::unsupported, "dtype " + type}.in_file(path).in_field(name).expecting(
      "F32, F16, BF16 or F64");
}

}  // namespace

std::optional<ElementType> SafetensorsEntry::element() const {
  const auto known = element_type_of(type);
  return known && format_of(*known).values == 1 ? known : std::nullopt;
}

SafetensorsFile::SafetensorsFile(InputFile file)
    : file_(std::make_unique<InputFile>(std::move(file))) {}
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;
SafetensorsFile::~SafetensorsFile() = default;

Result<SafetensorsFile> SafetensorsFile::open(const std::string& path) {
  CANDOR_TRY(InputFile input, InputFile::open(path));
  SafetensorsFile file(std::move(input));
  CANDOR_TRY(const std::uint64_t length, header_length(*file.file_));
  std::string json(length, ' ');
  CANDOR_CHECK(file.file_->read_at(8, {reinterpret_cast<std::uint8_t*>(json.data()), json.size()}));
  file.data_ = 8 + length;
  CANDOR_TRY(SafetensorsHeader header,
             parse_safetensors_header(json, path, file.file_->size() - file.data_));
  file.tensors_ = std::move(header.tensors);
  file.metadata_ = std::move(header.metadata);
  return file;
}

const std::string& SafetensorsFile::path() const {
  return file_->path();
}

Result<std::vector<float>> SafetensorsFile::read(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) return missing_tensor(path(), name);
  const SafetensorsEntry& entry = found->second;
  const auto element = entry.element();
  if (!element) return no_numbers(path(), name, entry.type);
  return read_values(*file_, data_ + entry.begin, *element, count_of(entry.shape).value_or(0));
}

Status SafetensorsFile::check(const TensorShape& tensor) const {
  const auto found = tensors_.find(tensor.name);
  if (found == tensors_.end()) return missing_tensor(path(), tensor.name);
  CANDOR_CHECK(check_shape(path(), tensor, found->second.shape));
  if (!found->second.element()) return no_numbers(path(), tensor.name, found->second.type);
  return {};
}

Result<std::vector<float>> SafetensorsFile::read(const TensorShape& tensor) const {
  CANDOR_CHECK(check(tensor));
  return read(tensor.name);
}

}  // namespace candor::checkpoint
