#include "tests/support/golden.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace pregroove::testing_support {
namespace {

void append_hex(const std::string& line, const std::string& where, Bytes& bytes) {
  std::istringstream words(line);
  std::string word;
  while (words >> word) {
    const bool two_digits =
        word.size() == 2 && word.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (!two_digits) {
      ADD_FAILURE() << where << ": \"" << word << "\" is not a hex byte";
      return;
    }
    bytes.push_back(static_cast<std::byte>(std::stoi(word, nullptr, 16)));
  }
}

}  // namespace

std::map<std::string, Bytes> load_golden(const std::string& path) {
  std::map<std::string, Bytes> sections;
  std::ifstream file(std::string(PREGROOVE_SOURCE_DIR) + "/fixtures/" + path);
  if (!file) {
    ADD_FAILURE() << "missing fixture " << path;
    return sections;
  }
  Bytes* current = nullptr;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string where = fmt::format("{}:{}", path, number);
    line = line.substr(0, line.find('#'));
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    if (line[first] == '[') {
      const std::string name = line.substr(first + 1, line.find(']') - first - 1);
      EXPECT_FALSE(sections.contains(name)) << where << ": section twice";
      current = &sections[name];
    } else if (current != nullptr) {
      append_hex(line, where, *current);
    } else {
      ADD_FAILURE() << where << ": bytes before the first section";
    }
  }
  return sections;
}

Bytes golden(const std::string& path, const std::string& section) {
  auto sections = load_golden(path);
  const auto found = sections.find(section);
  if (found == sections.end()) {
    ADD_FAILURE() << path << " has no section [" << section << "]";
    return {};
  }
  return found->second;
}

Bytes hex(const std::string& text) {
  Bytes bytes;
  append_hex(text, "literal", bytes);
  return bytes;
}

std::string to_hex(const Bytes& bytes) {
  std::string text;
  for (const std::byte byte : bytes)
    text += fmt::format("{}{:02X}", text.empty() ? "" : " ", std::to_integer<int>(byte));
  return text;
}

}  // namespace pregroove::testing_support
