#include "candor/dataset/slot_stream.h"

#include "dataset/arranged_stream.h"
#include "dataset/file_order_stream.h"

namespace candor::dataset {

Result<StreamSummary> stream_slots(const std::vector<std::string>& paths,
                                   const ReadOptions& options, Survey& survey,
                                   const SlotVisitor& visit, const RowProgress& progress) {
  if (options.order.mode == Order::Mode::file)
    return FileOrderStream(paths, options, survey, visit).run(progress);
  return ArrangedStream(paths, options, survey, visit).run(progress);
}

}  // namespace candor::dataset
