// dataset/read_ahead.h
// Runs a Decoder in a thread of its own, a few blocks ahead of the reader.
// Thread safety: one reading thread. The destructor stops the decoding thread and waits for it;
// that takes at most the time of one block.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "candor/base/result.h"
#include "dataset/decoder.h"

namespace candor::dataset {

class ReadAhead {
 public:
  ReadAhead(std::unique_ptr<Decoder> decoder, std::size_t block_size);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead();

  /// The next block, empty at the end; valid until the next call.
  Result<std::string_view> next();

 private:
  struct Block {
    std::vector<char> bytes;
    std::size_t size = 0;
    std::optional<Error> failure;
  };
  static constexpr std::size_t ring_size = 5;  // one being read, four ahead

  void run();
  bool wait_for_room();
  void publish();

  std::unique_ptr<Decoder> decoder_;  // used by the thread only
  std::array<Block, ring_size> ring_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t written_ = 0;  // blocks decoded; block i lies in ring_[i % ring_size]
  std::size_t read_ = 0;     // blocks handed out; the last of them is still in use
  bool stop_ = false;
  std::thread thread_;  // last: starts when everything else is there
};

}  // namespace candor::dataset
