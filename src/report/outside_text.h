#pragma once
#include <string>
#include <string_view>

/// Names that come from files and scenarios of others, written where they could do harm.
namespace volstorm {

/// As a cell of a CSV: in quotes where it needs them; with an apostrophe before a sign that a spreadsheet would take
/// for the beginning of a formula.
std::string csv_cell(std::string_view text);

/// As text of XML.
std::string xml_text(std::string_view text);

}  // namespace volstorm
