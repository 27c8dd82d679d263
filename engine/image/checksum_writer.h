// Makes the table of checksums of an image while its bytes go by. Private to engine/image.
//
// Sums are made by a thread of its own, of copies of the bytes: whoever reads the image may do with
// its buffer what it likes, and reading goes on meanwhile. The copy is made while the bytes are in
// the processor's cache, and costs a tenth of the sum.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "engine/image/checksums.h"

namespace pregroove::image {

class ChecksumWriter {
 public:
  // records: as many as will be added.
  ChecksumWriter(std::size_t records, std::optional<ChecksumPlace> previous);
  ChecksumWriter(const ChecksumWriter&) = delete;
  ChecksumWriter& operator=(const ChecksumWriter&) = delete;
  ~ChecksumWriter();

  void update(std::span<const std::byte> bytes);
  // All bytes since the last call are one record.
  void add_record(Lba lba, std::uint64_t bytes, bool whole);
  // The whole table; waits until it is made. REQUIRES: all records were added.
  [[nodiscard]] std::span<const std::byte> table();

 private:
  // A record whose bytes end here.
  struct End {
    std::size_t at = 0;
    StoredChecksum record;  // without the sum
  };
  struct Batch {
    std::vector<std::byte> bytes;
    std::vector<End> ends;
  };

  void hand_over();
  void work();
  void sum_up(const Batch& batch);
  void put_record(const StoredChecksum& record);
  void put_header();

  // Of the thread that makes the sums, until it has ended.
  Digest<Sha256Sum> digest_;
  std::vector<std::byte> table_;
  std::size_t used_;  // bytes of it
  std::size_t records_;
  std::optional<ChecksumPlace> previous_;

  Batch filling_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Batch> waiting_;  // guarded by mutex_, as is the next
  bool ended_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace pregroove::image
