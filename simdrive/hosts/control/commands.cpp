#include "simdrive/hosts/control/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <system_error>

namespace simdrive::hosts::control {
namespace {

using nlohmann::ordered_json;
using pregroove::Error;
using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;
using pregroove::Status;

enum class Argument : std::uint8_t { kNone, kFile, kOnOrOff };

Result<ordered_json> state_of(const Surroundings& surroundings) {
  const DriveStatus status = surroundings.drive.status();
  ordered_json state = {{"powered", status.powered},
                        {"tray", status.tray_open ? "open" : "closed"},
                        {"disc", nullptr},
                        {"medium", nullptr},
                        {"occupied", status.occupied},
                        {"hosts", status.hosts},
                        {"virtual_seconds", std::chrono::duration<double>(status.now).count()}};
  if (status.disc) state["disc"] = *status.disc;
  if (status.medium) state["medium"] = *status.medium;
  surroundings.drive.with_drive([&](Drive& drive) {
    if (const Disc* const disc = drive.disc())
      state["recorded"] = surroundings.describe_disc(*disc);
  });
  return state;
}

Status switch_power(ServedDrive& drive, std::string_view position) {
  if (position == "off")
    drive.cut_power();
  else if (position == "on")
    drive.switch_on();
  else
    return fail(ErrorCode::kInvalidArgument, R"(power is switched "on" or "off")");
  return {};
}

Result<ordered_json> load(const Surroundings& its, std::string_view file) {
  PREGROOVE_RETURN_IF_ERROR(its.drive.load(std::string(file)));
  return ordered_json::object();
}
Result<ordered_json> eject(const Surroundings& its, std::string_view) {
  its.drive.eject();
  return ordered_json::object();
}
Result<ordered_json> close_tray(const Surroundings& its, std::string_view) {
  its.drive.close_tray();
  return ordered_json::object();
}
Result<ordered_json> unload(const Surroundings& its, std::string_view) {
  its.drive.unload();
  return ordered_json::object();
}
Result<ordered_json> press_button(const Surroundings& its, std::string_view) {
  its.drive.press_button();
  return ordered_json::object();
}
Result<ordered_json> power(const Surroundings& its, std::string_view position) {
  PREGROOVE_RETURN_IF_ERROR(switch_power(its.drive, position));
  return ordered_json::object();
}
Result<ordered_json> state(const Surroundings& its, std::string_view) { return state_of(its); }
Result<ordered_json> quit(const Surroundings& its, std::string_view) {
  if (!its.quit)
    return fail(ErrorCode::kUnsupported,
                "this drive is there as long as the program that runs on it", "End the program.");
  its.quit();
  return ordered_json::object();
}

struct CommandRow {
  std::string_view name;
  Argument argument;
  Result<ordered_json> (*act)(const Surroundings& surroundings, std::string_view argument);
};
constexpr auto kCommands = std::to_array<CommandRow>({
    {"load", Argument::kFile, load},
    {"eject", Argument::kNone, eject},
    {"close", Argument::kNone, close_tray},
    {"unload", Argument::kNone, unload},
    {"press-button", Argument::kNone, press_button},
    {"power", Argument::kOnOrOff, power},
    {"state", Argument::kNone, state},
    {"quit", Argument::kNone, quit},
});

std::string_view shown(Argument argument) {
  switch (argument) {
    case Argument::kNone:
      return "";
    case Argument::kFile:
      return " FILE";
    case Argument::kOnOrOff:
      return " on|off";
  }
  return "";
}

std::string all_commands() {
  std::string list = "The commands are:";
  for (const CommandRow& row : kCommands)
    list +=
        fmt::format("{} {}{}", &row == kCommands.data() ? "" : ",", row.name, shown(row.argument));
  return list + ".";
}

Result<const CommandRow*> find(std::string_view name, bool has_argument) {
  const auto* const row = std::ranges::find(kCommands, name, &CommandRow::name);
  if (row == kCommands.end())
    return fail(ErrorCode::kInvalidArgument, fmt::format("there is no command \"{}\"", name),
                all_commands());
  if (has_argument != (row->argument != Argument::kNone))
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\" {} argument", name, has_argument ? "takes no" : "needs an"),
                all_commands());
  return row;
}

Result<ordered_json> carry_out(std::string_view line, const Surroundings& surroundings) {
  const auto space = line.find(' ');
  const std::string_view name = line.substr(0, space);
  const std::string_view argument =
      space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
  PREGROOVE_ASSIGN_OR_RETURN(const CommandRow* row, find(name, !argument.empty()));
  if (argument.find('\0') != std::string_view::npos)
    return fail(ErrorCode::kInvalidArgument, "an argument with a zero byte");
  return row->act(surroundings, argument);
}

}  // namespace

ordered_json answer(std::string_view line, const Surroundings& surroundings) {
  const auto outcome = carry_out(line, surroundings);
  if (!outcome) {
    const Error& error = outcome.error();
    return {
        {"ok", false},
        {"error",
         {{"code", name_of(error.code)}, {"message", error.message}, {"advice", error.advice}}}};
  }
  ordered_json reply = {{"ok", true}};
  reply.update(*outcome);
  return reply;
}

std::string as_line(const ordered_json& reply) {
  return reply.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

Result<std::string> line_for(const std::string& command,
                             const std::vector<std::string>& arguments) {
  const std::string argument = arguments.empty() ? std::string{} : arguments.front();
  PREGROOVE_ASSIGN_OR_RETURN(const CommandRow* row, find(command, !argument.empty()));
  if (arguments.size() > 1)
    return fail(ErrorCode::kInvalidArgument, fmt::format("too many arguments for \"{}\"", command),
                all_commands());
  if (argument.empty()) return command;
  std::string sent = argument;
  if (row->argument == Argument::kFile) {
    std::error_code error;
    sent = std::filesystem::absolute(argument, error).lexically_normal().string();
    if (error) return fail(ErrorCode::kInvalidArgument, "the working directory is gone");
  }
  if (sent.find('\n') != std::string::npos)
    return fail(ErrorCode::kInvalidArgument, "a path with a line break cannot be sent");
  return fmt::format("{} {}", command, sent);
}

}  // namespace simdrive::hosts::control
