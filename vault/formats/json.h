/* vault/formats/json.h - JSON: written in one canonical form, read strictly. */
#ifndef WB_FORMATS_JSON_H
#define WB_FORMATS_JSON_H

#include "../base/arena.h"
#include "../base/buf.h"

/* Writing, RFC 8259 without any choice left: no white space, members in the order they
 * are written, UTF-8 as it is, escapes only \" \\ and \u00xx (lower-case) for control
 * characters below U+0020. Record JSON has strings, arrays and objects only; numbers
 * and booleans are for the documents of the command line.
 *
 * Commas come by themselves. Failures stick in the buffer (buf.h); text that is not
 * UTF-8, or holds U+0000, makes it fail with WB_ERR_VALUE. */
struct wb_json_out {
    struct wb_buf *buf; /* borrowed */
    bool comma;         /* the next value follows another */
    bool shown;         /* for a terminal: what wb_text_show hides becomes \uxxxx too */
};

void wb_json_out_init(struct wb_json_out *o, struct wb_buf *buf);

void wb_json_object(struct wb_json_out *o);
void wb_json_object_end(struct wb_json_out *o);
void wb_json_array(struct wb_json_out *o);
void wb_json_array_end(struct wb_json_out *o);

/* The name of the member whose value comes next. */
void wb_json_key(struct wb_json_out *o, const char *key);

void wb_json_string(struct wb_json_out *o, const void *text, size_t size);
void wb_json_text(struct wb_json_out *o, const char *text); /* NUL-terminated */
void wb_json_hex(struct wb_json_out *o, const void *bytes, size_t size); /* a string */
void wb_json_number(struct wb_json_out *o, uint64_t value);
void wb_json_bool(struct wb_json_out *o, bool value);

/* Reading. A node of a document; its insides are never seen. Nodes, keys and texts lie
 * in the arena that the document was read into, and live as long as that. */
struct wb_json;

enum { WB_JSON_DEPTH_MAX = 16 }; /* arrays and objects inside one another */

/* Reads one object or array, white space around and inside allowed, nothing after it.
 * Well-formed UTF-8 only, no U+0000 in any spelling, no name twice in one object.
 * Before the first call: wb_crypto_start.
 *   in  nodes  takes the tree, which is up to some 100 times `size`; after an error
 *              what was read of it
 *       size   bytes, at most `max`
 * Errors  FORMAT with the number of bytes read when it stopped | LIMIT size, depth |
 *         MEMORY. Messages never quote the input. */
WB_CHECKED enum wb_status wb_json_decode(const struct wb_json **root,
    struct wb_arena *nodes, const void *bytes, size_t size, size_t max,
    struct wb_error *e);

bool wb_json_is_object(const struct wb_json *node);
bool wb_json_is_array(const struct wb_json *node);

/* Members of an object or items of an array; 0 for anything else. */
size_t wb_json_count(const struct wb_json *node);

/* The member of that name, or NULL, also where `node` is NULL or no object. */
const struct wb_json *wb_json_get(const struct wb_json *node, const char *key);

/* Item `index` from 0, or NULL, also where `node` is NULL or no array. */
const struct wb_json *wb_json_at(const struct wb_json *node, size_t index);

/* The text of a string, NUL-terminated, `size` without the NUL. False, outputs
 * untouched, where `node` is NULL or no string. */
WB_CHECKED bool wb_json_get_text(
    const struct wb_json *node, const char **text, size_t *size);

/* All members in the order of the input:
 *     wb_json_walk_init(&w, object);
 *     while (wb_json_walk_next(&w, &key, &value)) ...
 * Nothing comes from what is no object. Keys are UTF-8, NUL-terminated. */
struct wb_json_walk {
    const struct wb_json *object;
    void *place;
};

void wb_json_walk_init(struct wb_json_walk *w, const struct wb_json *object);
WB_CHECKED bool wb_json_walk_next(
    struct wb_json_walk *w, const char **key, const struct wb_json **value);

#endif
