/* vault/record/kinds.c - every kind and field there is, as one table of data. */
#include <string.h>

#include "record.h"

/* How to change it: a released list of fields is frozen; a new field makes a new schema
 * version of its kind, numbers are never used twice, and rows ascend by number from 1
 * (0 is the origin, which every record has). ESF: HURIDOCS Events Standard Formats. */

/* clang-format off */

#define REQ WB_REQUIRED
#define REP WB_REPEATS
#define IDN WB_IDENTIFIES
#define PRT WB_PART_OF
#define NDS WB_NEEDS
#define SUB WB_SUBJECT
#define OUR WB_OURS

static const struct wb_field incident[] = {
    { 1, "title",             WB_LINE,     REQ,             "", "", "What happened, in a few words (ESF 0102)" },
    { 2, "description",       WB_TEXT,     0,               "", "", "The event as it is known so far (ESF 0115)" },
    { 3, "date",              WB_DATE,     0,               "", "", "When it happened or began (ESF 0113)" },
    { 4, "date-end",          WB_DATE,     0,               "", "", "When it ended (ESF 0114)" },
    { 5, "date-words",        WB_LINE,     0,               "", "", "The date in the source's own words: last month, after the harvest" },
    { 6, "place",             WB_LINE,     0,               "", "", "Country, region or town (ESF 0111, 0112)" },
    { 7, "place-exact",       WB_LINE,     IDN,             "", "", "The exact place: his home, a street, a cell (ESF 0173)" },
    { 8, "place-coordinates", WB_LINE,     0,               "", "", "Latitude, longitude and a radius of uncertainty" },
    { 9, "status",            WB_CODE,     0,               "certainty", "", "How certain it is that it was a violation (ESF 0151)" },
    {10, "official-position", WB_TEXT,     0,               "", "", "What the authorities say or do not confirm" },
    {11, "rights",            WB_LINE,     REP,             "", "", "A right that was affected (ESF 0153)" },
    {12, "terms",             WB_LINE,     REP,             "", "", "An index term (ESF 0154, 0155)" },
    {13, "victims",           WB_COUNT,    0,               "", "", "Number of victims: 3, or 3..5 where it is not sure" },
    {14, "impact",            WB_TEXT,     0,               "", "", "What followed for others (ESF 0116)" },
    {15, "risk",              WB_TEXT,     0,               "", "", "What is feared to happen next" },
    {16, "related-incident",  WB_REF,      REP,             "", "incident", "Another incident of the same pattern or chain (ESF 2203)" },
    {17, "related-how",       WB_TEXT,     0,               "", "", "How they are related (ESF 2209)" },
    {18, "project",           WB_LINE,     0,               "", "", "Project or case it belongs to (ESF 0163)" },
    {19, "monitoring",        WB_CODE,     0,               "monitoring", "", "Whether the work on it goes on (ESF 0172)" },
    {20, "received",          WB_DATE,     0,               "", "", "When we learned of it (ESF 0160)" },
    {21, "source",            WB_REF,      REP | NDS,       "", "source", "A source that this rests on" },
    {22, "remarks",           WB_TEXT,     0,               "", "", "Anything else (ESF 0150)" },
};

static const struct wb_field person[] = {
    { 1, "name",              WB_LINE,     IDN,             "", "", "Name as it is usually written (ESF 0903)" },
    { 2, "other-names",       WB_LINE,     REP | IDN,       "", "", "Another name, spelling or script of the name (ESF 0904)" },
    { 3, "pseudonym",         WB_LINE,     0,               "", "", "What to call the person where the name is withheld" },
    { 4, "counting-unit",     WB_CODE,     0,               "counting-unit", "", "Individual, family, unit, organisation (ESF 0902)" },
    { 5, "description",       WB_TEXT,     IDN,             "", "", "Who this is (ESF 0926, 0930)" },
    { 6, "birth",             WB_DATE,     IDN,             "", "", "Date of birth (ESF 0911)" },
    { 7, "birth-place",       WB_LINE,     IDN,             "", "", "Place of birth (ESF 0912)" },
    { 8, "sex",               WB_LINE,     0,               "", "", "As the person describes it (ESF 0915)" },
    { 9, "nationality",       WB_LINE,     REP,             "", "", "Citizenship (ESF 0941)" },
    {10, "ethnicity",         WB_LINE,     REP,             "", "", "Only where it matters (ESF 0942)" },
    {11, "religion",          WB_LINE,     0,               "", "", "Only where it matters (ESF 0940)" },
    {12, "language",          WB_LANGUAGE, REP,             "", "", "A language the person speaks (ESF 0945)" },
    {13, "residence",         WB_LINE,     IDN,             "", "", "Where the person lives or lived (ESF 0910)" },
    {14, "occupation",        WB_LINE,     REP | IDN,       "", "", "Lawyer, researcher, activist (ESF 0922)" },
    {15, "affiliation",       WB_LINE,     REP | IDN,       "", "", "Organisation, service or unit (ESF 2323)" },
    {16, "documents",         WB_LINE,     REP | IDN,       "", "", "An identity document and its number (ESF 0917)" },
    {17, "contact",           WB_TEXT,     IDN,             "", "", "How to reach the person" },
    {18, "safe-contact",      WB_TEXT,     IDN,             "", "", "Who may call, when, and what must not be said" },
    {19, "deceased",          WB_DATE,     0,               "", "", "Date of death (ESF 0928)" },
    {20, "group-size",        WB_COUNT,    0,               "", "", "People in the group: 40, or 30..50 (ESF 0931)" },
    {21, "guardian",          WB_REF,      NDS,             "", "person", "Who decides for a minor" },
    {22, "status",            WB_LINE,     0,               "", "", "Last known: missing, in prison, released" },
    {23, "status-date",       WB_DATE,     0,               "", "", "When that was known" },
    {24, "reliability",       WB_CODE,     0,               "reliability", "", "How reliable the person is as a source (ESF 0953)" },
    {25, "source",            WB_REF,      REP | NDS,       "", "source", "A source that this rests on" },
    {26, "remarks",           WB_TEXT,     IDN,             "", "", "Anything else (ESF 0950)" },
};

static const struct wb_field act[] = {
    { 1, "incident",          WB_REF,      REQ | PRT,       "", "incident", "The incident it is part of (ESF 2103)" },
    { 2, "victim",            WB_REF,      NDS,             "", "person", "To whom it was done (ESF 2102)" },
    { 3, "type",              WB_LINE,     REQ,             "", "", "What was done: abduction, unlawful transfer, sentencing (ESF 2109)" },
    { 4, "type-code",         WB_LINE,     0,               "", "", "Number of the type in HURIDOCS micro-thesaurus 4" },
    { 5, "date",              WB_DATE,     0,               "", "", "When it was done or began (ESF 2111)" },
    { 6, "date-end",          WB_DATE,     0,               "", "", "When it ended (ESF 2121)" },
    { 7, "date-words",        WB_LINE,     0,               "", "", "The date in the source's own words" },
    { 8, "place",             WB_LINE,     0,               "", "", "Where it was done or began" },
    { 9, "place-exact",       WB_LINE,     IDN,             "", "", "The exact place (ESF 2112)" },
    {10, "place-end",         WB_LINE,     0,               "", "", "Where it ended (ESF 2122)" },
    {11, "method",            WB_LINE,     REP,             "", "", "How it was done (ESF 2114)" },
    {12, "description",       WB_TEXT,     0,               "", "", "The act as it is known so far" },
    {13, "stated-reason",     WB_TEXT,     0,               "", "", "The reason that was given for it (ESF 2113)" },
    {14, "consequences",      WB_TEXT,     0,               "", "", "For body and mind (ESF 2116, 2117)" },
    {15, "age",               WB_COUNT,    0,               "", "", "Age of the victim at the time: 34, or 30..40 (ESF 2118)" },
    {16, "status-end",        WB_LINE,     0,               "", "", "The victim at the end: released, imprisoned, missing (ESF 2123)" },
    {17, "status",            WB_CODE,     0,               "certainty", "", "How certain it is" },
    {18, "official-position", WB_TEXT,     0,               "", "", "What the authorities say or do not confirm (ESF 2115)" },
    {19, "source",            WB_REF,      REP | NDS,       "", "source", "A source that this rests on" },
    {20, "remarks",           WB_TEXT,     0,               "", "", "Anything else (ESF 2150)" },
};

static const struct wb_field involvement[] = {
    { 1, "act",               WB_REF,      REQ | PRT,       "", "act", "The act (ESF 2404)" },
    { 2, "perpetrator",       WB_REF,      NDS,             "", "person", "Alleged perpetrator: a person, a unit, a service (ESF 2402)" },
    { 3, "degree",            WB_LINE,     0,               "", "", "The part taken in it, in words: carried out, assisted (ESF 2409)" },
    { 4, "degree-code",       WB_CODE,     0,               "involvement", "", "The part taken in it, as a word of the list (ESF 2409)" },
    { 5, "type",              WB_LINE,     REP,             "", "", "Security service, police, unknown armed men (ESF 2412)" },
    { 6, "unit",              WB_LINE,     0,               "", "", "Unit or department (ESF 2327)" },
    { 7, "rank",              WB_LINE,     0,               "", "", "Rank or position (ESF 2328)" },
    { 8, "identified-how",    WB_TEXT,     0,               "", "", "Uniform, vehicle, voice, document: how it is known who it was" },
    { 9, "description",       WB_TEXT,     0,               "", "", "What they are alleged to have done" },
    {10, "status",            WB_CODE,     0,               "certainty", "", "How certain it is" },
    {11, "official-position", WB_TEXT,     0,               "", "", "What they or the authorities say of it" },
    {12, "status-end",        WB_LINE,     0,               "", "", "Last known: charged, promoted, in office (ESF 2422)" },
    {13, "source",            WB_REF,      REP | NDS,       "", "source", "A source that this rests on" },
    {14, "remarks",           WB_TEXT,     0,               "", "", "Anything else (ESF 2450)" },
};

static const struct wb_field statement[] = {
    { 1, "incident",          WB_REF,      PRT,             "", "incident", "The incident it is about" },
    { 2, "witness",           WB_REF,      NDS | SUB,       "", "person", "Who says it" },
    { 3, "text",              WB_TEXT,     REQ | REP,       "", "", "What happened, in the witness's own words; a value is a paragraph" },
    { 4, "language",          WB_LANGUAGE, 0,               "", "", "Language it is written in here" },
    { 5, "date",              WB_DATE,     0,               "", "", "When it was given" },
    { 6, "date-words",        WB_LINE,     0,               "", "", "That date in the source's own words: last month, on a Monday" },
    { 7, "place",             WB_LINE,     0,               "", "", "Where it was given" },
    { 8, "type",              WB_CODE,     0,               "statement-type", "", "First account, full, supplementary, correction" },
    { 9, "spoken-language",   WB_LANGUAGE, 0,               "", "", "Language it was given in" },
    {10, "basis",             WB_CODE,     REP,             "basis", "", "How the witness knows" },
    {11, "connection",        WB_CODE,     0,               "connection", "", "The witness's connection to the events (ESF 2509)" },
    {12, "channel",           WB_LINE,     0,               "", "", "In person, telephone, video, Telegram message" },
    {13, "how-taken",         WB_LINE,     0,               "", "", "Questions and answers or narrative; recorded or not" },
    {14, "interviewer",       WB_LINE,     REP | IDN,       "", "", "Who took it" },
    {15, "interpreter",       WB_LINE,     REP | IDN,       "", "", "Who interpreted, and under which undertaking" },
    {16, "present",           WB_LINE,     REP | IDN,       "", "", "Who else was there, and as what" },
    {17, "identity-check",    WB_LINE,     IDN,             "", "", "How the identity was checked" },
    {18, "explained",         WB_TEXT,     0,               "", "", "What was explained before: purpose, uses, risks" },
    {19, "read-back",         WB_LINE,     0,               "", "", "Read back or read by the witness, in which language, by whom" },
    {20, "declaration",       WB_TEXT,     0,               "", "", "Declaration of truth, in its exact words" },
    {21, "signed",            WB_LINE,     0,               "", "", "How it was signed, or why it was not" },
    {22, "earlier-accounts",  WB_TEXT,     0,               "", "", "Earlier accounts known: to whom, when" },
    {23, "protection",        WB_TEXT,     0,               "", "", "Concerns for safety; willing to be contacted or to testify" },
    {24, "observations",      WB_TEXT,     0,               "", "", "The interviewer's own, kept apart from the witness's words" },
    {25, "reliability",       WB_CODE,     0,               "reliability", "", "Of what is said (ESF 2553)" },
    {26, "source-reliability",WB_CODE,     0,               "reliability", "", "Of the witness as a source (ESF 0953)" },
    {27, "source",            WB_REF,      REP | NDS,       "", "source", "The publication or document it was taken from" },
    {28, "remarks",           WB_TEXT,     0,               "", "", "Anything else" },
};

static const struct wb_field source[] = {
    { 1, "title",             WB_LINE,     REQ,             "", "", "What it is, in a few words" },
    { 2, "date",              WB_DATE,     0,               "", "", "Date of the material (ESF 2511)" },
    { 3, "language",          WB_LANGUAGE, 0,               "", "", "Language of the material (ESF 2510)" },
    { 4, "incident",          WB_REF,      REP | PRT,       "", "incident", "An incident it tells of (ESF 2503)" },
    { 5, "type",              WB_CODE,     0,               "material", "", "Type of material (ESF 2512)" },
    { 6, "date-words",        WB_LINE,     0,               "", "", "That date in the material's own words" },
    { 7, "person",            WB_REF,      REP | NDS | SUB, "", "person", "The person or organisation it comes from (ESF 2502)" },
    { 8, "publisher",         WB_LINE,     0,               "", "", "Agency, newspaper, organisation" },
    { 9, "author",            WB_LINE,     REP | IDN,       "", "", "Author as named in it" },
    {10, "address",           WB_LINE,     0,               "", "", "Web address, shelf mark, channel" },
    {11, "connection",        WB_CODE,     0,               "connection", "", "The source's connection to the events (ESF 2509)" },
    {12, "based-on",          WB_REF,      REP | NDS,       "", "source", "The source that this one had it from" },
    {13, "received",          WB_DATE,     0,               "", "", "When we received it (ESF 2560)" },
    {14, "received-how",      WB_LINE,     IDN,             "", "", "How and from whom we received it" },
    {15, "reliability",       WB_CODE,     0,               "reliability", "", "Of the information (ESF 2553)" },
    {16, "source-reliability",WB_CODE,     0,               "reliability", "", "Of the source (ESF 0953)" },
    {17, "assessed",          WB_LINE,     0,               "", "", "Who judged the reliability, and when" },
    {18, "description",       WB_TEXT,     0,               "", "", "What it says" },
    {19, "remarks",           WB_TEXT,     0,               "", "", "Anything else (ESF 2550)" },
};

static const struct wb_field evidence[] = {
    { 1, "about",             WB_REF,      REQ | PRT,       "", "", "The record it belongs to" },
    { 2, "file-name",         WB_LINE,     OUR,             "", "", "File name as received" },
    { 3, "sha256",            WB_DIGEST,   OUR,             "", "", "SHA-256 of the file's bytes" },
    { 4, "size",              WB_NUMBER,   OUR,             "", "", "Size of the file in bytes" },
    { 5, "media-type",        WB_LINE,     0,               "", "", "Media type: image/jpeg, video/mp4" },
    { 6, "description",       WB_TEXT,     0,               "", "", "What it is and what it shows" },
    { 7, "type",              WB_CODE,     0,               "material", "", "Type of material (ESF 2512)" },
    { 8, "original",          WB_CODE,     0,               "original", "", "Original, copy or working version" },
    { 9, "date",              WB_DATE,     0,               "", "", "When it was made" },
    {10, "date-words",        WB_LINE,     0,               "", "", "That date in the source's own words" },
    {11, "place",             WB_LINE,     0,               "", "", "Where it was made" },
    {12, "language",          WB_LANGUAGE, REP,             "", "", "A language in it" },
    {13, "from",              WB_REF,      NDS | SUB,       "", "person", "Who gave it to us" },
    {14, "shown",             WB_REF,      REP | NDS | SUB, "", "person", "A person who can be seen or heard in it" },
    {15, "obtained",          WB_DATE,     0,               "", "", "When we obtained it" },
    {16, "obtained-how",      WB_TEXT,     IDN,             "", "", "How, where and with whose permission" },
    {17, "device",            WB_LINE,     0,               "", "", "What it was made with" },
    {18, "storage",           WB_LINE,     0,               "", "", "Where a physical object is kept, seal and condition" },
    {19, "owner",             WB_LINE,     IDN,             "", "", "Owner, copyright, return wanted" },
    {20, "warning",           WB_LINE,     0,               "", "", "What a viewer should be warned of" },
    {21, "reliability",       WB_CODE,     0,               "reliability", "", "Of what it shows (ESF 2553)" },
    {22, "source",            WB_REF,      REP | NDS,       "", "source", "The publication or document it was taken from" },
    {23, "remarks",           WB_TEXT,     0,               "", "", "Anything else" },
};

static const struct wb_field intervention[] = {
    { 1, "incident",          WB_REF,      REP | PRT,       "", "incident", "The incident it is about (ESF 2603)" },
    { 2, "party",             WB_REF,      NDS,             "", "person", "Who intervened: person or organisation (ESF 2602)" },
    { 3, "victim",            WB_REF,      REP | NDS,       "", "person", "For whom (ESF 2604)" },
    { 4, "type",              WB_LINE,     0,               "", "", "Appeal, legal aid, publicity, inquiry (ESF 2609)" },
    { 5, "date",              WB_DATE,     0,               "", "", "When (ESF 2611)" },
    { 6, "date-words",        WB_LINE,     0,               "", "", "The date in the source's own words: this month" },
    { 7, "requested",         WB_LINE,     REP,             "", "", "Who was asked to act (ESF 2612)" },
    { 8, "description",       WB_TEXT,     0,               "", "", "What was asked for or done" },
    { 9, "response",          WB_TEXT,     0,               "", "", "What they answered (ESF 2613)" },
    {10, "impact",            WB_TEXT,     0,               "", "", "What came of it (ESF 2614)" },
    {11, "status",            WB_LINE,     0,               "", "", "Open, answered, closed (ESF 2651)" },
    {12, "source",            WB_REF,      REP | NDS,       "", "source", "A source that this rests on" },
    {13, "remarks",           WB_TEXT,     0,               "", "", "Anything else (ESF 2650)" },
};

static const struct wb_field consent[] = {
    { 1, "about",             WB_REF,      REQ | PRT,       "", "", "The person, statement or evidence it is for" },
    { 2, "person",            WB_REF,      NDS,             "", "person", "Who decided" },
    { 3, "purpose",           WB_CODE,     REQ,             "purpose", "", "For what use" },
    { 4, "decision",          WB_CODE,     REQ,             "decision", "", "Yes, no, or ask again each time" },
    { 5, "level",             WB_CODE,     0,               "level", "", "With name, with pseudonym, or neither" },
    { 6, "recipient",         WB_LINE,     REP,             "", "", "Only for this recipient" },
    { 7, "conditions",        WB_TEXT,     0,               "", "", "Conditions that were made" },
    { 8, "how",               WB_LINE,     0,               "", "", "Signature, recorded voice, spoken before a witness" },
    { 9, "when",              WB_DATE,     0,               "", "", "When it was decided" },
    {10, "by",                WB_LINE,     IDN,             "", "", "Who explained and asked" },
    {11, "language",          WB_LANGUAGE, 0,               "", "", "In which language it was explained" },
    {12, "wording",           WB_TEXT,     0,               "", "", "The words that were agreed to" },
    {13, "place",             WB_LINE,     0,               "", "", "Where it was given" },
    {14, "present",           WB_LINE,     REP | IDN,       "", "", "Who else was there, interpreter or guardian" },
    {15, "expiry",            WB_DATE,     0,               "", "", "Last day it holds" },
    {16, "withdrawn",         WB_DATE,     0,               "", "", "When it was withdrawn" },
    {17, "withdrawn-how",     WB_LINE,     0,               "", "", "How it was withdrawn" },
    {18, "remarks",           WB_TEXT,     0,               "", "", "Anything else" },
};

static const struct wb_field custody[] = {
    { 1, "about",             WB_REF,      REQ | PRT,       "", "", "What changed hands or was looked after" },
    { 2, "type",              WB_CODE,     REQ,             "custody-event", "", "What was done, as a PREMIS event type" },
    { 3, "when",              WB_DATE,     0,               "", "", "When it was done" },
    { 4, "when-words",        WB_LINE,     0,               "", "", "That date in the source's own words" },
    { 5, "where",             WB_LINE,     IDN,             "", "", "Where it was done" },
    { 6, "by",                WB_LINE,     REP | IDN,       "", "", "Who did it, and as what" },
    { 7, "released-by",       WB_LINE,     IDN,             "", "", "Who gave it out of their hands, and how they signed" },
    { 8, "received-by",       WB_LINE,     IDN,             "", "", "Who took it over, and how they signed" },
    { 9, "purpose",           WB_LINE,     0,               "", "", "What for, and by what authority" },
    {10, "means",             WB_LINE,     0,               "", "", "USB stick and its serial number, sealed bag, courier" },
    {11, "condition-before",  WB_LINE,     0,               "", "", "Condition and seal before" },
    {12, "condition-after",   WB_LINE,     0,               "", "", "Condition and seal after" },
    {13, "hash-verified",     WB_CODE,     0,               "hash-check", "", "Whether the hash was compared, and the outcome" },
    {14, "consent",           WB_REF,      NDS,             "", "consent", "The consent that it rests on" },
    {15, "clock",             WB_LINE,     0,               "", "", "Which clock the time is from, and its known error" },
    {16, "late",              WB_CODE,     0,               "yes-no", "", "Whether this is a reconstruction, written down later" },
    {17, "late-reason",       WB_TEXT,     0,               "", "", "Why it was written down later, and from what" },
    {18, "remarks",           WB_TEXT,     0,               "", "", "Anything else" },
};

static const struct wb_field derivative[] = {
    { 1, "parent",            WB_REF,      REQ | PRT,       "", "", "The record it was made from" },
    { 2, "parent-root",       WB_DIGEST,   0,               "", "", "Root of the revision it was made from" },
    { 3, "type",              WB_CODE,     REQ,             "derivative", "", "Translation, transcript, redaction" },
    { 4, "text",              WB_TEXT,     REP,             "", "", "Its text; a value is a paragraph" },
    { 5, "by",                WB_LINE,     REP | IDN,       "", "", "Who made it, and with what qualification" },
    { 6, "date",              WB_DATE,     0,               "", "", "When it was made" },
    { 7, "language-from",     WB_LANGUAGE, 0,               "", "", "Language that was translated or heard" },
    { 8, "language-to",       WB_LANGUAGE, 0,               "", "", "Language it is in" },
    { 9, "certificate",       WB_TEXT,     0,               "", "", "Certificate of accuracy, in its exact words" },
    {10, "certificate-date",  WB_DATE,     0,               "", "", "When that was signed" },
    {11, "tool",              WB_LINE,     0,               "", "", "Program or device used, with its version" },
    {12, "removed",           WB_LINE,     REP,             "", "", "Of a redaction: what was removed, and why" },
    {13, "approved-by",       WB_LINE,     IDN,             "", "", "Who approved it" },
    {14, "audience",          WB_LINE,     0,               "", "", "For whom it was made" },
    {15, "remarks",           WB_TEXT,     0,               "", "", "Anything else" },
};

static const struct wb_field contact[] = {
    { 1, "label",             WB_LINE,     REQ,             "", "", "What we call them" },
    { 2, "name",              WB_LINE,     REQ,             "", "", "Name on their card" },
    { 3, "recipient",         WB_LINE,     REQ,             "", "", "age public key" },
    { 4, "minisign",          WB_LINE,     REQ,             "", "", "minisign public key" },
    { 5, "log",               WB_LINE,     REQ,             "", "", "Verifier key of their log" },
    { 6, "cosigner",          WB_LINE,     REQ,             "", "", "Verifier key of their cosignatures" },
    { 7, "collect",           WB_LINE,     REQ,             "", "", "Public key that field vaults seal to" },
    { 8, "card",              WB_TEXT,     REQ,             "", "", "The whole card as it came" },
    { 9, "verified",          WB_CODE,     REQ,             "yes-no", "", "Whether the key was compared with its owner" },
    {10, "verified-how",      WB_LINE,     0,               "", "", "How it was compared" },
    {11, "verified-when",     WB_DATE,     0,               "", "", "When it was compared" },
    {12, "organisation",      WB_CODE,     0,               "organisation", "", "Of our own organisation or another" },
};

static const struct wb_field identity[] = {
    { 1, "name",              WB_LINE,     REQ,             "", "", "Name on our card" },
    { 2, "recipient",         WB_LINE,     REQ,             "", "", "age public key" },
    { 3, "minisign",          WB_LINE,     REQ,             "", "", "minisign public key" },
    { 4, "log",               WB_LINE,     REQ,             "", "", "Verifier key of our log" },
    { 5, "cosigner",          WB_LINE,     REQ,             "", "", "Verifier key of our cosignatures" },
    { 6, "collect",           WB_LINE,     REQ,             "", "", "Public key that field vaults seal to" },
};

static const struct wb_field handoff[] = {
    { 1, "bundle",            WB_LINE,     REQ,             "", "", "Id of the bundle" },
    { 2, "direction",         WB_CODE,     REQ,             "direction", "", "Sent or received" },
    { 3, "time",              WB_DATE,     REQ,             "", "", "When, by the device's clock" },
    { 4, "contact",           WB_LINE,     0,               "", "", "Sender or recipient as we call them" },
    { 5, "recipient",         WB_LINE,     REP,             "", "", "A public key it was encrypted to" },
    { 6, "purpose",           WB_CODE,     0,               "purpose", "", "For what use" },
    { 7, "level",             WB_CODE,     0,               "level", "", "How far identities went along" },
    { 8, "sha256",            WB_DIGEST,   0,               "", "", "SHA-256 of the bundle file" },
    { 9, "records",           WB_TEXT,     REP,             "", "", "Records in it: id@root, one on a line" },
    {10, "warned",            WB_LINE,     REP,             "", "", "What was warned of and overridden" },
    {11, "tag-manifest",      WB_DIGEST,   0,               "", "", "SHA-256 of tagmanifest-sha256.txt: what its receipt names" },
    {12, "withheld",          WB_LINE,     REP,             "", "", "What stayed behind: id field, or id field.N of one value" },
    {13, "file",              WB_LINE,     REP,             "", "", "Where it was written, until the file had its name" },
    {14, "received",          WB_LINE,     REP,             "", "", "A receipt that came back: recipient, time, bundle" },
};

static const struct wb_field receipt[] = {
    { 1, "bundle",            WB_LINE,     REQ,             "", "", "Id of the bundle that was taken in" },
    { 2, "tag-manifest",      WB_DIGEST,   REQ,             "", "", "SHA-256 of its tagmanifest-sha256.txt" },
    { 3, "recipient",         WB_LINE,     REQ,             "", "", "Public key that it was addressed to: age1..." },
    { 4, "time",              WB_DATE,     REQ,             "", "", "When it was taken in, by the receiver's clock" },
    { 5, "records",           WB_TEXT,     REP,             "", "", "Accepted: id@root" },
};

#define FIELDS(array) array, sizeof array / sizeof *array

static const struct wb_kind kinds[] = {
    { "incident",     1, WB_BY_HAND, "title",     FIELDS(incident),     "Something that happened" },
    { "person",       1, WB_BY_HAND, "name",      FIELDS(person),       "A person, group, unit or organisation in any role" },
    { "act",          1, WB_BY_HAND, "type",      FIELDS(act),          "One thing done to one victim in an incident" },
    { "involvement",  1, WB_BY_HAND, "degree",    FIELDS(involvement),  "One alleged perpetrator's part in an act" },
    { "statement",    1, WB_BY_HAND, "text",      FIELDS(statement),    "What a witness says" },
    { "source",       1, WB_BY_HAND, "title",     FIELDS(source),       "Where information comes from" },
    { "evidence",     1, WB_BY_HAND, "file-name", FIELDS(evidence),     "A file or object about another record" },
    { "intervention", 1, WB_BY_HAND, "type",      FIELDS(intervention), "What somebody did to help" },
    { "consent",      1, WB_BY_HAND, "purpose",   FIELDS(consent),      "How far a record may go, as its subject decided" },
    { "custody",      1, WB_BY_HAND, "type",      FIELDS(custody),      "A thing or file changed hands, or was looked after" },
    { "derivative",   1, WB_BY_HAND, "type",      FIELDS(derivative),   "A translation, transcript or redaction of another record" },
    { "contact",      1, WB_PRIVATE, "label",     FIELDS(contact),      "Somebody we exchange bundles with" },
    { "identity",     1, WB_PRIVATE, "name",      FIELDS(identity),     "Who we are to others" },
    { "handoff",      1, WB_PRIVATE, "bundle",    FIELDS(handoff),      "A bundle that was sent or received" },
    { "receipt",      1, 0,          "bundle",    FIELDS(receipt),      "Word that a bundle was taken in" },
};

/* clang-format on */

size_t
wb_kind_count(void)
{
    return sizeof kinds / sizeof *kinds;
}

const struct wb_kind *
wb_kind_at(size_t index)
{
    return index < wb_kind_count() ? &kinds[index] : NULL;
}

const struct wb_kind *
wb_kind_find(const char *name)
{
    for (size_t i = 0; i < wb_kind_count(); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const struct wb_field *
wb_field_find(const struct wb_kind *kind, const char *name)
{
    for (size_t i = 0; i < kind->count; i++)
        if (strcmp(kind->fields[i].name, name) == 0)
            return &kind->fields[i];
    return NULL;
}
