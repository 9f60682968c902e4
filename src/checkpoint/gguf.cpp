#include "candor/checkpoint/gguf.h"

#include <charconv>
#include <limits>
#include <type_traits>
#include <utility>

#include "candor/base/text.h"
#include "checkpoint/gguf_reader.h"
#include "checkpoint/gguf_types.h"
#include "checkpoint/stored_tensor.h"

namespace candor::checkpoint {
namespace {

template <class T>
constexpr bool is_vector = false;
template <class T>
constexpr bool is_vector<std::vector<T>> = true;

// The shortest decimal that gives this float, as a double.
double decimal_of(float value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return parse_number({text, end.ptr}).value_or(static_cast<double>(value));
}

template <class To, class From>
std::optional<To> convert_number(const From& from) {
  if constexpr (std::is_same_v<To, double> && std::is_same_v<From, float>) {
    return decimal_of(from);
  } else if constexpr (std::is_same_v<To, double> && std::is_arithmetic_v<From>) {
    return static_cast<double>(from);
  } else if constexpr (std::is_integral_v<From>) {
    if (!std::in_range<To>(from)) return std::nullopt;
    return static_cast<To>(from);
  } else {
    return std::nullopt;
  }
}

template <class To, class From>
std::optional<To> convert_single(const From& from) {
  if constexpr (std::is_same_v<To, From>) {
    return from;
  } else if constexpr (std::is_same_v<From, bool> || std::is_same_v<To, bool> ||
                       std::is_same_v<To, std::string> || std::is_same_v<From, std::string>) {
    return std::nullopt;
  } else {
    return convert_number<To>(from);
  }
}

// An array's floats keep every bit: there are many, and no one reads them.
template <class To, class From>
std::optional<To> convert_element(const From& from) {
  if constexpr (std::is_same_v<To, double> && std::is_same_v<From, float>)
    return static_cast<double>(from);
  else
    return convert_single<To>(from);
}

template <class To, class From>
std::optional<std::vector<To>> convert_array(const std::vector<From>& from) {
  std::vector<To> out;
  out.reserve(from.size());
  for (const From& element : from) {
    auto converted = convert_element<To>(element);
    if (!converted) return std::nullopt;
    out.push_back(std::move(*converted));
  }
  return out;
}

template <class To, class From>
std::optional<To> convert_value(const From& from) {
  if constexpr (is_vector<To> && is_vector<From>)
    return convert_array<typename To::value_type, typename From::value_type>(from);
  else if constexpr (!is_vector<To> && !is_vector<From>)
    return convert_single<To>(from);
  else
    return std::nullopt;
}

template <class To>
std::optional<To> convert(const GgufValue& value) {
  return std::visit([](const auto& from) { return convert_value<To>(from); }, value);
}

template <class T>
std::string wanted() {
  if constexpr (is_vector<T>) return "an array, each element " + wanted<typename T::value_type>();
  if constexpr (std::is_same_v<T, std::string>) return "a text";
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  if constexpr (std::is_same_v<T, double>) return "a number";
  return "a whole number of 64 bits";
}

}  // namespace

GgufFile::GgufFile(InputFile file) : file_(std::make_unique<InputFile>(std::move(file))) {}
GgufFile::GgufFile(GgufFile&&) noexcept = default;
GgufFile& GgufFile::operator=(GgufFile&&) noexcept = default;
GgufFile::~GgufFile() = default;

const std::string& GgufFile::path() const {
  return file_->path();
}

Result<GgufFile> GgufFile::open(const std::string& path) {
  CANDOR_TRY(InputFile input, InputFile::open(path));
  GgufFile file(std::move(input));
  CANDOR_TRY(GgufContents contents, read_gguf(*file.file_));
  file.metadata_ = std::move(contents.metadata);
  file.tensors_ = std::move(contents.tensors);
  return file;
}

template <class T>
Result<std::optional<T>> GgufFile::find(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) return std::optional<T>{};
  auto value = convert<T>(found->second);
  if (value) return value;
  return Error{ErrorCode::malformed, kind_of(found->second)}
      .in_file(path())
      .in_field(key)
      .expecting(wanted<T>());
}

template <class T>
Result<T> GgufFile::require(const std::string& key) const {
  CANDOR_TRY(std::optional<T> value, find<T>(key));
  if (value) return std::move(*value);
  return Error{ErrorCode::not_found, "no such key"}.in_file(path()).in_field(key).expecting(
      wanted<T>());
}

#define CANDOR_GGUF_TYPE(T)                                                          \
  template Result<std::optional<T>> GgufFile::find<T>(const std::string& key) const; \
  template Result<T> GgufFile::require<T>(const std::string& key) const
CANDOR_GGUF_TYPE(std::string);
CANDOR_GGUF_TYPE(bool);
CANDOR_GGUF_TYPE(std::int64_t);
CANDOR_GGUF_TYPE(double);
CANDOR_GGUF_TYPE(std::vector<std::string>);
CANDOR_GGUF_TYPE(std::vector<std::int64_t>);
CANDOR_GGUF_TYPE(std::vector<double>);
#undef CANDOR_GGUF_TYPE

Result<std::vector<float>> GgufFile::read(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) return missing_tensor(path(), name);
  const GgufTensor& tensor = found->second;
  return read_values(*file_, tensor.place, tensor.type, count_of(tensor.shape).value_or(0));
}

Status GgufFile::check(const TensorShape& tensor) const {
  const auto found = tensors_.find(tensor.name);
  if (found == tensors_.end()) return missing_tensor(path(), tensor.name);
  return check_shape(path(), tensor, found->second.shape);
}

Result<std::vector<float>> GgufFile::read(const TensorShape& tensor) const {
  CANDOR_CHECK(check(tensor));
  return read(tensor.name);
}

}  // namespace candor::checkpoint
