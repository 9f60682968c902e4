#include "checkpoint/stored_tensor.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "candor/checkpoint/dequantize.h"

namespace candor::checkpoint {

static_assert(std::endian::native == std::endian::little, "stored numbers are little endian");

std::optional<std::uint64_t> count_of(std::span<const std::size_t> shape) {
  std::uint64_t count = 1;
  for (const std::size_t length : shape)
    if (__builtin_mul_overflow(count, length, &count)) return std::nullopt;
  return count;
}

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "[";
  for (const std::size_t length : shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(length);
  return text + "]";
}

std::optional<std::uint64_t> bytes_of(ElementType type, std::uint64_t values) {
  const ElementFormat& format = format_of(type);
  std::uint64_t bytes = 0;
  if (values % format.values != 0) return std::nullopt;
  if (__builtin_mul_overflow(values / format.values, format.bytes, &bytes)) return std::nullopt;
  return bytes;
}

namespace {

constexpr std::uint64_t blocks_at_once = 4096;  // of at most 256 bytes

Status check_inside(const InputFile& file, std::uint64_t place, std::uint64_t bytes) {
  if (place <= file.size() && bytes <= file.size() - place) return {};
  return Error{ErrorCode::malformed, "a file of " + std::to_string(file.size()) + " bytes"}
      .in_file(file.path())
      .expecting(std::to_string(bytes) + " bytes from byte " + std::to_string(place) + " on")
      .way("the file is cut short: copy or download it again");
}

}  // namespace

Result<std::vector<float>> read_values(const InputFile& file, std::uint64_t place, ElementType type,
                                       std::uint64_t values) {
  const ElementFormat& format = format_of(type);
  const std::uint64_t blocks = values / format.values;
  CANDOR_CHECK(check_inside(file, place, blocks * format.bytes));
  std::vector<float> out(values);
  std::vector<std::uint8_t> buffer(std::min(blocks, blocks_at_once) * format.bytes);
  for (std::uint64_t done = 0; done < blocks; done += blocks_at_once) {
    const std::uint64_t now = std::min(blocks - done, blocks_at_once);
    const auto bytes = std::span(buffer).first(now * format.bytes);
    CANDOR_CHECK(file.read_at(place + done * format.bytes, bytes));
    dequantize(type, bytes, std::span(out).subspan(done * format.values, now * format.values));
  }
  return out;
}

Status check_shape(const std::string& file, const TensorShape& wanted,
                   std::span<const std::size_t> found) {
  if (std::ranges::equal(wanted.shape, found)) return {};
  return Error{ErrorCode::invalid_argument, "shape " + shape_text(found)}
      .in_file(file)
      .in_field(wanted.name)
      .expecting("shape " + shape_text(wanted.shape))
      .way("the config and the tensors belong to different models");
}

Error missing_tensor(const std::string& file, const std::string& name) {
  return Error{ErrorCode::not_found, "no such tensor"}
      .in_file(file)
      .in_field(name)
      .expecting("a tensor of this name")
      .way("the file is incomplete, or its config belongs to another model");
}

KnownTensors::KnownTensors(const ModelConfig& config) {
  for (TensorShape& tensor : tensors_of(config))
    shape_.emplace(std::move(tensor.name), std::move(tensor.shape));
}

Status KnownTensors::check(const std::string& file, const TensorShape& tensor) const {
  const auto known = shape_.find(tensor.name);
  if (known == shape_.end()) return missing_tensor(file, tensor.name);
  return check_shape(file, tensor, known->second);
}

std::uint64_t KnownTensors::count(const std::string& name) const {
  const auto known = shape_.find(name);
  return known == shape_.end() ? 0 : count_of(known->second).value_or(0);
}

}  // namespace candor::checkpoint
