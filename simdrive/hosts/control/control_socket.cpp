#include "simdrive/hosts/control/control_socket.h"

#include <fmt/format.h>

#include "simdrive/hosts/byte_streams.h"

namespace simdrive::hosts::control {
namespace {

using nlohmann::ordered_json;
using pregroove::ErrorCode;
using pregroove::fail;
using pregroove::Result;

// A disc with as many tracks and sessions as there can be is described by less.
constexpr std::size_t kMaxReply = std::size_t{16} << 20U;

void serve_connection(int connection, const Surroundings& surroundings) {
  // The server ends only when its reply is on the way.
  bool quit = false;
  Surroundings here = surroundings;
  if (here.quit) here.quit = [&quit] { quit = true; };
  StreamReader reader(connection);
  while (const auto line = reader.line(kMaxLine)) {
    const bool sent = write_all(connection, as_line(answer(*line, here)));
    if (quit) surroundings.quit();
    if (!sent) return;
  }
  if (!reader.overlong()) return;
  const ordered_json refused = {
      {"ok", false},
      {"error",
       {{"code", name_of(ErrorCode::kInvalidArgument)},
        {"message", fmt::format("a line of more than {} bytes", kMaxLine)},
        {"advice", ""}}}};
  static_cast<void>(write_all(connection, as_line(refused)));
}

}  // namespace

Result<std::unique_ptr<SocketServer>> serve_control(const std::string& path,
                                                    const Surroundings& surroundings) {
  return SocketServer::listen(path, SocketKind::kStream, [surroundings](int connection) {
    serve_connection(connection, surroundings);
  });
}

Result<ordered_json> ask(const std::string& path, const std::string& line) {
  auto connection = connect_to(path, SocketKind::kStream);
  if (!connection) {
    pregroove::Error error = std::move(connection).error();
    error.advice = "\"simdrive serve --control SOCKET\" makes one.";
    return std::unexpected(std::move(error));
  }
  StreamReader reader(connection->get());
  if (!write_all(connection->get(), line + '\n'))
    return fail(ErrorCode::kProtocol, "the server is gone");
  const auto reply = reader.line(kMaxReply);
  if (!reply) return fail(ErrorCode::kProtocol, "the server ended without a reply");
  ordered_json parsed = ordered_json::parse(*reply, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("ok") || !parsed["ok"].is_boolean())
    return fail(ErrorCode::kProtocol,
                fmt::format("what listens at \"{}\" is no control socket of simdrive", path));
  return parsed;
}

}  // namespace simdrive::hosts::control
