// SG_IO, CDROM_SEND_PACKET and CDROMREADAUDIO: what carries pointers of its own.
#pragma once

#include "simdrive/hosts/preload/library/devices.h"

struct sg_io_hdr;
struct cdrom_generic_command;
struct cdrom_read_audio;

namespace simdrive::hosts::preload {

// As ioctl() answers: 0, or a negative errno.
int send_sg_io(Device device, sg_io_hdr& header);
int send_packet(cdrom_generic_command& packet);
int read_audio(const cdrom_read_audio& wanted);

}  // namespace simdrive::hosts::preload
