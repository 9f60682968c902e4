#include <array>
#include <filesystem>
#include <unordered_map>

#include "candor/arguments/crowd_text.h"
#include "candor/base/text.h"
#include "candor/dataset/jsonl.h"
#include "candor/dataset/slot_stream.h"

namespace candor::arguments {
namespace {

enum Field : std::size_t { task, prompt, stance, item_a, item_b, strict, text_a, text_b, fields };
constexpr std::array<std::string_view, fields> names{
    "task_id", "prompt", "stance", "item_a", "item_b", "strict", "response_a", "response_b"};

std::optional<Field> field_named(std::string_view name) {
  for (std::size_t i = 0; i < fields; ++i)
    if (names.at(i) == name) return static_cast<Field>(i);
  return std::nullopt;
}

Result<std::string> find_file(const std::string& folder, const std::string& name) {
  for (const char* ending : {".gz", ".zst", ""}) {
    std::string path = folder + "/" + name + ending;
    if (std::filesystem::exists(path)) return path;
  }
  return Error{ErrorCode::not_found, "no such file"}
      .in_file(folder + "/" + name)
      .expecting("this file, or the same with .gz or .zst")
      .way("give the folder of the data set, or run without it on generated text");
}

// The lines of tasks.jsonl, joined to the slots of the votes.
class TaskReader {
 public:
  TaskReader(const dataset::Survey& survey, dataset::JsonlReader lines, CrowdText& text)
      : survey_(survey), lines_(std::move(lines)), text_(text), pair_(survey.slots.size()) {}

  // [slots] pairs without votes; a slot without a line is an error.
  Result<std::vector<ArgumentPair>> run() {
    for (;;) {
      CANDOR_TRY(const bool more, lines_.next());
      if (!more) break;
      CANDOR_CHECK(take_line());
    }
    return finish();
  }

 private:
  Status take_line() {
    recognise();
    for (std::size_t i = 0; i < fields; ++i) CANDOR_CHECK(check_present(static_cast<Field>(i)));
    const auto slot = survey_.slots.find(at(task));
    if (!slot) return {};  // nobody voted on it
    if (pair_[*slot]) return error(ErrorCode::conflict, task).expecting("one line a pair");
    return add_pair(SlotId{*slot});
  }

  Status add_pair(SlotId slot) {
    CANDOR_CHECK(check_item(item_a, survey_.item_a(slot)));
    CANDOR_CHECK(check_item(item_b, survey_.item_b(slot)));
    ArgumentPair pair;
    pair.name = at(task);
    CANDOR_TRY(pair.a, argument(item_a, text_a));
    CANDOR_TRY(pair.b, argument(item_b, text_b));
    if (at(strict) != "0" && at(strict) != "1")
      return error(ErrorCode::out_of_range, strict).expecting("0 or 1");
    std::array<double, 2> outcome{};
    if (survey_.write_outcome(slot, outcome)) pair.gold = outcome[0];
    pair.strict = at(strict) == "1";
    if (pair.strict && pair.gold.value_or(0.5) == 0.5)
      return error(ErrorCode::conflict, strict).expecting("0 where the votes' truth is not a or b");
    pair_[slot.index()] = std::move(pair);
    return {};
  }

  // The number of an argument, a new one where it was not known.
  Result<std::size_t> argument(Field name, Field text) {
    const std::size_t debate = debate_named(at(prompt));
    const auto [place, added] = argument_.try_emplace(std::string(at(name)), argument_.size());
    if (added) {
      text_.arguments.push_back(
          {place->first, debate, std::string(at(stance)), std::string(at(text))});
      return place->second;
    }
    const Argument& known = text_.arguments[place->second];
    if (known.debate != debate || known.stance != at(stance))
      return error(ErrorCode::conflict, name).expecting("each argument in one debate, on one side");
    if (known.text != at(text))
      return error(ErrorCode::conflict, text).expecting("the text of " + known.name + " as before");
    return place->second;
  }

  std::size_t debate_named(std::string_view title) {
    const auto [place, added] = debate_.try_emplace(std::string(title), debate_.size());
    if (added) text_.debates.emplace_back(title);
    return place->second;
  }

  Result<std::vector<ArgumentPair>> finish() {
    std::vector<ArgumentPair> pairs;
    for (std::size_t i = 0; i < pair_.size(); ++i) {
      if (!pair_[i])
        return Error{ErrorCode::not_found,
                     "no line for the pair " + printable(survey_.slots[i]) + " that has votes"}
            .in_file(lines_.file())
            .in_field("task_id")
            .expecting("a line for every pair")
            .way("add it, or drop its votes");
      pairs.push_back(std::move(*pair_[i]));
    }
    return pairs;
  }

  void recognise() {
    for (std::size_t i = columns_; i < lines_.header().size(); ++i)
      if (const auto field = field_named(lines_.header()[i])) column_.at(*field) = i;
    columns_ = lines_.header().size();
  }
  [[nodiscard]] std::string_view at(Field field) const {
    return column_.at(field) == absent ? std::string_view{} : lines_.fields()[column_.at(field)];
  }
  [[nodiscard]] Status check_present(Field field) const {
    if (!at(field).empty()) return {};
    return error(ErrorCode::malformed, field).expecting("a text");
  }
  [[nodiscard]] Status check_item(Field field, std::string_view voted) const {
    if (at(field) == voted) return {};
    return error(ErrorCode::conflict, field)
        .expecting("\"" + printable(voted) + "\" as in the votes");
  }
  [[nodiscard]] Error error(ErrorCode code, Field field) const {
    return Error{code, at(field).empty() ? "nothing" : std::string(at(field))}
        .in_field(names.at(field))
        .at_row(lines_.file(), lines_.row())
        .way("correct the line");
  }

  static constexpr std::size_t absent = static_cast<std::size_t>(-1);
  const dataset::Survey& survey_;
  dataset::JsonlReader lines_;
  CrowdText& text_;
  std::vector<std::optional<ArgumentPair>> pair_;
  std::array<std::size_t, fields> column_{absent, absent, absent, absent,
                                          absent, absent, absent, absent};
  std::size_t columns_ = 0;
  std::unordered_map<std::string, std::size_t> argument_;
  std::unordered_map<std::string, std::size_t> debate_;
};

Result<std::vector<ArgumentPair>> read_tasks(const std::string& path, const dataset::Survey& survey,
                                             CrowdText& text) {
  CANDOR_TRY(dataset::ByteSource source, dataset::ByteSource::open(path));
  CANDOR_TRY(dataset::Window window, dataset::Window::open(std::move(source)));
  CANDOR_TRY(dataset::JsonlReader lines,
             dataset::JsonlReader::open(std::move(window), [](std::string_view key) {
               return field_named(key).has_value();
             }));
  return TaskReader(survey, std::move(lines), text).run();
}

Status check_kind(const dataset::Survey& survey, const std::string& path) {
  if (survey.kind == dataset::Kind::pairwise && survey.items.size() == survey.slots.size())
    return {};
  return Error{ErrorCode::malformed, "a table of " + std::string(name_of(survey.kind))}
      .in_file(path)
      .expecting("votes on pairs, with columns task_id, item_a, item_b and choice")
      .way("give another table");
}

void take_votes(ArgumentPair& pair, const dataset::SlotRecord& slot) {
  for (std::size_t j = 0; j < slot.workers.size(); ++j)
    pair.votes.push_back({slot.workers[j], slot.reports[2 * j]});
}

}  // namespace

Result<CrowdText> read_crowd_text(const std::string& folder) {
  CANDOR_TRY(const std::string votes, find_file(folder, "pairwise.csv"));
  CANDOR_TRY(const std::string tasks, find_file(folder, "tasks.jsonl"));
  dataset::ReadOptions options;
  options.order.mode = dataset::Order::Mode::time;  // this order never needs a second try
  CANDOR_TRY(dataset::Survey survey, dataset::survey({votes}, options));
  CANDOR_CHECK(check_kind(survey, votes));
  CrowdText text;
  text.source = votes;
  for (std::size_t i = 0; i < survey.workers.size(); ++i)
    text.workers.emplace_back(survey.workers[i]);
  CANDOR_TRY(auto pairs, read_tasks(tasks, survey, text));
  CANDOR_CHECK(dataset::stream_slots({votes}, options, survey,
                                     [&](const dataset::SlotRecord& slot) -> Status {
                                       ArgumentPair& pair = pairs[slot.slot.index()];
                                       take_votes(pair, slot);
                                       text.pairs.push_back(std::move(pair));
                                       return {};
                                     }));
  return text;
}

}  // namespace candor::arguments
