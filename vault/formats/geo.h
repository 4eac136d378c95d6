/* vault/formats/geo.h - a point on the map, and how far off it may be. */
#ifndef WB_FORMATS_GEO_H
#define WB_FORMATS_GEO_H

#include <stddef.h>

#include <witnessbox/error.h>

/* A geo URI (RFC 5870 section 3.3), WGS-84, without altitude and further parameters:
 *
 *   geo:55.7558,37.6173;u=500    latitude, longitude, uncertainty: a radius in metres
 *   geo:-33.9,18.4               how far off is not known
 *
 * Degrees: up to 3 digits and up to 8 behind a point; latitude within 90, longitude
 * within 180; a minus in front for south and west, no plus. Metres: up to 8 digits and
 * up to 8 behind a point. Lower case, no white space.
 * Errors  VALUE with the 1-based position and what is expected there */
WB_CHECKED enum wb_status wb_geo_check(
    const char *text, size_t size, struct wb_error *e);

#endif
