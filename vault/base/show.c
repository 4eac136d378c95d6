/* vault/base/show.c - text made safe to show, for programs. */
#include <string.h>
#include <witnessbox/text.h>

#include "mem.h"
#include "text.h"

/* The longest escapes: 6 characters for one byte, 8 for the three of a bidirectional
 * control. */
enum { SHOWN_PER_BYTE = 6 };

char *
wb_text_safe(const char *text, size_t size, bool lines)
{
    struct wb_buf out;
    char *answer = NULL;

    wb_buf_init(&out, size < SIZE_MAX / 16 ? SHOWN_PER_BYTE * size : 0);
    if (lines)
        wb_text_show_lines(&out, text, size);
    else
        wb_text_show(&out, text, size);
    (void)wb_buf_text(&out);
    if (wb_buf_check(&out, NULL) == WB_OK)
        answer = (char *)wb_buf_take(&out, &size);
    wb_buf_wipe(&out);
    return answer;
}

size_t
wb_text_columns(const char *text, size_t size)
{
    return wb_text_width(text, size);
}

void
wb_text_free(char *text)
{
    wb_mem_free(text);
}

void
wb_text_wipe(void *bytes, size_t size)
{
    explicit_bzero(bytes, size);
}

enum { STACK_FRAMES = 64, FRAME_BYTES = 4096 };

static __attribute__((noinline)) void
wipe_frames(unsigned frames)
{
    char frame[FRAME_BYTES];

    wb_text_wipe(frame, sizeof frame);
    if (frames > 0)
        wipe_frames(frames - 1);
    wb_text_wipe(frame, sizeof frame);
}

void
wb_stack_wipe(void)
{
    wipe_frames(STACK_FRAMES);
}
