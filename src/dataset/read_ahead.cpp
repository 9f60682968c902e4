#include "dataset/read_ahead.h"

#include <utility>

namespace candor::dataset {

ReadAhead::ReadAhead(std::unique_ptr<Decoder> decoder, std::size_t block_size)
    : decoder_(std::move(decoder)) {
  for (Block& block : ring_) block.bytes.resize(block_size);
  thread_ = std::thread([this] { run(); });
}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ReadAhead::run() {
  bool more = true;
  while (more && wait_for_room()) {
    Block& block = ring_[written_ % ring_size];
    auto made = decoder_->decode(block.bytes);
    block.size = made.ok() ? *made : 0;
    if (!made.ok()) block.failure = std::move(made).error();
    more = block.size > 0;
    publish();
  }
}

bool ReadAhead::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stop_ || written_ < read_ + ring_size - 1; });
  return !stop_;
}

void ReadAhead::publish() {
  {
    const std::lock_guard lock(mutex_);
    ++written_;
  }
  changed_.notify_all();
}

Result<std::string_view> ReadAhead::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return read_ < written_; });
  const Block& block = ring_[read_ % ring_size];
  if (block.failure) return *block.failure;
  if (block.size == 0) return std::string_view{};  // the end stays the end
  ++read_;
  lock.unlock();
  changed_.notify_all();
  return std::string_view(block.bytes.data(), block.size);
}

}  // namespace candor::dataset
