#include <fmt/format.h>

#include <ostream>

#include "simdrive/cli/report.h"
#include "simdrive/cli/serve.h"
#include "simdrive/hosts/control/control_socket.h"

namespace simdrive {
namespace {

using nlohmann::ordered_json;

// One line for each value; what is nested is indented.
std::string as_lines(const ordered_json& object, std::size_t depth = 0) {
  std::string lines;
  const std::string indentation(2 * depth, ' ');
  for (const auto& [name, value] : object.items()) {
    const bool nested = value.is_structured() && !value.empty();
    const std::string label =
        object.is_array() ? indentation + "-" : fmt::format("{}{}:", indentation, name);
    if (nested)
      lines += fmt::format("{}\n{}", label, as_lines(value, depth + 1));
    else
      lines += fmt::format("{} {}\n", label,
                           value.is_string() ? value.get<std::string>() : value.dump());
  }
  return lines;
}

std::string text_in(const ordered_json& error, const char* name) {
  const auto found = error.find(name);
  return found != error.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// The server's words, as if they were ours.
ExitStatus report_refusal(const Console& console, const ordered_json& reply) {
  const ordered_json error = reply.value("error", ordered_json::object());
  report(console, {.code = pregroove::ErrorCode::kInvalidArgument,
                   .message = text_in(error, "message"),
                   .advice = text_in(error, "advice")});
  return ExitStatus::kRefused;
}

}  // namespace

ExitStatus run_control(const Console& console, const std::string& socket,
                       const std::string& command, const std::vector<std::string>& arguments) {
  const auto line = hosts::control::line_for(command, arguments);
  if (!line) return report_wrong_usage(console, line.error());
  auto reply = hosts::control::ask(socket, *line);
  if (!reply) return report(console, reply.error());
  const bool done = (*reply)["ok"].get<bool>();
  if (console.json) {
    console.out << as_text(*reply) << '\n';
    return done ? ExitStatus::kDone : ExitStatus::kRefused;
  }
  if (!done) return report_refusal(console, *reply);
  reply->erase("ok");
  console.out << as_lines(*reply);
  return ExitStatus::kDone;
}

}  // namespace simdrive
