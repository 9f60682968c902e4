#include "dataset/row_batch.h"

#include <algorithm>
#include <cstring>

namespace candor::dataset {

void RowBatch::add(const TableReader& table, const Columns& columns) {
  Row& row = rows_[size_++];
  row.row = table.row();
  const auto fields = table.fields();
  for (std::size_t role = 0; role < role_count; ++role) {
    const std::size_t column = columns.index[role];
    const std::string_view text = column == Columns::absent ? std::string_view{} : fields[column];
    const std::size_t needed = bytes_used_ + text.size();
    if (needed > bytes_.size()) bytes_.resize(std::max(needed, 2 * bytes_.size()));
    if (!text.empty()) std::memcpy(bytes_.data() + bytes_used_, text.data(), text.size());
    row.fields[role] = {bytes_used_, text.size()};
    bytes_used_ = needed;
  }
}

}  // namespace candor::dataset
