// candor/evaluation/whole_file.h
// Methods that see all reports of the file before they label the first slot (and no outcome ever):
// Dawid-Skene with full tables, with one coin a worker, and GLAD. They are marked as such wherever
// they stand beside methods that work slot by slot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "candor/base/result.h"
#include "candor/baseline/report_table.h"

namespace candor::evaluation {

/// "dawid-skene", "dawid-skene-one-coin", "glad".
[[nodiscard]] const std::vector<std::string>& whole_file_methods();
[[nodiscard]] bool is_whole_file(std::string_view method);

/// [slots, K]: the label of every slot of the table. Errors: invalid_argument for an unknown
/// method.
[[nodiscard]] Result<std::vector<double>> whole_file_labels(std::string_view method,
                                                            const baseline::ReportTable& table);

}  // namespace candor::evaluation
