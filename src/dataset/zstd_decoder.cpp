#include <zstd.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "dataset/decoder.h"

namespace candor::dataset {
namespace {

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

class ZstdDecoder final : public Decoder {
 public:
  explicit ZstdDecoder(RawInput input)
      : input_(std::move(input)), block_(ZSTD_DStreamInSize()), stream_(ZSTD_createDStream()) {}

  [[nodiscard]] bool started() const { return stream_ != nullptr; }

  Result<std::size_t> decode(std::span<char> out) override {
    if (failure_) return *failure_;
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    while (target.pos < target.size && !done_ && !failure_) {
      const Status status = step(target);
      if (!status.ok()) failure_ = status.error();
    }
    if (target.pos == 0 && failure_) return *failure_;
    made_before_ += target.pos;
    return target.pos;
  }

 private:
  Status step(ZSTD_outBuffer& target) {
    if (source_.pos == source_.size && !output_waits_) {
      CANDOR_CHECK(refill());
      if (source_.size == 0) return finish(target);
    }
    const std::size_t left = ZSTD_decompressStream(stream_.get(), &target, &source_);
    if (ZSTD_isError(left) != 0) return failed(ZSTD_getErrorName(left), target);
    between_frames_ = left == 0;
    output_waits_ = target.pos == target.size && left != 0;
    return {};
  }

  Status finish(const ZSTD_outBuffer& target) {
    if (!between_frames_) return failed("the data end", target);
    done_ = true;
    return {};
  }

  Status refill() {
    CANDOR_TRY(const std::size_t got, input_.read(block_));
    source_ = {block_.data(), got, 0};
    return {};
  }

  [[nodiscard]] Error failed(std::string_view what, const ZSTD_outBuffer& target) const {
    return damaged(input_, "zstd", what, input_.taken() - (source_.size - source_.pos),
                   made_before_ + target.pos);
  }

  RawInput input_;
  std::vector<char> block_;
  std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  ZSTD_inBuffer source_{nullptr, 0, 0};
  std::uint64_t made_before_ = 0;
  bool between_frames_ = false;
  bool output_waits_ = false;  // the decompressor may hold more than it had room to write
  bool done_ = false;
  std::optional<Error> failure_;
};

}  // namespace

Result<std::unique_ptr<Decoder>> zstd_decoder(RawInput input) {
  auto decoder = std::make_unique<ZstdDecoder>(std::move(input));
  if (!decoder->started())
    return Error{ErrorCode::io, "zstd could not start"}.expecting("free memory").way("free some");
  return std::unique_ptr<Decoder>(std::move(decoder));
}

}  // namespace candor::dataset
