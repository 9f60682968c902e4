// dataset/file_order_stream.h
// Order::Mode::file: slots are visited while the file is read. Thread safety: one thread at a time.
#pragma once

#include <string>
#include <vector>

#include "candor/base/result.h"
#include "candor/dataset/slot_stream.h"
#include "dataset/open_slots.h"
#include "dataset/report_reader.h"
#include "dataset/slot_emitter.h"

namespace candor::dataset {

class FileOrderStream {
 public:
  FileOrderStream(const std::vector<std::string>& paths, const ReadOptions& options, Survey& survey,
                  const SlotVisitor& visit);
  Result<StreamSummary> run(const RowProgress& progress);

 private:
  Status take_row();
  void fetch_ahead() const;
  Status settle(SlotId slot);
  Status finish();
  void list_duplicate(const ReportRow& report);

  Survey& survey_;
  ReportReader reader_;
  SlotEmitter emitter_;
  OpenSlots open_;
  StreamSummary summary_;
  std::vector<WorkerId> workers_;
  std::vector<double> codes_;
};

}  // namespace candor::dataset
