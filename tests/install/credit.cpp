// Prints what the terminal shows of the entry of a scenario: links every library but the program's own.
#include <cstdio>

#include "volstorm/engine/experiment.h"
#include "volstorm/report/terminal.h"

int main(int, char** arguments) {
    const auto experiment = volstorm::prepare_entry(volstorm::read_scenario(arguments[1]));
    std::fputs(volstorm::entry_text(*experiment).c_str(), stdout);
}
