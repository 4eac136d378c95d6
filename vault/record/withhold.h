/* vault/record/withhold.h - closing places of a record that leaves: only their hashes
 * go. */
#ifndef WB_RECORD_WITHHOLD_H
#define WB_RECORD_WITHHOLD_H

#include "record.h"

/* The root and every proof of it still hold. A closed one stays as it is. */
void wb_withhold_place(struct wb_place *p);
void wb_withhold_value(struct wb_value *v);

/* After the last of them: where anything is withheld an attachment's size goes with its
 * hash, and all empty places are closed (bundle FORMAT.md section 4), so that empty and
 * withheld look alike. */
void wb_withhold_end(struct wb_record *r);

#endif
