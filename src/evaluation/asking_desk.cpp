#include "evaluation/asking_desk.h"

#include <limits>

namespace candor::evaluation {
namespace {

constexpr std::uint64_t asking_stream = 4;
constexpr std::size_t absent = std::numeric_limits<std::size_t>::max();

}  // namespace

AskingDesk::AskingDesk(Producer& producer, std::uint64_t seed)
    : producer_(producer), draws_(seed, asking_stream) {}

Status AskingDesk::joined(WorkerId worker) {
  place_.push_back(absent);
  return producer_.emit(event::WorkerLeft{worker});
}

Status AskingDesk::bring(std::span<const WorkerId> there) {
  for (std::size_t j = 0; j < there.size(); ++j) {
    if (place_[there[j].index()] == absent)
      CANDOR_CHECK(producer_.emit(event::WorkerReturned{there[j]}));
    place_[there[j].index()] = j;
  }
  for (const WorkerId worker : present_) {
    const std::size_t place = place_[worker.index()];
    if (place < there.size() && there[place] == worker) continue;
    place_[worker.index()] = absent;
    CANDOR_CHECK(producer_.emit(event::WorkerLeft{worker}));
  }
  present_.assign(there.begin(), there.end());
  return {};
}

Result<std::vector<std::size_t>> AskingDesk::ask(SlotId slot, std::span<const WorkerId> there) {
  CANDOR_CHECK(bring(there));
  learning::Asks asks = producer_.fold().mechanism()->asking_rule()->draw(draws_);
  std::vector<std::size_t> places;
  places.reserve(asks.worker.size());
  for (const WorkerId worker : asks.worker) places.push_back(place_[worker.index()]);
  if (!places.empty()) {
    CANDOR_CHECK(producer_.emit(event::WorkersAsked{
        slot, std::move(asks.worker), std::move(asks.probability), draws_.uniform()}));
  }
  return places;
}

}  // namespace candor::evaluation
