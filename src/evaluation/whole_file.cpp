#include "candor/evaluation/whole_file.h"

#include <algorithm>

#include "candor/baseline/dawid_skene.h"
#include "candor/baseline/glad.h"

namespace candor::evaluation {

const std::vector<std::string>& whole_file_methods() {
  static const std::vector<std::string> names{"dawid-skene", "dawid-skene-one-coin", "glad"};
  return names;
}

bool is_whole_file(std::string_view method) {
  const auto& names = whole_file_methods();
  return std::find(names.begin(), names.end(), method) != names.end();
}

Result<std::vector<double>> whole_file_labels(std::string_view method,
                                              const baseline::ReportTable& table) {
  if (method == "glad") {
    CANDOR_TRY(baseline::GladResult result, baseline::glad(table));
    return std::move(result.posterior);
  }
  if (!is_whole_file(method)) {
    return Error{ErrorCode::invalid_argument, std::string(method)}
        .in_field("baseline")
        .expecting("dawid-skene, dawid-skene-one-coin or glad")
        .way("choose one of these");
  }
  baseline::DawidSkeneOptions options;
  if (method == "dawid-skene-one-coin") options.model = baseline::ConfusionModel::one_coin;
  CANDOR_TRY(baseline::DawidSkeneResult result, baseline::dawid_skene(table, options));
  return std::move(result.posterior);
}

}  // namespace candor::evaluation
