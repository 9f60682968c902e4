// candor/dataset/tasks.h
// The texts behind the slots: what was asked, and the two answers that were compared.
//
// The file is JSON lines (or CSV), plain, .gz or .zst, one task a line:
//
//   {"task_id": "t0", "prompt": "Say hello", "response_a": "Hello!", "response_b": "No."}
//
//   CANDOR_TRY(const TaskTexts texts, read_tasks("tasks.jsonl.gz", survey));
//   if (const TaskText* text = texts.find(slot)) use(text->prompt);
//   texts.missing();                  // slots of the survey without all three texts
//
// Memory: the texts of the survey's slots. Thread safety: reading is safe from several threads.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "candor/base/ids.h"
#include "candor/base/result.h"
#include "candor/dataset/survey.h"

namespace candor::dataset {

/// Valid UTF-8, without NUL.
struct TaskText {
  std::string prompt;
  std::string response_a;
  std::string response_b;

  friend bool operator==(const TaskText&, const TaskText&) = default;
};

class TaskTexts {
 public:
  explicit TaskTexts(std::size_t slots) : place_(slots, 0) {}

  /// The slot's texts, or nullptr if the file has no line for it or the line lacks one of the
  /// three.
  [[nodiscard]] const TaskText* find(SlotId slot) const {
    return place_[slot.index()] == 0 ? nullptr : &texts_[place_[slot.index()] - 1];
  }
  /// Slots of the survey for which find() gives nullptr.
  [[nodiscard]] std::uint64_t missing() const { return place_.size() - texts_.size(); }

  /// Keeps a slot's texts. Requires find(slot) == nullptr.
  void add(SlotId slot, TaskText text) {
    texts_.push_back(std::move(text));
    place_[slot.index()] = static_cast<std::uint32_t>(texts_.size());
  }

 private:
  std::vector<std::uint32_t> place_;  // 1 + index into texts_; 0: none
  std::vector<TaskText> texts_;
};

/// Columns: task_id (or task, slot, slot_id, event_id), prompt, response_a, response_b; optionally
/// item_a and item_b (or left and right): where they name the slot's items the other way round, the
/// responses change places; where they name others, that is an error. Further columns are ignored,
/// as are tasks that are not slots of the survey. An empty prompt or response counts as missing.
/// Errors: as survey(); conflict where two lines give one slot different texts.
[[nodiscard]] Result<TaskTexts> read_tasks(const std::string& path, const Survey& survey);

}  // namespace candor::dataset
