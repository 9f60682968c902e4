// candor/base/file.h
// Output files that are whole or absent.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "candor/base/result.h"

namespace candor {

/// A file being written. Bytes go to "PATH.partial"; commit() flushes, fsyncs, renames it to PATH and
/// fsyncs the folder. A file that was never committed (an error, a kill) leaves PATH as it was; the
/// destructor removes the partial file.
///
///   CANDOR_TRY(OutputFile file, OutputFile::create("out/weights.csv"));
///   CANDOR_CHECK(file.write("worker,weight\n"));
///   CANDOR_CHECK(file.commit());
///
/// Errors: io, naming the path and what the system said. Thread safety: one thread at a time.
class OutputFile {
 public:
  static Result<OutputFile> create(std::string path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  Status write(std::string_view bytes);
  Status commit();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  OutputFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  void discard() noexcept;

  std::string path_;
  std::FILE* file_ = nullptr;
};

/// create + write + commit.
Status write_file(std::string path, std::string_view bytes);

/// Makes a folder and its parents; ok if it is there already.
Status make_folder(const std::string& path);

}  // namespace candor
