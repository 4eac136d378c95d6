/* tests/unit/test_name_scan.c - which texts have a name in them, and which only look
 * like it. */
#include "cm.h"

#include <stdio.h>
#include <string.h>

#include "query/name_scan.h"

enum { FAR, NEAR };

struct row {
    const char *name;
    int near;
    const char *text;
};

/* clang-format off */
static const struct row hits[] = {
    /* the whole name: any order, any script, within six words */
    {"Azat Isakov", FAR, "Azat Isakov was taken from his home."},
    {"Azat Isakov", FAR, "ISAKOV, AZAT; born 1984"},
    {"Azat Isakov", FAR, "The message of Azat, as friends called Isakov, came at noon."},
    {"Azat Isakov", FAR, "Азат Исаков больше не отвечал."},
    {"Азат Исаков", FAR, "a friend of azat isakov's"},
    {"Азат Исаков", FAR, "У Азата Исакова был обыск."},
    {"Azat Isakov", FAR, "Они говорили с Азатом Исаковым."},
    {"Шарофиддин Гадоев", FAR, "Sharofiddin Gadoyev returned after two weeks."},
    {"Sharofiddin Gadoev", FAR, "Шарофиддину Гадоеву разрешили вернуться."},
    {"کریم نوری", FAR, "دیروز كريم نوري را بردند"},
    {"Karim Nuri", FAR, "Карим ака Нури"},
    {"Дилором К.", FAR, "Так сказала Дилором К."},
    {"Chemen", FAR, "He wrote to Chemen."},
    {"Ли", FAR, "Потом пришёл Ли."},
    {"王小明", FAR, "昨天王小明被带走了"},
    {"Abdul Karim bin Abdul Aziz Al Nuri", FAR, "Abdul Karim bin Abdul Aziz Al Nuri said so."},
    /* one word of it, where the person is near */
    {"Azat Isakov", NEAR, "Then Isakov hid."},
    {"Azat Isakov", NEAR, "isakov_2021.jpg"},
    {"Azat Isakov", NEAR, "У Азата спросили паспорт."},
    {"Азат Исаков", NEAR, "Isakov's phone was off."},
    {"Meret Orazow", NEAR, "Orazowyň öýi"},
    {"Leyla Durdyeva", NEAR, "с Лейлой говорил следователь"},
    {"Лейла Дурдыева", NEAR, "о Дурдыевой ничего не известно"},
    {"Иззат Амон", NEAR, "Амонро бурданд"},
    {"Botir Karimov", NEAR, "Karimovning uyi"},
    {"Сергей Зуев", NEAR, "Сергею и Зуеву"},
    {"Kim", NEAR, "Kim said so."},
    {"علی رضایی", NEAR, "رضايي را دیدم"},
    /* Russian: as passports have it, the plural, names declined as adjectives */
    {"Пётр Семёнов", FAR, "Petr Semenov was taken."},
    {"Пётр Семёнов", NEAR, "Semenov was taken."},
    {"Пётр Семёнов", NEAR, "Semyonov was taken."},
    {"Пётр Семёнов", NEAR, "У Семенова был обыск."},
    {"Петр Семенов", NEAR, "У Семёнова был обыск."},
    {"Петр Семенов", NEAR, "Semyonov was taken."},
    {"Олег Соловьёв", NEAR, "Solovev Oleg"},
    {"Oleg Solovev", NEAR, "о Соловьёве молчат"},
    {"Meret Orazow", NEAR, "всех Оразовых"},
    {"Leyla Durdyewa", NEAR, "семья Дурдыевых"},
    {"Leyla Durdyewa", NEAR, "с Дурдыевыми"},
    {"Мария Р.", NEAR, "У Марии спросили паспорт."},
    {"Наталья Р.", NEAR, "дом Натальи"},
    {"Иван Вишневский", NEAR, "Вишневского вызвали"},
    {"Анна Вишневская", NEAR, "говорили с Вишневской"},
    {"Дмитрий Толстой", NEAR, "Толстому и Дмитрию"},
    /* Turkmen, Latin and Cyrillic */
    {"Meret Orazow", NEAR, "Orazowy alyp gitdiler."},
    {"Meret Orazow", NEAR, "Orazowlary"},
    {"Meret Orazow", NEAR, "Orazowlara"},
    {"Meret Orazow", NEAR, "Orazowlarynyň öýi"},
    {"Meret Orazow", NEAR, "Meredi alyp gitdiler"},
    {"Meret Orazow", NEAR, "Merede aýtdylar"},
    {"Meret Orazow", NEAR, "Merediň öýi"},
    {"Meret Orazow", NEAR, "Meretde"},
    {"Meret Orazow", NEAR, "Meretdäki"},
    {"Meret Orazow", NEAR, "Meretler"},
    {"Meret Orazow", NEAR, "Оразовың өйи"},
    {"Meret Orazow", NEAR, "Оразовлары"},
    {"Meret Orazow", NEAR, "Мереди алып гитдилер"},
    {"Meret Orazow", NEAR, "Мередиң"},
    {"Leyla Durdyewa", NEAR, "Durdyewanyň öýi"},
    {"Leyla Durdyewa", NEAR, "Leýlanyň ejesi"},
    {"Leyla Durdyewa", NEAR, "Лейланың"},
    {"Leyla Durdyewa", NEAR, "Дурдыеваның"},
    {"Jemile A.", NEAR, "Jemiläniň öýi"},
    {"Merdan Aşyrow", NEAR, "Asyrowyň öýi"},
    {"Maksat Nurbek", NEAR, "Maksadyň we Nurbegiň"},
    /* Uzbek, Tajik: one ending behind another, and one that shares its first letter */
    {"Meret Orazow", NEAR, "Orazovlarni olib ketishdi"},
    {"Meret Orazow", NEAR, "Orazovlarning uyi"},
    {"Meret Orazow", NEAR, "Orazovlarniki"},
    {"Izzat Amon", NEAR, "Amonning uyi"},
    {"Иззат Амон", NEAR, "Амонҳоро бурданд"},
    {"Азат Исаков", NEAR, "Исаковонро"},
    /* an apostrophe before the ending */
    {"Alisher Karimov", NEAR, "Karimov'u aldılar"},
    {"Alisher Karimov", NEAR, "Karimov’un evi"},
    {"Ali Nur", NEAR, "Ali'nin evi"},
    /* names of files: words written together */
    {"Leyla Durdyewa", NEAR, "Durdyewa2.jpg"},
    {"Leyla Durdyewa", NEAR, "20211020Durdyewa.jpg"},
    {"Leyla Durdyewa", FAR, "LeylaDurdyewa.jpg"},
    {"Leyla Durdyewa", FAR, "IMG_LeylaDurdyewa.jpg"},
    {"Leyla Durdyewa", NEAR, "IMGDurdyewa.jpg"},
    {"Leyla Durdyewa", FAR, "фотоЛейлаДурдыева2.jpg"},
    {"Leyla Durdyewa", NEAR, "suratLeýlanyň.jpg"},
    {"علی رضایی", NEAR, "۱۴۰۰رضایی"},
};

/* False friends: near in letters, and somebody else or nobody. */
static const struct row misses[] = {
    {"Azat Isakov", FAR, "Isakov was there in the night. Azat was not."},
    {"Azat Isakov", FAR, "Azat came one day and then on another day Isakov came"},
    {"Azat Isakov", FAR, "Isakov was there."},
    {"Azat Isakov", NEAR, "Azad Isaev was there."},
    {"Izzat Amon", NEAR, "They were among the first; the amount was small."},
    {"Izzat Amon", NEAR, "Среди прочих гамма-монах."},
    {"Sharofiddin Gadoev", NEAR, "Gadaev and Sharifov"},
    {"Chemen Ore", NEAR, "Semen and an orchard, more ores or not"},
    {"Kim Li", NEAR, "a kimono, a limit, a liar"},
    {"Али Ор", NEAR, "ор стоял в коридоре"},
    {"Rahim Karim", NEAR, "rahimov karimovich"},
    {"Том Реддл", NEAR, "к тому времени"},
    {"علی", NEAR, "علم و عالم"},
    {"Mart Saar", NEAR, "The martyrs of Saarland"},
    {"Meret Mered", NEAR, "мера, меры, мерный, merely, merit, meridian, merdan"},
    {"Azat Isakov", NEAR, "азарт, озаботить, azalan, azalmak, azatlygyň"},
    {"Leyla Orazowa", NEAR, "Orazmyradow, oraza, orazalar, оразмеры, лейтенант"},
    {"Marina Vera", NEAR, "a marine, marines and a mariner; very merry"},
    {"Марина Вера", NEAR, "веруют, верните, вершина; морской, маринованный"},
    {"Илья Юн", NEAR, "или, иль, июнь"},
    {"Пётр Лев", NEAR, "петля, петушок, левый, слева"},
    {"Karim Oyat", NEAR, "karam, karantin, kariyera, oyna, oyoqlardan"},
    {"Viktoria Martina", NEAR, "the victory of the martyrs on a Martian day"},
    {"Mas Uddin Lim", NEAR, "ma'lum ta'lim, to'lim"},
    {"Witness 3", FAR, "witness of photo3.jpg"},
    {"Paul Boo", NEAR, "Pauline's machine, a MacBook and a paulownia"},
    {"", NEAR, "anything"},
    {"...", NEAR, "anything ..."},
};
/* clang-format on */

static void
count(void *cookie, size_t person, const char *name)
{
    unsigned *hits_seen = cookie;

    assert_int_equal(person, 7);
    assert_non_null(name);
    ++*hits_seen;
}

static unsigned
scan(const struct row *row)
{
    struct wb_name_scan s;
    struct wb_error e = {0};
    unsigned seen = 0;

    wb_name_scan_init(&s);
    assert_int_equal(wb_name_scan_add(&s, 7, row->name, row->near == NEAR, &e), WB_OK);
    wb_name_scan_settle(&s);
    wb_name_scan_text(&s, row->text, strlen(row->text), count, &seen);
    wb_name_scan_wipe(&s);
    return seen;
}

static void
a_name_is_found_in_any_script_order_and_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++)
        if (scan(&hits[i]) == 0)
            fail_msg("%s: not found in: %s", hits[i].name, hits[i].text);
}

static void
false_friends_are_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof misses / sizeof *misses; i++)
        if (scan(&misses[i]) > 0)
            fail_msg("%s: found in: %s", misses[i].name, misses[i].text);
}

static void
the_words_of_a_name_in_two_texts_are_no_name(void **state)
{
    struct wb_name_scan s;
    struct wb_error e = {0};
    unsigned seen = 0;

    (void)state;
    wb_name_scan_init(&s);
    assert_int_equal(wb_name_scan_add(&s, 7, "Azat Isakov", false, &e), WB_OK);
    wb_name_scan_settle(&s);
    wb_name_scan_text(&s, "Azat", 4, count, &seen);
    wb_name_scan_text(&s, "Isakov", 6, count, &seen);
    assert_int_equal(seen, 0);
    wb_name_scan_text(&s, "Isakov Azat", 11, count, &seen);
    assert_int_equal(seen, 1);
    wb_name_scan_wipe(&s);
}

/* Each of many people, among them the ones who share a word. */
static void
remember(void *cookie, size_t person, const char *name)
{
    bool *seen = cookie;

    (void)name;
    seen[person] = true;
}

static void
of_many_names_those_in_the_text_are_found(void **state)
{
    enum { PEOPLE = 2000 };
    static bool seen[PEOPLE];
    struct wb_name_scan s;
    struct wb_error e = {0};
    char name[64];
    size_t found = 0;
    const char text[] = "between g17 family and g1999 family: g3 family";

    (void)state;
    wb_name_scan_init(&s);
    for (size_t i = 0; i < PEOPLE; i++) {
        (void)snprintf(name, sizeof name, "Family G%zu", i);
        assert_int_equal(wb_name_scan_add(&s, i, name, false, &e), WB_OK);
    }
    wb_name_scan_settle(&s);
    wb_name_scan_text(&s, text, sizeof text - 1, remember, seen);
    for (size_t i = 0; i < PEOPLE; i++)
        found += seen[i];
    assert_int_equal(found, 3);
    assert_true(seen[17] && seen[1999] && seen[3]);
    wb_name_scan_wipe(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_found_in_any_script_order_and_case),
        cmocka_unit_test(false_friends_are_left_alone),
        cmocka_unit_test(the_words_of_a_name_in_two_texts_are_no_name),
        cmocka_unit_test(of_many_names_those_in_the_text_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
