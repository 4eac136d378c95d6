/* vault/bundle/sender_head.c - the head of its sender's log that a bundle brings. */
#include "sender_head.h"

#include <string.h>

#include "../base/fail.h"
#include "../formats/checkpoint.h"
#include "witness.h"

/* Not inlined into one frame with its callers: a note has room for many signatures. */
static enum wb_status
read_checkpoint(struct wb_checkpoint *c, const char *text, struct wb_error *e)
{
    struct wb_note note;
    enum wb_status st = wb_note_decode(&note, text, strlen(text), e);

    return st == WB_OK ? wb_checkpoint_decode(c, note.text, note.text_size, e) : st;
}

enum wb_status
wb_sender_head_judge(struct wb_bundle_report *report, struct wb_vault *v,
    const struct wb_logs *logs, struct wb_error *e)
{
    static const enum wb_head_kind kinds[] = {WB_HEAD_FOREIGN, WB_HEAD_COSIGNED};
    struct wb_report_head *head = &report->head;
    struct wb_error fork = {0};
    struct wb_checkpoint c;
    const char *key;
    enum wb_status st;

    if (!report->contact.found || report->info.checkpoint[0] == '\0')
        return WB_OK;
    if ((st = read_checkpoint(&c, report->info.checkpoint, e)) != WB_OK)
        return st;
    key = wb_logs_find(logs, c.origin);
    if (key == NULL || strcmp(key, report->card.log) != 0)
        return WB_OK;
    head->is_known = true;
    head->size = c.head.size;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct wb_witness_head newest = {.origin = c.origin};

        if ((st = wb_witness_newest(v, &newest, kinds[i], e)) != WB_OK)
            return st;
        if (newest.found && newest.head.size > head->newest)
            head->newest = newest.head.size;
    }
    st = wb_witness_check_same_size(v, &c, &fork);
    head->is_fork = st == WB_ERR_INTEGRITY;
    if (st != WB_OK && !head->is_fork)
        return wb_fail(e, st, "%s", fork.message);
    if (head->is_fork)
        memcpy(head->fork, fork.message, sizeof head->fork);
    return WB_OK;
}

enum wb_status
wb_sender_head_check(const struct wb_bundle_report *report, struct wb_error *e)
{
    if (!report->head.is_fork)
        return WB_OK;
    return wb_fail(e, WB_ERR_INTEGRITY,
        "the sender's log has two histories, ask which one holds; or import with "
        "--accept: %s",
        report->head.fork);
}

enum wb_status
wb_sender_head_keep(
    const struct wb_bundle_report *report, struct wb_vault *v, struct wb_error *e)
{
    const char *note = report->info.checkpoint;

    if (!report->head.is_known || report->head.is_fork ||
        report->head.size <= report->head.newest)
        return WB_OK;
    return wb_head_keep(v, WB_HEAD_FOREIGN, note, strlen(note), e);
}
