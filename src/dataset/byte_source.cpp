#include "candor/dataset/byte_source.h"

#include <optional>
#include <utility>
#include <vector>

#include "dataset/decoder.h"
#include "dataset/raw_input.h"
#include "dataset/read_ahead.h"

namespace candor::dataset {
namespace {

constexpr std::size_t block_size = std::size_t{1} << 20U;
constexpr std::size_t memory_block_size = std::size_t{64} << 10U;  // memory needs no reading ahead
constexpr std::string_view gzip_magic = "\x1f\x8b";
constexpr std::string_view zstd_magic = "\x28\xb5\x2f\xfd";

ByteSource::Format format_of(std::string_view magic) {
  if (magic.starts_with(gzip_magic)) return ByteSource::Format::gzip;
  if (magic.starts_with(zstd_magic)) return ByteSource::Format::zstd;
  return ByteSource::Format::plain;
}

Result<std::unique_ptr<Decoder>> decoder_for(ByteSource::Format format, RawInput input) {
  if (format == ByteSource::Format::gzip) return gzip_decoder(std::move(input));
  if (format == ByteSource::Format::zstd) return zstd_decoder(std::move(input));
  return plain_decoder(std::move(input));
}

}  // namespace

class ByteSource::Impl {
 public:
  static Result<std::unique_ptr<Impl>> make(RawInput input, bool from_file) {
    CANDOR_TRY(const std::string_view magic, input.magic());
    if (magic.empty()) {
      return Error{ErrorCode::malformed, "an empty file"}
          .in_file(input.name())
          .expecting("a table with a header and rows")
          .way("check how the file was written");
    }
    auto impl = std::make_unique<Impl>();
    impl->name_ = input.name();
    impl->format_ = format_of(magic);
    CANDOR_TRY(impl->decoder_, decoder_for(impl->format_, std::move(input)));
    if (from_file && impl->format_ != Format::plain)
      impl->ahead_.emplace(std::move(impl->decoder_), block_size);
    else
      impl->block_.resize(from_file ? block_size : memory_block_size);
    return impl;
  }

  Result<std::string_view> next() {
    if (peeked_) return *std::exchange(peeked_, std::nullopt);
    if (ahead_) return ahead_->next();
    CANDOR_TRY(const std::size_t size, decoder_->decode(block_));
    return std::string_view(block_.data(), size);
  }

  Result<std::string_view> peek() {
    if (!peeked_) {
      CANDOR_TRY(peeked_, next());
    }
    return *peeked_;
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Format format() const { return format_; }

 private:
  std::string name_;
  Format format_ = Format::plain;
  std::unique_ptr<Decoder> decoder_;
  std::optional<ReadAhead> ahead_;
  std::vector<char> block_;
  std::optional<std::string_view> peeked_;
};

ByteSource::ByteSource(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ByteSource::ByteSource(ByteSource&& other) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&& other) noexcept = default;
ByteSource::~ByteSource() = default;

Result<ByteSource> ByteSource::open(const std::string& path) {
  CANDOR_TRY(RawInput input, RawInput::open(path));
  CANDOR_TRY(auto impl, Impl::make(std::move(input), true));
  return ByteSource(std::move(impl));
}

Result<ByteSource> ByteSource::from_memory(std::string name, std::string bytes) {
  CANDOR_TRY(auto impl,
             Impl::make(RawInput::from_memory(std::move(name), std::move(bytes)), false));
  return ByteSource(std::move(impl));
}

Result<std::string_view> ByteSource::next_block() {
  return impl_->next();
}
Result<std::string_view> ByteSource::peek() {
  return impl_->peek();
}
const std::string& ByteSource::name() const {
  return impl_->name();
}
ByteSource::Format ByteSource::format() const {
  return impl_->format();
}

}  // namespace candor::dataset
