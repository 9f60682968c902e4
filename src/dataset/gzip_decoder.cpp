#include <zlib.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "dataset/decoder.h"

namespace candor::dataset {
namespace {

constexpr std::size_t input_block = std::size_t{256} << 10U;
constexpr int gzip_window = 15 + 16;  // 32 KiB, gzip wrapping only

class GzipDecoder final : public Decoder {
 public:
  explicit GzipDecoder(RawInput input) : input_(std::move(input)), block_(input_block) {}
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;
  ~GzipDecoder() override {
    if (started_) (void)inflateEnd(&stream_);
  }

  bool start() { return started_ = inflateInit2(&stream_, gzip_window) == Z_OK; }

  Result<std::size_t> decode(std::span<char> out) override {
    if (failure_) return *failure_;
    // zlib counts in unsigned int; blocks are far smaller.
    out_begin_ = out.data();
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out > 0 && !done_ && !failure_) {
      const Status status = step();
      if (!status.ok()) failure_ = status.error();
    }
    const std::size_t made = out.size() - stream_.avail_out;
    if (made == 0 && failure_) return *failure_;
    made_before_ += made;
    return made;
  }

 private:
  Status step() {
    if (stream_.avail_in == 0) CANDOR_CHECK(refill());
    if (stream_.avail_in == 0) {
      if (!between_members_) return failed("the data end");
      done_ = true;
      return {};
    }
    between_members_ = false;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_OK || code == Z_BUF_ERROR) return {};
    if (code != Z_STREAM_END) return failed("damage");
    between_members_ = true;  // another member may follow
    (void)inflateReset(&stream_);
    return {};
  }

  Status refill() {
    CANDOR_TRY(const std::size_t got, input_.read(block_));
    stream_.next_in = reinterpret_cast<Bytef*>(block_.data());
    stream_.avail_in = static_cast<uInt>(got);
    return {};
  }

  [[nodiscard]] Error failed(std::string_view what) const {
    const std::uint64_t made = made_before_ + made_in_this_call();
    return damaged(input_, "gzip", what, input_.taken() - stream_.avail_in, made);
  }

  [[nodiscard]] std::uint64_t made_in_this_call() const {
    return static_cast<std::uint64_t>(reinterpret_cast<const char*>(stream_.next_out) - out_begin_);
  }

  RawInput input_;
  std::vector<char> block_;
  z_stream stream_{};
  std::uint64_t made_before_ = 0;
  const char* out_begin_ = nullptr;
  bool started_ = false;
  bool between_members_ = false;
  bool done_ = false;
  std::optional<Error> failure_;
};

}  // namespace

Result<std::unique_ptr<Decoder>> gzip_decoder(RawInput input) {
  auto decoder = std::make_unique<GzipDecoder>(std::move(input));
  if (!decoder->start())
    return Error{ErrorCode::io, "zlib could not start"}.expecting("free memory").way("free some");
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace candor::dataset
