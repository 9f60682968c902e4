#include "candor/dataset/tasks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "dataset/table_errors.h"
#include "dataset/table_reader.h"

namespace candor::dataset {
namespace {

enum Column : std::size_t { slot, prompt, response_a, response_b, item_a, item_b, column_count };
struct Synonym {
  std::string_view name;
  Column column;
};
constexpr std::array<Synonym, 12> synonyms{{{"task_id", slot},
                                            {"task", slot},
                                            {"event_id", slot},
                                            {"slot_id", slot},
                                            {"slot", slot},
                                            {"prompt", prompt},
                                            {"response_a", response_a},
                                            {"response_b", response_b},
                                            {"item_a", item_a},
                                            {"left", item_a},
                                            {"item_b", item_b},
                                            {"right", item_b}}};

std::optional<Column> column_named(std::string_view name) {
  for (const Synonym& synonym : synonyms)
    if (synonym.name == name) return synonym.column;
  return std::nullopt;
}

class TaskReader {
 public:
  TaskReader(const Survey& survey, TableReader table)
      : survey_(survey), table_(std::move(table)), texts_(survey.slots.size()) {}

  Result<TaskTexts> run() {
    for (;;) {
      CANDOR_TRY(const bool more, table_.next());
      if (!more) break;
      CANDOR_CHECK(take_row());
    }
    if (index_[slot] == absent) return no_slot_column();
    return std::move(texts_);
  }

 private:
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);

  Status recognise() {
    const std::vector<std::string>& header = table_.header();
    for (std::size_t i = header_size_; i < header.size(); ++i) {
      const auto column = column_named(header[i]);
      if (!column) continue;
      if (index_.at(*column) != absent) return two_columns(header[index_.at(*column)], header[i]);
      index_.at(*column) = i;
    }
    header_size_ = header.size();
    return {};
  }

  Error two_columns(std::string_view first, std::string_view second) {
    return error(ErrorCode::malformed, "both " + quoted(first) + " and " + quoted(second), second)
        .expecting("one column for each role")
        .way("rename or drop one of them");
  }

  [[nodiscard]] std::string_view field(Column column) const {
    return index_.at(column) == absent ? std::string_view{} : table_.fields()[index_.at(column)];
  }

  Status take_row() {
    if (table_.header().size() != header_size_) CANDOR_CHECK(recognise());
    if (index_[slot] == absent) return no_slot_column();
    const auto id = survey_.slots.find(field(slot));
    if (!id) return {};
    TaskText text{std::string(field(prompt)), std::string(field(response_a)),
                  std::string(field(response_b))};
    if (text.prompt.empty() || text.response_a.empty() || text.response_b.empty()) return {};
    CANDOR_CHECK(match_items(SlotId{*id}, text));
    return keep(SlotId{*id}, std::move(text));
  }

  Status match_items(SlotId id, TaskText& text) const {
    const std::string_view a = survey_.item_a(id);
    const std::string_view b = survey_.item_b(id);
    const std::string_view first = field(item_a);
    const std::string_view second = field(item_b);
    if (first.empty() || second.empty() || a.empty() || b.empty()) return {};
    if (first == a && second == b) return {};
    if (first != b || second != a) {
      return error(ErrorCode::conflict, quoted(first) + " and " + quoted(second), "item_a")
          .expecting("the two items that the reports name for this slot")
          .way("correct the tasks or the reports");
    }
    std::swap(text.response_a, text.response_b);
    return {};
  }

  Status keep(SlotId id, TaskText text) {
    const TaskText* known = texts_.find(id);
    if (known == nullptr) {
      texts_.add(id, std::move(text));
      return {};
    }
    if (*known == text) return {};
    return error(ErrorCode::conflict, "other texts for slot " + quoted(survey_.slots[id.index()]),
                 "prompt")
        .expecting("one set of texts for each slot")
        .way("drop one of the two lines");
  }

  [[nodiscard]] Error error(ErrorCode code, std::string found, std::string_view name) const {
    return Error{code, std::move(found)}.in_field(name).at_row(table_.file(), table_.row());
  }

  [[nodiscard]] Error no_slot_column() const {
    return error(ErrorCode::malformed, "no such column", "task_id")
        .expecting("task_id, task, event_id, slot_id or slot")
        .way("add the column, or rename the one that holds it");
  }

  const Survey& survey_;
  TableReader table_;
  TaskTexts texts_;
  std::array<std::size_t, column_count> index_ = [] {
    std::array<std::size_t, column_count> none{};
    none.fill(absent);
    return none;
  }();
  std::size_t header_size_ = 0;
};

}  // namespace

Result<TaskTexts> read_tasks(const std::string& path, const Survey& survey) {
  CANDOR_TRY(ByteSource source, ByteSource::open(path));
  CANDOR_TRY(TableReader table, TableReader::open(std::move(source), [](std::string_view name) {
               return column_named(name).has_value();
             }));
  return TaskReader(survey, std::move(table)).run();
}

}  // namespace candor::dataset
