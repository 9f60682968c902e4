#include "dataset/report_reader.h"

#include <algorithm>
#include <utility>

#include "dataset/table_errors.h"

namespace candor::dataset {
namespace {

constexpr std::size_t most_names = 4294967000;  // a batch below NameTable::none

}  // namespace

ReportReader::ReportReader(const std::vector<std::string>& paths, const ReadOptions& options,
                           Survey& survey, bool frozen)
    : paths_(paths),
      options_(options),
      survey_(survey),
      frozen_(frozen),
      workers_before_(survey.workers.size()),
      slots_before_(survey.slots.size()),
      labels_before_(survey.labels.size()) {}

Result<bool> ReportReader::next() {
  if (++at_ >= batch_.size()) {
    CANDOR_TRY(const bool more, load_batch());
    if (!more) return false;
  }
  CANDOR_CHECK(decode());
  return true;
}

// A batch of at least one row; false after the last file.
Result<bool> ReportReader::load_batch() {
  batch_.clear();
  at_ = 0;
  while (batch_.size() == 0) {
    if (failure_) return *failure_;
    if (file_ended_) {
      CANDOR_CHECK(check_end_of_file());
      lines_before_ += table_->lines();
      table_.reset();
      file_ended_ = false;
    }
    if (!table_) {
      if (next_path_ == paths_.size()) return false;
      CANDOR_CHECK(open_next());
    }
    CANDOR_CHECK(read_batch());
  }
  look_up_names();
  return true;
}

// Rows up to a full batch, a new column, an error or the end of the file.
Status ReportReader::read_batch() {
  if (row_waits_) {
    CANDOR_CHECK(recognise());
    batch_.add(*table_, columns_);
    row_waits_ = false;
  }
  while (!batch_.full()) {
    auto more = table_->next();
    if (!more.ok()) {
      failure_ = std::move(more).error();
      return {};
    }
    file_ended_ = !*more;
    if (file_ended_) return {};
    row_waits_ = table_->header().size() != header_size_;
    if (row_waits_) return {};
    batch_.add(*table_, columns_);
  }
  return {};
}

void ReportReader::look_up_names() {
  std::array<std::string_view, RowBatch::capacity> names;
  const std::size_t size = batch_.size();
  const auto look_up = [&](Role role, NameTable& table, std::span<std::uint32_t> ids) {
    for (std::size_t i = 0; i < size; ++i) names[i] = batch_.field(i, role);
    table.find_or_add(std::span(names).first(size), ids.first(size));
  };
  look_up(Role::worker, survey_.workers, worker_ids_);
  if (columns_.has(Role::slot)) look_up(Role::slot, survey_.slots, slot_ids_);
}

Status ReportReader::open_next() {
  CANDOR_TRY(ByteSource source, ByteSource::open(paths_[next_path_]));
  CANDOR_TRY(table_, TableReader::open(std::move(source), [this](std::string_view name) {
               return is_known_column(name, options_);
             }));
  if (!frozen_) survey_.files.push_back({paths_[next_path_], lines_before_});
  header_size_ = 0;
  CANDOR_CHECK(recognise());
  if (!columns_.has(Role::slot)) index_pairs();
  ++next_path_;
  return {};
}

// Columns from the names; again whenever JSON lines bring a new one.
Status ReportReader::recognise() {
  const Header header{table_->header(), table_->file(), std::max<std::uint64_t>(1, table_->row()),
                      table_->may_grow(), table_->ignored()};
  const bool first = !frozen_ && survey_.files.size() == 1 && header_size_ == 0;
  CANDOR_TRY(columns_, recognise_columns(header, options_));
  header_size_ = header.names.size();
  if (first) survey_.kind = columns_.kind;
  if (columns_.kind == survey_.kind) return {};
  return Error{ErrorCode::conflict, "a table of " + std::string(name_of(columns_.kind))}
      .in_field(table_->header()[columns_.of(Role::report)])
      .at_row(header.file, header.row)
      .expecting(std::string(name_of(survey_.kind)) + ", as before")
      .way("read tables of different kinds one at a time, or say which with --kind");
}

Status ReportReader::check_end_of_file() const {
  if (options_.truth_column.empty() || columns_.has(Role::outcome)) return {};
  return Error{ErrorCode::malformed, "no line with this key"}
      .in_field(options_.truth_column)
      .in_file(table_->file())
      .expecting("the key given with --truth-column")
      .way("name one of the keys of the file");
}

std::string_view ReportReader::field(Role role) const {
  return batch_.field(at_, role);
}

Error ReportReader::error(ErrorCode code, std::string found, Role role) const {
  const std::string_view column =
      columns_.has(role) ? table_->header()[columns_.of(role)] : name_of(role);
  return Error{code, std::move(found)}.in_field(column).at_row(table_->file(), batch_.row(at_));
}

Error ReportReader::empty_field(Role role) const {
  return error(ErrorCode::malformed, "an empty field", role)
      .expecting("a value on every row")
      .way("fill in the field, or drop the row");
}

Status ReportReader::decode() {
  report_.row = lines_before_ + batch_.row(at_);
  exchanged_ = false;
  if (field(Role::worker).empty()) return empty_field(Role::worker);
  report_.worker = {worker_ids_[at_]};
  CANDOR_TRY(report_.slot.value, columns_.has(Role::slot) ? slot_number() : pair_number());
  CANDOR_TRY(report_.code, value(field(Role::report), Role::report));
  return check_names();
}

Status ReportReader::check_names() const {
  if (frozen_ &&
      (report_.worker.index() >= workers_before_ || report_.slot.index() >= slots_before_ ||
       survey_.labels.size() > labels_before_)) {
    return error(ErrorCode::conflict, "a name that the first pass did not see", Role::slot)
        .expecting("a file that stays the same while it is read twice")
        .way("run again when nothing writes to the file");
  }
  if (survey_.slots.size() > most_names || survey_.workers.size() > most_names) {
    return error(ErrorCode::unsupported, "over 4294967000 names", Role::slot)
        .expecting("fewer workers and slots")
        .way("split the table");
  }
  return {};
}

Result<std::uint32_t> ReportReader::slot_number() {
  if (field(Role::slot).empty()) return empty_field(Role::slot);
  const std::uint32_t slot = slot_ids_[at_];
  if (!columns_.has(Role::item_a)) return slot;
  if (slot >= survey_.items.size()) CANDOR_CHECK(add_named_slot(slot));
  CANDOR_CHECK(match_items(slot));
  return slot;
}

}  // namespace candor::dataset
