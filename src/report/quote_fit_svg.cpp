#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "outside_text.h"
#include "volstorm/report/quote_fit_text.h"

namespace volstorm {
namespace {

constexpr double kWidth = 420.0, kHeight = 300.0, kLeft = 52.0, kRight = 14.0, kTop = 34.0, kBottom = 40.0;
constexpr std::size_t kColumns = 3;

// Where a panel's values lie on the page.
struct Axes {
    double x0, x1, y0, y1;  // strikes; vols, %
    double across, down;    // of the panel's corner
    double x(double strike) const { return across + kLeft + (strike - x0) / (x1 - x0) * (kWidth - kLeft - kRight); }
    double y(double vol) const {
        return down + kHeight - kBottom - (vol - y0) / (y1 - y0) * (kHeight - kTop - kBottom);
    }
};

double round_step(double range) {
    const double rough = range / 5.0, power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough) return factor * power;
    }
    return 10.0 * power;
}

Axes axes_of(const QuoteFitReport& report, std::size_t k) {
    const ExpiryQuotes& e = report.quotes.expiries[k];
    const std::size_t row = k / kColumns;
    Axes axes{
        e.quotes.front().strike,           e.quotes.back().strike, 1e9, 0.0, kWidth * static_cast<double>(k % kColumns),
        kHeight * static_cast<double>(row)};
    for (std::size_t i = 0; i < e.quotes.size(); ++i) {
        const double model = 100.0 * report.fit.quotes.expiries[k].vol[i];
        axes.y0 = std::min({axes.y0, 100.0 * e.quotes[i].bid_vol, model});
        axes.y1 = std::max({axes.y1, 100.0 * e.quotes[i].ask_vol, model});
    }
    const double room = 0.05 * (axes.y1 - axes.y0);
    axes.y0 = std::max(axes.y0 - room, 0.0), axes.y1 += room;
    return axes;
}

std::string ticks(const Axes& a) {
    std::string text;
    const double dy = round_step(a.y1 - a.y0), dx = round_step(a.x1 - a.x0);
    for (double y = std::ceil(a.y0 / dy) * dy; y <= a.y1; y += dy) {
        text += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", a.x(a.x0),
                            a.x(a.x1), a.y(y), a.y(y));
        text +=
            fmt::format("<text class=\"y\" x=\"{:.1f}\" y=\"{:.1f}\">{:g}</text>\n", a.x(a.x0) - 6.0, a.y(y) + 4.0, y);
    }
    for (double x = std::ceil(a.x0 / dx) * dx; x <= a.x1; x += dx) {
        text += fmt::format("<text class=\"x\" x=\"{:.1f}\" y=\"{:.1f}\">{:g}</text>\n", a.x(x), a.y(a.y0) + 16.0, x);
    }
    return text;
}

std::string curve(const Axes& a, const ExpiryQuotes& e, const ModelQuotes::Expiry& model, const char* kind) {
    std::string points;
    for (std::size_t i = 0; i < e.quotes.size(); ++i) {
        const double vol = std::clamp(100.0 * model.vol[i], a.y0, a.y1);
        points += fmt::format("{}{:.1f},{:.1f}", i == 0 ? "" : " ", a.x(e.quotes[i].strike), a.y(vol));
    }
    return fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", kind, points);
}

std::string panel(const QuoteFitReport& report, std::size_t k) {
    const ExpiryQuotes& e = report.quotes.expiries[k];
    const Axes a = axes_of(report, k);
    std::string text = fmt::format("<text class=\"title\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", a.across + kLeft,
                                   a.down + 20.0, xml_text(e.name));
    text += ticks(a);
    for (const OptionQuote& q : e.quotes) {
        text += fmt::format("<line class=\"quote\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>\n",
                            a.x(q.strike), a.y(100.0 * q.bid_vol), a.y(100.0 * q.ask_vol));
    }
    text += curve(a, e, report.fit.start_quotes.expiries[k], "before");
    return text + curve(a, e, report.fit.quotes.expiries[k], "after");
}

}  // namespace

std::string quote_fit_svg(const QuoteFitReport& report) {
    const std::size_t panels = report.quotes.expiries.size(), rows = (panels + kColumns - 1) / kColumns;
    const double width = kWidth * static_cast<double>(std::min(panels, kColumns));
    const double height = kHeight * static_cast<double>(rows) + 24.0;
    std::string text = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\">\n<style>\n"
        "text {{ font: 12px sans-serif; fill: #333 }} .title {{ font-weight: bold }}\n"
        ".x {{ text-anchor: middle }} .y {{ text-anchor: end }} .grid {{ stroke: #e4e4e4 }}\n"
        ".quote {{ stroke: #1f5fa8; stroke-width: 3 }} polyline {{ fill: none; stroke-width: 1.6 }}\n"
        ".before {{ stroke: #b0b0b0; stroke-dasharray: 5 3 }} .after {{ stroke: #d1551f }}\n"
        "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        width, height);
    for (std::size_t k = 0; k < panels; ++k) text += panel(report, k);
    text += fmt::format(
        "<text x=\"{:.0f}\" y=\"{:.0f}\">implied vol, %, on the session clock, by strike: bid to ask "
        "(blue), model fitted (orange) and at the start (grey)</text>\n",
        kLeft, height - 8.0);
    return text + "</svg>\n";
}

}  // namespace volstorm
