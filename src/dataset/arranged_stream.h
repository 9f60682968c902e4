// dataset/arranged_stream.h
// Orders time and shuffle: all reports are read, grouped by slot, and the slots visited afterwards.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/dataset/slot_stream.h"
#include "dataset/report_reader.h"
#include "dataset/slot_emitter.h"

namespace candor::dataset {

class ArrangedStream {
 public:
  ArrangedStream(const std::vector<std::string>& paths, const ReadOptions& options, Survey& survey,
                 const SlotVisitor& visit);
  Result<StreamSummary> run(const RowProgress& progress);

 private:
  struct DroppedReport {
    std::uint64_t row;
    SlotId slot;
    WorkerId worker;
  };
  struct SettleKey {
    double time;
    std::uint64_t row;
    std::uint32_t slot;
  };

  Status load(const RowProgress& progress);
  void fetch_ahead() const;
  Status store(const ReportRow& report);
  void arrange(std::uint32_t slot);
  void sort_by_time(std::size_t begin, std::size_t end);
  void drop(std::uint64_t row, std::uint32_t slot, WorkerId worker);
  void list_duplicates();
  [[nodiscard]] std::vector<std::uint32_t> visiting_order();

  const ReadOptions& options_;
  Survey& survey_;
  ReportReader reader_;
  SlotEmitter emitter_;
  StreamSummary summary_;
  bool by_time_;
  // Reports of slot s lie at begin_[s] .. begin_[s] + size_[s].
  std::vector<std::uint64_t> begin_;
  std::vector<std::uint32_t> size_;
  std::vector<WorkerId> workers_;
  std::vector<double> codes_;
  std::vector<std::uint64_t> rows_;
  std::vector<double> times_;                  // order time only
  std::vector<std::uint32_t> slot_of_worker_;  // 1 + the last slot on which a worker was kept
  std::vector<SettleKey> keys_;
  std::vector<DroppedReport> dropped_;
};

}  // namespace candor::dataset
