#include "checkpoint/tensor_output.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "candor/checkpoint/quantize.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

constexpr std::size_t values_at_once = 256 * 1024;

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Status check_size(const TensorShape& tensor, std::size_t found) {
  const auto expected = count_of(tensor.shape);
  if (expected && *expected == found) return {};
  return Error{ErrorCode::invalid_argument, std::to_string(found) + " values"}
      .in_field(tensor.name)
      .expecting("as many as shape " + shape_text(tensor.shape) + " has");
}

Status check_no_other(const ModelTensors& model, std::span<const NamedTensor> tensors) {
  std::set<std::string_view> known;
  for (const NamedTensor& named : tensors) known.insert(named.tensor.name);
  for (const auto& [name, values] : model.values)
    if (!known.contains(name))
      return Error{ErrorCode::invalid_argument, "a tensor that the config has no place for"}
          .in_field(name)
          .expecting("only tensors of the config");
  return {};
}

}  // namespace

Status write_values(OutputFile& file, const NamedTensor& named, ElementType type) {
  const ElementFormat& format = format_of(type);
  std::vector<std::uint8_t> buffer(std::min(named.values.size(), values_at_once) / format.values *
                                   format.bytes);
  for (std::size_t done = 0; done < named.values.size(); done += values_at_once) {
    const auto values =
        named.values.subspan(done, std::min(values_at_once, named.values.size() - done));
    const auto bytes = std::span(buffer).first(values.size() / format.values * format.bytes);
    if (auto status = quantize(type, values, bytes); !status.ok())
      return std::move(status).error().in_file(file.path()).in_field(named.tensor.name);
    CANDOR_CHECK(file.write(as_text(bytes)));
  }
  return {};
}

Result<std::vector<NamedTensor>> named_tensors(const ModelTensors& model) {
  CANDOR_CHECK(model.config.check());
  std::vector<NamedTensor> tensors;
  for (TensorShape& tensor : tensors_of(model.config)) {
    const auto values = model.values.find(tensor.name);
    if (values == model.values.end())
      return Error{ErrorCode::invalid_argument, "no such tensor"}
          .in_field(tensor.name)
          .expecting("every tensor of the config");
    CANDOR_CHECK(check_size(tensor, values->second.size()));
    tensors.push_back({std::move(tensor), values->second});
  }
  CANDOR_CHECK(check_no_other(model, tensors));
  return tensors;
}

}  // namespace candor::checkpoint
