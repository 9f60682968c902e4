#include "evaluation/replay_files.h"

#include <filesystem>
#include <system_error>

#include "candor/base/text.h"

namespace candor::evaluation {
namespace {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_number(const std::optional<double>& value) {
  return value ? number_text(*value) : std::string();
}

void append_row(std::string& line, std::string_view key, std::span<const double> row) {
  line += ",\"";
  line += key;
  line += "\":[";
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (k > 0) line += ',';
    append_number(line, row[k]);
  }
  line += ']';
}

std::string weights_csv(const ReplayResult& result) {
  const bool paid = result.spec.slot_budget_micro > 0;
  std::string text = paid ? "worker,weight,slots,loss,paid_micro\n" : "worker,weight,slots,loss\n";
  for (const WorkerResult& row : result.weights) {
    text += csv_field(row.worker) + ',' + number_text(row.weight) + ',' +
            std::to_string(row.slots) + ',' + csv_number(row.loss);
    if (row.paid_micro) text += ',' + std::to_string(*row.paid_micro);
    text += '\n';
  }
  return text;
}

std::string regret_csv(const ReplayResult& result) {
  std::string text = "slots,method,regret,bound\n";
  for (const Curve& curve : result.regret_curves)
    for (std::size_t s = 0; s < curve.value.size(); ++s)
      text += number_text(result.sample_slots[s]) + ',' + csv_field(curve.name) + ',' +
              csv_number(curve.value[s]) + ',' + csv_number(curve.bound[s]) + '\n';
  return text;
}

Status check_pair_answers(const dataset::Survey& survey) {
  const bool pair =
      survey.answers.size() == 2 || (survey.answers.size() == 3 && survey.answers.back() == "tie");
  if (pair) return {};
  return Error{ErrorCode::unsupported, std::to_string(survey.answers.size()) + " answers"}
      .in_field("--tasks")
      .expecting("a choice between two answers (and maybe a tie) to make preference pairs of")
      .way("leave --tasks out; pooled.jsonl holds the labels");
}

}  // namespace

Result<ReplayFiles> ReplayFiles::create(const std::string& folder, const dataset::Survey& survey,
                                        const std::string& tasks_path) {
  CANDOR_CHECK(make_folder(folder));
  CANDOR_TRY(OutputFile pooled, OutputFile::create(folder + "/pooled.jsonl"));
  ReplayFiles files(folder, survey, std::move(pooled));
  if (tasks_path.empty()) return files;
  CANDOR_CHECK(check_pair_answers(survey));
  CANDOR_TRY(files.texts_, dataset::read_tasks(tasks_path, survey));
  CANDOR_TRY(files.preferences_, dataset::PreferenceWriter::create(folder + "/preferences.jsonl"));
  return files;
}

Status ReplayFiles::add(SlotId slot, const mechanism::PooledSlot& pooled,
                        std::span<const double> outcome) {
  line_ = "{\"slot_id\":";
  append_json_string(line_, survey_->slots[slot.index()]);
  line_ += ",\"reports\":" + std::to_string(pooled.worker.size());
  append_row(line_, "label", pooled.label);
  if (!outcome.empty()) append_row(line_, "outcome", outcome);
  line_ += "}\n";
  CANDOR_CHECK(pooled_.write(line_));
  return preferences_ ? add_preference(slot, pooled.label) : Status{};
}

Status ReplayFiles::add_preference(SlotId slot, std::span<const double> label) {
  const dataset::TaskText* text = texts_->find(slot);
  if (text != nullptr) return preferences_->write(survey_->slots[slot.index()], label, *text);
  ++without_text_;
  return {};
}

Status ReplayFiles::commit(const ReplayResult& result) {
  CANDOR_CHECK(write_file(folder_ + "/weights.csv", weights_csv(result)));
  CANDOR_CHECK(write_file(folder_ + "/regret.csv", regret_csv(result)));
  if (preferences_) {
    CANDOR_CHECK(preferences_->commit());
  } else {  // those of an earlier replay would be taken for this one's
    std::error_code ignored;
    std::filesystem::remove(folder_ + "/preferences.jsonl", ignored);
  }
  return pooled_.commit();
}

}  // namespace candor::evaluation
