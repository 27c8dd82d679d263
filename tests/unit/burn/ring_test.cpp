#include "engine/burn/ring.h"

#include <gtest/gtest.h>
#include <xxhash.h>

#include <algorithm>
#include <numeric>

namespace pregroove::burn {
namespace {

// Blocks that count up; may fail after some of them.
class CountingSource final : public BlockSource {
 public:
  CountingSource(std::int64_t blocks, std::int64_t fails_after = -1)
      : blocks_(blocks), fails_after_(fails_after) {}
  [[nodiscard]] BlockCount size() const override { return {blocks_}; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out) override {
    std::size_t filled = 0;
    while (filled < out.size() && done_ < blocks_) {
      if (done_ == fails_after_) return fail(ErrorCode::kIo, "the source broke");
      std::ranges::fill(out.subspan(filled, kBlockSize), static_cast<std::byte>(done_));
      filled += kBlockSize;
      ++done_;
    }
    return filled;
  }

 private:
  std::int64_t blocks_;
  std::int64_t fails_after_;
  std::int64_t done_ = 0;
};

const Ring::Cancelled kNever = [] { return false; };

struct Drained {
  std::vector<std::byte> bytes;
  std::optional<Error> error;
};

Drained drain(Ring& ring) {
  Drained drained;
  for (;;) {
    auto filled = ring.next(kNever);
    if (!filled) {
      drained.error = filled.error();
      return drained;
    }
    if (filled->blocks.empty()) return drained;
    EXPECT_EQ(filled->checksum, XXH3_64bits(filled->blocks.data(), filled->blocks.size()));
    drained.bytes.insert(drained.bytes.end(), filled->blocks.begin(), filled->blocks.end());
  }
}

TEST(Ring, DeliversEveryBlockOnceAndInOrder) {
  constexpr std::int64_t kBlocks = 103;
  CountingSource source(kBlocks);
  Ring ring(source, 3, 4 * kBlockSize);
  const Drained drained = drain(ring);
  ASSERT_EQ(drained.bytes.size(), BlockCount{kBlocks}.bytes());
  for (std::int64_t block = 0; block < kBlocks; ++block)
    EXPECT_EQ(drained.bytes[static_cast<std::size_t>(BlockCount{block}.bytes())],
              static_cast<std::byte>(block));
  EXPECT_FALSE(drained.error.has_value());
}

TEST(Ring, EndsAtOnceForAnEmptySource) {
  CountingSource source(0);
  Ring ring(source, 2, kBlockSize);
  ASSERT_TRUE(ring.wait_until_primed(kNever).has_value());
  EXPECT_TRUE(drain(ring).bytes.empty());
}

TEST(Ring, TellsTheErrorAfterWhatWasReadBeforeIt) {
  CountingSource source(100, 8);
  Ring ring(source, 2, 4 * kBlockSize);
  const Drained drained = drain(ring);
  EXPECT_EQ(drained.bytes.size(), 8 * kBlockSize);
  ASSERT_TRUE(drained.error.has_value());
  EXPECT_EQ(drained.error->code, ErrorCode::kIo);
}

// A source that never answers until it is let go.
class StuckSource final : public BlockSource {
 public:
  [[nodiscard]] BlockCount size() const override { return {1}; }
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> /*out*/) override {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this] { return free_; });
    return 0;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    free_ = true;
    released_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  bool free_ = false;
};

TEST(Ring, StopsWaitingForASourceThatHangsWhenTheUserGivesUp) {
  StuckSource source;
  Ring ring(source, 2, kBlockSize);
  const auto given_up = ring.wait_until_primed([] { return true; });
  ASSERT_FALSE(given_up.has_value());
  EXPECT_EQ(given_up.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(ring.next([] { return true; }).error().code, ErrorCode::kCancelled);
  source.let_go();
}

TEST(Ring, MayBeAbandonedHalfWay) {
  CountingSource source(100'000);
  Ring ring(source, 2, kBlockSize);
  ASSERT_TRUE(ring.next(kNever).has_value());
}

}  // namespace
}  // namespace pregroove::burn
