// Writes quantlib.csv: 200 Heston and Bates prices by QuantLib's analytic engines. Not part of the build:
//   g++ -std=c++17 -O2 make_quantlib.cpp -o make_quantlib -lQuantLib && ./make_quantlib > quantlib.csv
#include <cstdio>
#include <ql/quantlib.hpp>
#include <vector>

using namespace QuantLib;

namespace {

struct Set {
    const char* name;
    double v, m, kappa, sigma, rho;  // Heston
    double intensity, mean, sd;      // Bates: log-normal jumps
};
constexpr Set kSets[] = {
    {"heston_calm", 0.0146, 0.0124, 9.6, 0.41, -0.73, 0.0, 0.0, 0.0},
    {"heston_stressed", 0.2500, 0.1500, 20.0, 1.20, -0.85, 0.0, 0.0, 0.0},
    {"heston_low_variance", 0.0200, 0.0200, 2.0, 0.80, -0.60, 0.0, 0.0, 0.0},  // 2 kappa m = sigma^2 / 8
    {"bates_rare", 0.0225, 0.0300, 5.0, 0.50, -0.70, 1.5, -0.06, 0.05},
    {"bates_frequent", 0.0100, 0.0150, 8.0, 0.45, -0.60, 40.0, -0.004, 0.006},
};
constexpr int kDays[] = {1, 7, 30, 90, 365};
constexpr double kDeviations[] = {-6.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0};
constexpr double kSpot = 5000.0, kRate = 0.04, kDividend = 0.013;

ext::shared_ptr<PricingEngine> engine(const Set& set, const Handle<YieldTermStructure>& rate,
                                      const Handle<YieldTermStructure>& dividend, const Handle<Quote>& spot) {
    if (set.intensity == 0.0) {
        const auto process =
            ext::make_shared<HestonProcess>(rate, dividend, spot, set.v, set.kappa, set.m, set.sigma, set.rho);
        return ext::make_shared<AnalyticHestonEngine>(ext::make_shared<HestonModel>(process), 1e-13, 1000000);
    }
    const auto process = ext::make_shared<BatesProcess>(rate, dividend, spot, set.v, set.kappa, set.m, set.sigma,
                                                        set.rho, set.intensity, set.mean, set.sd);
    return ext::make_shared<BatesEngine>(ext::make_shared<BatesModel>(process), 1e-13, 1000000);
}

// Expected quadratic variation over `years`.
double variation(const Set& set, double years) {
    const double decayed = (1.0 - std::exp(-set.kappa * years)) / set.kappa;
    return set.m * years + (set.v - set.m) * decayed + set.intensity * years * (set.mean * set.mean + set.sd * set.sd);
}

}  // namespace

int main() {
    const Date today(17, June, 2025);
    Settings::instance().evaluationDate() = today;
    const DayCounter days = Actual365Fixed();
    const Handle<YieldTermStructure> rate(ext::make_shared<FlatForward>(today, kRate, days));
    const Handle<YieldTermStructure> dividend(ext::make_shared<FlatForward>(today, kDividend, days));
    const Handle<Quote> spot(ext::make_shared<SimpleQuote>(kSpot));
    std::printf(
        "# Heston and Bates prices by QuantLib %s, AnalyticHestonEngine and BatesEngine with Gauss-Lobatto 1e-13.\n",
        QL_VERSION);
    std::printf("# Written by make_quantlib.cpp. tolerance: 1e-8 of spot.\n");
    std::printf(
        "id,set,spx,v,m,rate,dividend_yield,kappa_v,sigma_v,rho,kappa_m,theta_m,sigma_m,l0,l1,mu,s,rho_j,nu,"
        "instrument,strike,years,value,tolerance\n");
    int id = 0;
    for (const Set& set : kSets) {
        const auto pricing = engine(set, rate, dividend, spot);
        for (const int maturity : kDays) {
            const double years = maturity / 365.0, forward = kSpot * std::exp((kRate - kDividend) * years);
            for (const double deviation : kDeviations) {
                const double strike = std::round(forward * std::exp(deviation * std::sqrt(variation(set, years))));
                const auto type = deviation < 0.0 ? Option::Put : Option::Call;
                VanillaOption option(ext::make_shared<PlainVanillaPayoff>(type, strike),
                                     ext::make_shared<EuropeanExercise>(today + maturity));
                option.setPricingEngine(pricing);
                std::printf(
                    "ql-%03d,%s,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,0,0,0,%.17g,0,%.17g,%.17g,0,0,%s,%.17g,"
                    "%.17g,%.17g,5e-05\n",
                    ++id, set.name, kSpot, set.v, set.m, kRate, kDividend, set.kappa, set.sigma, set.rho, set.intensity,
                    set.mean, set.sd, type == Option::Put ? "spx_put" : "spx_call", strike, years, option.NPV());
            }
        }
    }
}
