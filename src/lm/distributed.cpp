#include <cmath>
#include <string_view>
#include <utility>

#include "candor/base/text.h"
#include "candor/lm/data_parallel.h"
#include "lm/exceptions.h"

#if CANDOR_GLOO
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO  // without it the header is empty
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

namespace candor::lm {

namespace {

constexpr std::string_view file_prefix = "file:";
constexpr std::string_view tcp_prefix = "tcp://";

Status check(const ProcessGroupOptions& options) {
  if (options.size == 0 || options.rank >= options.size)
    return Error{ErrorCode::invalid_argument,
                 "rank " + std::to_string(options.rank) + " of " + std::to_string(options.size)}
        .in_field("rank")
        .expecting("a rank below the number of processes");
  if (!(std::isfinite(options.timeout_seconds) && options.timeout_seconds > 0.0))
    return Error{ErrorCode::out_of_range, number_text(options.timeout_seconds)}
        .in_field("timeout_seconds")
        .expecting("a number > 0");
  return {};
}

#if CANDOR_GLOO

using StorePointer = c10::intrusive_ptr<c10d::Store>;

std::chrono::milliseconds timeout_of(const ProcessGroupOptions& options) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000.0));
}

Error bad_store(const std::string& found) {
  return Error{ErrorCode::invalid_argument, found}.in_field("store").expecting(
      "file:PATH, or tcp://HOST:PORT");
}

Result<StorePointer> tcp_store(const ProcessGroupOptions& options) {
  const std::string address = options.store.substr(tcp_prefix.size());
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return bad_store(options.store);
  const auto port = parse_number(address.substr(colon + 1));
  if (colon == 0 || !port || !(*port >= 1.0 && *port <= 65535.0)) return bad_store(options.store);
  c10d::TCPStoreOptions tcp;
  tcp.port = static_cast<std::uint16_t>(*port);
  tcp.isServer = options.rank == 0;
  tcp.numWorkers = options.size;
  tcp.timeout = timeout_of(options);
  return StorePointer(c10::make_intrusive<c10d::TCPStore>(address.substr(0, colon), tcp));
}

Result<StorePointer> store_of(const ProcessGroupOptions& options) {
  if (options.store.starts_with(tcp_prefix)) return tcp_store(options);
  if (!options.store.starts_with(file_prefix) || options.store.size() == file_prefix.size())
    return bad_store(options.store);
  return StorePointer(c10::make_intrusive<c10d::FileStore>(options.store.substr(file_prefix.size()),
                                                           static_cast<int>(options.size)));
}

// A peer that is gone is the system's failure, whatever LibTorch calls it.
template <class F>
auto talking(F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const std::exception& thrown) {
    Error error = error_of(thrown);
    error.code = ErrorCode::io;
    return std::move(error)
        .expecting("every process to answer in time")
        .way("look whether one of them has ended; then start all again from the last state");
  }
}

class GlooGroup final : public ProcessGroup {
 public:
  GlooGroup(const StorePointer& store, const ProcessGroupOptions& options,
            const c10::intrusive_ptr<c10d::ProcessGroupGloo::Options>& gloo)
      : rank_(options.rank),
        size_(options.size),
        group_(store, static_cast<int>(options.rank), static_cast<int>(options.size), gloo) {}

  [[nodiscard]] std::size_t rank() const override { return rank_; }
  [[nodiscard]] std::size_t size() const override { return size_; }

  Status average(std::span<float> values) override {
    return talking([&]() -> Status {
      std::vector<at::Tensor> row = {at::from_blob(values.data(),
                                                   {static_cast<std::int64_t>(values.size())},
                                                   at::TensorOptions(at::kFloat))};
      group_.allreduce(row)->wait();
      row.front().div_(static_cast<double>(size_));
      return {};
    });
  }

  Status barrier() override {
    return talking([&]() -> Status {
      group_.barrier()->wait();
      return {};
    });
  }

 private:
  std::size_t rank_;
  std::size_t size_;
  c10d::ProcessGroupGloo group_;
};

Result<std::shared_ptr<ProcessGroup>> join(const ProcessGroupOptions& options) {
  CANDOR_TRY(const StorePointer store, store_of(options));
  store->setTimeout(timeout_of(options));
  const auto gloo = c10d::ProcessGroupGloo::Options::create(timeout_of(options));
  gloo->devices.push_back(
      options.interface.empty()
          ? c10d::ProcessGroupGloo::createDefaultDevice()
          : c10d::ProcessGroupGloo::createDeviceForInterface(options.interface));
  return std::shared_ptr<ProcessGroup>(std::make_shared<GlooGroup>(store, options, gloo));
}

#endif

}  // namespace

Result<std::shared_ptr<ProcessGroup>> join_processes(const ProcessGroupOptions& options) {
  CANDOR_CHECK(check(options));
#if CANDOR_GLOO
  return talking([&] { return join(options); });
#else
  return Error{ErrorCode::unsupported, "training by several processes"}
      .expecting("a LibTorch with Gloo")
      .way("install libgloo-dev, or a LibTorch release, and build again");
#endif
}

}  // namespace candor::lm
