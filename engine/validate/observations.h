// What validation asks a drive besides the rows: who it is, what it says it can do, and what is in
// it. The replies are kept as they are; who needs one decodes it with engine/mmc.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

#include "engine/validate/conversation.h"

namespace pregroove::validate {

enum class Probe : std::uint8_t {
  kInquiry,
  kSerialNumber,  // vital product data page 80h
  kConfiguration,
  kCapabilities,            // mode page 2Ah
  kDefaultWriteParameters,  // mode page 05h, the defaults
  kEvents,                  // which classes there are; after all that were pending
  kMediaEvent,
  // With a disc only.
  kDiscInformation,
  kFirstTrack,
  kLastTrack,
  kInvisibleTrack,
  kToc,
  kAtip,
  kCdText,
  kDvdStructure,
  kBdStructure,
  kFormatCapacities,
  kCapacity,
  kBufferCapacity,
  kWriteSpeeds,
  kReadPerformance,
  kWritePerformance,
  kPerformanceHeader,  // asked for no descriptor
};

struct Observations {
  Greeting greeting;
  std::map<Probe, Answer> answers;

  // nullptr when it was not asked, or refused.
  [[nodiscard]] const std::vector<std::byte>* data(Probe probe) const;
  [[nodiscard]] const Answer* answer(Probe probe) const;
};

// Greets the drive and asks all that fits. Refuses (kUnsupported) what is no CD, DVD or BD drive.
[[nodiscard]] Result<Observations> observe(Conversation& drive);

}  // namespace pregroove::validate
