#include "engine/mmc/read_write.h"

#include "engine/mmc/wire.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// MMC-6 tables "READ (10) command" and "WRITE (10) command", which have one shape.
template <Opcode Code>
struct Transfer10Cdb {
  Opcode operation_code = Code;
  std::uint8_t flags = 0;  // FUA in bit 3
  Be32 lba;
  std::uint8_t reserved = 0;
  Be16 transfer_blocks;
  std::uint8_t control = 0;
};
using Read10Cdb = Transfer10Cdb<Opcode::kRead10>;
using Write10Cdb = Transfer10Cdb<Opcode::kWrite10>;
static_assert(cdb_struct<Read10Cdb, Opcode::kRead10>());
static_assert(cdb_struct<Write10Cdb, Opcode::kWrite10>());
static_assert(offsetof(Write10Cdb, lba) == 2);
static_assert(offsetof(Write10Cdb, transfer_blocks) == 7);

// MMC-6 tables "READ (12) command" and "WRITE (12) command".
template <Opcode Code>
struct Transfer12Cdb {
  Opcode operation_code = Code;
  std::uint8_t flags = 0;
  Be32 lba;
  Be32 transfer_blocks;
  std::uint8_t streaming = 0;  // bit 7
  std::uint8_t control = 0;
};
using Read12Cdb = Transfer12Cdb<Opcode::kRead12>;
using Write12Cdb = Transfer12Cdb<Opcode::kWrite12>;
static_assert(cdb_struct<Read12Cdb, Opcode::kRead12>());
static_assert(cdb_struct<Write12Cdb, Opcode::kWrite12>());
static_assert(offsetof(Write12Cdb, transfer_blocks) == 6);
static_assert(offsetof(Write12Cdb, streaming) == 10);

// MMC-6 table "SYNCHRONIZE CACHE command". Recorders ignore the range: 0, 0 is everything.
struct SynchronizeCacheCdb {
  Opcode operation_code = Opcode::kSynchronizeCache;
  std::uint8_t immed = 0;  // bit 1
  Be32 lba;
  std::uint8_t reserved = 0;
  Be16 blocks;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<SynchronizeCacheCdb, Opcode::kSynchronizeCache>());

template <typename Wire>
Cdb transfer10(Lba lba, BlockCount blocks) {
  return make_cdb(
      Wire{.lba = wire_lba(lba), .transfer_blocks = wire_blocks<std::uint16_t, 2>(blocks)});
}

template <typename Wire>
Cdb transfer12(Lba lba, BlockCount blocks, Streaming streaming) {
  return make_cdb(Wire{.lba = wire_lba(lba),
                       .transfer_blocks = wire_blocks<std::uint32_t, 4>(blocks),
                       .streaming = bit_if(streaming == Streaming::kYes, 7)});
}

}  // namespace

Cdb read10(Lba lba, BlockCount blocks) { return transfer10<Read10Cdb>(lba, blocks); }

Cdb write10(Lba lba, BlockCount blocks) { return transfer10<Write10Cdb>(lba, blocks); }

Cdb read12(Lba lba, BlockCount blocks, Streaming streaming) {
  return transfer12<Read12Cdb>(lba, blocks, streaming);
}

Cdb write12(Lba lba, BlockCount blocks, Streaming streaming) {
  return transfer12<Write12Cdb>(lba, blocks, streaming);
}

Cdb synchronize_cache(Immediate immediate) {
  return make_cdb(SynchronizeCacheCdb{.immed = bit_if(immediate == Immediate::kYes, 1)});
}

}  // namespace pregroove::mmc
