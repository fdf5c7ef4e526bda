#include "volstorm/calibration/out_of_sample.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace volstorm {
namespace {

// A law as sorted losses, `loss` rising with what the law is of.
template <class Loss>
std::vector<double> sample_of(const QuantileLaw& law, const Loss& loss) {
    std::vector<double> losses(law.size());
    for (std::size_t rank = 0; rank < losses.size(); ++rank) losses[rank] = loss(law.at(rank));
    return losses;
}

double vix_rise(double vix, double log_change) { return vix * std::expm1(log_change); }

ShortfallForecast spx_shortfall(const QuantileLaw& law) {
    std::vector<double> losses = sample_of(law, std::negate());
    std::ranges::reverse(losses);
    return shortfall_forecast(losses, kShortfallLevel);
}

ForecastSeries selected(const ForecastSeries& all, const std::vector<std::size_t>& days) {
    ForecastSeries part;
    for (const std::size_t day : days) {
        part.pit.push_back(all.pit[day]);
        part.loss.push_back(all.loss[day]);
    }
    for (const ShortfallSeries& series : all.shortfalls) {
        part.shortfalls.push_back({series.level, {}});
        for (const std::size_t day : days) part.shortfalls.back().forecasts.push_back(series.forecasts[day]);
    }
    part.law = [law = all.law, days](std::size_t day, double u) { return law(days[day], u); };
    return part;
}

}  // namespace

Forecasts forecasts_in(const Forecasts& all, Regime regime) {
    if (regime == Regime::all) return all;
    std::vector<std::size_t> days;
    for (std::size_t day = 0; day < all.size(); ++day) {
        if (regime_of(all.vix_before[day]) == regime) days.push_back(day);
    }
    Forecasts part{{}, selected(all.spx, days), selected(all.vix, days), selected(all.book, days), {}, {}};
    for (const std::size_t day : days) {
        part.vix_before.push_back(all.vix_before[day]);
        part.pnl.push_back(all.pnl[day]);
        part.worst_loss.push_back(all.worst_loss[day]);
    }
    return part;
}

Forecaster::Close Forecaster::close_of(const ModelInput& model, double vix, const BookRule& rule) const {
    Close close;
    close.spx = spx_shortfall(laws_.spx_return(vix));
    close.vix = shortfall_forecast(
        sample_of(laws_.vix_log_change(vix), [&](double change) { return vix_rise(vix, change); }), kShortfallLevel);
    close.condor = model_condor(model, vix, rule);
    const std::vector<double> losses = LossLaw(close.condor, laws_.spx_return(vix)).sorted();
    close.book = shortfall_forecast(losses, kShortfallLevel);
    close.book_lower = shortfall_forecast(losses, kBookShortfallLevel);
    close.pnl = pnl_forecast(close.condor, losses);
    return close;
}

Forecaster::Forecaster(const ModelInput& model, std::span<const double> vix_closes, const BookRule& rule,
                       const ForecastSampling& sampling, Executor& executor)
    : seed_(sampling.seed), laws_(model, vix_closes, sampling, executor) {
    for (const double vix : vix_closes) closes_[vix] = {};
    std::vector<std::pair<const double, Close>*> entries;
    for (auto& entry : closes_) entries.push_back(&entry);
    const auto fill = [&](std::size_t, std::size_t, std::size_t piece) {
        entries[piece]->second = close_of(model, entries[piece]->first, rule);
    };
    executor.for_each_ordered(entries.size(), fill, [](std::size_t, std::size_t) {});
}

// A series keeps the laws of its days, from which thousands of histories are drawn.
ForecastSeries Forecaster::spx_series(const OneDaySample& sessions) const {
    ForecastSeries series{{}, {}, {{kShortfallLevel, {}}}, {}};
    std::vector<PitInterval> pit;
    std::vector<QuantileLaw> laws;
    for (std::size_t day = 0; day < sessions.size(); ++day) {
        const double vix = sessions.vix_before[day], r = sessions.spx_return[day];
        laws.push_back(laws_.spx_return(vix));
        pit.push_back(laws.back().pit(r));
        series.loss.push_back(-r);
        series.shortfalls[0].forecasts.push_back(closes_.at(vix).spx);
    }
    series.pit = pit_values(pit, seed_);
    series.law = [laws](std::size_t day, double u) { return -laws[day].quantile(u); };
    return series;
}

ForecastSeries Forecaster::vix_series(const OneDaySample& sessions) const {
    ForecastSeries series{{}, {}, {{kShortfallLevel, {}}}, {}};
    std::vector<PitInterval> pit;
    std::vector<QuantileLaw> laws;
    for (std::size_t day = 0; day < sessions.size(); ++day) {
        const double vix = sessions.vix_before[day], rise = sessions.vix_change[day];
        laws.push_back(laws_.vix_log_change(vix));
        pit.push_back(laws.back().pit(std::log1p(rise / vix)));
        series.loss.push_back(rise);
        series.shortfalls[0].forecasts.push_back(closes_.at(vix).vix);
    }
    series.pit = pit_values(pit, seed_);
    series.law = [laws, closes = sessions.vix_before](std::size_t day, double u) {
        return vix_rise(closes[day], laws[day].quantile(u));
    };
    return series;
}

ForecastSeries Forecaster::book_series(const OneDaySample& sessions) const {
    ForecastSeries series{{}, {}, {{kShortfallLevel, {}}, {kBookShortfallLevel, {}}}, {}};
    std::vector<PitInterval> pit;
    std::vector<QuantileLaw> laws;
    std::vector<const RelativeCondor*> condors;
    for (std::size_t day = 0; day < sessions.size(); ++day) {
        const double vix = sessions.vix_before[day];
        const Close& close = closes_.at(vix);
        laws.push_back(laws_.spx_return(vix));
        condors.push_back(&close.condor);
        series.loss.push_back(-close.condor.pnl(sessions.spx_return[day]));
        const PitInterval of_loss = LossLaw(close.condor, laws.back()).pit(series.loss.back());
        pit.push_back({1.0 - of_loss.high, 1.0 - of_loss.low});
        series.shortfalls[0].forecasts.push_back(close.book);
        series.shortfalls[1].forecasts.push_back(close.book_lower);
    }
    series.pit = pit_values(pit, seed_);
    series.law = [laws, condors](std::size_t day, double u) { return -condors[day]->pnl(laws[day].quantile(u)); };
    return series;
}

Forecasts Forecaster::of(const OneDaySample& sessions) const {
    Forecasts all{sessions.vix_before, spx_series(sessions), vix_series(sessions), book_series(sessions), {}, {}};
    for (const double vix : sessions.vix_before) {
        all.pnl.push_back(closes_.at(vix).pnl);
        all.worst_loss.push_back(-condor(vix).worst());
    }
    return all;
}

}  // namespace volstorm
