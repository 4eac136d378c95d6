/* vault/base/fold_letters.c - what letters and spellings turn into when words are
 * compared: all that is known about scripts, as data. */
#include "fold.h"

/* Lower-case letters whose fold is more than the loss of an accent, or that stand for
 * a sound. The fold is what a person types on the keyboard next to this one: Russian
 * for Tajik and Kazakh, English for Turkmen, Persian for Arabic. The skeleton is the
 * sound in Latin letters, before wb_fold_sounds; H is the sound of kh, S of sh, C of
 * ch, ' only parts. */
/* clang-format off */
const struct wb_fold_letter wb_fold_letters[WB_FOLD_LETTERS] = {
    /* Latin: ß æ ç ... Turkish ı, Azerbaijani ə */
    [0x00df] = {true, "ss", "ss"}, [0x00e6] = {true, "ae", "ae"},
    [0x00e7] = {true, "c", "ch"}, [0x00f0] = {true, "d", "d"},
    [0x00f8] = {true, "o", "o"}, [0x00fd] = {true, "y", "y"},
    [0x00fe] = {true, "th", "th"}, [0x0107] = {true, "c", "ch"},
    [0x010d] = {true, "c", "ch"}, [0x0111] = {true, "d", "d"},
    [0x011f] = {true, "g", "g"}, [0x0127] = {true, "h", "h"},
    [0x0131] = {true, "i", "i"}, [0x0138] = {true, "k", "k"},
    [0x0142] = {true, "l", "l"}, [0x014b] = {true, "n", "n"},
    [0x0153] = {true, "oe", "oe"}, [0x015b] = {true, "s", "sh"},
    [0x015f] = {true, "s", "sh"}, [0x0161] = {true, "s", "sh"},
    [0x0167] = {true, "t", "t"}, [0x017a] = {true, "z", "z"},
    [0x017c] = {true, "z", "zh"}, [0x017e] = {true, "z", "zh"},
    [0x01b6] = {true, "z", "zh"}, [0x01e7] = {true, "g", "g"},
    [0x01f0] = {true, "j", "j"}, [0x0219] = {true, "s", "sh"},
    [0x021b] = {true, "t", "ts"}, [0x0259] = {true, "e", "a"},
    [0x0263] = {true, "g", "g"},
    /* Cyrillic: Russian, Ukrainian, Tajik, Uzbek, Kazakh, Kyrgyz, Turkmen, Serbian */
    [0x0430] = {true, "а", "a"}, [0x0431] = {true, "б", "b"},
    [0x0432] = {true, "в", "v"}, [0x0433] = {true, "г", "g"},
    [0x0434] = {true, "д", "d"}, [0x0435] = {true, "е", "e"},
    [0x0436] = {true, "ж", "j"}, [0x0437] = {true, "з", "z"},
    [0x0438] = {true, "и", "i"}, [0x0439] = {true, "и", "i"},
    [0x043a] = {true, "к", "k"}, [0x043b] = {true, "л", "l"},
    [0x043c] = {true, "м", "m"}, [0x043d] = {true, "н", "n"},
    [0x043e] = {true, "о", "o"}, [0x043f] = {true, "п", "p"},
    [0x0440] = {true, "р", "r"}, [0x0441] = {true, "с", "s"},
    [0x0442] = {true, "т", "t"}, [0x0443] = {true, "у", "u"},
    [0x0444] = {true, "ф", "f"}, [0x0445] = {true, "х", "H"},
    [0x0446] = {true, "ц", "ts"}, [0x0447] = {true, "ч", "C"},
    [0x0448] = {true, "ш", "S"}, [0x0449] = {true, "щ", "S"},
    [0x044a] = {true, "ъ", "'"}, [0x044b] = {true, "ы", "i"},
    [0x044c] = {true, "ь", "'"}, [0x044d] = {true, "э", "e"},
    [0x044e] = {true, "ю", "iu"}, [0x044f] = {true, "я", "ia"},
    [0x0451] = {true, "е", "io"}, [0x0452] = {true, "д", "j"},
    [0x0453] = {true, "г", "g"}, [0x0454] = {true, "е", "ie"},
    [0x0455] = {true, "з", "dz"}, [0x0456] = {true, "и", "i"},
    [0x0457] = {true, "и", "i"}, [0x0458] = {true, "и", "i"},
    [0x0459] = {true, "л", "l"}, [0x045a] = {true, "н", "n"},
    [0x045b] = {true, "ч", "C"}, [0x045c] = {true, "к", "k"},
    [0x045e] = {true, "у", "o"}, [0x045f] = {true, "ж", "j"},
    [0x0491] = {true, "г", "g"}, [0x0493] = {true, "г", "g"},
    [0x0495] = {true, "г", "g"}, [0x0497] = {true, "ж", "j"},
    [0x0499] = {true, "з", "z"}, [0x049b] = {true, "к", "k"},
    [0x049d] = {true, "к", "g"}, [0x049f] = {true, "к", "k"},
    [0x04a1] = {true, "к", "k"}, [0x04a3] = {true, "н", "n"},
    [0x04a5] = {true, "н", "n"}, [0x04ab] = {true, "с", "s"},
    [0x04af] = {true, "у", "u"}, [0x04b1] = {true, "у", "u"},
    [0x04b3] = {true, "х", "H"}, [0x04b7] = {true, "ч", "j"},
    [0x04b9] = {true, "ч", "j"}, [0x04bb] = {true, "х", "H"},
    [0x04cf] = {true, "ӏ", "'"}, [0x04d9] = {true, "а", "a"},
    [0x04e3] = {true, "и", "i"}, [0x04e9] = {true, "о", "o"},
    [0x04ef] = {true, "у", "u"},
    /* Arabic: Arabic, Persian, Dari, Pashto, Urdu, Uyghur, Kurdish; digits */
    [0x0621] = {true, "", ""}, [0x0622] = {true, "ا", "a"}, [0x0623] = {true, "ا", "a"},
    [0x0624] = {true, "و", "u"}, [0x0625] = {true, "ا", "a"},
    [0x0626] = {true, "ی", "i"}, [0x0627] = {true, "ا", "a"},
    [0x0628] = {true, "ب", "b"}, [0x0629] = {true, "ه", "h"},
    [0x062a] = {true, "ت", "t"}, [0x062b] = {true, "ث", "s"},
    [0x062c] = {true, "ج", "j"}, [0x062d] = {true, "ح", "H"},
    [0x062e] = {true, "خ", "H"}, [0x062f] = {true, "د", "d"},
    [0x0630] = {true, "ذ", "z"}, [0x0631] = {true, "ر", "r"},
    [0x0632] = {true, "ز", "z"}, [0x0633] = {true, "س", "s"},
    [0x0634] = {true, "ش", "S"}, [0x0635] = {true, "ص", "s"},
    [0x0636] = {true, "ض", "z"}, [0x0637] = {true, "ط", "t"},
    [0x0638] = {true, "ظ", "z"}, [0x0639] = {true, "ع", ""},
    [0x063a] = {true, "غ", "g"}, [0x0640] = {true, "", ""}, [0x0641] = {true, "ف", "f"},
    [0x0642] = {true, "ق", "k"}, [0x0643] = {true, "ک", "k"},
    [0x0644] = {true, "ل", "l"}, [0x0645] = {true, "م", "m"},
    [0x0646] = {true, "ن", "n"}, [0x0647] = {true, "ه", "H"},
    [0x0648] = {true, "و", "u"}, [0x0649] = {true, "ی", "i"},
    [0x064a] = {true, "ی", "i"}, [0x0660] = {true, "0", "0"},
    [0x0661] = {true, "1", "1"}, [0x0662] = {true, "2", "2"},
    [0x0663] = {true, "3", "3"}, [0x0664] = {true, "4", "4"},
    [0x0665] = {true, "5", "5"}, [0x0666] = {true, "6", "6"},
    [0x0667] = {true, "7", "7"}, [0x0668] = {true, "8", "8"},
    [0x0669] = {true, "9", "9"}, [0x0671] = {true, "ا", "a"},
    [0x0679] = {true, "ت", "t"}, [0x067c] = {true, "ت", "t"},
    [0x067e] = {true, "پ", "p"}, [0x0681] = {true, "ځ", "z"},
    [0x0685] = {true, "څ", "ts"}, [0x0686] = {true, "چ", "C"},
    [0x0688] = {true, "د", "d"}, [0x0689] = {true, "د", "d"},
    [0x0691] = {true, "ر", "r"}, [0x0693] = {true, "ر", "r"},
    [0x0695] = {true, "ر", "r"}, [0x0698] = {true, "ژ", "j"},
    [0x069a] = {true, "ښ", "S"}, [0x06a4] = {true, "ڤ", "v"},
    [0x06a9] = {true, "ک", "k"}, [0x06aa] = {true, "ک", "k"},
    [0x06ab] = {true, "گ", "g"}, [0x06ad] = {true, "ڭ", "n"},
    [0x06af] = {true, "گ", "g"}, [0x06b5] = {true, "ل", "l"},
    [0x06ba] = {true, "ن", "n"}, [0x06bc] = {true, "ن", "n"},
    [0x06be] = {true, "ه", "H"}, [0x06c0] = {true, "ه", "H"},
    [0x06c1] = {true, "ه", "H"}, [0x06c2] = {true, "ه", "H"},
    [0x06c3] = {true, "ه", "H"}, [0x06c6] = {true, "و", "u"},
    [0x06c7] = {true, "و", "u"}, [0x06c8] = {true, "و", "u"},
    [0x06cb] = {true, "و", "v"}, [0x06cc] = {true, "ی", "i"},
    [0x06cd] = {true, "ی", "i"}, [0x06ce] = {true, "ی", "i"},
    [0x06d0] = {true, "ی", "i"}, [0x06d2] = {true, "ی", "i"},
    [0x06d3] = {true, "ی", "i"}, [0x06d5] = {true, "ه", "e"},
    [0x06f0] = {true, "0", "0"}, [0x06f1] = {true, "1", "1"},
    [0x06f2] = {true, "2", "2"}, [0x06f3] = {true, "3", "3"},
    [0x06f4] = {true, "4", "4"}, [0x06f5] = {true, "5", "5"},
    [0x06f6] = {true, "6", "6"}, [0x06f7] = {true, "7", "7"},
    [0x06f8] = {true, "8", "8"}, [0x06f9] = {true, "9", "9"},
};
/* clang-format on */

/* Under their first letter, longer ones first. Letters here are those of skeletons:
 * Latin, and H S C '. */
#define SPELLINGS(...)                                                                 \
    (const struct wb_fold_sound[])                                                     \
    {                                                                                  \
        __VA_ARGS__,                                                                   \
        {                                                                              \
            NULL, NULL                                                                 \
        }                                                                              \
    }
/* clang-format off */
const struct wb_fold_sound *const wb_fold_sounds[128] = {
    ['s'] = SPELLINGS({"shch", "S"}, {"sch", "S"}, {"sh", "S"}),
    ['c'] = SPELLINGS({"ch", "C"}, {"ck", "k"}, {"ce", "ce"}, {"ci", "ci"}, {"cy", "ci"},
                      {"c", "k"}), /* Cemal is not Kemal */
    ['d'] = SPELLINGS({"dzh", "j"}, {"dj", "j"}),
    ['z'] = SPELLINGS({"zh", "j"}),
    ['k'] = SPELLINGS({"kh", "H"}, {"kH", "H"}, {"ks", "H"}),
    ['x'] = SPELLINGS({"x", "H"}),
    ['h'] = SPELLINGS({"h", "H"}), /* Xoja, Aleksandr */
    ['g'] = SPELLINGS({"gh", "g"}),
    ['p'] = SPELLINGS({"ph", "f"}),
    ['q'] = SPELLINGS({"q", "k"}),
    ['w'] = SPELLINGS({"w", "v"}),
    ['y'] = SPELLINGS({"y", "i"}),
    ['o'] = SPELLINGS({"ou", "u"}),
    ['C'] = SPELLINGS({"Cio", "Ce"}),
    ['S'] = SPELLINGS({"Sio", "Se"}),
    ['j'] = SPELLINGS({"jio", "je"}), /* Gorbachev */
    ['\''] = SPELLINGS({"'e", "ie"}, {"'", ""}),
};
/* clang-format on */
