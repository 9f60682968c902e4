#include "evaluation/slot_pipe.h"

#include <utility>

namespace candor::evaluation {
namespace {

constexpr std::size_t batch_reports = 8192;

}  // namespace

void SlotPipe::Batch::add(const dataset::SlotRecord& record) {
  slots.push_back(record.slot);
  workers.insert(workers.end(), record.workers.begin(), record.workers.end());
  reports.insert(reports.end(), record.reports.begin(), record.reports.end());
  outcomes.insert(outcomes.end(), record.outcome.begin(), record.outcome.end());
  has_outcome.push_back(!record.outcome.empty());
  ends.push_back(workers.size());
}

void SlotPipe::Batch::clear() {
  slots.clear();
  ends.clear();
  workers.clear();
  reports.clear();
  outcomes.clear();
  has_outcome.clear();
}

SlotPipe::SlotPipe(std::size_t answers, dataset::SlotVisitor visit)
    : answers_(answers), visit_(std::move(visit)), thread_([this] { work(); }) {}

SlotPipe::~SlotPipe() {
  if (thread_.joinable()) (void)finish();
}

Status SlotPipe::push(const dataset::SlotRecord& record) {
  filling_.add(record);
  if (filling_.workers.size() < batch_reports) return {};
  hand_over();
  const std::scoped_lock lock(mutex_);
  return failure_;
}

void SlotPipe::hand_over() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !has_waiting_; });
  std::swap(filling_, waiting_);
  has_waiting_ = true;
  changed_.notify_all();
  lock.unlock();
  filling_.clear();
}

Status SlotPipe::finish() {
  if (!filling_.slots.empty()) hand_over();
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  thread_.join();
  return failure_;
}

void SlotPipe::work() {
  Batch batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return has_waiting_ || closed_; });
      if (!has_waiting_) return;
      std::swap(batch, waiting_);
      has_waiting_ = false;
      changed_.notify_all();
      if (!failure_.ok()) continue;  // drain, so that the reader never waits for ever
    }
    if (Status status = visit_all(batch); !status.ok()) {
      const std::scoped_lock lock(mutex_);
      failure_ = std::move(status);
    }
  }
}

Status SlotPipe::visit_all(const Batch& batch) {
  std::size_t begin = 0;
  std::size_t outcome_at = 0;
  for (std::size_t s = 0; s < batch.slots.size(); ++s) {
    const std::size_t count = batch.ends[s] - begin;
    const std::size_t outcome_size = batch.has_outcome[s] ? answers_ : 0;
    CANDOR_CHECK(visit_({batch.slots[s], std::span(batch.workers).subspan(begin, count),
                         std::span(batch.reports).subspan(begin * answers_, count * answers_),
                         std::span(batch.outcomes).subspan(outcome_at, outcome_size)}));
    begin = batch.ends[s];
    outcome_at += outcome_size;
  }
  return {};
}

}  // namespace candor::evaluation
