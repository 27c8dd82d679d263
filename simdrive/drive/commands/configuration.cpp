// GET CONFIGURATION: profile and features (MMC-6 6.5); what they are: features.cpp.
#include "engine/scsi/numbers.h"
#include "simdrive/drive/commands/handlers.h"
#include "simdrive/drive/features.h"
#include "simdrive/drive/reply.h"

namespace simdrive {
namespace {

using pregroove::Be16;
using pregroove::Be32;
using pregroove::scsi::Profile;

// MMC-6 table "feature header".
struct ConfigurationHeader {
  Be32 length;
  Be16 reserved;
  Be16 current_profile;
};
static_assert(pregroove::wire_struct<ConfigurationHeader, 8>());

// MMC-6 table "feature descriptor generic format".
struct FeatureHeader {
  Be16 code;
  std::uint8_t flags = 0;  // version [5:2], persistent 1, current 0
  std::uint8_t additional_length = 0;
};
static_assert(pregroove::wire_struct<FeatureHeader, 4>());

struct ProfileDescriptor {
  Be16 profile;
  std::uint8_t flags = 0;  // current 0
  std::uint8_t reserved = 0;
};
static_assert(pregroove::wire_struct<ProfileDescriptor, 4>());

constexpr std::uint8_t kPersistentBit = 0x02;
constexpr std::uint8_t kCurrentBit = 0x01;
constexpr std::uint16_t kProfileListFeature = 0x0000;

enum class RequestType : std::uint8_t { kAll = 0, kCurrent = 1, kOne = 2 };

// Which features the host asked for.
struct Selection {
  RequestType type = RequestType::kAll;
  std::uint16_t first = 0;

  [[nodiscard]] bool includes(std::uint16_t code, bool current) const {
    if (type == RequestType::kOne) return code == first;
    return code >= first && (current || type == RequestType::kAll);
  }
};

void append_feature_header(Reply& reply, const FeatureDescriptor& feature, std::size_t length) {
  reply.append(
      FeatureHeader{.code = Be16(feature.code),
                    .flags = static_cast<std::uint8_t>((feature.version << 2U) |
                                                       (feature.persistent ? kPersistentBit : 0) |
                                                       (feature.current ? kCurrentBit : 0)),
                    .additional_length = static_cast<std::uint8_t>(length)});
}

void append_profile_list(Reply& reply, const DriveState& state, Profile current) {
  const auto numbers = state.personality.profile_list();
  append_feature_header(reply, {.code = kProfileListFeature, .persistent = true, .current = true},
                        numbers.size() * sizeof(ProfileDescriptor));
  for (const std::uint16_t number : numbers)
    reply.append(
        ProfileDescriptor{.profile = Be16(number),
                          .flags = static_cast<std::uint8_t>(
                              number == static_cast<std::uint16_t>(current) ? kCurrentBit : 0)});
}

}  // namespace

Outcome get_configuration(DriveState& state, const Request& request) {
  const std::uint8_t type = pregroove::bit_field(request.byte(1), 0, 2);
  if (type > static_cast<std::uint8_t>(RequestType::kOne)) return refuse(Fault::kInvalidFieldInCdb);
  const Selection selection{static_cast<RequestType>(type), request.be16(2)};
  const Profile profile = current_profile(state);
  Reply reply;
  reply.append(ConfigurationHeader{.current_profile = Be16(static_cast<std::uint16_t>(profile))});
  if (selection.includes(kProfileListFeature, true)) append_profile_list(reply, state, profile);
  for (const FeatureDescriptor& feature : features_of(state)) {
    if (!selection.includes(feature.code, feature.current)) continue;
    append_feature_header(reply, feature, feature.payload.size());
    reply.append_bytes(feature.payload);
  }
  reply.announce_length<Be32>(sizeof(Be32));
  return reply.send(request, request.be16(7));
}

}  // namespace simdrive
