#include "tests/faults/fault_matrix.h"

#include <fmt/format.h>

#include <vector>

namespace pregroove::faults {
namespace {

using scsi::Opcode;
using Expected = std::array<std::optional<Outcome>, kMedia.size()>;

constexpr scsi::Sense kWriteError{.code = {0x3, 0x0C, 0x00}};
constexpr scsi::Sense kLongWrite{.code = {0x2, 0x04, 0x08}};
constexpr scsi::Sense kBecomingReady{.code = {0x2, 0x04, 0x01}};
constexpr scsi::Sense kSequenceError{.code = {0x5, 0x2C, 0x00}};
constexpr scsi::Sense kOpenTrack{.code = {0x5, 0x72, 0x03}};

// The image of the matrix takes more than a dozen WRITEs on every medium.
constexpr int kSomewhere = 4;

Expected everywhere(const Outcome& outcome) { return {outcome, outcome, outcome, outcome}; }
Expected on_cd(const Outcome& outcome) { return {outcome, {}, {}, {}}; }

Outcome done(DataState data = DataState::kWritten) {
  return {.failure = {}, .disc = {data, ClosingState::kClosed}, .sentence = ""};
}
Outcome fails(ErrorCode code, DataState data, ClosingState session, std::string_view sentence) {
  return {.failure = code, .disc = {data, session}, .sentence = sentence};
}

void swallow(Port& port, Opcode opcode) {
  port.add({.opcode = opcode, .times = -1, .swallow = true});
}

// A track has to be closed before its session, but on a CD.
int closes_before_the_session(std::string_view medium) { return medium.starts_with("cd") ? 0 : 1; }

scsi::Sense deferred(std::optional<Lba> place) {
  scsi::Sense sense = kWriteError;
  sense.deferred = true;
  sense.information = place;
  return sense;
}

std::vector<Fault> make_matrix() {
  using enum DataState;
  using enum ClosingState;
  using Code = ErrorCode;
  const auto add_to = [](std::vector<Fault>& matrix, Fault fault) {
    matrix.push_back(std::move(fault));
  };
  std::vector<Fault> matrix;
  const auto drops_all = [](Port& port, std::string_view) {
    for (const Opcode opcode :
         {Opcode::kWrite10, Opcode::kSynchronizeCache, Opcode::kCloseTrackSession})
      swallow(port, opcode);
  };
  const auto drops_writes = [](Port& port, std::string_view) { swallow(port, Opcode::kWrite10); };

  add_to(matrix, {.name = "every command succeeds, disc stays blank",
                  .inject = drops_all,
                  .expected = everywhere(fails(Code::kVerification, kNotWritten, kNotBegun,
                                               "nothing of the session is on the disc")),
                  .because = "before anything is closed, the drive is asked how long the track is",
                  .on = On::kBlank,
                  .others = {"**0**", "**0**", "**0**", "**0**", "**0**"}});
  add_to(matrix, {.name = "the same with a session to append to",
                  .inject = drops_all,
                  .expected = everywhere(fails(Code::kVerification, kNotWritten, kNotBegun,
                                               "nothing of the session is on the disc")),
                  .because = "the same question: the new track is empty",
                  .on = On::kAppendable});
  add_to(matrix, {.name = "only WRITEs have no effect, disc stays blank",
                  .inject = drops_writes,
                  .expected = everywhere(fails(Code::kVerification, kNotWritten, kNotBegun,
                                               "nothing of the session is on the disc")),
                  .because = "the same question; nothing is closed",
                  .on = On::kBlank});
  add_to(matrix,
         {.name = "one WRITE has no effect",
          .inject =
              [](Port& port, std::string_view) {
                port.add({.opcode = Opcode::kWrite10, .after = kSomewhere, .swallow = true});
              },
          .expected = everywhere(
              fails(Code::kDevice, kPartlyWritten, kOpen, "the drive refused the address")),
          .because = "the drive expects the next block elsewhere (5/21/02)"});
  add_to(matrix, {.name = "CLOSE SESSION → 5/72/03",
                  .inject =
                      [](Port& port, std::string_view medium) {
                        port.add({.opcode = Opcode::kCloseTrackSession,
                                  .after = closes_before_the_session(medium),
                                  .times = -1,
                                  .sense = kOpenTrack});
                      },
                  .expected = everywhere(fails(Code::kDevice, kWritten, kOpen, "is not closed")),
                  .because = "an error, and one that says that the data is there",
                  .others = {"5", "5", "254", "10", "does not close"}});
  add_to(matrix, {.name = "SYNC CACHE → 3/0C/00",
                  .inject =
                      [](Port& port, std::string_view) {
                        port.add({.opcode = Opcode::kSynchronizeCache, .sense = kWriteError});
                      },
                  .expected = everywhere(fails(Code::kDevice, kPartlyWritten, kOpen,
                                               "the disc could not be written here")),
                  .because = "what was buffered is lost",
                  .others = {"5", "5", "254", "10", "**0**"}});
  add_to(matrix,
         {.name = "one WRITE → 3/0C/00",
          .inject =
              [](Port& port, std::string_view) {
                port.add({.opcode = Opcode::kWrite10, .after = kSomewhere, .sense = kWriteError});
              },
          .expected = everywhere(
              fails(Code::kDevice, kPartlyWritten, kOpen, "earlier sessions stay readable")),
          .because = "the session is left open: a wreck must not become the newest one",
          .others = {"5, left open", "5, closes", "254, closes", "10, closes", "1"}});
  add_to(
      matrix,
      {.name = "WRITE → 2/04/08 now and then",
       .inject =
           [](Port& port, std::string_view) {
             for (const int after : {1, 4, 9})
               port.add(
                   {.opcode = Opcode::kWrite10, .after = after, .times = 2, .sense = kLongWrite});
           },
       .expected = everywhere(done()),
       .because = "the buffer is full: the same WRITE is sent again",
       .others = {"0", "0", "0", "0", "0"}});
  add_to(matrix, {.name = "WRITE → 2/04/01 three times",
                  .inject =
                      [](Port& port, std::string_view) {
                        port.add({.opcode = Opcode::kWrite10,
                                  .after = kSomewhere,
                                  .times = 3,
                                  .sense = kBecomingReady});
                      },
                  .expected = everywhere(done()),
                  .because = "becoming ready is waited for",
                  .others = {"0", "11, closes", "254", "0", "1"}});
  add_to(
      matrix,
      {.name = "WRITE → 5/2C/00 once",
       .inject =
           [](Port& port, std::string_view) {
             port.add({.opcode = Opcode::kWrite10, .after = kSomewhere, .sense = kSequenceError});
           },
       .expected = everywhere(
           fails(Code::kDevice, kPartlyWritten, kOpen, "earlier sessions stay readable")),
       .because = "flushing in the middle would end the track of a CD; the next burn "
                  "closes it, and repeats",
       .others = {"5", "0", "–", "–", "–"}});
  add_to(matrix,
         {.name = "deferred 71h 3/0C/00 with its LBA",
          .inject =
              [](Port& port, std::string_view) {
                port.add({.opcode = Opcode::kWrite10,
                          .after = kSomewhere,
                          .sense = deferred(kEarlierPlace)});
              },
          .expected = everywhere(fails(Code::kDevice, kPartlyWritten, kOpen, "earlier command")),
          .because = "the LBA is the one of the INFORMATION field",
          .others = {"5", "5", "254", "10", "1"}});
  add_to(matrix,
         {.name = "deferred 71h 3/0C/00 without",
          .inject =
              [](Port& port, std::string_view) {
                port.add({.opcode = Opcode::kWrite10,
                          .after = kSomewhere,
                          .sense = deferred(std::nullopt)});
              },
          .expected = everywhere(fails(Code::kDevice, kPartlyWritten, kOpen, "earlier command")),
          .because = "no LBA is named when the drive names none"});
  add_to(matrix, {.name = "CLOSE takes 3 s, 51h/52h say 2/04/07, TUR GOOD",
                  .inject = [](Port&, std::string_view) {},
                  .expected = everywhere(done()),
                  .because = "READ DISC INFORMATION is what is asked while a drive closes",
                  .drive =
                      [](simdrive::profiles::Personality& drive) {
                        drive.quirks.tur_while_closing = simdrive::profiles::WhileBusy::kGood;
                        drive.quirks.information_while_writing =
                            simdrive::profiles::WhileBusy::kBusy;
                        drive.limits.session_close_time = std::chrono::seconds(3);
                      },
                  .others = {"0", "0", "0", "0", "0"}});
  add_to(matrix, {.name = "blank CD says NWA −150",
                  .inject = [](Port&, std::string_view) {},
                  .expected = on_cd(done()),
                  .because = "the pregap is the drive's: the first block is 0",
                  .on = On::kBlank,
                  .drive =
                      [](simdrive::profiles::Personality& drive) {
                        drive.quirks.blank_nwa_minus_150 = true;
                      },
                  .others = {"–", "–", "**254**", "0", "0"}});
  const auto flips_a_bit = [](Port& port, std::string_view) {
    port.add({.opcode = Opcode::kWrite10, .after = kSomewhere, .flip_bit_on_disc = true});
  };
  add_to(matrix, {.name = "one bit flipped on medium",
                  .inject = flips_a_bit,
                  .expected = everywhere(done()),
                  .because = "nobody reads it back",
                  .damages_disc = true,
                  .others = {"0", "0", "0", "–", "–"}});
  add_to(matrix, {.name = "the same with `--verify`",
                  .inject = flips_a_bit,
                  .expected = everywhere(
                      fails(Code::kVerification, kWrong, kClosed, "is not what was written")),
                  .because = "everything is read back, and compared with what was sent",
                  .verify = true,
                  .damages_disc = true});
  return matrix;
}

std::string cell(const std::optional<Outcome>& outcome) {
  if (!outcome) return "–";
  if (!outcome->failure) return "0";
  return fmt::format("1: data {}, session {}", name_of(outcome->disc.data),
                     name_of(outcome->disc.session));
}

}  // namespace

std::span<const Fault> fault_matrix() {
  static const std::vector<Fault> kMatrix = make_matrix();
  return kMatrix;
}

std::string fault_matrix_page() {
  std::string page = "| fault |";
  for (const std::string_view medium : kMedia) page += fmt::format(" pregroove {} |", medium);
  page += " because | xorriso DVD+R | growisofs DVD+R | wodim CD | cdrskin CD | cdrdao CD |\n|";
  for (std::size_t column = 0; column < kMedia.size() + 7; ++column) page += "---|";
  page += '\n';
  for (const Fault& fault : fault_matrix()) {
    page += fmt::format("| {} |", fault.name);
    for (const auto& outcome : fault.expected) page += fmt::format(" {} |", cell(outcome));
    page += fmt::format(" {} |", fault.because);
    for (const std::string_view other : fault.others)
      page += fmt::format(" {} |", other.empty() ? "–" : other);
    page += '\n';
  }
  return page;
}

}  // namespace pregroove::faults
