/* tests/unit/test_vectors_bag.c - tests/vectors/bag.json: a card, a signature, member
 * headers, and a whole bag with all its members. */
#include "cm.h"

#include <string.h>

#include "bundle/card.h"
#include "bundle/claim.h"
#include "bundle/info.h"
#include "bundle/names.h"
#include "formats/bagit.h"
#include "vectors_tar.h"
#include "vectors_vault.h"

enum { TEXT_BYTES_MAX = 64 * 1024 };

/* ---- the card and a signature ---- */

static struct wb_identity_keys
identity_of(const struct vector *c)
{
    struct wb_identity_keys k = {.sign = vector_secret(c, "sign_seed"),
        .log = vector_secret(c, "log_seed"),
        .cosigner = vector_secret(c, "cosigner_seed"),
        .age = vector_secret(c, "age_secret"),
        .collect = vector_secret(c, "collect_secret")};
    struct wb_error e = {0};

    vector_copy(c, "key_id", k.key_id, sizeof k.key_id);
    vector_ok(c, wb_sign_public(k.sign_public, k.sign, &e), &e);
    wb_point_of(k.age_point, k.age);
    return k;
}

static void
check_card(const struct vector *c)
{
    struct vector_bytes bytes = vector_bytes(c, "card");
    const char *origin = vector_text(c, "origin");
    struct wb_identity_keys k = identity_of(c);
    struct wb_minisign_signer signer = wb_card_signer(&k, WB_CARD_COMMENT);
    struct wb_vault *v = vectors_vault_new();
    struct wb_card read, own;
    struct wb_minisign_key key;
    struct wb_buf out;
    struct wb_error e = {0};

    vector_ok(c, wb_card_decode(&read, &key, bytes.data, bytes.size, &e), &e);
    vector_same_text(c, "minisign", read.minisign);
    vector_same(c, "key_id", key.id, sizeof key.id);
    memcpy(k.name, read.name, sizeof k.name); /* the one thing no key says */
    memcpy(v->state.origin, origin, strlen(origin));
    vector_ok(c, wb_card_of(&own, &k, wb_store_state(v)->origin, &e), &e);
    wb_buf_init(&out, WB_CARD_BYTES_MAX);
    vector_ok(c, wb_card_encode(&out, &own, &signer, &e), &e);
    vector_same(c, "card", out.data, out.size);
    wb_buf_wipe(&out);
    vectors_vault_free(&v);
    wb_identity_wipe(&k);
}

/* One signature over a message: taken apart, verified, its comments read. */
static void
check_signature(const struct vector *c, struct vector_bytes file,
    struct vector_bytes message, const char *key_text, const char *trusted)
{
    struct wb_minisign_key key;
    struct wb_minisign m;
    struct wb_error e = {0};

    vector_ok(c, wb_minisign_key_decode(&key, key_text, strlen(key_text), &e), &e);
    vector_ok(c, wb_minisign_decode(&m, file.data, file.size, &e), &e);
    vector_ok(c, wb_minisign_verify(&m, &key, message.data, message.size, &e), &e);
    vector_true(c,
        m.trusted_size == strlen(trusted) &&
            memcmp(m.trusted, trusted, m.trusted_size) == 0,
        "trusted comment");
    vector_true(c,
        m.untrusted_size == strlen(WB_BUNDLE_COMMENT) &&
            memcmp(m.untrusted, WB_BUNDLE_COMMENT, m.untrusted_size) == 0,
        "untrusted comment");
}

static void
check_minisig(const struct vector *c)
{
    struct vector_bytes message = vector_bytes(c, "message");
    const char *trusted = vector_text(c, "trusted");
    struct wb_secret *seed = vector_secret(c, "sign_seed");
    struct wb_minisign_signer signer = {
        .seed = seed, .untrusted = vector_text(c, "untrusted")};
    struct wb_minisign_key key;
    char text[WB_MINISIGN_KEY_CHARS + 1];
    struct wb_buf out;
    struct wb_error e = {0};

    vector_copy(c, "key_id", signer.id, sizeof signer.id);
    memcpy(key.id, signer.id, sizeof key.id);
    vector_ok(c, wb_sign_public(key.point, seed, &e), &e);
    wb_minisign_key_encode(text, &key);
    vector_same_text(c, "minisign", text);
    wb_buf_init(&out, TEXT_BYTES_MAX);
    vector_ok(c,
        wb_minisign_sign(&out, &signer, trusted, message.data, message.size, &e), &e);
    vector_same(c, "signature", out.data, out.size);
    check_signature(c, vector_bytes(c, "signature"), message, text, trusted);
    wb_buf_wipe(&out);
    wb_secret_free(&seed);
}

/* ---- the tag files ---- */

static void
put_line(const struct vector *c, struct wb_buf *out, size_t member)
{
    struct vector_bytes data = vector_bytes_at(c, "data", member);
    uint8_t hash[WB_HASH_BYTES];

    wb_sha256_of(hash, data.data, data.size);
    wb_bagit_manifest_put(
        out, hash, vector_text_at(c, "names", member) + strlen(WB_USTAR_ROOT));
}

static void
check_manifests(const struct vector *c)
{
    struct wb_buf payload, tags;

    wb_buf_init(&payload, TEXT_BYTES_MAX);
    wb_buf_init(&tags, TEXT_BYTES_MAX);
    for (size_t i = WB_TAGS; i < vector_count(c, "names"); i++)
        put_line(c, &payload, i);
    vector_same_at(c, "data", WB_TAG_MANIFEST, payload.data, payload.size);
    for (size_t i = 0; wb_tag_listed(i) != WB_TAGS; i++)
        put_line(c, &tags, wb_tag_listed(i));
    vector_same_at(c, "data", WB_TAG_LIST, tags.data, tags.size);
    wb_buf_wipe(&payload);
    wb_buf_wipe(&tags);
}

/* What bag-info counts. */
static void
check_counts(const struct vector *c, const struct wb_info *info)
{
    uint64_t octets = 0, records = 0;

    for (size_t i = WB_TAGS; i < vector_count(c, "names"); i++) {
        octets += vector_bytes_at(c, "data", i).size;
        records += strstr(vector_text_at(c, "names", i), "/records/") != NULL;
    }
    vector_true(c, info->octets == octets, "octets");
    vector_true(c, info->members == vector_count(c, "names") - WB_TAGS, "members");
    vector_true(c, info->records == records, "records");
    vector_true(c, info->files == info->members - records, "files");
}

static void
check_info(const struct vector *c, struct wb_info *info)
{
    struct vector_bytes bytes = vector_bytes_at(c, "data", WB_TAG_INFO);
    char sender[WB_MINISIGN_KEY_CHARS + 1];
    struct wb_buf again;
    struct wb_error e = {0};

    vector_ok(c, wb_info_decode(info, bytes.data, bytes.size, &e), &e);
    wb_minisign_key_encode(sender, &info->sender);
    vector_same_text(c, "minisign", sender);
    vector_same_count(c, "recipients", info->recipient_count);
    for (size_t i = 0; i < info->recipient_count; i++)
        vector_true(c,
            strcmp(vector_text_at(c, "recipients", i), info->recipients[i]) == 0,
            "recipients");
    check_counts(c, info);
    wb_buf_init(&again, TEXT_BYTES_MAX);
    wb_info_encode(&again, info);
    vector_same_at(c, "data", WB_TAG_INFO, again.data, again.size);
    wb_buf_wipe(&again);
}

/* Signed by the key of bag-info, whose card is inside, and whose log signed the
 * checkpoint. */
static void
check_sender(const struct vector *c, const struct wb_info *info, struct wb_card *card)
{
    struct vector_bytes bytes = vector_bytes_at(c, "data", WB_TAG_CARD);
    char comment[sizeof WB_BUNDLE_COMMENT + WB_ID_TEXT_BYTES];
    struct wb_minisign_key key;
    struct wb_error e = {0};

    memcpy(comment, WB_BUNDLE_COMMENT " ", sizeof WB_BUNDLE_COMMENT);
    wb_id_text(comment + sizeof WB_BUNDLE_COMMENT, &info->bundle);
    check_signature(c, vector_bytes_at(c, "data", WB_TAG_SIGNATURE),
        vector_bytes_at(c, "data", WB_TAG_LIST), vector_text(c, "minisign"), comment);
    vector_ok(c, wb_card_decode(card, &key, bytes.data, bytes.size, &e), &e);
    vector_same_text(c, "minisign", card->minisign);
}

static void
check_note(const struct vector *c, const struct wb_info *info, const char *vkey)
{
    struct wb_note_key log;
    struct wb_checkpoint head;
    struct wb_note note;
    struct wb_error e = {0};

    vector_ok(c, wb_note_key_decode(&log, vkey, strlen(vkey), &e), &e);
    vector_ok(
        c, wb_note_decode(&note, info->checkpoint, strlen(info->checkpoint), &e), &e);
    vector_ok(c, wb_checkpoint_open(&head, &note, &log, &e), &e);
}

/* ---- the payload ---- */

/* What was found: a bag without any of it would show nothing. */
struct found {
    size_t files, claims, proofs;
};

/* The file that a record stands for is in the bag, under its hash. */
static void
check_claim(const struct vector *c, const struct wb_record *r, struct found *found)
{
    struct wb_claim claim;
    struct wb_payload p = {.kind = WB_PAYLOAD_FILE, .part = WB_PART_NONE};
    char name[WB_USTAR_NAME_MAX + 1];
    struct wb_error e = {0};

    vector_ok(c, wb_claim_read(&claim, r, &e), &e);
    if (!claim.has)
        return;
    memcpy(p.hash, claim.sha256, sizeof p.hash);
    wb_payload_name(name, &p);
    for (size_t i = WB_TAGS; i < vector_count(c, "names"); i++)
        if (strcmp(vector_text_at(c, "names", i), name) == 0) {
            vector_true(c, vector_bytes_at(c, "data", i).size == claim.size, "size");
            found->claims++;
            return;
        }
    vector_true(c, false, "a claimed file is not in the bag");
}

static void
check_record(const struct vector *c, size_t index, const struct wb_payload *p,
    const char *vkey, struct found *found)
{
    struct vector_bytes json = vector_bytes_at(c, "data", index);
    struct wb_record *r = NULL;
    struct wb_buf again;
    int latest;
    struct wb_error e = {0};

    vector_ok(c, wb_record_json_read(&r, &latest, json.data, json.size, &e), &e);
    vector_true(c, memcmp(p->hash, r->root, WB_ROOT_PREFIX_BYTES) == 0, "name");
    wb_buf_init(&again, WB_RECORD_BYTES_MAX);
    wb_record_json_write(&again, r, latest);
    vector_same_at(c, "data", index, again.data, again.size);
    for (size_t i = 0; i < r->proof_count; i++)
        vector_ok(c,
            wb_custody_check_proof(&r->proofs[i], r->root, i == 0, vkey, NULL, &e), &e);
    found->proofs += r->proof_count;
    check_claim(c, r, found);
    wb_buf_wipe(&again);
    wb_record_free(&r);
}

static void
check_payload(const struct vector *c, const char *vkey)
{
    char again[WB_USTAR_NAME_MAX + 1];
    struct found found = {0};

    for (size_t i = WB_TAGS; i < vector_count(c, "names"); i++) {
        struct vector_bytes data = vector_bytes_at(c, "data", i);
        uint8_t hash[WB_HASH_BYTES];
        struct wb_payload p;

        vector_true(c, wb_payload_parse(&p, vector_text_at(c, "names", i)), "name");
        wb_payload_name(again, &p);
        vector_true(c, strcmp(again, vector_text_at(c, "names", i)) == 0, "name");
        if (p.kind == WB_PAYLOAD_RECORD) {
            check_record(c, i, &p, vkey, &found);
            continue;
        }
        wb_sha256_of(hash, data.data, data.size);
        vector_true(c, memcmp(hash, p.hash, sizeof hash) == 0, "file");
        found.files++;
    }
    vector_true(
        c, found.files > 0 && found.claims == found.files, "files, who claims them");
    vector_true(c, found.proofs > 0, "proofs");
}

/* README.txt is a given text there, not our constant: only its place is looked at. */
static void
check_bag(const struct vector *c)
{
    struct wb_info *info = wb_arena_new(c->memory, sizeof *info);
    struct vector_bytes declaration = vector_bytes_at(c, "data", WB_TAG_DECLARATION);
    struct wb_card card;

    for (size_t i = 0; i < WB_TAGS; i++)
        vector_true(c,
            strcmp(vector_text_at(c, "names", i), wb_tag_name((enum wb_tag)i)) == 0,
            wb_tag_name((enum wb_tag)i));
    vector_true(c,
        declaration.size == strlen(WB_BAGIT_DECLARATION) &&
            memcmp(declaration.data, WB_BAGIT_DECLARATION, declaration.size) == 0,
        "bagit.txt");
    vectors_archive(c);
    check_manifests(c);
    check_info(c, info);
    check_sender(c, info, &card);
    check_note(c, info, card.log);
    check_payload(c, card.log);
}

static void
every_case_of_bag_json_holds(void **state)
{
    static const struct vector_check checks[] = {
        {"card", check_card},
        {"minisig", check_minisig},
        {"ustar", vectors_ustar},
        {"bag", check_bag},
    };

    (void)state;
    vectors_run("bag.json", checks, sizeof checks / sizeof *checks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_bag_json_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
