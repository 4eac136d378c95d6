/* vault/bundle/readme.h - README.txt of every bundle. */
#ifndef WB_BUNDLE_README_H
#define WB_BUNDLE_README_H

/* ASCII, NUL-terminated. A reader demands exactly these bytes: a text that changes
 * needs a new format version, or readers that know both. */
extern const char wb_readme[];

#endif
