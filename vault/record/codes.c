/* vault/record/codes.c - the controlled lists, as data. */
#include <string.h>

#include "record.h"

struct code {
    const char *list;
    const char *word;
    const char *meaning;
};

/* Words are for ever: they are stored and hashed. New ones may be added behind. The
 * words of one list stand together. Numbers: the HURIDOCS micro-thesauri. */

/* clang-format off */

static const struct code codes[] = {
    { "basis",          "saw",                    "Saw it" },
    { "basis",          "heard",                  "Heard it happen" },
    { "basis",          "lived",                  "It was done to the witness" },
    { "basis",          "was-told",               "Was told by somebody" },
    { "basis",          "read",                   "Read it in a message or document" },
    { "basis",          "concluded",              "Concluded it from other facts" },

    { "certainty",      "confirmed",              "Confirmed (41: 01)" },
    { "certainty",      "likely",                 "Likely (41: 04)" },
    { "certainty",      "possible",               "Possible (41: 03)" },
    { "certainty",      "unlikely",               "Unlikely (41: 02)" },
    { "certainty",      "alleged",                "Alleged, not assessed (41: 99)" },

    { "connection",     "victim",                 "Victim (19: 0101)" },
    { "connection",     "witness",                "Witness (19: 0102)" },
    { "connection",     "perpetrator",            "Perpetrator (19: 0103)" },
    { "connection",     "relative",               "Relative of a victim or perpetrator (19: 02)" },
    { "connection",     "colleague",              "Colleague or fellow member (19: 02)" },
    { "connection",     "third-party",            "Third party (19: 03)" },
    { "connection",     "reporter",               "Reporter or news agency (19: 0301)" },
    { "connection",     "lawyer",                 "Lawyer (19: 04)" },
    { "connection",     "medical",                "Medical worker (19: 04)" },
    { "connection",     "organisation",           "Non-governmental organisation (19: 04)" },
    { "connection",     "human-rights",           "Human-rights organisation (19: 04)" },
    { "connection",     "authority",              "Public authority" },
    { "connection",     "other",                  "Other" },

    { "counting-unit",  "individual",             "Individual (07: 01)" },
    { "counting-unit",  "family",                 "Family (07: 02)" },
    { "counting-unit",  "group",                  "Group, organisation or institution (07: 03)" },
    { "counting-unit",  "unit",                   "Unit of a service or force (07: 03)" },
    { "counting-unit",  "community",              "Community (07: 04)" },
    { "counting-unit",  "social-group",           "Social group, class or caste (07: 05)" },
    { "counting-unit",  "people",                 "People in general (07: 06)" },

    { "custody-event",  "capture",                "Was taken down or recorded" },
    { "custody-event",  "creation",               "Was made" },
    { "custody-event",  "accession",              "Was taken over" },
    { "custody-event",  "transfer",               "Went from hand to hand" },
    { "custody-event",  "storage",                "Was put where it is kept" },
    { "custody-event",  "sealing",                "Was sealed" },
    { "custody-event",  "opening",                "A seal or container was opened" },
    { "custody-event",  "imaging",                "A bit by bit image was made" },
    { "custody-event",  "replication",            "A copy was made" },
    { "custody-event",  "message-digest-calculation", "A hash was computed" },
    { "custody-event",  "fixity-check",           "A hash was compared" },
    { "custody-event",  "validation",             "A signature or format was checked" },
    { "custody-event",  "examination",            "Was examined" },
    { "custody-event",  "redaction",              "Was redacted" },
    { "custody-event",  "migration",              "Was converted" },
    { "custody-event",  "dissemination",          "Was passed on as a copy" },
    { "custody-event",  "quarantine",             "Was set apart" },
    { "custody-event",  "recovery",               "Was recovered after loss or damage" },
    { "custody-event",  "deaccession",            "Was given back or away" },
    { "custody-event",  "deletion",               "Was destroyed" },
    { "custody-event",  "other",                  "Other" },

    { "decision",       "yes",                    "May go" },
    { "decision",       "no",                     "Must not go" },
    { "decision",       "ask",                    "Ask again each time" },

    { "derivative",     "translation",            "In another language" },
    { "derivative",     "transcript",             "Of speech or handwriting" },
    { "derivative",     "redaction",              "With parts taken out" },
    { "derivative",     "excerpt",                "A part of it" },
    { "derivative",     "conversion",             "In another format, enhanced or enlarged" },
    { "derivative",     "summary",                "A summary" },

    { "direction",      "out",                    "Sent" },
    { "direction",      "in",                     "Received" },

    { "hash-check",     "same",                   "Compared: the same" },
    { "hash-check",     "different",              "Compared: not the same" },
    { "hash-check",     "not-compared",           "Not compared" },

    { "involvement",    "carried-out",            "Carried out the act (18: 0101)" },
    { "involvement",    "gave-orders",            "Gave orders (18: 0102)" },
    { "involvement",    "planned",                "Planned or helped to plan (18: 0105)" },
    { "involvement",    "assisted",               "Assisted those who carried it out" },
    { "involvement",    "accomplice",             "Passive accomplice (18: 0103)" },
    { "involvement",    "present",                "Confirmed present (18: 0104)" },
    { "involvement",    "suspected",              "Suspected of being involved (18: 0106)" },
    { "involvement",    "failed-to-protect",      "Knew and did not act, did not protect (18: 05)" },
    { "involvement",    "law-or-policy",          "Made or implemented the law or policy (18: 03, 04)" },
    { "involvement",    "political",              "Political responsibility (18: 06)" },
    { "involvement",    "other",                  "Other (18: 90)" },

    { "level",          "named",                  "With the name" },
    { "level",          "pseudonym",              "With the pseudonym" },
    { "level",          "anonymous",              "With neither" },

    { "material",       "interview",              "Interview (16)" },
    { "material",       "victim-testimony",       "Testimony of a victim (16)" },
    { "material",       "witness-testimony",      "Testimony of a witness (16)" },
    { "material",       "affidavit",              "Signed affidavit (16)" },
    { "material",       "remarks",                "Remarks made to somebody in speech or writing" },
    { "material",       "message",                "Message, letter, e-mail (16)" },
    { "material",       "telephone",              "Telephone conversation (16)" },
    { "material",       "news",                   "Newspaper item or agency report (16)" },
    { "material",       "press-release",          "Press release (16)" },
    { "material",       "report",                 "Report or study" },
    { "material",       "broadcast",              "Radio or television broadcast (16)" },
    { "material",       "social-media",           "Post in a social network" },
    { "material",       "web-page",               "Web page" },
    { "material",       "photograph",             "Photograph (16)" },
    { "material",       "video",                  "Video or film (16)" },
    { "material",       "audio",                  "Sound recording (16)" },
    { "material",       "court-record",           "Court record (16)" },
    { "material",       "medical-record",         "Medical record, autopsy, examination (16)" },
    { "material",       "official-document",      "Document of an authority" },
    { "material",       "document",               "Other document" },
    { "material",       "data",                   "Image of a device, data, metadata" },
    { "material",       "object",                 "Physical object" },
    { "material",       "other",                  "Other" },

    { "monitoring",     "active",                 "Active (43: 01)" },
    { "monitoring",     "pending",                "Pending (43: 02)" },
    { "monitoring",     "closed",                 "Not active (43: 03)" },

    { "organisation",   "own",                    "Of our own organisation" },
    { "organisation",   "other",                  "Of another" },

    { "original",       "original",               "The original, as it was made" },
    { "original",       "copy",                   "A copy of the same bytes or thing" },
    { "original",       "derivative",             "A working version, excerpt, conversion" },

    { "purpose",        "internal",               "Work inside our own organisation" },
    { "purpose",        "partner",                "A named partner organisation" },
    { "purpose",        "national-court",         "A national prosecutor or court" },
    { "purpose",        "international-court",    "An international prosecutor or court" },
    { "purpose",        "un",                     "A mechanism of the United Nations" },
    { "purpose",        "archive",                "An archive" },
    { "purpose",        "advocacy",               "Advocacy without publication" },
    { "purpose",        "publication",            "Publication" },
    { "purpose",        "research",               "Research and training" },

    { "reliability",    "highly-reliable",        "Highly reliable (42: 01)" },
    { "reliability",    "likely-reliable",        "Likely reliable (42: 02)" },
    { "reliability",    "unsure",                 "Unsure (42: 03)" },
    { "reliability",    "likely-unreliable",      "Likely unreliable (42: 04)" },
    { "reliability",    "highly-unreliable",      "Highly unreliable (42: 05)" },

    { "statement-type", "first-account",          "First account" },
    { "statement-type", "full",                   "Full statement" },
    { "statement-type", "supplementary",          "Supplementary statement" },
    { "statement-type", "correction",             "Correction of an earlier statement" },
    { "statement-type", "public",                 "Remarks made in public or to the press" },
    { "statement-type", "message",                "A message that was sent at the time" },

    { "yes-no",         "yes",                    "Yes" },
    { "yes-no",         "no",                     "No" },
};

/* clang-format on */

const char *
wb_code_at(const char *list, size_t index, const char **meaning)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(codes[i].list, list) != 0 || index-- > 0)
            continue;
        if (meaning != NULL)
            *meaning = codes[i].meaning;
        return codes[i].word;
    }
    return NULL;
}
