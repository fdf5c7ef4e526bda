#include "volstorm/market/chain.h"

#include <catch2/catch.hpp>
#include <random>
#include <sstream>
#include <string>

#include "chains.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;
using made::kCboeHeader;

namespace {

OptionChain read(const std::string& text, std::optional<DateTime> time = {}) {
    return parse_chain(text, "chain.csv", time);
}

const made::Expiry kSpxw;
const made::Expiry kSpx{.root = "SPX", .discount = 1.0};
const made::Expiry kVixw{.date = make_date(2023, 6, 21), .root = "VIXW", .forward = 20.0, .low = 14.5, .step = 0.5};
const std::string kRows = made::row(kSpxw, 3990.0) + made::row(kSpxw, 3995.0);
const std::string kDate = "\"Date: June 14, 2023, 11:55 AM EDT\",Bid: 3999.5,Ask: 4000.5,Size: 1*1,Volume: 0\n";
const std::string kBlock = "\nStandard & Poors 500 Index,Last: 4000.5298,Change:  23.0898\n" + kDate;

/// The moment that a date line gives, without Cboe's rule about closed markets.
DateTime stamp(const std::string& date) {
    return read("\"Date: " + date + "\",Bid: 1\n" + kCboeHeader + kRows).stamp.value();
}

/// When an SPXW expiry settles.
DateTime settles(Date date) { return settlement_time(read(made::row({.date = date}, 3990.0)).expiries[0]); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a chain is read with its index, time, quotes and zero bids") {
    const OptionChain chain = read(kBlock + kCboeHeader + made::row(kSpxw, 3990.0, {12.5, 12.9}, {0.0, 0.05}));
    CHECK(chain.family == ChainFamily::spx);
    CHECK(chain.last == 4000.5298);
    CHECK(chain.quote_time == at(make_date(2023, 6, 14), 11, 55));
    REQUIRE(chain.expiries.size() == 1);
    const ChainExpiry& expiry = chain.expiries[0];
    CHECK(expiry.date == make_date(2023, 6, 15));
    CHECK(expiry.root == "SPXW");
    REQUIRE(expiry.rows.size() == 1);
    CHECK(expiry.rows[0].strike == 3990.0);
    CHECK(expiry.rows[0].call.bid == 12.5);
    CHECK(expiry.rows[0].call.mid() == Approx(12.7));
    CHECK(expiry.rows[0].put.bid == 0.0);
    CHECK(expiry.rows[0].put.is_quoted());
    CHECK(expiry.rows[0].line == 5);
}

TEST_CASE("every layout of the same quotes reads to the same chain") {
    const std::string full =
        "Expiration Date,Calls,Calls Last Sale,Calls Net,Calls Bid,Calls Ask,Calls Volume,Calls IV,Calls Delta,"
        "Calls Gamma,Calls Open Interest,Strike,Puts,Puts Last Sale,Puts Net,Puts Bid,Puts Ask,Puts Volume,Puts IV,"
        "Puts Delta,Puts Gamma,Puts Open Interest\n";
    const std::string behind =
        " ,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,Puts,Last Sale Put,Net Put,Bid Put,"
        "Ask Put,Volume Put,IV Put,Delta Put,Gamma Put,Open Interest Put\n";
    const std::string commas = "Index,Last: 4000.5298,Change:  1,,,,,,,,,,,,,,,,,,,\n" +
                               replaced(kDate, "\n", ",,,,,,,,,,,,,,,,,\n") + kCboeHeader + kRows;
    const auto with_returns = [](const std::string& text) {
        std::string dos;
        for (const char c : text) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
        return dos;
    };
    for (const std::string& text :
         {kBlock + kCboeHeader + kRows, commas, full + "\n" + kRows, with_returns(behind + kRows),
          "\xEF\xBB\xBF" + kCboeHeader + kRows, kRows, kRows.substr(0, kRows.size() - 1)}) {
        const OptionChain chain = read(text);
        REQUIRE(chain.expiries.size() == 1);
        REQUIRE(chain.expiries[0].rows.size() == 2);
        for (const ChainRow& row : chain.expiries[0].rows) {
            const BidAsk call = made::quote(kSpxw, OptionType::call, row.strike);
            const BidAsk put = made::quote(kSpxw, OptionType::put, row.strike);
            CHECK(row.call.bid == Approx(call.bid));
            CHECK(row.call.ask == Approx(call.ask));
            CHECK(row.put.bid == Approx(put.bid));
            CHECK(row.put.ask == Approx(put.ask));
        }
    }
}

TEST_CASE("columns are found by name in any order") {
    const OptionChain chain =
        read("Day,Calls,Ask,Bid,Strike,Ask Put,Bid Put,Puts\n2023-06-15," + made::symbol(kSpxw, 'C', 4000.0) +
             ",17.5,17,4000,18.5,18," + made::symbol(kSpxw, 'P', 4000.0) + "\n");
    CHECK(chain.expiries[0].rows[0].call.bid == 17.0);
    CHECK(chain.expiries[0].rows[0].put.ask == 18.5);
}

TEST_CASE("the same day at the open and at the close are two expiries, in that order") {
    const OptionChain chain = read(kCboeHeader + kRows + made::row(kSpx, 3990.0));
    REQUIRE(chain.expiries.size() == 2);
    CHECK(chain.expiries[0].root == "SPX");
    CHECK(settlement_time(chain.expiries[0]) == at(make_date(2023, 6, 15), 9, 30));
    CHECK(chain.expiries[1].root == "SPXW");
    CHECK(settlement_time(chain.expiries[1]) == at(make_date(2023, 6, 15), 16, 0));
    CHECK(settlement_time(read(made::row(kVixw, 14.5)).expiries[0]) == at(make_date(2023, 6, 21), 9, 30));
}

TEST_CASE("options of a half day settle at one o'clock, and beyond the calendar at four") {
    CHECK(settles(make_date(2023, 7, 3)) == at(make_date(2023, 7, 3), 13, 0));
    CHECK(settles(make_date(2030, 12, 20)) == at(make_date(2030, 12, 20), 16, 0));
}

TEST_CASE("rows without any quote are kept out and counted, crossed ones stay to be seen") {
    const OptionChain chain =
        read(kCboeHeader + made::row(kSpxw, 3990.0, {0.0, 0.0}, {0.0, 0.0}) +
             made::row(kSpxw, 3995.0, {9.0, 8.0}, {1.0, 1.1}) + made::row(kSpxw, 4000.0, {9.0, 0.0}, {1.0, 1.1}));
    CHECK(chain.expiries[0].unquoted_rows == 1);
    REQUIRE(chain.expiries[0].rows.size() == 2);
    CHECK(chain.expiries[0].rows[0].call.is_crossed());
    CHECK_FALSE(chain.expiries[0].rows[0].call.is_quoted());
    CHECK_FALSE(chain.expiries[0].rows[1].call.is_crossed());
    CHECK_FALSE(chain.expiries[0].rows[1].call.is_quoted());
}

TEST_CASE("date lines of seven languages name the same moment") {
    const DateTime moment = at(make_date(2023, 3, 15), 11, 55);
    for (const char* date : {"March 15, 2023, 11:55 AM EDT",
                             "March 15 2023, 11:55 AM EDT",
                             "March 15, 2023 at 11:55 AM EDT",
                             "Mar 15, 2023 at 11:55:00 ET",
                             "15 de marzo de 2023, 11:55 GMT-4",
                             "15 MAR 2023 10:55 CT",
                             "15. M\xC3\xA4rz 2023 um 11:55 GMT-4",
                             "15. Marz 2023, 16:55 MEZ",
                             "15. M\xE4rz 2023 um 11:55 GMT-4",
                             "15. Ma\xCC\x88rz 2023 um 11:55 GMT-4",
                             "15 mars 2023 \xC3\xA0 11:55 UTC\xE2\x88\x92"
                             "4",
                             "15 mars 2023 \xC3\xA0 11 h 55 UTC\xE2\x88\x92"
                             "4",
                             "15 marzo 2023 alle ore 11:55 GMT-4",
                             "15 de mar\xC3\xA7o de 2023 \xC3\xA0s 11:55 GMT-4",
                             "15 maart 2023 om 11:55 GMT-4",
                             "15 mrt. 2023, 11:55 GMT-04:00",
                             "March 15, 2023 at 11:55\xE2\x80\xAF"
                             "AM EDT",
                             "15 de marzo de 2023, 11:55 a.\xC2\xA0m. GMT-4",
                             "March 15, 2023, 3:55 PM UTC",
                             "March 15, 2023, 15:55 GMT",
                             "March 15, 2023, 9:25 PM GMT+5:30",
                             "March 16, 2023, 12:55 AM GMT+9"}) {
        INFO(date);
        CHECK(stamp(date) == moment);
    }
}

TEST_CASE("every month is read in every language, whole and short") {
    const char* names[12] = {"enero Januar janvier genn. januari Jan",
                             "febrero Februar f\xC3\xA9vrier febbraio fevereiro feb",
                             "marzo M\xC3\xA4rz mars mar\xC3\xA7o maart mar",
                             "abril April avr avril aprile apr",
                             "mayo Mai maggio maio mei May",
                             "junio Juni juin giugno junho Jun",
                             "julio Juli juillet luglio julho Jul",
                             "agosto August ao\xC3\xBBt augustus ago",
                             "septiembre September septembre settembre setembro sept",
                             "octubre Oktober octobre ottobre outubro Oct",
                             "noviembre November novembre novembro nov",
                             "diciembre Dezember d\xC3\xA9"
                             "cembre dicembre dezembro Dec"};
    for (unsigned month = 1; month <= 12; ++month) {
        std::istringstream words(names[month - 1]);
        for (std::string word; words >> word;) {
            INFO(word);
            CHECK(date_of(stamp("11 " + word + " 2024, 12:00 EST")) == make_date(2024, month, 11));
        }
    }
}

TEST_CASE("summer time in New York begins and ends on its Sundays") {
    CHECK(stamp("March 12, 2023, 6:59 AM UTC") == at(make_date(2023, 3, 12), 1, 59));
    CHECK(stamp("March 12, 2023, 7:00 AM UTC") == at(make_date(2023, 3, 12), 3, 0));
    CHECK(stamp("November 5, 2023, 5:59 AM UTC") == at(make_date(2023, 11, 5), 1, 59));
    CHECK(stamp("November 5, 2023, 6:00 AM UTC") == at(make_date(2023, 11, 5), 1, 0));
    CHECK(stamp("December 31, 2023, 11:30 PM CST") == at(make_date(2024, 1, 1), 0, 30));
}

TEST_CASE("a date line that cannot be right is refused at its place") {
    CHECK_THROWS_WITH(stamp("June 31, 2023, 8:47 PM EDT"), Contains(".csv:1:8: ") && Contains("does not exist"));
    CHECK_THROWS_WITH(stamp("June 14, 2023, 8:47 PM"), Contains("no time zone"));
    CHECK_THROWS_WITH(stamp("June 14, 2023, 8:47 PM XYZ"), Contains("not known here: xyz"));
    CHECK_THROWS_WITH(stamp("June 14, 2023 EDT"), Contains("no time of day"));
    CHECK_THROWS_WITH(stamp("jui 14, 2023, 8:47 PM EDT"), Contains("not known here: jui"));  // juin or juillet
    CHECK_THROWS_AS(stamp("15/03/2023, 11:55 EDT"), InputError);
    CHECK_THROWS_AS(stamp("June 14, 2023, 13:47 PM EDT"), InputError);
    CHECK_THROWS_AS(stamp("June 14, 2023, 25:47 EDT"), InputError);
    CHECK_THROWS_AS(stamp("June 14, 2023, 11:60 EDT"), InputError);
    CHECK_THROWS_AS(stamp("June 14, 14, 2023, 11:55 EDT"), InputError);
    CHECK_THROWS_AS(stamp("June 99999999999, 2023, 11:55 EDT"), InputError);
    CHECK_THROWS_AS(stamp("June 14, 2023, 11: EDT"), InputError);
    CHECK_THROWS_AS(stamp("June 14, 2023, 11:55 GMT-"), InputError);
    CHECK_THROWS_AS(stamp("June 14, 2023, 11:55 GMT-99"), InputError);
    CHECK_THROWS_WITH(stamp("June 14, 2044, 11:55 EDT"), Contains("outside the calendar"));
    CHECK_THROWS_AS(stamp(""), InputError);
}

TEST_CASE("a page saved after the close holds the quotes of the last close") {
    const Date friday = make_date(2023, 6, 16);
    CHECK(standing_at(at(friday, 15, 59)) == at(friday, 15, 59));
    CHECK(standing_at(at(friday, 16, 31)) == at(friday, 16, 0));
    CHECK(standing_at(at(make_date(2023, 6, 18), 10, 52)) == at(friday, 16, 0));  // a Sunday
    CHECK(standing_at(at(make_date(2023, 6, 19), 9, 0)) == at(friday, 16, 0));    // a holiday
    CHECK(standing_at(at(make_date(2023, 6, 20), 8, 2)) == at(make_date(2023, 6, 20), 8, 2));
    CHECK(standing_at(at(make_date(2023, 7, 3), 14, 0)) == at(make_date(2023, 7, 3), 13, 0));  // a half day
}

TEST_CASE("a time that is given takes the place of the date line") {
    const DateTime time = at(make_date(2023, 6, 14), 9, 0);
    CHECK(read("\"Date: no date at all\"\n" + kCboeHeader + kRows, time).quote_time == time);
    CHECK_FALSE(read(kCboeHeader + kRows).quote_time);
    const std::string saved = "\"Date: June 14, 2023 at 4:31 PM EDT\",Bid: 1,Ask: 2\n" + kCboeHeader + kRows;
    CHECK(read(saved, at(make_date(2023, 6, 12), 16, 0)).quote_time == at(make_date(2023, 6, 12), 16, 0));
    for (const Date wrong : {make_date(2023, 6, 8), make_date(2023, 6, 16), make_date(2022, 6, 14)})
        CHECK_THROWS_WITH(read(saved, at(wrong, 16, 0)),
                          Contains(":1:8: saved 2023-06-14 16:31: not with quotes of " + to_string(wrong)));
}

TEST_CASE("a row that cannot be right is refused at its field") {
    const std::string row = made::row(kSpxw, 3990.0, {12.5, 12.9}, {0.0, 0.05});
    const auto wrong = [&](const std::string& from, const std::string& to) {
        return read(kCboeHeader + replaced(row, from, to));
    };
    CHECK_THROWS_WITH(wrong("Thu Jun 15 2023", "Fri Jun 16 2023"), Contains(".csv:2:1: ") && Contains("2023-06-15"));
    CHECK_THROWS_WITH(wrong("Thu Jun 15 2023", "tomorrow"), Contains("such as Mon Feb 07 2022 is needed"));
    CHECK_THROWS_WITH(wrong("SPXW230615C0399", "SPXW230615X0399"), Contains(":2:17: ") && Contains("not the symbol"));
    CHECK_THROWS_WITH(wrong("SPXW230615C0399", "SPXW230615P0399"), Contains("is no call"));
    CHECK_THROWS_WITH(wrong("SPXW230615P0399", "SPXW230615C0399"), Contains("is no put"));
    CHECK_THROWS_WITH(wrong("SPXW230615P0399", "SPXW230615P0398"), Contains("not the put beside"));
    CHECK_THROWS_WITH(wrong("SPXW230615P", "SPX230615P"), Contains("not the put beside"));
    CHECK_THROWS_WITH(wrong(",3990.00,", ",3995.00,"), Contains("not the strike of SPXW230615C03990000"));
    CHECK_THROWS_WITH(wrong(",12.5,", ",-12.5,"), Contains("the call's bid is \"-12.5\", but a number from 0 to"));
    CHECK_THROWS_WITH(wrong(",12.9,", ",nan,"), Contains("the call's ask"));
    CHECK_THROWS_WITH(wrong(",0.05,", ",1e9,"), Contains("the put's ask"));
    CHECK_THROWS_WITH(wrong(",12.9,", ",,"), Contains("the call's ask is \"\""));
    CHECK_THROWS_WITH(wrong(",12.9,", ","), Contains(":2:1: has 21 fields, but 22 are needed"));
    CHECK_THROWS_WITH(wrong("Thu Jun", "\"Thu Jun"), Contains("not closed"));
    CHECK_THROWS_WITH(read(kCboeHeader + kRows + row), Contains(":4:17: ") && Contains("comes twice, first in line 2"));
    CHECK_THROWS_WITH(read(kCboeHeader + kRows + made::row(kVixw, 14.5)), Contains("in one file"));
    const made::Expiry spy{.root = "SPY"};
    CHECK_THROWS_WITH(read(kCboeHeader + made::row(spy, 400.0)), Contains("has the root SPY, but SPX, SPXW, VIX or"));
}

TEST_CASE("a file that is no chain is refused with what is needed") {
    CHECK_THROWS_WITH(read(""), Contains("holds no options; a quotedata CSV of Cboe is needed"));
    CHECK_THROWS_WITH(read(kBlock + kCboeHeader), Contains("holds no options"));
    CHECK_THROWS_WITH(read("<html>\n" + std::string(20, '\n')), Contains(".csv:11:1: no header so far"));
    CHECK_THROWS_WITH(read(replaced(kCboeHeader, "Calls,", "Anrufe,")), Contains("no column calls or call left of"));
    CHECK_THROWS_WITH(read(replaced(kCboeHeader, "Ask,", "Bid,")), Contains(":1:41: ") && Contains("comes twice"));
    CHECK_THROWS_WITH(read("Expiration Date;Calls;Bid;Ask;Strike;Puts\n"), Contains("with commas"));
    CHECK_THROWS_WITH(read(kDate + kDate + kCboeHeader + kRows), Contains(":2:1: the date comes twice"));
    CHECK_THROWS_WITH(read(std::string(9000, ',')), Contains("has more than 8192 bytes"));
    const made::File file("Index,Last: x\n");
    CHECK_THROWS_WITH(read_chain(file.path()), Contains(file.path().string() + ":1:13: the last value is"));
    CHECK_THROWS_WITH(read_chain("/dev/zero"), Contains("no table of figures"));
    CHECK_THROWS_AS(read_chain("/no/such/chain.csv"), IoError);
    CHECK_THROWS_AS(read_chain("/tmp"), IoError);
}

TEST_CASE("no damage to a chain does more than an InputError") {
    const std::string whole = kBlock + kCboeHeader + kRows + made::row(kSpx, 3990.0);
    std::mt19937_64 random(1);
    int refused = 0;
    for (int i = 0; i < 4000; ++i) {
        std::string text = whole;
        for (std::uint64_t edits = 1 + random() % 4; edits > 0; --edits) {
            const std::size_t place = random() % text.size();
            const char byte = static_cast<char>(random());
            if (random() % 3 == 0)
                text.erase(place, random() % 20);
            else if (random() % 2 == 0)
                text.insert(place, 1, byte);
            else
                text[place] = byte;
        }
        try {
            for (const ChainExpiry& expiry : read(text).expiries)
                for (const ChainRow& row : expiry.rows) CHECK((row.call.bid >= 0.0 && row.put.ask <= 1e6));
        } catch (const InputError&) {
            ++refused;
        }
    }
    CHECK(refused > 1000);
}
