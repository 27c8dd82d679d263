#include "engine/image/checksum_writer.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/image/checksum_table.h"

namespace pregroove::image {
namespace {

// Small enough for the cache, large enough that handing over does not count.
constexpr std::size_t kBatchBytes = std::size_t{256} << 10U;
constexpr std::size_t kBatchRecords = 1024;

}  // namespace

ChecksumWriter::ChecksumWriter(std::size_t records, std::optional<ChecksumPlace> previous)
    : table_(static_cast<std::size_t>(checksum_table_size(records).bytes())),
      used_(sizeof(ChecksumHeader)),
      records_(records),
      previous_(previous),
      thread_([this] { work(); }) {}

ChecksumWriter::~ChecksumWriter() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ChecksumWriter::update(std::span<const std::byte> bytes) {
  filling_.bytes.insert(filling_.bytes.end(), bytes.begin(), bytes.end());
  if (filling_.bytes.size() >= kBatchBytes) hand_over();
}

void ChecksumWriter::add_record(Lba lba, std::uint64_t bytes, bool whole) {
  filling_.ends.push_back(
      {.at = filling_.bytes.size(), .record = {.lba = lba, .bytes = bytes, .whole = whole}});
  if (filling_.ends.size() >= kBatchRecords) hand_over();
}

void ChecksumWriter::hand_over() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !waiting_; });
  waiting_ = std::exchange(filling_, {});
  changed_.notify_all();
}

void ChecksumWriter::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return waiting_ || ended_; });
    if (!waiting_) return;
    const Batch batch = *std::exchange(waiting_, std::nullopt);
    lock.unlock();
    changed_.notify_all();
    sum_up(batch);
    lock.lock();
  }
}

void ChecksumWriter::sum_up(const Batch& batch) {
  const std::span bytes(batch.bytes);
  std::size_t done = 0;
  for (const End& end : batch.ends) {
    digest_.update(bytes.subspan(done, end.at - done));
    done = end.at;
    put_record(end.record);
  }
  digest_.update(bytes.subspan(done));
}

void ChecksumWriter::put_record(const StoredChecksum& record) {
  PREGROOVE_CHECK(used_ + sizeof(ChecksumRecord) <=
                  sizeof(ChecksumHeader) + records_ * sizeof(ChecksumRecord));
  write_struct(table_, used_,
               ChecksumRecord{.lba = Be32(static_cast<std::uint32_t>(record.lba.value)),
                              .bytes = Be64(record.bytes),
                              .not_whole = Be32(record.whole ? 0U : 1U),
                              .sum = digest_.finish()});
  used_ += sizeof(ChecksumRecord);
}

std::span<const std::byte> ChecksumWriter::table() {
  if (!thread_.joinable()) return table_;
  hand_over();
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  put_header();
  return table_;
}

void ChecksumWriter::put_header() {
  PREGROOVE_CHECK(used_ == sizeof(ChecksumHeader) + records_ * sizeof(ChecksumRecord));
  digest_.update(std::span(table_).first(used_).subspan(sizeof(ChecksumHeader)));
  ChecksumHeader header{.records = Be32(static_cast<std::uint32_t>(records_)),
                        .sum = digest_.finish()};
  if (previous_) {
    header.previous_lba = Be32(static_cast<std::uint32_t>(previous_->lba.value));
    header.previous_blocks = Be32(static_cast<std::uint32_t>(previous_->blocks.value));
  }
  write_struct(table_, 0, header);
}

}  // namespace pregroove::image
