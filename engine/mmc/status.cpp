#include "engine/mmc/status.h"

namespace pregroove::mmc {
namespace {

using scsi::Opcode;

// SPC-4 table "TEST UNIT READY command".
struct TestUnitReadyCdb {
  Opcode operation_code = Opcode::kTestUnitReady;
  std::array<std::uint8_t, 4> reserved{};
  std::uint8_t control = 0;
};
static_assert(cdb_struct<TestUnitReadyCdb, Opcode::kTestUnitReady>());

// SPC-4 table "REQUEST SENSE command".
struct RequestSenseCdb {
  Opcode operation_code = Opcode::kRequestSense;
  std::uint8_t flags = 0;  // DESC
  std::array<std::uint8_t, 2> reserved{};
  std::uint8_t allocation_length = 0;
  std::uint8_t control = 0;
};
static_assert(cdb_struct<RequestSenseCdb, Opcode::kRequestSense>());

}  // namespace

Cdb test_unit_ready() { return make_cdb(TestUnitReadyCdb{}); }

Cdb request_sense(std::uint8_t allocation) {
  return make_cdb(RequestSenseCdb{.allocation_length = allocation});
}

}  // namespace pregroove::mmc
