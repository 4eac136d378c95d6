/* vault/report/incident.h - all that is known of an incident, section by section. */
#ifndef WB_REPORT_INCIDENT_H
#define WB_REPORT_INCIDENT_H

#include "page.h"
#include "set.h"

/* Its fields but the title, the timeline, who did what to whom, and each record of the
 * set under the heading of its kind; without the incident (NULL) only those. */
WB_CHECKED enum wb_status wb_incident_put(struct wb_buf *out, const struct wb_set *s,
    const struct wb_record *r, struct wb_error *e);

#endif
