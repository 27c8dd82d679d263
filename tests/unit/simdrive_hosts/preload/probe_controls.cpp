// The ioctls of linux/cdrom.h, linux/fs.h and scsi/sg.h. The disc is a pressed one of one data
// track with 700 blocks, where nothing else is said.
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/select.h>
#include <ctime>

#include <array>
#include <climits>  // linux/cdrom.h needs it

#include "tests/unit/simdrive_hosts/preload/probe.h"

namespace probe {
namespace {

constexpr int kBlocks = 700;
constexpr unsigned long kGetIdLun = 0x5382;
constexpr unsigned long kGetBusNumber = 0x5386;
constexpr unsigned long kGetIdentity = 0x30D;  // HDIO_GET_IDENTITY

void table_of_contents() {
  const int descriptor = open_ready();
  cdrom_tochdr header{};
  PROBE(::ioctl(descriptor, CDROMREADTOCHDR, &header) == 0);
  PROBE(header.cdth_trk0 == 1 && header.cdth_trk1 == 1);
  cdrom_tocentry entry{};
  entry.cdte_track = 1;
  entry.cdte_format = CDROM_MSF;
  PROBE(::ioctl(descriptor, CDROMREADTOCENTRY, &entry) == 0);
  PROBE(entry.cdte_addr.msf.minute == 0 && entry.cdte_addr.msf.second == 2 &&
        entry.cdte_addr.msf.frame == 0);
  PROBE(entry.cdte_ctrl == 4 && entry.cdte_adr == 1 && entry.cdte_datamode == 1);
  entry.cdte_track = CDROM_LEADOUT;
  entry.cdte_format = CDROM_LBA;
  PROBE(::ioctl(descriptor, CDROMREADTOCENTRY, &entry) == 0);
  PROBE(entry.cdte_addr.lba == kBlocks);
  entry.cdte_track = 77;
  PROBE_FAILS(::ioctl(descriptor, CDROMREADTOCENTRY, &entry), EINVAL);
  entry.cdte_format = 9;
  PROBE_FAILS(::ioctl(descriptor, CDROMREADTOCENTRY, &entry), EINVAL);
  PROBE_FAILS(::ioctl(descriptor, CDROMREADTOCHDR, nullptr), EFAULT);
}

void disc() {
  const int descriptor = open_ready();
  PROBE(::ioctl(descriptor, CDROM_DRIVE_STATUS, CDSL_CURRENT) == CDS_DISC_OK);
  PROBE(::ioctl(descriptor, CDROM_DISC_STATUS, 0) == CDS_DATA_1);
  PROBE(::ioctl(descriptor, CDROM_MEDIA_CHANGED, CDSL_CURRENT) == 1);
  PROBE(::ioctl(descriptor, CDROM_MEDIA_CHANGED, CDSL_CURRENT) == 0);
  cdrom_multisession session{};
  session.addr_format = CDROM_LBA;
  PROBE(::ioctl(descriptor, CDROMMULTISESSION, &session) == 0);
  PROBE(session.xa_flag == 0 && session.addr.lba == 0);
  cdrom_mcn number{};
  PROBE(::ioctl(descriptor, CDROM_GET_MCN, &number) == 0 && number.medium_catalog_number[0] == 0);
  const int capabilities = ::ioctl(descriptor, CDROM_GET_CAPABILITY, 0);
  PROBE((capabilities & CDC_CD_R) != 0 && (capabilities & CDC_DVD) != 0);
  PROBE((capabilities & CDC_MRW_W) == 0);
  PROBE(::ioctl(descriptor, CDROM_SELECT_SPEED, 8) == 0);
  PROBE(::ioctl(descriptor, CDROM_CHANGER_NSLOTS, 0) == 1);
  PROBE(::ioctl(descriptor, CDROM_SET_OPTIONS, CDO_LOCK) >= CDO_LOCK);
  PROBE((::ioctl(descriptor, CDROM_CLEAR_OPTIONS, CDO_LOCK) & CDO_LOCK) == 0);
}

// Two sessions, the second one from block 11 702 on.
void second_session() {
  const int descriptor = open_ready();
  cdrom_multisession session{};
  session.addr_format = CDROM_LBA;
  PROBE(::ioctl(descriptor, CDROMMULTISESSION, &session) == 0);
  PROBE(session.xa_flag == 1 && session.addr.lba == 11'702);
  session.addr_format = CDROM_MSF;
  PROBE(::ioctl(descriptor, CDROMMULTISESSION, &session) == 0);
  PROBE(session.addr.msf.minute == 2 && session.addr.msf.second == 38 &&
        session.addr.msf.frame == 2);
}

void audio() {
  const int descriptor = open_ready();
  PROBE(::ioctl(descriptor, CDROM_DISC_STATUS, 0) == CDS_AUDIO);
  Bytes frames(30 * std::size_t{CD_FRAMESIZE_RAW});
  cdrom_read_audio read{};
  read.addr.lba = 10;
  read.addr_format = CDROM_LBA;
  read.nframes = 30;
  read.buf = frames.data();
  PROBE(::ioctl(descriptor, CDROMREADAUDIO, &read) == 0);
  for (const std::uint8_t byte : frames) PROBE(byte == 0x11);
  std::array<std::uint8_t, 16> nothing{};
  PROBE_FAILS(::pread(descriptor, nothing.data(), nothing.size(), 0), EIO);
}

void sectors() {
  const int descriptor = open_ready();
  Bytes sector(CD_FRAMESIZE_RAW);
  // 00:04:00, which is block 150.
  const std::array<std::uint8_t, 6> address{0, 4, 0, 0, 4, 1};
  std::memcpy(sector.data(), address.data(), address.size());
  PROBE(::ioctl(descriptor, CDROMREADMODE1, sector.data()) == 0);
  for (std::size_t i = 0; i < kBlockSize; ++i) PROBE(sector[i] == pattern((150 * kBlockSize) + i));
  std::memcpy(sector.data(), address.data(), address.size());
  PROBE(::ioctl(descriptor, CDROMREADRAW, sector.data()) == 0);
  PROBE(sector[0] == 0 && sector[1] == 0xFF && sector[13] == 0x04 && sector[15] == 1);
  PROBE(sector[16] == pattern(150 * kBlockSize));
  std::memset(sector.data(), 0, address.size());
  PROBE_FAILS(::ioctl(descriptor, CDROMREADMODE1, sector.data()), EINVAL);
  // The head now stands on the sector that was read.
  cdrom_subchnl position{};
  position.cdsc_format = CDROM_LBA;
  PROBE(::ioctl(descriptor, CDROMSUBCHNL, &position) == 0);
  PROBE(position.cdsc_absaddr.lba == 150 && position.cdsc_trk == 1);
}

void block_layer() {
  const int descriptor = open_ready();
  std::uint64_t bytes = 0;
  PROBE(::ioctl(descriptor, BLKGETSIZE64, &bytes) == 0 && bytes == kBlocks * kBlockSize);
  unsigned long sectors = 0;
  PROBE(::ioctl(descriptor, BLKGETSIZE, &sectors) == 0 && sectors == kBlocks * 4);
  int number = 0;
  PROBE(::ioctl(descriptor, BLKSSZGET, &number) == 0 && number == 2048);
  PROBE(::ioctl(descriptor, BLKROGET, &number) == 0 && number == 1);
  PROBE(::ioctl(descriptor, BLKFLSBUF, 0) == 0);
}

void generic() {
  const int block = open_ready();
  const int generic = open_ready(kGeneric, O_RDWR | O_NONBLOCK);
  std::array<int, 2> id{-1, -1};
  int number = 0;
  for (const int descriptor : {block, generic}) {
    PROBE(::ioctl(descriptor, SG_GET_VERSION_NUM, &number) == 0 && number >= 30'000);
    PROBE(::ioctl(descriptor, kGetIdLun, id.data()) == 0 && id[0] == 0);
    PROBE(::ioctl(descriptor, kGetBusNumber, &number) == 0 && number == 0);
    number = 65'536;
    PROBE(::ioctl(descriptor, SG_SET_RESERVED_SIZE, &number) == 0);
    PROBE(::ioctl(descriptor, SG_GET_RESERVED_SIZE, &number) == 0 && number == 65'536);
    number = 12'345;
    PROBE(::ioctl(descriptor, SG_SET_TIMEOUT, &number) == 0);
    PROBE(::ioctl(descriptor, SG_GET_TIMEOUT, 0) == 12'345);
    PROBE(::ioctl(descriptor, SG_EMULATED_HOST, &number) == 0 && number == 1);
    PROBE_FAILS(::ioctl(descriptor, kGetIdentity, id.data()), ENOTTY);
    PROBE_FAILS(::ioctl(descriptor, 0xABCD, 0), ENOTTY);
  }
  sg_scsi_id where{};
  PROBE_FAILS(::ioctl(block, SG_GET_SCSI_ID, &where), ENOTTY);
  PROBE(::ioctl(generic, SG_GET_SCSI_ID, &where) == 0 && where.scsi_type == 5);
  PROBE_FAILS(::ioctl(generic, CDROM_DRIVE_STATUS, 0), ENOTTY);
  PROBE_FAILS(::read(generic, &number, sizeof(number)), EINVAL);
}

void tray() {
  const int descriptor = open_ready();
  PROBE(::ioctl(descriptor, CDROM_LOCKDOOR, 1) == 0);
  PROBE_FAILS(::ioctl(descriptor, CDROMEJECT, 0), EBUSY);
  PROBE(::ioctl(descriptor, CDROM_LOCKDOOR, 0) == 0);
  PROBE(::ioctl(descriptor, CDROMEJECT, 0) == 0);
  PROBE(::ioctl(descriptor, CDROM_DRIVE_STATUS, CDSL_CURRENT) == CDS_TRAY_OPEN);
  std::uint64_t bytes = 1;
  PROBE(::ioctl(descriptor, BLKGETSIZE64, &bytes) == 0 && bytes == 0);
  PROBE(::ioctl(descriptor, CDROMCLOSETRAY, 0) == 0);
  // A blocking open waits until the disc has spun up.
  PROBE(::open(kBlock, O_RDONLY) >= 0);
  PROBE(::ioctl(descriptor, CDROM_DRIVE_STATUS, CDSL_CURRENT) == CDS_DISC_OK);
  PROBE(::ioctl(descriptor, BLKGETSIZE64, &bytes) == 0 && bytes == kBlocks * kBlockSize);
  PROBE(::ioctl(descriptor, CDROM_MEDIA_CHANGED, CDSL_CURRENT) == 1);
  // And it closes an open tray.
  PROBE(::ioctl(descriptor, CDROMEJECT, 0) == 0);
  PROBE(::open(kBlock, O_RDONLY) >= 0);
}

void no_disc() {
  PROBE_FAILS(::open(kBlock, O_RDONLY), ENOMEDIUM);
  const int descriptor = open_ready();
  PROBE(::ioctl(descriptor, CDROM_DRIVE_STATUS, CDSL_CURRENT) == CDS_NO_DISC);
  PROBE(::ioctl(descriptor, CDROM_DISC_STATUS, 0) == CDS_NO_DISC);
  cdrom_tochdr header{};
  PROBE_FAILS(::ioctl(descriptor, CDROMREADTOCHDR, &header), ENOMEDIUM);
  char byte = 0;
  PROBE(::read(descriptor, &byte, 1) == 0);
}

// The unit attention of a disc that was just put in is not for programs that open the device.
void after_loading() {
  const int descriptor = ::open(kBlock, O_RDONLY);
  PROBE(descriptor >= 0);
  Exchange ready(Bytes(6, 0));
  PROBE(ready.send(descriptor) == 0 && ready.header.status == 0);
}

// A pressed DVD: what READ DVD STRUCTURE says of it.
void dvd_structures() {
  const int descriptor = open_ready();
  dvd_struct physical{};
  physical.type = DVD_STRUCT_PHYSICAL;
  PROBE(::ioctl(descriptor, DVD_READ_STRUCT, &physical) == 0);
  const dvd_layer& layer = physical.physical.layer[0];
  PROBE(layer.start_sector == 0x30000 && layer.book_type == 0);
  PROBE(layer.end_sector - layer.start_sector + 1 >= kBlocks);
  dvd_struct copyright{};
  copyright.type = DVD_STRUCT_COPYRIGHT;
  PROBE(::ioctl(descriptor, DVD_READ_STRUCT, &copyright) == 0 && copyright.copyright.cpst == 0);
  physical.physical.layer_num = 200;
  PROBE_FAILS(::ioctl(descriptor, DVD_READ_STRUCT, &physical), EINVAL);
  copyright.type = 99;
  PROBE_FAILS(::ioctl(descriptor, DVD_READ_STRUCT, &copyright), EINVAL);
}

double now() {
  timespec time{};
  PROBE(::clock_gettime(CLOCK_MONOTONIC, &time) == 0);
  return static_cast<double>(time.tv_sec) + (static_cast<double>(time.tv_nsec) / 1e9);
}

// Waiting for a drive whose time is virtual is short; waiting for anything else is not.
void waits() {
  const double begin = now();
  ::usleep(30'000);
  PROBE(now() - begin >= 0.03);
  open_ready();
  const double later = now();
  const timespec some{6, 0};
  PROBE(::usleep(2'000'000) == 0 && ::sleep(4) == 0);
  PROBE(::nanosleep(&some, nullptr) == 0);
  PROBE(::clock_nanosleep(CLOCK_REALTIME, 0, &some, nullptr) == 0);
  timeval seconds{2, 0};
  PROBE(::select(0, nullptr, nullptr, nullptr, &seconds) == 0);
  PROBE(::poll(nullptr, 0, 2'000) == 0);
  PROBE(now() - later < 15);
  PROBE(now() - later >= 22.0 / 25);
}

}  // namespace

const std::vector<Case> control_cases{{"table-of-contents", table_of_contents},
                                      {"disc", disc},
                                      {"second-session", second_session},
                                      {"audio", audio},
                                      {"sectors", sectors},
                                      {"block-layer", block_layer},
                                      {"generic", generic},
                                      {"tray", tray},
                                      {"no-disc", no_disc},
                                      {"after-loading", after_loading},
                                      {"dvd-structures", dvd_structures},
                                      {"waits", waits}};

}  // namespace probe
