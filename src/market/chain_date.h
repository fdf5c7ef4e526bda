#pragma once
#include "volstorm/core/civil_time.h"
#include "volstorm/core/csv.h"

namespace volstorm {

/// Reads the moment of a Cboe date line, what stands after `Date:`, and turns it to New York's clock. The page writes
/// it in the language of the browser: `June 11, 2022, 8:47 PM EDT`, `15 de marzo de 2023, 11:55 GMT-4`. Months are read
/// in Dutch, English, French, German, Italian, Portuguese and Spanish, whole or from three letters on, with or without
/// accents; a time zone is needed. InputError at the field where it is anything else.
DateTime read_moment(const Field& field);

/// Reads an expiration date: `Mon Feb 07 2022` or `2022-02-07`.
Date read_expiration(const Field& field);

}  // namespace volstorm
