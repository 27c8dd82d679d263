#include "engine/cli/command.h"
#include "engine/cli/say.h"

#include <fmt/format.h>

#include <cstdio>

namespace pregroove::cli {

void add_json_option(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "print the result as JSON");
}

void add_drive_option(CLI::App& command, DriveOptions& options) {
  command.add_option("-d,--drive", options.drive, "/dev/sr0, or sim:FILE for a simulated recorder")
      ->required();
  add_json_option(command, options.json);
}

nlohmann::json to_json(const Error& error) {
  nlohmann::json json = {{"code", name_of(error.code)},
                         {"message", error.message},
                         {"disc_touched", error.disc_touched}};
  const auto add = [&json](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("advice", error.advice);
  add("command", error.command);
  add("phase", error.phase);
  add("disc_state", error.disc_state);
  if (error.sense)
    json["sense"] =
        fmt::format("{:X}/{:02X}/{:02X}", error.sense->key, error.sense->asc, error.sense->ascq);
  if (error.outcome) {
    json["data_state"] = name_of(error.outcome->data);
    json["session_state"] = name_of(error.outcome->session);
  }
  if (error.lba) json["lba"] = error.lba->value;
  for (const Error& later : error.also) json["also"].push_back(to_json(later));
  return json;
}

void print_json(const nlohmann::json& value) {
  // Names from a disc or a file system may be any bytes.
  say("{}\n", value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

namespace {

void tell(const Error& error, bool json) {
  if (json)
    print_json({{"error", to_json(error)}});
  else
    say_aside("pregroove: {}\n", describe(error));
}

}  // namespace

namespace {

ExitStatus status_for(const Error& error) {
  if (error.code == ErrorCode::kInvalidArgument) return kWrongUsage;
  return error.disc_touched ? kFailed : kRefused;
}

}  // namespace

int report(const Error& error, bool json) {
  tell(error, json);
  return status_for(error);
}

int report(const imapi::Failure& failure, bool json) {
  if (json) {
    nlohmann::json value = to_json(failure.cause);
    value["result_code"] = fmt::format("0x{:08X}", static_cast<std::uint32_t>(failure.code));
    value["result_name"] = name_of(failure.code);
    print_json({{"error", value}});
  } else {
    say_aside("pregroove: {}\n", describe(failure.cause));
  }
  return status_for(failure.cause);
}

int report_as_failed(const Error& error, bool json) {
  tell(error, json);
  return kFailed;
}

}  // namespace pregroove::cli
