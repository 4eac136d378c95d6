/* vault/record/kinds.c - every kind and field there is, as one table of data. */
#include <string.h>

#include "record.h"

/* How to change it: a released list of fields is frozen; a new field makes a new schema
 * version of its kind, numbers are never used twice, and rows ascend by number from 1
 * (0 is the origin, which every record has). ESF: HURIDOCS Events Standard Formats.
 * Labels are what a documenter reads at a prompt, help is what `?` adds. */

/* clang-format off */

#define REQ WB_REQUIRED
#define REP WB_REPEATS
#define IDN WB_IDENTIFIES
#define PRT WB_PART_OF
#define NDS WB_NEEDS
#define SUB WB_SUBJECT
#define OUR WB_OURS
#define KEPT WB_KEPT
#define CNF WB_CONFIRMED
#define LNK WB_LINKS

/* number, name, value kind, flags, list, target, label, ESF number, help */

static const struct wb_field incident[] = {
    { 1, "title",             WB_LINE,    REQ,             "",           "",         "What happened",              "0102", "In a few words, as it would stand in a list" },
    { 2, "description",       WB_TEXT,    0,               "",           "",         "Description",                "0115", "The event as it is known so far" },
    { 3, "date",              WB_DATE,    0,               "",           "",         "Date or first day",          "0113", "As exact as it is known, and no more: 2021, 2021-03, 2021-03~" },
    { 4, "date-end",          WB_DATE,    0,               "",           "",         "Last day",                   "0114", "Only where it went on for more than a day" },
    { 5, "date-words",        WB_LINE,    0,               "",           "",         "Date in the source's words", "",     "Last month, after the harvest, on a Monday" },
    { 6, "place",             WB_LINE,    0,               "",           "",         "Country, region or town",    "0111", "What may be known of it to everybody (0112 local area)" },
    { 7, "place-exact",       WB_LINE,    IDN,             "",           "",         "Exact place",                "0173", "His home, a street, a cell" },
    { 8, "place-coordinates", WB_PLACE,   IDN,             "",           "",         "Point on the map",           "",     "Latitude, longitude and how far off it may be, in metres" },
    { 9, "place-type",        WB_TERM,    0,               "mt17",       "",         "Type of place, number",      "",     "As in HURIDOCS micro-thesaurus 17" },
    {10, "status",            WB_CODE,    0,               "certainty",  "",         "How certain it is",          "0151", "Whether it was a violation" },
    {11, "official-position", WB_TEXT,    0,               "",           "",         "What the authorities say",   "",     "What they state, deny or do not confirm" },
    {12, "rights",            WB_LINE,    REP,             "",           "",         "Right affected",             "0153", "Liberty and security of person, freedom from torture" },
    {13, "rights-code",       WB_TERM,    REP,             "mt03",       "",         "Right affected, number",     "0153", "As in HURIDOCS micro-thesaurus 3" },
    {14, "terms",             WB_LINE,    REP,             "",           "",         "Index term",                 "0155", "A word that your own organisation sorts by" },
    {15, "terms-code",        WB_TERM,    REP,             "mt01",       "",         "Index term, number",         "0154", "As in HURIDOCS micro-thesaurus 1" },
    {16, "victims",           WB_COUNT,   0,               "",           "",         "Number of victims",          "",     "3, or 3..5 where it is not sure, or 40.. for at least" },
    {17, "impact",            WB_TEXT,    0,               "",           "",         "What followed for others",   "0116", "Fear, flight, protest, a change of law" },
    {18, "risk",              WB_TEXT,    0,               "",           "",         "What is feared next",        "",     "And by whom" },
    {19, "related-incident",  WB_REF,     REP,             "",           "incident", "Related incident",           "2203", "Another one of the same pattern or chain" },
    {20, "related-how",       WB_TEXT,    0,               "",           "",         "How they are related",       "",     "In words; a relation of its own says more" },
    {21, "project",           WB_LINE,    0,               "",           "",         "Project or case",            "0163", "What this work belongs to" },
    {22, "monitoring",        WB_CODE,    0,               "monitoring", "",         "Work on it",                 "0172", "Whether it goes on" },
    {23, "received",          WB_DATE,    0,               "",           "",         "When we learned of it",      "0160", "As exact as it is known" },
    {24, "language",          WB_LANGUAGE, 0,               "",           "",         "Language of this record",    "",     "In which the description is written" },
    {25, "source",            WB_REF,     REP | NDS,       "",           "source",   "Source",                     "",     "What this rests on" },
    {26, "remarks",           WB_TEXT,    0,               "",           "",         "Anything else",              "0150", "What no other field takes" },
};

static const struct wb_field person[] = {
    { 1, "name",            WB_LINE,    IDN,             "",              "",       "Name",                     "0903", "As it is usually written" },
    { 2, "other-names",     WB_LINE,    REP | IDN,       "",              "",       "Other name or spelling",   "0904", "In another script, short, of birth, in the family" },
    { 3, "pseudonym",       WB_LINE,    0,               "",              "",       "Pseudonym",                "",     "What to say where the name is withheld: Witness 3" },
    { 4, "counting-unit",   WB_CODE,    0,               "counting-unit", "",       "One or many",              "0902", "Individual, family, unit, organisation" },
    { 5, "public",          WB_CODE,    0,               "yes-no",        "",       "Known in public",          "",     "Named in public before in this role: an official, a spokesman, a body" },
    { 6, "description",     WB_TEXT,    IDN,             "",              "",       "Who this is",              "0926", "Also what the person looks like (0930 of a group)" },
    { 7, "birth",           WB_DATE,    IDN,             "",              "",       "Date of birth",            "0911", "1984, or 1980/1985 where only that is known" },
    { 8, "birth-place",     WB_LINE,    IDN,             "",              "",       "Place of birth",           "0912", "Town or village, and country" },
    { 9, "age",             WB_COUNT,   0,               "",              "",       "Age, or between which",    "",     "When this was written: 34, or 30..40" },
    {10, "sex",             WB_LINE,    0,               "",              "",       "Sex or gender",            "0915", "As the person describes it" },
    {11, "nationality",     WB_LINE,    REP,             "",              "",       "Citizenship",              "0941", "One for each passport; or stateless" },
    {12, "ethnicity",       WB_LINE,    REP | IDN,       "",              "",       "Ethnic background",        "0942", "Only where it matters" },
    {13, "religion",        WB_LINE,    IDN,             "",              "",       "Religion",                 "0940", "Only where it matters" },
    {14, "language",        WB_LANGUAGE, REP,             "",              "",       "Language spoken",          "0945", "A tag: tk, ru, tg-Cyrl" },
    {15, "residence",       WB_LINE,    IDN,             "",              "",       "Where the person lives",   "0910", "Or lived; the address only where it is needed" },
    {16, "occupation",      WB_LINE,    REP | IDN,       "",              "",       "Occupation",               "0922", "Lawyer, researcher, bricklayer" },
    {17, "occupation-code", WB_TERM,    REP | IDN,       "mt10",          "",       "Occupation, number",       "0922", "As in HURIDOCS micro-thesaurus 10" },
    {18, "affiliation",     WB_LINE,    REP | IDN,       "",              "",       "Belongs to",               "2323", "Organisation, service, unit" },
    {19, "documents",       WB_LINE,    REP | IDN,       "",              "",       "Identity document",        "0917", "Which, its number, and whether it was seen" },
    {20, "contact",         WB_TEXT,    IDN,             "",              "",       "How to reach the person",  "",     "Telephone, address, through whom" },
    {21, "safe-contact",    WB_TEXT,    IDN | KEPT,      "",              "",       "How to reach them safely", "",     "Who may call, when, and what must not be said" },
    {22, "needs",           WB_TEXT,    IDN,             "",              "",       "Special needs",            "",     "An interpreter, a doctor, breaks, someone they trust" },
    {23, "minor",           WB_CODE,    0,               "yes-no",        "",       "Under age",                "",     "At the time this was written" },
    {24, "guardian",        WB_REF,     NDS,             "",              "person", "Guardian",                 "",     "Who decides for somebody under age or unable to" },
    {25, "deceased",        WB_CODE,    0,               "yes-no",        "",       "No longer alive",          "0927", "As far as it is known" },
    {26, "deceased-date",   WB_DATE,    IDN,             "",              "",       "Date of death",            "0928", "As exact as it is known" },
    {27, "group-size",      WB_COUNT,   0,               "",              "",       "People in the group",      "0931", "40, or 30..50, or 40.. for at least" },
    {28, "status",          WB_LINE,    0,               "",              "",       "Last known",               "",     "Missing, in prison, released" },
    {29, "status-date",     WB_DATE,    0,               "",              "",       "When that was known",      "",     "As exact as it is known" },
    {30, "reliability",     WB_CODE,    0,               "reliability",   "",       "As a source",              "0953", "How reliable the person is" },
    {31, "source",          WB_REF,     REP | NDS,       "",              "source", "Source",                   "",     "What this rests on" },
    {32, "remarks",         WB_TEXT,    IDN,             "",              "",       "Anything else",            "0950", "What no other field takes" },
};

static const struct wb_field act[] = {
    { 1, "incident",             WB_REF,     REQ | PRT,       "",              "incident", "Incident",                    "2103", "Which it is part of" },
    { 2, "victim",               WB_REF,     NDS,             "",              "person",   "Victim",                      "2102", "To whom it was done" },
    { 3, "type",                 WB_LINE,    REQ,             "",              "",         "What was done",               "2109", "Abduction, unlawful transfer, sentencing" },
    { 4, "type-code",            WB_TERM,    0,               "mt04",          "",         "What was done, number",       "2109", "As in HURIDOCS micro-thesaurus 4" },
    { 5, "date",                 WB_DATE,    0,               "",              "",         "Date or first day",           "2111", "As exact as it is known, and no more" },
    { 6, "date-end",             WB_DATE,    0,               "",              "",         "Last day",                    "2121", "Only where it went on for more than a day" },
    { 7, "date-words",           WB_LINE,    0,               "",              "",         "Date in the source's words",  "",     "Two weeks later, at dawn" },
    { 8, "place",                WB_LINE,    0,               "",              "",         "Where it was done or began",  "",     "Country, region or town" },
    { 9, "place-exact",          WB_LINE,    IDN,             "",              "",         "Exact place",                 "2112", "His home, a street, a cell" },
    {10, "place-coordinates",    WB_PLACE,   IDN,             "",              "",         "Point on the map",            "",     "Latitude, longitude and how far off it may be, in metres" },
    {11, "place-type",           WB_TERM,    0,               "mt17",          "",         "Type of place, number",       "2153", "As in HURIDOCS micro-thesaurus 17" },
    {12, "place-end",            WB_LINE,    0,               "",              "",         "Where it ended",              "2122", "Where the victim was taken to or let go" },
    {13, "method",               WB_LINE,    REP,             "",              "",         "How it was done",             "2114", "Beating, deception, a false charge" },
    {14, "method-code",          WB_TERM,    REP,             "mt05",          "",         "How, number",                 "2114", "As in HURIDOCS micro-thesaurus 5" },
    {15, "description",          WB_TEXT,    0,               "",              "",         "Description",                 "",     "The act as it is known so far" },
    {16, "stated-reason",        WB_TEXT,    0,               "",              "",         "Reason that was given",       "2113", "By those who did it" },
    {17, "attribution",          WB_CODE,    REP,             "attribution",   "",         "Who owned up to it",          "2115", "What officials or others declared of it" },
    {18, "official-position",    WB_TEXT,    0,               "",              "",         "What the authorities say",    "",     "In their words" },
    {19, "consequences-body",    WB_TEXT,    0,               "",              "",         "What it did to the body",     "2116", "Wounds, illness, what healed and what did not" },
    {20, "consequences-mind",    WB_TEXT,    0,               "",              "",         "What it did to the mind",     "2117", "As the person tells it" },
    {21, "age",                  WB_COUNT,   0,               "",              "",         "Age of the victim then",      "2118", "34, or 30..40" },
    {22, "characteristics",      WB_TERM,    REP,             "mt23",          "",         "About the victim, number",    "2152", "As in HURIDOCS micro-thesaurus 23: for what they were chosen" },
    {23, "status-end",           WB_LINE,    0,               "",              "",         "The victim at the end",       "",     "Released, imprisoned, missing" },
    {24, "status-end-code",      WB_CODE,    0,               "victim-status", "",         "Status at the end",           "2123", "As a word of the list, beside your own words" },
    {25, "national-law",         WB_LINE,    REP,             "",              "",         "National law",                "2154", "Law and article that were invoked or broken" },
    {26, "instruments",          WB_LINE,    REP,             "",              "",         "International instrument",    "2155", "Treaty and article that was broken" },
    {27, "detention-type",       WB_LINE,    0,               "",              "",         "Type of detention",           "3112", "Arrest, prison, house arrest, secret place" },
    {28, "detention-conditions", WB_TEXT,    0,               "",              "",         "Conditions of detention",     "3113", "Cell, food, light, doctor, others held there" },
    {29, "detention-contact",    WB_TERM,    REP,             "mt30",          "",         "Contact outside, number",     "3114", "As in HURIDOCS micro-thesaurus 30" },
    {30, "counsel",              WB_TEXT,    0,               "",              "",         "Lawyer",                      "3115", "Whether there was one, since when, freely chosen or not" },
    {31, "court",                WB_LINE,    0,               "",              "",         "Court",                       "3116", "Its name and what kind it is" },
    {32, "court-district",       WB_LINE,    0,               "",              "",         "District of the court",       "3120", "As it is called there" },
    {33, "court-language",       WB_LINE,    0,               "",              "",         "Language of the trial",       "3117", "And whether the accused understood it" },
    {34, "case-code",            WB_LINE,    IDN,             "",              "",         "Number of the case",          "3118", "As the court has it" },
    {35, "case-name",            WB_LINE,    IDN,             "",              "",         "Name of the case",            "3119", "As the court has it" },
    {36, "case-description",     WB_TEXT,    0,               "",              "",         "Charge and judgment",         "3110", "What was charged, decided, and the sentence" },
    {37, "autopsy",              WB_LINE,    0,               "",              "",         "Autopsy",                     "3212", "Whether there was one, by whom, what it says" },
    {38, "death-certificate",    WB_LINE,    0,               "",              "",         "Death certificate",           "3213", "Whether there is one, and what it says" },
    {39, "signed-statement",     WB_TERM,    REP,             "mt36",          "",         "Made to sign, number",        "3311", "As in HURIDOCS micro-thesaurus 36" },
    {40, "medical-attention",    WB_TERM,    REP,             "mt37",          "",         "Medical attention, number",   "3312", "As in HURIDOCS micro-thesaurus 37" },
    {41, "intent",               WB_TERM,    REP,             "mt38",          "",         "Intent, number",              "3351", "As in HURIDOCS micro-thesaurus 38" },
    {42, "property-loss",        WB_TEXT,    0,               "",              "",         "Property taken or destroyed", "3410", "What it was" },
    {43, "property-value",       WB_LINE,    0,               "",              "",         "Its value",                   "3411", "With the currency, and who put it so" },
    {44, "compensation",         WB_LINE,    0,               "",              "",         "Compensation",                "3412", "Asked for, offered, paid" },
    {45, "status",               WB_CODE,    0,               "certainty",     "",         "How certain it is",           "",     "That it was done, to this victim" },
    {46, "language",             WB_LANGUAGE, 0,               "",              "",         "Language of this record",     "",     "In which the description is written" },
    {47, "source",               WB_REF,     REP | NDS,       "",              "source",   "Source",                      "",     "What this rests on" },
    {48, "remarks",              WB_TEXT,    0,               "",              "",         "Anything else",               "2150", "What no other field takes" },
};

static const struct wb_field involvement[] = {
    { 1, "act",               WB_REF,     REQ | PRT,       "",                   "act",    "Act",                        "2404", "Which it is a part in" },
    { 2, "perpetrator",       WB_REF,     NDS,             "",                   "person", "Alleged perpetrator",        "2402", "A person, a unit, a service; or unknown" },
    { 3, "degree",            WB_LINE,    0,               "",                   "",       "Part taken in it",           "",     "In words: carried out, assisted" },
    { 4, "degree-code",       WB_CODE,    0,               "involvement",        "",       "Degree of involvement",      "2409", "As a word of the list, beside your own words" },
    { 5, "type",              WB_LINE,    REP,             "",                   "",       "What kind of perpetrator",   "",     "Security service, police, unknown armed men" },
    { 6, "type-code",         WB_CODE,    REP,             "perpetrator-type",   "",       "Type of perpetrator",        "2412", "As a word of the list, beside your own words" },
    { 7, "unit",              WB_LINE,    0,               "",                   "",       "Unit or position",           "2327", "Department, post, command" },
    { 8, "rank",              WB_LINE,    0,               "",                   "",       "Rank",                       "2328", "As it was worn or said" },
    { 9, "uniform",           WB_LINE,    0,               "",                   "",       "Clothes and marks",          "",     "Uniform, badge, mask, plain clothes" },
    {10, "vehicle",           WB_LINE,    REP,             "",                   "",       "Vehicle",                    "",     "Make, colour, number plate or its absence" },
    {11, "identified-how",    WB_TEXT,    0,               "",                   "",       "How it is known who it was", "",     "Voice, name called, document, seen before" },
    {12, "description",       WB_TEXT,    0,               "",                   "",       "Alleged part",               "",     "What they are alleged to have done" },
    {13, "status",            WB_CODE,    0,               "certainty",          "",       "How certain it is",          "",     "That it was they" },
    {14, "official-position", WB_TEXT,    0,               "",                   "",       "What they say of it",        "",     "They themselves or the authorities" },
    {15, "status-end",        WB_LINE,    0,               "",                   "",       "Last known of them",         "",     "Charged, promoted, still in office" },
    {16, "status-end-code",   WB_CODE,    0,               "perpetrator-status", "",       "Latest status",              "2422", "As a word of the list, beside your own words" },
    {17, "source",            WB_REF,     REP | NDS,       "",                   "source", "Source",                     "",     "What this rests on" },
    {18, "remarks",           WB_TEXT,    0,               "",                   "",       "Anything else",              "2450", "What no other field takes" },
};

static const struct wb_field statement[] = {
    { 1, "incident",             WB_REF,     PRT,             "",               "incident",  "Incident",                   "",     "Which it is about" },
    { 2, "witness",              WB_REF,     NDS | SUB | CNF, "",               "person",    "Witness",                    "",     "Who says it" },
    { 3, "text",                 WB_TEXT,    REQ | REP | CNF, "",               "",          "The account",                "",     "In the witness's own words; a value is a paragraph" },
    { 4, "language",             WB_LANGUAGE, 0,               "",               "",          "Language it is written in",  "",     "A tag: ru, tg, tg-Cyrl" },
    { 5, "date",                 WB_DATE,    0,               "",               "",          "Day it was given",           "",     "As exact as it is known" },
    { 6, "date-words",           WB_LINE,    0,               "",               "",          "Day in the source's words",  "",     "Last month, on a Monday" },
    { 7, "time-start",           WB_LINE,    0,               "",               "",          "Begun at",                   "",     "Time of day, and of which zone" },
    { 8, "time-end",             WB_LINE,    0,               "",               "",          "Ended at",                   "",     "Time of day" },
    { 9, "breaks",               WB_LINE,    REP,             "",               "",          "Break",                      "",     "From when to when, and why" },
    {10, "place",                WB_LINE,    IDN,             "",               "",          "Where it was given",         "",     "Town and kind of place, as far as that is safe" },
    {11, "type",                 WB_CODE,    0,               "statement-type", "",          "Type",                       "",     "First account, full, supplementary, correction" },
    {12, "number",               WB_LINE,    0,               "",               "",          "Statement number",           "",     "As your organisation numbers them" },
    {13, "supplements",          WB_REF,     NDS,             "",               "statement", "Earlier statement",          "",     "Which this one adds to or corrects" },
    {14, "spoken-language",      WB_LANGUAGE, 0,               "",               "",          "Language spoken",            "",     "In which it was given" },
    {15, "basis",                WB_CODE,    REP,             "basis",          "",          "How the witness knows",      "",     "Saw, heard, lived, was told, read" },
    {16, "connection",           WB_CODE,    0,               "connection",     "",          "Connection",                 "2509", "Of the witness to the events" },
    {17, "channel",              WB_LINE,    0,               "",               "",          "Way it was given",           "",     "In person, telephone, video, Telegram message" },
    {18, "how-taken",            WB_LINE,    0,               "",               "",          "How it was taken",           "",     "Questions and answers or narrative; recorded or not" },
    {19, "interviewer",          WB_LINE,    REP | IDN,       "",               "",          "Taken by",                   "",     "Name and post of who asked and wrote" },
    {20, "interpreter",          WB_LINE,    REP | IDN,       "",               "",          "Interpreter",                "",     "Name and qualification" },
    {21, "undertaking",          WB_TEXT,    0,               "",               "",          "Interpreter's undertaking",  "",     "Oath or promise, in its words" },
    {22, "present",              WB_LINE,    REP | IDN,       "",               "",          "Also present",               "",     "Name and as what: counsel, guardian, support" },
    {23, "identity-check",       WB_LINE,    IDN,             "",               "",          "How identity was checked",   "",     "Which document was seen, or who knows them" },
    {24, "explained",            WB_TEXT,    0,               "",               "",          "What was explained before",  "",     "Who we are, purpose, free will, uses, risks, limits" },
    {25, "read-back",            WB_CODE,    0,               "read-back",      "",          "Read back",                  "",     "To the witness, or read by the witness" },
    {26, "read-back-how",        WB_LINE,    IDN,             "",               "",          "Read back how",              "",     "In which language, and by whom" },
    {27, "corrections",          WB_TEXT,    0,               "",               "",          "Corrections made then",      "",     "What the witness changed, or that nothing was" },
    {28, "declaration",          WB_TEXT,    CNF,             "",               "",          "Declaration of truth",       "",     "In its exact words" },
    {29, "declaration-language", WB_LANGUAGE, 0,               "",               "",          "Language of that",           "",     "In which the witness signed it" },
    {30, "signed",               WB_CODE,    0,               "signature",      "",          "Signed by the witness",      "",     "How, or that it was not" },
    {31, "signed-date",          WB_DATE,    0,               "",               "",          "When it was signed",         "",     "As exact as it is known" },
    {32, "signed-others",        WB_LINE,    REP | IDN,       "",               "",          "Others who signed",          "",     "Who, as what, and how" },
    {33, "not-signed",           WB_TEXT,    0,               "",               "",          "Why a signature is missing", "",     "Whose, and the reason that was given" },
    {34, "exhibit",              WB_REF,     REP | NDS,       "",               "evidence",  "Exhibit",                    "",     "What the witness drew, showed or pointed at" },
    {35, "earlier-accounts",     WB_TEXT,    0,               "",               "",          "Earlier accounts",           "",     "To whom, when; why another one was needed" },
    {36, "willing",              WB_CODE,    REP,             "willing",        "",          "Willing",                    "",     "What the witness agreed to be asked for later" },
    {37, "protection",           WB_TEXT,    IDN,             "",               "",          "Concerns for safety",        "",     "Of the witness and others, and what was done" },
    {38, "referral",             WB_TEXT,    0,               "",               "",          "Help that was offered",      "",     "Medical, legal, shelter; whether it was taken" },
    {39, "observations",         WB_TEXT,    IDN,             "",               "",          "Interviewer's observations", "",     "Apart from the witness's words" },
    {40, "reliability",          WB_CODE,    0,               "reliability",    "",          "Reliability",                "2553", "Of what is said" },
    {41, "source-reliability",   WB_CODE,    0,               "reliability",    "",          "Reliability of the witness", "0953", "As a source" },
    {42, "assessed",             WB_LINE,    IDN,             "",               "",          "Assessed by",                "",     "Who judged the reliability, and when" },
    {43, "source",               WB_REF,     REP | NDS,       "",               "source",    "Source",                     "",     "The publication or document it was taken from" },
    {44, "remarks",              WB_TEXT,    0,               "",               "",          "Anything else",              "",     "What no other field takes" },
};

static const struct wb_field source[] = {
    { 1, "title",              WB_LINE,    REQ,             "",            "",         "What it is",                "",     "In a few words" },
    { 2, "date",               WB_DATE,    0,               "",            "",         "Date of the material",      "2511", "As exact as it is known" },
    { 3, "language",           WB_LANGUAGE, 0,               "",            "",         "Language of the material",  "2510", "A tag: en, ru, tk" },
    { 4, "incident",           WB_REF,     REP | PRT,       "",            "incident", "Incident",                  "2503", "Which it tells of" },
    { 5, "type",               WB_CODE,    0,               "material",    "",         "Type of material",          "2512", "News, interview, letter, court record" },
    { 6, "date-words",         WB_LINE,    0,               "",            "",         "Date in its own words",     "",     "On a Monday" },
    { 7, "person",             WB_REF,     REP | NDS,       "",            "person",   "Comes from",                "2502", "The person or organisation" },
    { 8, "related-person",     WB_REF,     REP | NDS,       "",            "person",   "About whom",                "2504", "A person it tells of" },
    { 9, "publisher",          WB_LINE,    0,               "",            "",         "Publisher",                 "",     "Agency, newspaper, organisation" },
    {10, "author",             WB_LINE,    REP | IDN,       "",            "",         "Author",                    "",     "As named in it" },
    {11, "address",            WB_LINE,    0,               "",            "",         "Where it can be found",     "",     "Web address, shelf mark, channel" },
    {12, "connection",         WB_CODE,    0,               "connection",  "",         "Connection",                "2509", "Of the source to the events" },
    {13, "based-on",           WB_REF,     REP | NDS,       "",            "source",   "Had it from",               "",     "The source that this one rests on" },
    {14, "received",           WB_DATE,    0,               "",            "",         "When we received it",       "2560", "As exact as it is known" },
    {15, "received-how",       WB_LINE,    IDN,             "",            "",         "How we received it",        "",     "And from whom" },
    {16, "reliability",        WB_CODE,    0,               "reliability", "",         "Reliability",               "2553", "Of the information" },
    {17, "source-reliability", WB_CODE,    0,               "reliability", "",         "Reliability of the source", "0953", "Apart from what it says here" },
    {18, "assessed",           WB_LINE,    IDN,             "",            "",         "Assessed by",               "",     "Who judged that, when, from what" },
    {19, "description",        WB_TEXT,    0,               "",            "",         "What it says",              "",     "In your own words" },
    {20, "remarks",            WB_TEXT,    0,               "",            "",         "Anything else",             "2550", "What no other field takes" },
};

static const struct wb_field evidence[] = {
    { 1, "about",             WB_REF,     REQ | PRT,       "",            "",         "About",                      "",     "The record it belongs to" },
    { 2, "file-name",         WB_LINE,    OUR,             "",            "",         "File name",                  "",     "As received" },
    { 3, "sha256",            WB_DIGEST,  OUR,             "",            "",         "SHA-256",                    "",     "Of the file's bytes" },
    { 4, "size",              WB_NUMBER,  OUR,             "",            "",         "Size",                       "",     "Of the file, in bytes" },
    { 5, "media-type",        WB_LINE,    0,               "",            "",         "Media type",                 "",     "image/jpeg, video/mp4" },
    { 6, "description",       WB_TEXT,    0,               "",            "",         "What it is",                 "",     "And what it shows" },
    { 7, "exhibit",           WB_LINE,    0,               "",            "",         "Exhibit number",             "",     "As your organisation or a court numbers them" },
    { 8, "type",              WB_CODE,    0,               "material",    "",         "Type of material",           "2512", "Photograph, letter, object" },
    { 9, "original",          WB_CODE,    0,               "original",    "",         "Original or copy",           "",     "Or a working version" },
    {10, "parent",            WB_REF,     NDS,             "",            "evidence", "Made from",                  "",     "The item that this copy or version was made from" },
    {11, "operation",         WB_LINE,    0,               "",            "",         "What was done to make it",   "",     "Cropped, converted, with which program" },
    {12, "date",              WB_DATE,    0,               "",            "",         "When it was made",           "",     "As exact as it is known" },
    {13, "date-words",        WB_LINE,    0,               "",            "",         "Date in the source's words", "",     "The week after the flood" },
    {14, "place",             WB_LINE,    0,               "",            "",         "Where it was made",          "",     "Country, region or town" },
    {15, "place-coordinates", WB_PLACE,   IDN,             "",            "",         "Point on the map",           "",     "Latitude, longitude and how far off it may be, in metres" },
    {16, "language",          WB_LANGUAGE, REP,             "",            "",         "Language in it",             "",     "A tag" },
    {17, "from",              WB_REF,     NDS | SUB,       "",            "person",   "Given by",                   "",     "Who gave it to us" },
    {18, "shown",             WB_REF,     REP | NDS | SUB, "",            "person",   "Shown or heard",             "",     "A person who can be recognised in it" },
    {19, "obtained",          WB_DATE,    0,               "",            "",         "When we obtained it",        "",     "As exact as it is known" },
    {20, "obtained-where",    WB_LINE,    IDN,             "",            "",         "Where we obtained it",       "",     "Found, handed over, sent" },
    {21, "obtained-how",      WB_TEXT,    IDN,             "",            "",         "How we obtained it",         "",     "From whose hands, by what way, seen by whom" },
    {22, "authority",         WB_LINE,    IDN,             "",            "",         "With whose permission",      "",     "Or by which right" },
    {23, "device",            WB_LINE,    IDN,             "",            "",         "Made with",                  "",     "Camera or telephone and its number" },
    {24, "capture-data",      WB_TEXT,    IDN,             "",            "",         "Data that came with it",     "",     "As found, not verified: time, place, device" },
    {25, "storage",           WB_LINE,    0,               "",            "",         "Where it is kept",           "",     "Room, shelf, safe" },
    {26, "container",         WB_LINE,    0,               "",            "",         "Container",                  "",     "Bag or box and its number" },
    {27, "seal",              WB_LINE,    0,               "",            "",         "Seal",                       "",     "Number and state" },
    {28, "condition",         WB_LINE,    0,               "",            "",         "Condition",                  "",     "As it came: dry, torn, locked" },
    {29, "owner",             WB_LINE,    IDN,             "",            "",         "Owner",                      "",     "And holder of the copyright" },
    {30, "return",            WB_LINE,    0,               "",            "",         "To be given back",           "",     "To whom, and by when" },
    {31, "warning",           WB_LINE,    0,               "",            "",         "Warning",                    "",     "What a viewer should know before" },
    {32, "reliability",       WB_CODE,    0,               "reliability", "",         "Reliability",                "2553", "Of what it shows" },
    {33, "source",            WB_REF,     REP | NDS,       "",            "source",   "Source",                     "",     "The publication or document it was taken from" },
    {34, "remarks",           WB_TEXT,    0,               "",            "",         "Anything else",              "",     "What no other field takes" },
};

static const struct wb_field intervention[] = {
    { 1, "incident",      WB_REF,     REP | PRT,       "",                    "incident", "Incident",                   "2603", "Which it is about" },
    { 2, "party",         WB_REF,     NDS,             "",                    "person",   "Who intervened",             "2602", "Person or organisation" },
    { 3, "victim",        WB_REF,     REP | NDS,       "",                    "person",   "For whom",                   "2604", "Each victim" },
    { 4, "type",          WB_LINE,    0,               "",                    "",         "What was done",              "",     "Appeal, legal aid, publicity, inquiry" },
    { 5, "type-code",     WB_CODE,    REP,             "intervention-type",   "",         "Type of intervention",       "2609", "As a word of the list, beside your own words" },
    { 6, "date",          WB_DATE,    0,               "",                    "",         "Date",                       "2611", "As exact as it is known" },
    { 7, "date-words",    WB_LINE,    0,               "",                    "",         "Date in the source's words", "",     "This month" },
    { 8, "place",         WB_LINE,    0,               "",                    "",         "Where",                      "2672", "Country, region or town" },
    { 9, "requested",     WB_LINE,    REP,             "",                    "",         "Who was asked to act",       "2612", "Authority, body, government" },
    {10, "description",   WB_TEXT,    0,               "",                    "",         "Description",                "",     "What was asked for or done" },
    {11, "response",      WB_TEXT,    0,               "",                    "",         "What they answered",         "",     "Or that nothing came" },
    {12, "response-code", WB_CODE,    REP,             "response",            "",         "Type of answer",             "2613", "As a word of the list, beside your own words" },
    {13, "impact",        WB_TEXT,    0,               "",                    "",         "What came of it",            "",     "In words" },
    {14, "impact-code",   WB_CODE,    0,               "impact",              "",         "Impact",                     "2614", "As a word of the list, beside your own words" },
    {15, "status",        WB_LINE,    0,               "",                    "",         "Where it stands",            "",     "Open, answered, closed" },
    {16, "status-code",   WB_CODE,    0,               "intervention-status", "",         "Status",                     "2651", "As a word of the list, beside your own words" },
    {17, "priority",      WB_CODE,    0,               "priority",            "",         "Priority",                   "2652", "How much it presses" },
    {18, "due",           WB_DATE,    0,               "",                    "",         "To be looked at again",      "",     "The day" },
    {19, "language",      WB_LANGUAGE, 0,               "",                    "",         "Language of this record",    "",     "In which the description is written" },
    {20, "source",        WB_REF,     REP | NDS,       "",                    "source",   "Source",                     "",     "What this rests on" },
    {21, "remarks",       WB_TEXT,    0,               "",                    "",         "Anything else",              "2650", "What no other field takes" },
};

static const struct wb_field relation[] = {
    { 1, "from",        WB_REF,     REQ | PRT,       "",          "",       "The one",           "2302", "A person or incident (2202 of an incident)" },
    { 2, "to",          WB_REF,     REQ | NDS,       "",          "",       "The other",         "2303", "What the first one is, to this one (2203 of an incident)" },
    { 3, "type",        WB_LINE,    0,               "",          "",       "How, in words",     "",     "Lawyer of, brother of, employed by, a consequence of" },
    { 4, "type-code",   WB_CODE,    0,               "relation",  "",       "Type of relation",  "2309", "As a word of the list (2209 of incidents)" },
    { 5, "date",        WB_DATE,    0,               "",          "",       "Since",             "2310", "As exact as it is known" },
    { 6, "date-end",    WB_DATE,    0,               "",          "",       "Until",             "2311", "As exact as it is known" },
    { 7, "position",    WB_LINE,    IDN,             "",          "",       "Position",          "2327", "In an organisation" },
    { 8, "rank",        WB_LINE,    IDN,             "",          "",       "Rank",              "2328", "In a service" },
    { 9, "employment",  WB_LINE,    IDN,             "",          "",       "Employment",        "2322", "As what" },
    {10, "education",   WB_LINE,    IDN,             "",          "",       "Education",         "2320", "What was learned there" },
    {11, "description", WB_TEXT,    IDN,             "",          "",       "Description",       "",     "What is known of it" },
    {12, "status",      WB_CODE,    0,               "certainty", "",       "How certain it is", "",     "That they are related so" },
    {13, "source",      WB_REF,     REP | NDS,       "",          "source", "Source",            "",     "What this rests on" },
    {14, "remarks",     WB_TEXT,    IDN,             "",          "",       "Anything else",     "2350", "What no other field takes" },
};

static const struct wb_field judgment[] = {
    { 1, "about",         WB_REF,     REQ | REP | PRT, "",          "",         "About",             "",     "Each of the two or more records" },
    { 2, "claim",         WB_CODE,    REQ,             "claim",     "",         "Claim",             "",     "Same person, same event, same act, or not the same" },
    { 3, "certainty",     WB_CODE,    0,               "certainty", "",         "How certain it is", "",     "In the analyst's view" },
    { 4, "reason",        WB_TEXT,    0,               "",          "",         "Reason",            "",     "What speaks for it and against it" },
    { 5, "by",            WB_LINE,    IDN,             "",          "",         "Analyst",           "",     "Who judged" },
    { 6, "date",          WB_DATE,    0,               "",          "",         "Date",              "",     "As exact as it is known" },
    { 7, "superseded-by", WB_REF,     0,               "",          "judgment", "Superseded by",     "",     "A later judgment; nothing is rewritten" },
    { 8, "remarks",       WB_TEXT,    0,               "",          "",         "Anything else",     "",     "What no other field takes" },
};

static const struct wb_field consent[] = {
    { 1, "about",           WB_REF,     REQ | PRT,       "",                 "",       "About",                "",     "The person, statement or evidence it is for" },
    { 2, "person",          WB_REF,     NDS,             "",                 "person", "Who decided",          "",     "Themselves or their guardian" },
    { 3, "purpose",         WB_CODE,    REQ,             "purpose",          "",       "Purpose",              "",     "For what use" },
    { 4, "decision",        WB_CODE,    REQ,             "decision",         "",       "Decision",             "",     "Yes, no, or ask again each time" },
    { 5, "level",           WB_CODE,    0,               "level",            "",       "How named",            "",     "With name, with pseudonym, or neither" },
    { 6, "recipient",       WB_LINE,    REP | LNK,       "",                 "",       "Only for",             "",     "Our label of them, or a key; without any: for all of the purpose" },
    { 7, "material",        WB_CODE,    REP,             "consent-material", "",       "Only this of it",      "",     "Text, picture, sound, face, voice, place" },
    { 8, "conditions",      WB_TEXT,    0,               "",                 "",       "Conditions",           "",     "That were made" },
    { 9, "embargo",         WB_DATE,    0,               "",                 "",       "Not before",           "",     "The day from which it holds" },
    {10, "expiry",          WB_DATE,    0,               "",                 "",       "Holds until",          "",     "The last day" },
    {11, "how",             WB_LINE,    0,               "",                 "",       "How it was given",     "",     "Signature, mark, recorded voice, spoken before a witness" },
    {12, "when",            WB_DATE,    0,               "",                 "",       "When it was given",    "",     "As exact as it is known" },
    {13, "place",           WB_LINE,    IDN,             "",                 "",       "Where it was given",   "",     "As far as that is safe" },
    {14, "by",              WB_LINE,    IDN,             "",                 "",       "Explained by",         "",     "Who explained and asked" },
    {15, "language",        WB_LANGUAGE, 0,               "",                 "",       "Language",             "",     "In which it was explained" },
    {16, "interpreter",     WB_LINE,    IDN,             "",                 "",       "Interpreter",          "",     "Name and qualification" },
    {17, "wording",         WB_TEXT,    0,               "",                 "",       "Words agreed to",      "",     "As they were read out" },
    {18, "wording-version", WB_LINE,    0,               "",                 "",       "Version of the form",  "",     "Its date, number or hash" },
    {19, "present",         WB_LINE,    REP | IDN,       "",                 "",       "Also present",         "",     "Name and as what" },
    {20, "capacity",        WB_TEXT,    IDN,             "",                 "",       "Who may decide",       "",     "Of age and free; or guardian, and the child's assent" },
    {21, "contactable",     WB_CODE,    0,               "yes-no",           "",       "May be contacted",     "",     "Again, about this" },
    {22, "withdrawn",       WB_DATE,    0,               "",                 "",       "Withdrawn on",         "",     "The day" },
    {23, "withdrawn-how",   WB_LINE,    0,               "",                 "",       "How it was withdrawn", "",     "By what means, by whom" },
    {24, "withdrawn-scope", WB_TEXT,    0,               "",                 "",       "What is withdrawn",    "",     "And what was done about it" },
    {25, "remarks",         WB_TEXT,    0,               "",                 "",       "Anything else",        "",     "What no other field takes" },
};

static const struct wb_field custody[] = {
    { 1, "about",            WB_REF,     REQ | PRT,       "",              "",        "About",                       "",     "What changed hands or was looked after" },
    { 2, "type",             WB_CODE,    REQ,             "custody-event", "",        "What was done",               "",     "As a PREMIS event type" },
    { 3, "when",             WB_DATE,    0,               "",              "",        "When",                        "",     "As exact as it is known" },
    { 4, "when-words",       WB_LINE,    0,               "",              "",        "When, in the source's words", "",     "Before the rain" },
    { 5, "where",            WB_LINE,    IDN,             "",              "",        "Where",                       "",     "Town, room, safe" },
    { 6, "by",               WB_LINE,    REP | IDN,       "",              "",        "By",                          "",     "Who did it, and as what" },
    { 7, "released-by",      WB_LINE,    IDN,             "",              "",        "Released by",                 "",     "Who gave it out of their hands, and how they signed" },
    { 8, "received-by",      WB_LINE,    IDN,             "",              "",        "Received by",                 "",     "Who took it over, and how they signed" },
    { 9, "purpose",          WB_LINE,    0,               "",              "",        "Purpose",                     "",     "What for, and by what authority" },
    {10, "means",            WB_LINE,    IDN,             "",              "",        "Means",                       "",     "USB stick and its serial number, sealed bag, courier" },
    {11, "condition-before", WB_LINE,    0,               "",              "",        "Condition before",            "",     "And seal" },
    {12, "condition-after",  WB_LINE,    0,               "",              "",        "Condition after",             "",     "And seal" },
    {13, "hash-verified",    WB_CODE,    0,               "hash-check",    "",        "Hash compared",               "",     "And the outcome" },
    {14, "sha256",           WB_DIGEST,  LNK,             "",              "",        "Hash found",                  "",     "SHA-256 that was computed then" },
    {15, "consent",          WB_REF,     NDS,             "",              "consent", "Consent",                     "",     "Which it rests on" },
    {16, "clock",            WB_LINE,    0,               "",              "",        "Clock",                       "",     "Which the time is from, and its known error" },
    {17, "late",             WB_CODE,    0,               "yes-no",        "",        "Written down later",          "",     "A reconstruction" },
    {18, "late-reason",      WB_TEXT,    0,               "",              "",        "Why later",                   "",     "And from what it was reconstructed" },
    {19, "remarks",          WB_TEXT,    0,               "",              "",        "Anything else",               "",     "What no other field takes" },
};

static const struct wb_field derivative[] = {
    { 1, "parent",           WB_REF,     REQ | PRT,       "",           "", "Made from",               "",     "The record" },
    { 2, "parent-root",      WB_DIGEST,  LNK,             "",           "", "Root of that revision",   "",     "The one it was made from" },
    { 3, "type",             WB_CODE,    REQ,             "derivative", "", "What it is",              "",     "Translation, transcript, redaction" },
    { 4, "text",             WB_TEXT,    REP,             "",           "", "Text",                    "",     "A value is a paragraph" },
    { 5, "by",               WB_LINE,    REP | IDN,       "",           "", "Made by",                 "",     "Name and qualification" },
    { 6, "date",             WB_DATE,    0,               "",           "", "When it was made",        "",     "As exact as it is known" },
    { 7, "language-from",    WB_LANGUAGE, 0,               "",           "", "From language",           "",     "That was translated or heard" },
    { 8, "language-to",      WB_LANGUAGE, 0,               "",           "", "Into language",           "",     "It is in" },
    { 9, "certificate",      WB_TEXT,    0,               "",           "", "Certificate of accuracy", "",     "In its exact words" },
    {10, "certificate-date", WB_DATE,    0,               "",           "", "When that was signed",    "",     "As exact as it is known" },
    {11, "tool",             WB_LINE,    0,               "",           "", "Tool",                    "",     "Program or device, with its version" },
    {12, "removed",          WB_LINE,    REP,             "",           "", "Taken out",               "",     "Of a redaction: what, and why" },
    {13, "approved-by",      WB_LINE,    IDN,             "",           "", "Approved by",             "",     "Who" },
    {14, "audience",         WB_LINE,    0,               "",           "", "For whom",                "",     "It was made" },
    {15, "remarks",          WB_TEXT,    0,               "",           "", "Anything else",           "",     "What no other field takes" },
};

static const struct wb_field note[] = {
    { 1, "about", WB_REF,     REQ,             "", "", "About",                 "",     "Any record, also one that came from elsewhere" },
    { 2, "text",  WB_TEXT,    REQ | REP,       "", "", "Note",                  "",     "For nobody but who opens this vault" },
    { 3, "due",   WB_DATE,    0,               "", "", "To be looked at again", "",     "The day" },
};

static const struct wb_field contact[] = {
    { 1, "label",         WB_LINE,    REQ,             "",             "", "What we call them", "",     "A word for the command line" },
    { 2, "name",          WB_LINE,    REQ,             "",             "", "Name",              "",     "On their card" },
    { 3, "recipient",     WB_LINE,    0,               "",             "", "age key",           "",     "age public key" },
    { 4, "minisign",      WB_LINE,    0,               "",             "", "minisign key",      "",     "minisign public key" },
    { 5, "log",           WB_LINE,    REQ,             "",             "", "Log key",           "",     "Verifier key of their log" },
    { 6, "cosigner",      WB_LINE,    0,               "",             "", "Cosigner key",      "",     "Verifier key of their cosignatures" },
    { 7, "collect",       WB_LINE,    0,               "",             "", "Collect key",       "",     "Public key that field vaults seal to" },
    { 8, "card",          WB_TEXT,    0,               "",             "", "Card",              "",     "The whole card as it came" },
    { 9, "verified",      WB_CODE,    REQ,             "yes-no",       "", "Verified",          "",     "Whether the key was compared with its owner" },
    {10, "verified-how",  WB_LINE,    0,               "",             "", "Verified how",      "",     "How it was compared" },
    {11, "verified-when", WB_DATE,    0,               "",             "", "Verified when",     "",     "When it was compared" },
    {12, "organisation",  WB_CODE,    0,               "organisation", "", "Organisation",      "",     "Of our own organisation or another" },
};

static const struct wb_field identity[] = {
    { 1, "name",      WB_LINE,    REQ,             "", "", "Name",         "",     "On our card" },
    { 2, "recipient", WB_LINE,    REQ,             "", "", "age key",      "",     "age public key" },
    { 3, "minisign",  WB_LINE,    REQ,             "", "", "minisign key", "",     "minisign public key" },
    { 4, "log",       WB_LINE,    REQ,             "", "", "Log key",      "",     "Verifier key of our log" },
    { 5, "cosigner",  WB_LINE,    REQ,             "", "", "Cosigner key", "",     "Verifier key of our cosignatures" },
    { 6, "collect",   WB_LINE,    REQ,             "", "", "Collect key",  "",     "Public key that field vaults seal to" },
};

static const struct wb_field handoff[] = {
    { 1, "bundle",       WB_LINE,    REQ,             "",          "", "Bundle",          "",     "Its id" },
    { 2, "direction",    WB_CODE,    REQ,             "direction", "", "Direction",       "",     "Sent or received" },
    { 3, "time",         WB_DATE,    REQ,             "",          "", "Time",            "",     "By the device's clock" },
    { 4, "contact",      WB_LINE,    0,               "",          "", "Contact",         "",     "Sender or recipient as we call them" },
    { 5, "recipient",    WB_LINE,    REP,             "",          "", "Recipient's key", "",     "A public key it was encrypted to" },
    { 6, "purpose",      WB_CODE,    0,               "purpose",   "", "Purpose",         "",     "For what use" },
    { 7, "level",        WB_CODE,    0,               "level",     "", "Level",           "",     "How far identities went along" },
    { 8, "sha256",       WB_DIGEST,  0,               "",          "", "SHA-256",         "",     "Of the bundle file" },
    { 9, "records",      WB_TEXT,    REP,             "",          "", "Records",         "",     "In it: id@root, one on a line" },
    {10, "warned",       WB_LINE,    REP,             "",          "", "Warned",          "",     "What was warned of and overridden" },
    {11, "tag-manifest", WB_DIGEST,  0,               "",          "", "Tag manifest",    "",     "SHA-256 of tagmanifest-sha256.txt: what its receipt names" },
    {12, "withheld",     WB_LINE,    REP,             "",          "", "Withheld",        "",     "What stayed behind: field, or field.N of one value, or id:field.N" },
    {13, "file",         WB_LINE,    REP,             "",          "", "File",            "",     "Where it was written, until the file had its name" },
    {14, "received",     WB_LINE,    REP,             "",          "", "Receipt",         "",     "That came back: recipient, time, bundle" },
    {15, "sender",       WB_LINE,    0,               "",          "", "Sender's key",    "",     "Of a received one: who signed it" },
    {16, "copies",       WB_TEXT,    REP,             "",          "", "Copies",          "",     "In the place of the records, in their order: id@root" },
};

static const struct wb_field receipt[] = {
    { 1, "bundle",       WB_LINE,    REQ,             "", "", "Bundle",          "",     "Id of the bundle that was taken in" },
    { 2, "tag-manifest", WB_DIGEST,  REQ,             "", "", "Tag manifest",    "",     "SHA-256 of its tagmanifest-sha256.txt" },
    { 3, "recipient",    WB_LINE,    REQ,             "", "", "Recipient's key", "",     "Public key that it was addressed to: age1..." },
    { 4, "time",         WB_DATE,    REQ,             "", "", "Time",            "",     "When it was taken in, by the receiver's clock" },
    { 5, "records",      WB_TEXT,    REP,             "", "", "Accepted",        "",     "Records taken in: id@root" },
};

static const struct wb_field notice[] = {
    { 1, "type",    WB_CODE,    REQ,             "notice",  "", "What happened",  "",     "Withdrawal, correction, destruction, return" },
    { 2, "records", WB_TEXT,    REQ | REP,       "",        "", "Records",        "",     "Concerned: id@root, one on a line" },
    { 3, "purpose", WB_CODE,    REP,             "purpose", "", "For which uses", "",     "Of a withdrawal; without any: for all" },
    { 4, "time",    WB_DATE,    REQ,             "",        "", "Time",           "",     "By the sender's clock" },
    { 5, "reason",  WB_TEXT,    0,               "",        "", "Reason",         "",     "As far as it may be said" },
    { 6, "asked",   WB_TEXT,    0,               "",        "", "What is asked",  "",     "Destroy, give back, replace, tell those who have it from you" },
};

#define FIELDS(array) array, sizeof array / sizeof *array

static const struct wb_kind kinds[] = {
    { "incident",     1, WB_BY_HAND,              WB_GATE_NONE,      "title",     FIELDS(incident),     "Something that happened" },
    { "person",       1, WB_BY_HAND,              WB_GATE_IDENTITY,  "name",      FIELDS(person),       "A person, group, unit or organisation in any role" },
    { "act",          1, WB_BY_HAND,              WB_GATE_NONE,      "type",      FIELDS(act),          "One thing done to one victim in an incident" },
    { "involvement",  1, WB_BY_HAND,              WB_GATE_NONE,      "degree",    FIELDS(involvement),  "One alleged perpetrator's part in an act" },
    { "statement",    1, WB_BY_HAND,              WB_GATE_CONSENT,   "text",      FIELDS(statement),    "What a witness says" },
    { "source",       1, WB_BY_HAND,              WB_GATE_NONE,      "title",     FIELDS(source),       "Where information comes from" },
    { "evidence",     1, WB_BY_HAND,              WB_GATE_CONSENT,   "file-name", FIELDS(evidence),     "A file or object about another record" },
    { "intervention", 1, WB_BY_HAND,              WB_GATE_NONE,      "type",      FIELDS(intervention), "What somebody did to help" },
    { "relation",     1, WB_BY_HAND,              WB_GATE_PARENT,    "type",      FIELDS(relation),     "How two incidents or two persons belong together" },
    { "judgment",     1, WB_BY_HAND,              WB_GATE_PARENT,    "claim",     FIELDS(judgment),     "What an analyst concludes of two or more records" },
    { "consent",      1, WB_BY_HAND,              WB_GATE_PARENT,    "purpose",   FIELDS(consent),      "How far a record may go, as its subject decided" },
    { "custody",      1, WB_BY_HAND,              WB_GATE_PARENT,    "type",      FIELDS(custody),      "A thing or file changed hands, or was looked after" },
    { "derivative",   1, WB_BY_HAND,              WB_GATE_PARENT,    "type",      FIELDS(derivative),   "A translation, transcript or redaction of another record" },
    { "note",         1, WB_BY_HAND | WB_PRIVATE, WB_GATE_NONE,      "text",      FIELDS(note),         "A private note about a record, never exported" },
    { "contact",      1, WB_PRIVATE,              WB_GATE_NONE,      "label",     FIELDS(contact),      "Somebody we exchange bundles with" },
    { "identity",     1, WB_PRIVATE,              WB_GATE_NONE,      "name",      FIELDS(identity),     "Who we are to others" },
    { "handoff",      1, WB_PRIVATE,              WB_GATE_NONE,      "bundle",    FIELDS(handoff),      "A bundle that was sent or received" },
    { "receipt",      1, 0,                       WB_GATE_NONE,      "bundle",    FIELDS(receipt),      "Word that a bundle was taken in" },
    { "notice",       1, 0,                       WB_GATE_NONE,      "type",      FIELDS(notice),       "Word to all who were given a record" },
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
