// GET EVENT STATUS NOTIFICATION: what happened to tray and disc since the last look (MMC-6).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/mmc/command.h"

namespace pregroove::mmc {

// Header and one event.
inline constexpr std::uint16_t kEventReplySize = 8;

// One bit per notification class, combined with |.
inline constexpr std::uint8_t kOperationalChangeClass = 1U << 1U;
inline constexpr std::uint8_t kPowerManagementClass = 1U << 2U;
inline constexpr std::uint8_t kExternalRequestClass = 1U << 3U;
inline constexpr std::uint8_t kMediaClass = 1U << 4U;
inline constexpr std::uint8_t kMultiHostClass = 1U << 5U;
inline constexpr std::uint8_t kDeviceBusyClass = 1U << 6U;
inline constexpr std::uint8_t kAllEventClasses = 0xFF;

// Polled: answer at once, even when nothing has happened. Few drives know the other way.
enum class Polled : bool { kNo, kYes };

[[nodiscard]] Cdb get_event_status(std::uint8_t classes, Polled polled = Polled::kYes,
                                   std::uint16_t allocation = kEventReplySize);

enum class MediaEventCode : std::uint8_t {
  kNoChange = 0,
  kEjectRequest = 1,
  kNewMedia = 2,
  kMediaRemoval = 3,
  kMediaChanged = 4,
  kBackgroundFormatCompleted = 5,
  kBackgroundFormatRestarted = 6,
};

struct MediaEvent {
  MediaEventCode code = MediaEventCode::kNoChange;
  bool medium_present = false;
  bool door_open = false;

  bool operator==(const MediaEvent&) const = default;
};

// nullopt when the reply is about another class, or the drive has no media events (NEA).
[[nodiscard]] Result<std::optional<MediaEvent>> decode_media_event(
    std::span<const std::byte> reply);

}  // namespace pregroove::mmc
