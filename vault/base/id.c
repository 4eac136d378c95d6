/* vault/base/id.c - ids as text: base32, most significant bit first, no look-alikes. */
#include <string.h>
#include <witnessbox/id.h>

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

enum { ID_BYTES = 16, ID_CHARACTERS = 26, ID_PADDING_BITS = 2 };

void
wb_id_text(char out[static WB_ID_TEXT_BYTES], const struct wb_id *id)
{
    unsigned bits = 0, count = 0;

    for (int i = 0; i < ID_BYTES; i++) {
        bits = bits << 8 | id->bytes[i];
        for (count += 8; count >= 5; count -= 5)
            *out++ = alphabet[bits >> (count - 5) & 31];
    }
    *out++ = alphabet[bits << ID_PADDING_BITS & 31];
    *out = '\0';
}

bool
wb_id_parse(struct wb_id *id, const char *text, size_t size)
{
    struct wb_id parsed;
    unsigned bits = 0, count = 0;
    size_t done = 0;

    if (size != ID_CHARACTERS)
        return false;
    for (size_t i = 0; i < ID_CHARACTERS; i++) {
        const char *at = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);

        if (at == NULL)
            return false;
        bits = bits << 5 | (unsigned)(at - alphabet);
        count += 5;
        if (count >= 8) {
            count -= 8;
            parsed.bytes[done++] = (uint8_t)(bits >> count);
        }
    }
    if ((bits & 3) != 0)
        return false;
    *id = parsed;
    return true;
}

bool
wb_id_equal(const struct wb_id *a, const struct wb_id *b)
{
    return memcmp(a->bytes, b->bytes, ID_BYTES) == 0;
}
