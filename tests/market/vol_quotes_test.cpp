#include "volstorm/market/vol_quotes.h"

#include <catch2/catch.hpp>
#include <string>

#include "chains.h"
#include "volstorm/core/error.h"

using namespace volstorm;
using Catch::Matchers::Contains;

namespace {

const std::string kHeader = "tenor,ttm_years,forward,discount,strike,type,bid_iv,ask_iv\n";
const std::string kRow = "2w,0.05,27.25,0.999,22.0,P,0.56,0.66\n";

VolQuotes read(const std::string& text) {
    const made::File file(text);
    return read_vol_quotes(file.path());
}

}  // namespace

TEST_CASE("a table of vols is read by tenors") {
    const VolQuotes quotes =
        read(kHeader + kRow + "2w,0.05,27.25,0.999,30,C,0.9,1.1\n1m,0.09,27.5,0.998,22.0,P,0.5,0.6\n");
    REQUIRE(quotes.tenors.size() == 2);
    CHECK(quotes.tenors[0].name == "2w");
    CHECK(quotes.tenors[0].years == 0.05);
    CHECK(quotes.tenors[0].forward == 27.25);
    CHECK(quotes.tenors[0].discount == 0.999);
    REQUIRE(quotes.tenors[0].quotes.size() == 2);
    CHECK(quotes.tenors[0].quotes[1].type == OptionType::call);
    CHECK(quotes.tenors[0].quotes[1].strike == 30.0);
    CHECK(quotes.tenors[0].quotes[0].bid_vol == 0.56);
    CHECK(quotes.tenors[1].quotes[0].ask_vol == 0.6);
}

TEST_CASE("a table of vols is told from a chain by its first line") {
    const DateTime time = at(make_date(2023, 6, 14), 16, 0);
    const made::File vols(kHeader + kRow), marked("\xEF\xBB\xBF" + kHeader + kRow), empty("");
    const made::File chain(made::kCboeHeader + made::row({}, 4000.0));
    CHECK(std::get<VolQuotes>(read_quotes(vols.path())).tenors.size() == 1);
    CHECK(std::get<VolQuotes>(read_quotes(marked.path())).tenors.size() == 1);
    CHECK(std::get<OptionChain>(read_quotes(chain.path(), time)).quote_time == time);
    CHECK_THROWS_WITH(read_quotes(empty.path()), Contains("holds no options"));
}

TEST_CASE("a table of vols that cannot be right is refused at its field") {
    CHECK_THROWS_WITH(read("tenor,years\n"), Contains(".csv:1:1: the header tenor,ttm_years") && Contains("is needed"));
    CHECK_THROWS_WITH(read(kHeader), Contains("no quotes"));
    CHECK_THROWS_WITH(read(kHeader + "2w,0.05,27.25,0.999,22.0,P,0.56\n"), Contains(".csv:2:1: needs the eight"));
    CHECK_THROWS_WITH(read(kHeader + "2w,0.05,27.25,0.999,22.0,X,0.56,0.66\n"), Contains(":2:26: the type is \"X\""));
    CHECK_THROWS_WITH(read(kHeader + "2w,0.05,27.25,0.999,22.0,P,0.76,0.66\n"), Contains("above the ask vol"));
    CHECK_THROWS_WITH(read(kHeader + "2w,-1,27.25,0.999,22.0,P,0.56,0.66\n"), Contains(":2:4: ttm_years is \"-1\""));
    CHECK_THROWS_WITH(read(kHeader + kRow + kRow), Contains(":3:21: this strike comes twice"));
    CHECK_THROWS_WITH(read(kHeader + kRow + "2w,0.05,27.5,0.999,23.0,P,0.56,0.66\n"), Contains("must be those of the"));
    CHECK_THROWS_AS(read_vol_quotes("/no/such/file.csv"), IoError);
}
