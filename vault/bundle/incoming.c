/* vault/bundle/incoming.c - one record of a bundle, parsed and checked by itself. */
#include <string.h>

#include "../base/fail.h"
#include "../custody/change.h"
#include "../formats/checkpoint.h"
#include "claim.h"
#include "merge.h"
#include "reader.h"
#include "receipt.h"
#include "rules.h"

enum wb_status
wb_incoming_read(struct wb_record **r, int *latest, const struct wb_payload *payload,
    const struct wb_buf *json, struct wb_error *e)
{
    struct wb_record *read = NULL;
    enum wb_status st = wb_record_json_read(&read, latest, json->data, json->size, e);

    if (st != WB_OK)
        return wb_rule_because(e, st, WB_RULE_RECORD_FORM);
    if (memcmp(read->root, payload->hash, WB_ROOT_PREFIX_BYTES) != 0) {
        wb_record_free(&read);
        return wb_rule_refuse(e, WB_RULE_RECORD_NAME);
    }
    *r = read;
    return WB_OK;
}

/* ---- proofs ---- */

/* One proof: it holds by itself, then, where the key of its log is known here, under
 * that key too. An unknown log stays unknown; a known one cannot be imitated. */
static enum wb_status
check_proof(struct wb_checkpoint *c, const struct wb_record *r, size_t index,
    const struct wb_logs *logs, struct wb_error *e)
{
    const struct wb_record_proof *p = &r->proofs[index];
    const char *key;
    enum wb_status st;

    if ((st = wb_custody_check_proof(p, r->root, index == 0, NULL, c, e)) != WB_OK)
        return wb_rule_because(e, st, WB_RULE_RECORD_PROOF);
    key = wb_logs_find(logs, c->origin);
    if (key == NULL)
        return WB_OK;
    st = wb_custody_check_proof(p, r->root, index == 0, key, NULL, e);
    return wb_rule_because(e, st, WB_RULE_RECORD_PROOF);
}

static enum wb_status
check_proofs(const struct wb_record *r, const struct wb_logs *logs, struct wb_error *e)
{
    const char *origin = wb_record_origin(r);
    struct wb_checkpoint c = {0};
    enum wb_status st;

    if ((origin[0] != '\0') != (r->proof_count > 0))
        return wb_rule_refuse(e, WB_RULE_RECORD_ORIGIN);
    for (size_t i = 0; i < r->proof_count; i++) {
        if ((st = check_proof(&c, r, i, logs, e)) != WB_OK)
            return st;
        if (i == 0 && strcmp(c.origin, origin) != 0)
            return wb_rule_refuse(e, WB_RULE_RECORD_ORIGIN);
    }
    return WB_OK;
}

/* In an unlinkable bundle a record is of no line, log or sender; in every other the
 * sender says whether it was the latest. */
static enum wb_status
check_ties(const struct wb_record *r, int latest, const struct wb_info *info,
    struct wb_error *e)
{
    bool loose = r->revision == 1 && r->proof_count == 0 && latest < 0 &&
        r->places[0].form == WB_FORM_CLOSED;

    if (wb_info_is_unlinkable(info) ? !loose : latest < 0)
        return wb_rule_refuse(e, WB_RULE_RECORD_LINKED);
    return WB_OK;
}

/* ---- what is here already ---- */

/* Whether another revision of this id, as old as this one, is here: two lines of the
 * same record, which are both kept. */
static enum wb_status
find_fork(bool *fork, struct wb_vault *v, const struct wb_record *r, struct wb_error *e)
{
    enum wb_status st = WB_OK;

    *fork = false;
    for (uint32_t ordinal = 0; st == WB_OK && !*fork; ordinal++) {
        struct wb_record *here = NULL;

        if ((st = wb_custody_open_revision(v, &here, &r->id, ordinal, e)) == WB_OK)
            *fork = here->revision == r->revision &&
                memcmp(here->root, r->root, WB_ROOT_BYTES) != 0;
        wb_record_free(&here);
    }
    return st == WB_ERR_NOT_FOUND ? WB_OK : st;
}

/* A tombstone beats what comes, unless it was named with a reason. */
static enum wb_status
judge_tombstone(struct wb_bundle_report *report, struct wb_report_record *line,
    struct wb_vault *v, struct wb_error *e)
{
    const struct wb_reading *how = report->how;
    enum wb_status st = wb_tombs_cover(&report->tombs, v, &line->refused, &line->id, e);

    for (size_t i = 0; st == WB_OK && line->refused && i < how->readmit_count; i++)
        if (wb_id_equal(&how->readmits[i].id, &line->id)) {
            line->readmitted = how->readmits[i].reason;
            line->refused = false;
        }
    return st;
}

/* Of a revision that is here: whether the bundle adds to it, with or without a file. */
static enum wb_status
look_for_gain(struct wb_report_record *line, bool *wants_file, struct wb_vault *v,
    uint64_t row, const struct wb_record *r, enum wb_trust trust, struct wb_error *e)
{
    struct wb_record *here = NULL;
    struct wb_gain gain;
    enum wb_status st = wb_custody_open_row(v, &here, row, e);

    if (st == WB_OK && (st = wb_merge(&gain, here, r, (uint8_t)trust, e)) == WB_OK) {
        line->completes = wb_gain_any(&gain);
        *wants_file = gain.filed;
    }
    wb_record_free(&here);
    return st;
}

static enum wb_status
append(struct wb_bundle_report *report, const struct wb_record *r,
    const struct wb_report_record *at, struct wb_error *e)
{
    struct wb_report_record line = *at;
    const char *title = wb_record_title(r);

    line.kind = wb_arena_copy(&report->arena, r->kind, strlen(r->kind));
    line.title = wb_arena_copy(&report->arena, title, strlen(title));
    if (line.kind == NULL || line.title == NULL)
        return wb_fail_memory(e);
    wb_buf_add(&report->records, &line, sizeof line);
    report->present += line.present;
    report->forks += line.fork;
    report->refused += line.refused;
    return wb_buf_check(&report->records, e);
}

static enum wb_status
look_up(struct wb_bundle_report *report, struct wb_buf *names, struct wb_vault *v,
    const struct wb_record *r, struct wb_error *e)
{
    struct wb_report_record line = {.id = r->id,
        .revision = r->revision,
        .withheld = (uint32_t)wb_record_withheld(r)};
    struct wb_named_file name = {0};
    struct wb_claim claim;
    uint64_t row;
    enum wb_status st;

    memcpy(line.root, r->root, sizeof line.root);
    if ((st = wb_claim_read(&claim, r, e)) != WB_OK)
        return wb_rule_because(e, st, WB_RULE_RECORD_FORM);
    if ((st = wb_custody_has(v, &line.present, &row, &r->id, r->root, e)) != WB_OK)
        return st;
    if (!line.present && (st = find_fork(&line.fork, v, r, e)) != WB_OK)
        return st;
    if (!line.present && (st = judge_tombstone(report, &line, v, e)) != WB_OK)
        return st;
    name.is_new = !line.present && !line.refused;
    if (line.present &&
        (st = look_for_gain(&line, &name.is_new, v, row, r, report->trust, e)) != WB_OK)
        return st;
    if (claim.has) {
        line.has_file = true;
        memcpy(line.sha256, claim.sha256, sizeof line.sha256);
        memcpy(name.sha256, claim.sha256, sizeof name.sha256);
        name.size = claim.size;
        wb_buf_add(names, &name, sizeof name);
        if ((st = wb_buf_check(names, e)) != WB_OK)
            return st;
    }
    return append(report, r, &line, e);
}

enum wb_status
wb_incoming_check(struct wb_bundle_report *report, struct wb_buf *names,
    struct wb_vault *v, const struct wb_logs *logs, const struct wb_payload *payload,
    const struct wb_buf *json, struct wb_error *e)
{
    struct wb_record *r = NULL;
    int latest;
    enum wb_status st;

    if ((st = wb_incoming_read(&r, &latest, payload, json, e)) != WB_OK)
        return st;
    if ((st = check_ties(r, latest, &report->info, e)) == WB_OK &&
        (st = check_proofs(r, logs, e)) == WB_OK &&
        (st = wb_receipt_check(v, r, report, e)) == WB_OK)
        st = look_up(report, names, v, r, e);
    wb_record_free(&r);
    return st;
}
