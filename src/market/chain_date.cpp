#include "chain_date.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "date_words.h"

namespace volstorm {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::string_view kNeeded = " is not a date and time such as June 11, 2022, 8:47 PM EDT";

/// Words between day, month and time: "at", "15 de marzo de 2023 a las", "um 11:55 Uhr", "alle ore", "a" for à, "as"
/// for às.
constexpr std::array<std::string_view, 17> kFillers = {"at", "er", "de",   "del", "a",  "las", "la",  "um", "uhr",
                                                       "le", "as", "alle", "ore", "om", "uur", "the", "of"};

struct NamedZone {
    std::string_view name;
    int minutes_east;  // of Greenwich
};
constexpr std::array<NamedZone, 14> kZones = {{{"est", -300},
                                               {"edt", -240},
                                               {"cst", -360},
                                               {"cdt", -300},
                                               {"mst", -420},
                                               {"mdt", -360},
                                               {"pst", -480},
                                               {"pdt", -420},
                                               {"cet", 60},
                                               {"cest", 120},
                                               {"mez", 60},
                                               {"mesz", 120},
                                               {"utc", 0},
                                               {"gmt", 0}}};
/// American zones that keep New York's summer time, and how far they are behind it.
constexpr std::array<NamedZone, 4> kAmericanZones = {{{"et", 0}, {"ct", -60}, {"mt", -120}, {"pt", -180}}};

struct Zone {
    bool follows_new_york = false;
    int minutes_east = 0;  // of New York or of Greenwich
};

template <std::size_t n>
std::optional<int> find_zone(const std::array<NamedZone, n>& zones, std::string_view name) {
    for (const NamedZone& zone : zones)
        if (zone.name == name) return zone.minutes_east;
    return std::nullopt;
}

/// Reads the tokens of one date from left to right. Each part may come once.
class DateParser {
 public:
    explicit DateParser(const Field& field) : field_(field), tokens_(date_tokens(field.text)) {}

    Date date() {
        while (at_ < tokens_.size()) read_part();
        if (hour_ || pm_ || zone_) refuse();
        return checked_date();
    }

    DateTime moment() {
        while (at_ < tokens_.size()) read_part();
        const Date day = checked_date();
        if (!hour_) field_.fail(field_.quoted() + " has no time of day" + std::string(kNeeded));
        if (!zone_) field_.fail(field_.quoted() + " has no time zone that is known here, such as EDT or GMT-4");
        return to_new_york(DateTime(day) + hours(hour_of_day()) + minutes(minute_) + std::chrono::seconds(second_));
    }

 private:
    [[noreturn]] void refuse() const { field_.fail(field_.quoted() + std::string(kNeeded)); }

    bool sign_at(std::size_t i, char kind) const { return i < tokens_.size() && tokens_[i].kind == kind; }
    bool word_at(std::size_t i, std::string_view word) const { return i < tokens_.size() && tokens_[i].is_word(word); }

    template <class Value>
    void set(std::optional<Value>& part, Value value) {
        if (part) refuse();
        part = value;
    }

    /// The number at the place read, which moves on.
    int number(std::size_t most_digits) {
        if (!sign_at(at_, '0') || tokens_[at_].text.size() > most_digits) refuse();
        return tokens_[at_++].number();
    }

    void read_part() {
        const DateToken& token = tokens_[at_];
        if (token.kind == '0') return read_number_part();
        if (token.kind != 'w') refuse();
        if (read_meridiem() || read_zone()) return;
        ++at_;
        for (const std::string_view filler : kFillers)
            if (token.text == filler) return;
        const std::optional<unsigned> month = month_of(token.text);
        if (!month) field_.fail(field_.quoted() + " holds a word that is not known here: " + token.text);
        set(month_, *month);
    }

    void read_number_part() {
        const std::size_t digits = tokens_[at_].text.size();
        const bool time = sign_at(at_ + 1, ':') || word_at(at_ + 1, "h");
        if (time) return read_time();
        if (digits == 4) return set(year_, number(4));
        set(day_, number(2));
    }

    void read_time() {
        set(hour_, number(2));
        ++at_;  // : or h
        minute_ = number(2);
        if (!sign_at(at_, ':')) return;
        ++at_;
        second_ = number(2);
    }

    bool read_meridiem() {
        const std::string& text = tokens_[at_].text;
        const bool whole = text == "am" || text == "pm", apart = (text == "a" || text == "p") && word_at(at_ + 1, "m");
        if (!whole && !apart) return false;
        set(pm_, text[0] == 'p');
        at_ += apart ? 2 : 1;
        return true;
    }

    bool read_zone() {
        const std::string& name = tokens_[at_].text;
        if (const auto behind = find_zone(kAmericanZones, name)) {
            set(zone_, Zone{true, *behind});
            ++at_;
            return true;
        }
        const auto east = find_zone(kZones, name);
        if (!east) return false;
        const bool may_shift = name == "utc" || name == "gmt";
        ++at_;
        set(zone_, Zone{false, *east + (may_shift ? read_shift() : 0)});
        return true;
    }

    /// What follows GMT: -4, +5:30, -0400; minutes.
    int read_shift() {
        if (!sign_at(at_, '+') && !sign_at(at_, '-')) return 0;
        const int sign = tokens_[at_++].kind == '-' ? -1 : 1;
        const bool joined = sign_at(at_, '0') && tokens_[at_].text.size() > 2;
        const int value = number(4);
        int shift = joined ? value / 100 * 60 + value % 100 : value * 60;
        if (sign_at(at_, ':')) {
            ++at_;
            shift += number(2);
        }
        if (shift > 14 * 60) refuse();
        return sign * shift;
    }

    int hour_of_day() const {
        const int hour = *hour_;
        if (minute_ > 59 || second_ > 59) refuse();
        if (!pm_) {
            if (hour > 23) refuse();
            return hour;
        }
        if (hour < 1 || hour > 12) refuse();
        return hour % 12 + (*pm_ ? 12 : 0);
    }

    Date checked_date() const {
        if (!year_ || !month_ || !day_) refuse();
        const std::chrono::year_month_day day(std::chrono::year(*year_), std::chrono::month(*month_),
                                              std::chrono::day(static_cast<unsigned>(*day_)));
        if (!day.ok()) field_.fail(field_.quoted() + " names a day that does not exist");
        return Date(day);
    }

    DateTime to_new_york(DateTime local) const {
        if (zone_->follows_new_york) return local - minutes(zone_->minutes_east);
        return new_york_of_utc(local - minutes(zone_->minutes_east));
    }

    const Field& field_;
    std::vector<DateToken> tokens_;
    std::size_t at_ = 0;
    std::optional<int> year_, day_, hour_;
    std::optional<unsigned> month_;
    std::optional<bool> pm_;
    std::optional<Zone> zone_;
    int minute_ = 0, second_ = 0;
};

/// Without the weekday that Cboe's expiration dates begin with.
std::string_view without_weekday(std::string_view text) {
    constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const std::string start = lower(text.substr(0, 4));
    for (const std::string_view day : kWeekdays)
        if (start.size() == 4 && start.starts_with(day) && start[3] == ' ') return text.substr(4);
    return text;
}

}  // namespace

DateTime read_moment(const Field& field) { return DateParser(field).moment(); }

Date read_expiration(const Field& field) {
    if (const auto date = parse_date(field.text)) return *date;
    try {
        return DateParser({without_weekday(field.text), field.where}).date();
    } catch (const InputError&) {
        field.fail("the expiration date is " + field.quoted() + ", but one such as Mon Feb 07 2022 is needed");
    }
}

}  // namespace volstorm
