#pragma once
#include <compare>

namespace volstorm {

/// A number with its unit in the type: values of different units do not mix.
template <class Unit>
struct Quantity {
    double value = 0.0;

    constexpr Quantity() = default;
    explicit constexpr Quantity(double v) : value(v) {}

    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value + b.value); }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value - b.value); }
    friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.value); }
    friend constexpr Quantity operator*(Quantity a, double b) { return Quantity(a.value * b); }
    friend constexpr Quantity operator*(double a, Quantity b) { return Quantity(a * b.value); }
    friend constexpr double operator/(Quantity a, Quantity b) { return a.value / b.value; }
    friend constexpr auto operator<=>(Quantity, Quantity) = default;
    constexpr Quantity& operator+=(Quantity b) {
        value += b.value;
        return *this;
    }
};

using Dollars = Quantity<struct DollarUnit>;
using IndexPoints = Quantity<struct IndexPointUnit>;      // SPX, strikes, SPX option prices
using SessionYears = Quantity<struct SessionYearUnit>;    // variance time: one session is 1/252
using CalendarYears = Quantity<struct CalendarYearUnit>;  // rates: actual days / 365

inline constexpr double kSessionsPerYear = 252.0;
inline constexpr double kDaysPerYear = 365.0;
inline constexpr double kOptionMultiplier = 100.0;      // dollars a point: SPX and VIX options (Cboe)
inline constexpr double kVixFutureMultiplier = 1000.0;  // dollars a VIX point (CFE)

constexpr Dollars to_dollars(IndexPoints points, double multiplier) { return Dollars(points.value * multiplier); }

}  // namespace volstorm
