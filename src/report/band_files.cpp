#include <fmt/format.h>

#include <cmath>

#include "band_rows.h"
#include "format.h"
#include "outside_text.h"
#include "volstorm/core/text.h"

namespace volstorm {
namespace {

std::string number(double value) { return std::isnan(value) ? "" : fmt::format("{:.17g}", value); }

std::string in_markdown(const std::string& text) {
    std::string cell;
    for (const char c : printable(text)) cell += c == '|' ? std::string("\\|") : std::string(1, c);
    return cell;
}

std::string value_in_markdown(const BandRow& row) {
    const Estimate& e = row.estimate;
    if (row.world == "range" && std::isnan(e.low)) return "-";
    if (row.world == "range" && row.is_share())
        return fmt::format("{:.2f} % to {:.2f} %", 100.0 * e.low, 100.0 * e.high);
    if (row.world == "range") return dollars(e.low) + " to " + dollars(e.high);
    if (row.is_share()) return share(e);
    const std::string limits = interval(e);
    return limits.empty() ? dollars(e.value) : dollars(e.value) + " " + limits;
}

std::vector<BandRow> all_rows(const BandReport& report) {
    std::vector<BandRow> rows;
    for (const BandWorld& world : report.worlds) std::ranges::copy(rows_of(world), std::back_inserter(rows));
    std::ranges::copy(range_rows(report.worlds), std::back_inserter(rows));
    return rows;
}

}  // namespace

std::string band_csv(const BandReport& report) {
    std::string text = "world,subject,figure,value,low,high,verdict\n";
    for (const BandRow& r : all_rows(report)) {
        text += fmt::format("{},{},{},{},{},{},{}\n", r.world, r.subject, csv_cell(r.figure), number(r.estimate.value),
                            number(r.estimate.low), number(r.estimate.high), r.verdict);
    }
    for (const Conclusion& c : conclusions_of(report.worlds)) {
        for (std::size_t k = 0; k < report.worlds.size(); ++k)
            text += fmt::format("{},conclusion,{},,,,{}\n", report.worlds[k].name, csv_cell(c.text),
                                to_string(c.verdicts[k]));
        text += fmt::format("all,conclusion,{},,,,{}\n", csv_cell(c.text), survival_name(c));
    }
    for (const auto& [name, why] : report.left_out) text += fmt::format("{},left out,{},,,,\n", name, csv_cell(why));
    return text;
}

std::string band_markdown(const BandReport& report) {
    std::string text = "| conclusion | verdict | worlds |\n|---|---|---|\n";
    for (const Conclusion& c : conclusions_of(report.worlds))
        text +=
            fmt::format("| {} | {} | {} |\n", in_markdown(c.text), survival_name(c), dissent_text(c, report.worlds));
    text += "\n| world | subject | figure | value [95 %] | verdict |\n|---|---|---|---|---|\n";
    for (const BandRow& r : all_rows(report)) {
        text += fmt::format("| {} | {} | {} | {} | {} |\n", r.world, r.subject, in_markdown(r.figure),
                            value_in_markdown(r), r.verdict);
    }
    if (!report.left_out.empty()) text += "\n| world left out | why |\n|---|---|\n";
    for (const auto& [name, why] : report.left_out) text += fmt::format("| {} | {} |\n", name, in_markdown(why));
    return text;
}

}  // namespace volstorm
