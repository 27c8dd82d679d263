#include "simdrive/hosts/transcripts/entry_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simdrive/drive/command_table.h"
#include "simdrive/hosts/transcripts/fields.h"
#include "simdrive/profiles/personality_file.h"

namespace simdrive::hosts::transcripts {
namespace {

using nlohmann::ordered_json;
using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;

constexpr const char* kFormatKey = "simdrive_transcript";
constexpr std::size_t kMaxTransfer = std::size_t{16} << 20U;
constexpr std::size_t kMaxCdb = 16;
constexpr std::size_t kMaxHosts = 1000;
// Of virtual time; more than anybody waits for, and far from the end of what fits a Duration.
constexpr std::int64_t kMaxTime = std::chrono::nanoseconds(std::chrono::years(30)).count();
constexpr int kMaxNesting = 8;

struct EventName {
  DriveEventKind kind;
  std::string_view name;
};
constexpr auto kEventNames = std::to_array<EventName>({
    {DriveEventKind::kHostConnected, "host"},
    {DriveEventKind::kLoaded, "load"},
    {DriveEventKind::kEjected, "eject"},
    {DriveEventKind::kTrayClosed, "close"},
    {DriveEventKind::kUnloaded, "unload"},
    {DriveEventKind::kButtonPressed, "press-button"},
    {DriveEventKind::kPowerCut, "power off"},
    {DriveEventKind::kSwitchedOn, "power on"},
});

std::string dump(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

ordered_json as_json(const Content& content) {
  ordered_json json = {{"length", content.length}};
  if (content.hash)
    json["xxh3"] = fmt::format("{:016x}", *content.hash);
  else
    json["bytes"] = hex(content.bytes);
  return json;
}

Result<Header> parse_header(const ordered_json& json) {
  Fields fields(json);
  if (fields.number(kFormatKey, 1, kMaxTime) != kFormat)
    return fail(ErrorCode::kCorruptFile, "a format that this version does not know");
  Header header{.program_version = fields.text("version"),
                .whole_payload = fields.text("payload") == "whole",
                .disc = fields.text_or_null("disc"),
                .medium = fields.text_or_null("medium")};
  if (!fields.problem().empty()) return fail(ErrorCode::kCorruptFile, fields.problem());
  const auto drive = json.find("personality");
  if (drive == json.end() || !drive->is_object())
    return fail(ErrorCode::kCorruptFile, "\"personality\" is missing");
  auto personality = profiles::parse_personality(drive->dump(), "personality");
  if (!personality) return fail(ErrorCode::kCorruptFile, personality.error().message);
  header.personality = *std::move(personality);
  return header;
}

Result<DriveEvent> parse_event(const ordered_json& json) {
  Fields fields(json);
  const std::string name = fields.text("event");
  const auto* const known = std::ranges::find(kEventNames, name, &EventName::name);
  if (known == kEventNames.end())
    return fail(ErrorCode::kCorruptFile, fmt::format("there is no event \"{}\"", name));
  DriveEvent event{.kind = known->kind, .time = Duration(fields.number("time", 0, kMaxTime))};
  if (event.kind == DriveEventKind::kHostConnected) event.name = fields.text("name");
  if (event.kind == DriveEventKind::kLoaded) event.name = fields.text("disc");
  if (!fields.problem().empty()) return fail(ErrorCode::kCorruptFile, fields.problem());
  return event;
}

Content parse_content(Fields& fields) {
  Content content{.length = fields.size("length", kMaxTransfer)};
  if (fields.has("xxh3")) {
    content.hash = fields.hash("xxh3");
    return content;
  }
  content.bytes = fields.bytes("bytes", kMaxTransfer);
  if (content.bytes.size() != content.length) fields.blame("\"length\" is not that of \"bytes\"");
  return content;
}

void parse_data(const ordered_json& json, Fields& fields, CommandEntry& entry) {
  const auto in = json.find("in");
  const auto out = json.find("out");
  if (in == json.end() && out == json.end()) return;
  if (in != json.end() && out != json.end()) return fields.blame("both \"in\" and \"out\"");
  entry.direction = in != json.end() ? Direction::kIn : Direction::kOut;
  Fields data(in != json.end() ? *in : *out);
  entry.content = parse_content(data);
  entry.room = in != json.end() ? fields.size("room", kMaxTransfer) : entry.content.length;
  if (entry.content.length > entry.room) fields.blame("more data than \"room\"");
  if (!data.problem().empty()) fields.blame(data.problem());
}

Result<CommandEntry> parse_command(const ordered_json& json) {
  Fields fields(json);
  CommandEntry entry{.host = fields.size("host", kMaxHosts),
                     .cdb = fields.bytes("cdb", kMaxCdb),
                     .started = Duration(fields.number("started", 0, kMaxTime)),
                     .finished = Duration(fields.number("finished", 0, kMaxTime)),
                     .status = static_cast<std::uint8_t>(fields.number("status", 0, 0xFF)),
                     .transferred = fields.size("transferred", kMaxTransfer)};
  if (fields.has("sense")) entry.sense = fields.bytes("sense", kFixedSenseSize);
  parse_data(json, fields, entry);
  if (entry.cdb.empty()) fields.blame("a command without a CDB");
  if (entry.host == 0) fields.blame("there is no host 0");
  if (!fields.problem().empty()) return fail(ErrorCode::kCorruptFile, fields.problem());
  return entry;
}

}  // namespace

std::string as_line(const Header& header) {
  ordered_json json = {{kFormatKey, kFormat},
                       {"version", header.program_version},
                       {"payload", header.whole_payload ? "whole" : "hashed"},
                       {"disc", nullptr},
                       {"medium", nullptr},
                       {"personality", ordered_json::parse(profiles::to_json(header.personality))}};
  if (header.disc) json["disc"] = *header.disc;
  if (header.medium) json["medium"] = *header.medium;
  return dump(json);
}

std::string as_line(const CommandEntry& entry) {
  const CommandRow* const row = find_command(std::to_integer<std::uint8_t>(entry.cdb.front()));
  ordered_json json = {{"host", entry.host},
                       {"command", row != nullptr ? row->name : "unknown"},
                       {"cdb", hex(entry.cdb)},
                       {"started", entry.started.count()},
                       {"finished", entry.finished.count()}};
  if (entry.direction == Direction::kOut) json["out"] = as_json(entry.content);
  json["status"] = entry.status;
  if (!entry.sense.empty()) json["sense"] = hex(entry.sense);
  json["transferred"] = entry.transferred;
  if (entry.direction != Direction::kIn) return dump(json);
  json["room"] = entry.room;
  json["in"] = as_json(entry.content);
  return dump(json);
}

std::string as_line(const DriveEvent& event) {
  const auto* const known = std::ranges::find(kEventNames, event.kind, &EventName::kind);
  ordered_json json = {{"event", known->name}, {"time", event.time.count()}};
  if (event.kind == DriveEventKind::kHostConnected) json["name"] = event.name;
  if (event.kind == DriveEventKind::kLoaded) json["disc"] = event.name;
  return dump(json);
}

Result<Entry> parse_entry(std::string_view line) {
  const auto shallow = [](int depth, ordered_json::parse_event_t, const ordered_json&) {
    return depth <= kMaxNesting;
  };
  // To the parser a zero byte is the end of the text.
  if (line.find('\0') != std::string_view::npos)
    return fail(ErrorCode::kCorruptFile, "this is no line of a transcript");
  const ordered_json json = ordered_json::parse(line, shallow, false);
  if (!json.is_object()) return fail(ErrorCode::kCorruptFile, "this is no line of a transcript");
  if (json.contains(kFormatKey)) return parse_header(json);
  if (json.contains("event")) return parse_event(json);
  return parse_command(json);
}

}  // namespace simdrive::hosts::transcripts
