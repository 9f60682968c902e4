#include "dataset/decoder.h"

#include <string>
#include <utility>

namespace candor::dataset {
namespace {

class PlainDecoder final : public Decoder {
 public:
  explicit PlainDecoder(RawInput input) : input_(std::move(input)) {}
  Result<std::size_t> decode(std::span<char> out) override { return input_.read(out); }

 private:
  RawInput input_;
};

}  // namespace

std::unique_ptr<Decoder> plain_decoder(RawInput input) {
  return std::make_unique<PlainDecoder>(std::move(input));
}

Error damaged(const RawInput& input, std::string_view format, std::string_view what,
              std::uint64_t bytes_in, std::uint64_t bytes_out) {
  return Error{ErrorCode::corrupt, std::string(what) + " after " + std::to_string(bytes_in) +
                                       " bytes (" + std::to_string(bytes_out) + " decoded)"}
      .in_file(input.name())
      .expecting("whole " + std::string(format) + " data")
      .way("fetch or compress the file again");
}

}  // namespace candor::dataset
