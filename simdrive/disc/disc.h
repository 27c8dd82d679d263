// A simulated disc: the truth about what is recorded on it.
//
// It can be kept in memory or in a file (README.md describes the format). A disc in a file is
// saved after every change, so that the program may be killed at any instant: the file then holds
// the state before or after that change. While a Disc lives, its file is locked.
//
// Not thread safe. The invariants are those of its layout's rules, plus: every block that the
// layout calls written is in the store.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simdrive/disc/block_store.h"
#include "simdrive/disc/host_block.h"
#include "simdrive/disc/layout.h"

namespace simdrive {

class Disc {
 public:
  // In memory.
  [[nodiscard]] static std::unique_ptr<Disc> blank(const Medium& medium);
  [[nodiscard]] static std::unique_ptr<Disc> in_memory(Layout layout);
  // A blank disc, or one with this layout, in a new file; kAlreadyExists when the path is taken.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<Disc>> create_file(const std::string& path,
                                                                            const Medium& medium);
  [[nodiscard]] static pregroove::Result<std::unique_ptr<Disc>> create_file(const std::string& path,
                                                                            Layout layout);
  // A pressed disc that is to be filled with press(); until commit() its file counts as damaged.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<Disc>> begin_pressing(
      const std::string& path, Layout layout);
  // kCorruptFile for a damaged file, kBusy when another drive holds it. What changes a disc that
  // was opened for reading fails.
  [[nodiscard]] static pregroove::Result<std::unique_ptr<Disc>> open_file(
      const std::string& path, Access access = Access::kReadAndWrite);

  Disc(std::unique_ptr<BlockStore> store, Layout layout)
      : store_(std::move(store)), layout_(std::move(layout)) {}

  [[nodiscard]] const Medium& medium() const { return layout_.medium(); }
  [[nodiscard]] const Layout& layout() const { return layout_; }

  // The back door for tests and tools: what is on the disc, whatever a drive would say.
  [[nodiscard]] std::vector<Session> sessions() const { return layout_.sessions(); }
  [[nodiscard]] std::vector<Track> tracks() const {
    return {layout_.tracks().begin(), layout_.tracks().end()};
  }
  [[nodiscard]] std::optional<Lba> lead_out_start(int session) const {
    return layout_.lead_out_start(session);
  }
  [[nodiscard]] bool is_written(Lba lba) const { return layout_.is_written(lba); }
  [[nodiscard]] std::optional<Lba> next_writable_address() const {
    return layout_.next_writable_address();
  }
  [[nodiscard]] Lba last_possible_lead_out() const { return layout_.last_possible_lead_out(); }
  // Whole blocks of user data. kInvalidArgument when one of them was never written.
  [[nodiscard]] pregroove::Status read_recorded(Lba lba, std::span<std::byte> buffer) const;
  // Every block from here on is zeros; may be too high, never too low.
  [[nodiscard]] Lba end_of_user_data() const { return store_->end_of_user_data(); }
  // CD: whole sectors of 2352 bytes, unscrambled, with correct codes where only user data is kept;
  // the symbols P to W of one sector. kInvalidArgument when one of them was never written.
  [[nodiscard]] pregroove::Status read_sectors(Lba lba, std::span<std::byte> raw) const;
  [[nodiscard]] pregroove::Status read_subchannel(
      Lba lba, std::span<std::byte, kSubchannelSize> symbols) const;
  [[nodiscard]] pregroove::Status check_invariants() const { return layout_.check_invariants(); }

  // Fills a pressed disc. REQUIRES: the blocks lie in it.
  [[nodiscard]] pregroove::Status press(Lba lba, std::span<const std::byte> data);

  // The changes. Each is saved before it returns; an Error means that the store failed, and the
  // disc is as before (or as after, when only what was given up could not be cleared). REQUIRES:
  // the layout's rules allow it (check_write; the other transitions are tried by the caller on a
  // copy of the layout, whose outcome commit() takes over).
  [[nodiscard]] pregroove::Status write(Lba lba, std::span<const std::byte> data,
                                        const WriteMode& mode);
  // CD: the same with blocks of any make-up (host_block.h); data is a whole number of them.
  [[nodiscard]] pregroove::Status write_blocks(Lba lba, std::span<const std::byte> data,
                                               const HostBlock& block, const WriteMode& mode);
  // Takes over a layout, with what the transition to it did to the blocks.
  [[nodiscard]] pregroove::Status commit(Layout next, const Effect& effect = {});
  // So many tries of the power calibration area are used up; kept with the next change.
  void set_calibrations(std::uint16_t used) { layout_.edit().calibrations = used; }
  // The recording of the track that is open broke off.
  [[nodiscard]] pregroove::Status interrupt();
  [[nodiscard]] pregroove::Status flush() { return told(store_->flush()); }
  // Called with each failure of the store; a drive can only answer with a write error.
  void set_failure_observer(std::function<void(const pregroove::Error&)> observer) {
    failure_observer_ = std::move(observer);
  }

 private:
  [[nodiscard]] pregroove::Status told(pregroove::Status outcome) const;
  [[nodiscard]] pregroove::Status take_over(Layout next, const Effect& effect);
  // cd_disc.cpp
  [[nodiscard]] pregroove::Status record_blocks(Lba lba, std::span<const std::byte> data,
                                                const HostBlock& block, const WriteMode& mode);
  [[nodiscard]] pregroove::Status store_blocks(Lba lba, std::span<const std::byte> data,
                                               const HostBlock& block);
  [[nodiscard]] pregroove::Status read_run(Lba lba, SectorFormat format,
                                           std::span<std::byte> raw) const;
  [[nodiscard]] pregroove::Status read_user_data(Lba lba, std::span<std::byte> buffer) const;
  // Zeros everything that is kept of the blocks.
  [[nodiscard]] pregroove::Status clear_blocks(Lba lba, BlockCount count);
  // Of a blanked CD: whole sectors and sub-channels.
  [[nodiscard]] pregroove::Status forget_sectors();

  std::unique_ptr<BlockStore> store_;
  Layout layout_;
  std::function<void(const pregroove::Error&)> failure_observer_;
};

}  // namespace simdrive
