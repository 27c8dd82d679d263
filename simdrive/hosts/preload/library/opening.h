// Opening a device, for the functions that do it in different ways.
#pragma once

#include "simdrive/hosts/preload/library/devices.h"

namespace simdrive::hosts::preload {

// As open() would: a descriptor, or -1 and errno.
int open_device(Device device, int flags);

}  // namespace simdrive::hosts::preload
