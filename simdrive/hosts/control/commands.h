// The control language: what one line asks for, and the line that answers it. No sockets here.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "simdrive/hosts/served_drive.h"

namespace simdrive::hosts::control {

// Longer lines are refused: a command and a path.
inline constexpr std::size_t kMaxLine = 8192;

// How a disc is described in the reply to "state".
using DescribeDisc = std::function<nlohmann::ordered_json(const Disc&)>;

struct Surroundings {
  ServedDrive& drive;
  DescribeDisc describe_disc;
  std::function<void()> quit;  // ends the server; empty where it ends by itself
};

// Carries out one line and returns the reply, a JSON object: "ok" is true, or false with "error"
// (code, message, advice). REQUIRES: nothing of the line, which may hold any bytes.
[[nodiscard]] nlohmann::ordered_json answer(std::string_view line,
                                            const Surroundings& surroundings);

// One line, with its end. Bytes that are no UTF-8 come out as U+FFFD.
[[nodiscard]] std::string as_line(const nlohmann::ordered_json& reply);

// "load FILE" of the words that a user gave, with the path made absolute: a server has another
// working directory. kInvalidArgument, with the commands that there are as advice.
[[nodiscard]] pregroove::Result<std::string> line_for(const std::string& command,
                                                      const std::vector<std::string>& arguments);

}  // namespace simdrive::hosts::control
