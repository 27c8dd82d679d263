// SG_IO and CDROM_SEND_PACKET: SCSI commands of the program.
#pragma once

#include "simdrive/hosts/preload/library/devices.h"

struct sg_io_hdr;
struct cdrom_generic_command;

namespace simdrive::hosts::preload {

// As ioctl() answers: 0, or a negative errno.
int send_sg_io(Device device, sg_io_hdr& header);
int send_packet(cdrom_generic_command& packet);

}  // namespace simdrive::hosts::preload
