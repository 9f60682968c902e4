#include "candor/align/event_file.h"

#include "align/test_pairs.h"

namespace candor::align {
namespace {

std::string reference_bytes() {
  std::ifstream file("tests/data/align/events.reference", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Crc32c, known_answers) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(masked_crc32c(""), 0xa282ead8U);
}

TEST(EventFile, bytes_are_those_of_the_reference_writer) {
  const std::vector<Metric> scalars = {{"loss", 0.5}, {"rewards/accuracies", 0.8125}};
  EXPECT_EQ(event_record(version_event(1700000000.25)) +
                event_record(scalar_event(1700000001.5, 1, scalars)) +
                event_record(text_event(1700000002.0, 300, "samples", "Größe **42**\nsecond line")),
            reference_bytes());
}

TEST(EventFile, a_new_file_starts_with_its_version_and_an_old_one_is_continued) {
  const TestFolder folder;
  const std::string path = folder.write("events", reference_bytes());
  EventFile file = must(EventFile::open(path));
  must(file.scalars(301, std::vector<Metric>{{"loss", 0.25}}, 1.0));
  EXPECT_EQ(folder.read("events"),
            reference_bytes() +
                event_record(scalar_event(1.0, 301, std::vector<Metric>{{"loss", 0.25}})));
  must(EventFile::open(folder.path("new")));
  EXPECT_EQ(folder.read("new").size(), event_record(version_event(0)).size());
}

TEST(EventFile, a_torn_record_is_cut_off_wherever_it_was_torn) {
  const TestFolder folder;
  const std::string whole = reference_bytes();
  const std::size_t last =
      event_record(text_event(0, 300, "samples", "Größe **42**\nsecond line")).size();
  for (std::size_t size = whole.size() - last; size < whole.size(); ++size) {
    const std::string path = folder.write("events", whole.substr(0, size));
    must(EventFile::open(path));
    EXPECT_EQ(folder.read("events").size(), whole.size() - last) << size;
  }
}

TEST(EventFile, later_steps_are_dropped) {
  const TestFolder folder;
  EventFile file = must(EventFile::open(folder.write("events", reference_bytes())));
  must(file.truncate_after(300));
  EXPECT_EQ(folder.read("events"), reference_bytes());
  must(file.truncate_after(299));
  const std::string kept = folder.read("events");
  EXPECT_EQ(kept, reference_bytes().substr(0, kept.size()));
  EXPECT_NE(kept.find("accuracies"), std::string::npos);
  EXPECT_EQ(kept.find("samples"), std::string::npos);
}

TEST(EventFile, damage_is_found) {
  const TestFolder folder;
  for (const std::size_t at : {std::size_t{3}, std::size_t{9}, std::size_t{20}, std::size_t{60}}) {
    std::string bytes = reference_bytes();
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    const auto file = EventFile::open(folder.write("events", bytes));
    ASSERT_FALSE(file.ok()) << at;
    EXPECT_EQ(file.error().code, ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace candor::align
