use super::*;
use crate::normalize::Normalizer;
use crate::shingle::Shingler;
use crate::verify::{DifferenceKind, Edition, differences};
use ValueChange::{Conflict, Other, Same};
use proptest::prelude::*;

/// The effect of the change between two lines on their numbers, computed from both sides.
fn change(left: &str, right: &str) -> ValueChange {
    let [left, right] = [left, right].map(|text| Letters::new(&Normalizer::new().fold(text)));
    let units = |text: &Letters| -> Vec<String> {
        let all = text.units(&(0..text.len()));
        all.map(|unit| text.text(&text.unit(unit))).collect()
    };
    let (l, r) = (units(&left), units(&right));
    let head = l.iter().zip(&r).take_while(|(l, r)| l == r).count();
    let room = l.len().min(r.len()) - head;
    let foot = l
        .iter()
        .rev()
        .zip(r.iter().rev())
        .take(room)
        .take_while(|(l, r)| l == r)
        .count();
    let letters = |units: &[String], to: usize| {
        units[..to]
            .iter()
            .map(|unit| unit.chars().count())
            .sum::<usize>()
    };
    let range = |units: &[String]| letters(units, head)..letters(units, units.len() - foot);
    let change = (range(&l), range(&r));
    let found = compare_values(&left, &right, &change);
    assert_eq!(compare_values(&right, &left, &(change.1, change.0)), found);
    found
}

fn check(table: &[(&str, &str, ValueChange)]) {
    let found = table
        .iter()
        .map(|&(left, right, expected)| (left, right, change(left, right), expected));
    let wrong: Vec<_> = found
        .filter(|(.., found, expected)| found != expected)
        .collect();
    assert!(wrong.is_empty(), "left, right, found, expected: {wrong:#?}");
}

#[test]
fn digits() {
    check(&[
        ("it holds 1,200 sacks", "it holds 1200 sacks", Same),
        ("it holds 1.200 sacks", "it holds 1200 sacks", Same),
        ("it holds 2.5 sacks", "it holds 25 sacks", Other),
        ("it holds 25 sacks", "it holds 26 sacks", Conflict),
        (
            "rows 12 and 15 are free",
            "rows 12 and 16 are free",
            Conflict,
        ),
        ("it holds 25 sacks", "it holds many sacks", Other),
        ("chapter IV begins", "chapter 4 begins", Same),
        ("chapter IV begins", "chapter 5 begins", Other),
        ("it is a mix of both", "it is a 1009 of both", Same),
        ("open at 3 pm daily", "open at 15:00 daily", Same),
        ("open at 3:30 p.m. daily", "open at 15:30 daily", Same),
        ("open at 3 pm daily", "open at 14:00 daily", Conflict),
        ("open at 12 am daily", "open at 0:00 daily", Same),
    ]);
}

#[test]
fn english() {
    check(&[
        ("we saw twenty-one geese", "we saw 21 geese", Same),
        ("we saw fourteen geese", "we saw 15 geese", Conflict),
        (
            "we saw two hundred and five geese",
            "we saw 205 geese",
            Same,
        ),
        ("we saw three thousand geese", "we saw 3,000 geese", Same),
        ("we saw twelve hundred geese", "we saw 1,200 geese", Same),
        ("built in nineteen eighty-four", "built in 1984", Same),
        ("built in twenty twelve", "built in 2012", Same),
        ("built in nineteen eighty-four", "built in 1985", Conflict),
        ("we saw twenty geese", "we saw 20 geese", Same),
        ("we saw 2.5 million geese", "we saw 2,500,000 geese", Same),
        (
            "on his 31st day there",
            "on his thirty-first day there",
            Same,
        ),
        ("we saw one goose", "we saw 1 goose", Same),
        ("we saw one goose", "we saw the goose", Other),
        ("the one that may come", "the second that may come", Other),
        ("you may go", "you can go", Other),
        ("part one of it", "part two of it", Conflict),
        ("it was built in April", "it was built in May", Conflict),
        (
            "met on 12 July 2021 there",
            "met on July 12, 2021 there",
            Same,
        ),
        ("met on 12 July 2021 there", "met on 12.07.2021 there", Same),
        ("met on 12 July 2021 there", "met on 2021-07-12 there", Same),
        ("met on 12 July 2021 there", "met on 12 Jul 21 there", Same),
        (
            "met on the 2nd of July there",
            "met on the 2 July there",
            Same,
        ),
        (
            "met on 12 July 2021 there",
            "met on 12 June 2021 there",
            Conflict,
        ),
        (
            "met on 12 July 2021 there",
            "met on 12 July 2012 there",
            Conflict,
        ),
        ("met on 12 July 2021 there", "met on 12 July there", Other),
        ("met on 2/7/2021 there", "met on 7/2/2021 there", Same),
        ("met on 2 July there", "met on 7 February there", Conflict),
        (
            "met on Monday, 12 July there",
            "met on Mon 12 July there",
            Same,
        ),
        ("met on Monday there", "met on Tuesday there", Conflict),
    ]);
}

#[test]
fn german() {
    check(&[
        ("es waren einundzwanzig Gänse", "es waren 21 Gänse", Same),
        ("es waren zweihundert Gänse", "es waren 200 Gänse", Same),
        ("es waren dreißig Gänse", "es waren 40 Gänse", Conflict),
        ("es war ein Haus", "es war das Haus", Other),
        ("am 12. März 2021 war es", "am 12.3.2021 war es", Same),
        ("am zweiten Mai war es", "am 2. Mai war es", Same),
        ("am 2. Mai war es", "am 2. Juni war es", Conflict),
        ("am Dienstag war es", "am Mittwoch war es", Conflict),
    ]);
}

#[test]
fn romance_languages() {
    check(&[
        ("il y avait vingt et un sacs", "il y avait 21 sacs", Same),
        (
            "il y avait quatre-vingt-onze sacs",
            "il y avait 91 sacs",
            Same,
        ),
        ("il y avait soixante-douze sacs", "il y avait 72 sacs", Same),
        ("il y avait deux sacs", "il y avait trois sacs", Conflict),
        (
            "le 1er juillet 2021 au soir",
            "le premier juillet 2021 au soir",
            Same,
        ),
        ("le 2 août 2021 au soir", "le 2/8/2021 au soir", Same),
        ("había veintiuno en casa", "había 21 en casa", Same),
        ("había treinta y dos en casa", "había 32 en casa", Same),
        ("había doscientos en casa", "había 300 en casa", Conflict),
        ("el 2 de julio de 2021 llegó", "el 2/7/2021 llegó", Same),
        (
            "el 2 de julio de 2021 llegó",
            "el 2 de junio de 2021 llegó",
            Conflict,
        ),
        ("erano quarantasei in tutto", "erano 46 in tutto", Same),
        ("il 2 luglio 2021 arrivò", "il 2 lug. 2021 arrivò", Same),
        ("voi sei qui", "voi siete qui", Other),
        ("havia vinte e um barcos", "havia 21 barcos", Same),
        ("em 2 de março de 2021 veio", "em 2/3/2021 veio", Same),
    ]);
}

#[test]
fn dutch_and_russian() {
    check(&[
        ("er waren eenentwintig ganzen", "er waren 21 ganzen", Same),
        ("op 2 mei 2021 kwam hij", "op 2-5-2021 kwam hij", Same),
        (
            "op 2 mei 2021 kwam hij",
            "op 2 juni 2021 kwam hij",
            Conflict,
        ),
        ("там было двадцать один гусь", "там было 21 гусь", Same),
        ("там было двести гусей", "там было 200 гусей", Same),
        ("там было пять гусей", "там было шесть гусей", Conflict),
        (
            "это было 2 июля 2021 года",
            "это было 02.07.2021 года",
            Same,
        ),
        (
            "это было 2 июля 2021 года",
            "это было 2 июня 2021 года",
            Conflict,
        ),
    ]);
}

#[test]
fn scripts_from_right_to_left_and_vietnamese() {
    check(&[
        ("كان هناك خمسة قوارب", "كان هناك 5 قوارب", Same),
        ("كان هناك خمسة قوارب", "كان هناك ستة قوارب", Conflict),
        ("وصل في 12 يوليو 2021 مساء", "وصل في ١٢/٧/٢٠٢١ مساء", Same),
        (
            "وصل في 12 يوليو 2021 مساء",
            "وصل في 12 يونيو 2021 مساء",
            Conflict,
        ),
        ("او بیست و چهار کتاب دارد", "او 24 کتاب دارد", Same),
        (
            "họp ngày 2 tháng 7 năm 2021 tại",
            "họp ngày 2/7/2021 tại",
            Same,
        ),
        (
            "họp ngày 2 tháng 7 năm 2021 tại",
            "họp ngày 2/8/2021 tại",
            Conflict,
        ),
    ]);
}

#[test]
fn chinese_japanese_and_korean() {
    check(&[
        ("船到了二十三条", "船到了23条", Same),
        ("船到了廿三条", "船到了23条", Same),
        ("船到了壹佰贰拾叁条", "船到了123条", Same),
        ("船到了2万6千条", "船到了26000条", Same),
        ("船到了1亿2000万条", "船到了12000万条", Same),
        ("船到了23条", "船到了三十条", Conflict),
        ("他付了三百五", "他付了350", Same),
        ("他付了两万五", "他付了25000", Same),
        ("他付了三百五十五", "他付了355", Same),
        ("他付了三百零五", "他付了305", Same),
        ("他付了三百五", "他付了305", Conflict),
        ("他七月二日来", "他7月2日来", Same),
        ("他二〇二一年七月二日来", "他2021年7月2日来", Same),
        ("他7月2日来", "他七月五日来", Conflict),
        ("他7月20日来", "他720日来", Other),
        ("그는 2021년 7월 2일 왔다", "그는 2021-07-02 왔다", Same),
        (
            "그는 2021년 7월 2일 왔다",
            "그는 2021년 8월 2일 왔다",
            Conflict,
        ),
    ]);
}

/// The kinds of the reported conflicts.
fn shown(left: &str, right: &str) -> Vec<DifferenceKind> {
    let around = |line: &str| {
        format!(
            "the board met in the net loft and went through the figures {line} and the clerk was told to print them again"
        )
    };
    let (left, right) = (around(left), around(right));
    let edition = |text| Edition::new(text, &Normalizer::new(), &Shingler::default());
    let found = differences(&edition(&left), &edition(&right));
    let kinds = found.into_iter().map(|difference| difference.kind);
    kinds.filter(|kind| kind.is_conflict()).collect()
}

#[test]
fn the_evidence_reads_the_same_values_and_sees_marks() {
    for (left, right) in [
        ("of 0.5 tons", "of ½ tons"),
        ("of 1½ tons", "of 1.5 tons"),
        ("of 1,00,000 tons", "of 100,000 tons"),
        ("of 2 July 2021", "of July 2, 2021"),
        ("of fourteen tons", "of 14 tons"),
        ("at 8:30 pm", "at 20:30"),
    ] {
        assert_eq!(shown(left, right), [], "{left} | {right}");
    }
    for (left, right, kind) in [
        ("of 2.6 tons", "of 26 tons", DifferenceKind::Number),
        ("of 12.05 tons", "of 12.5 tons", DifferenceKind::Number),
        ("of 10-12 tons", "of 1012 tons", DifferenceKind::Number),
        (
            "of fourteen tons",
            "of fifteen tons",
            DifferenceKind::Number,
        ),
        ("at 8:30 pm", "at 8:30 am", DifferenceKind::Number),
        ("of 2 July 2021", "of 2 June 2021", DifferenceKind::Date),
        ("of 2021-07-02", "of 2021-07-03", DifferenceKind::Date),
        ("of 7月20日", "of 720日", DifferenceKind::Number),
    ] {
        assert_eq!(shown(left, right), [kind], "{left} | {right}");
    }
}

#[test]
fn a_text_may_be_nothing_but_a_number() {
    let values = [
        "12",
        "三十",
        "二〇二一",
        "1万2千",
        "12a",
        "twelve",
        "",
        "7月",
    ]
    .map(number);
    let expected = [
        Some(12.0),
        Some(30.0),
        Some(2021.0),
        Some(12000.0),
        None,
        None,
        None,
        None,
    ];
    assert_eq!(values, expected);
}

proptest! {
    #[test]
    fn any_lines_can_be_compared(
        left in prop::collection::vec("[0-9]{1,4}|may|july|half|pm|p|m|and|one|two|hundred|million|nd|[月日年七百万亿廿]|1½|[.,:/ ]", 0..14),
        right in prop::collection::vec("[0-9]{1,4}|may|june|pm|p|m|and|one|two|hundred|thousand|st|[月日年七百万亿廿]|½|[.,:/ ]", 0..14),
    ) {
        for space in [" ", ""] {
            let (left, right) = (left.join(space), right.join(space));
            change(&left, &right);
            shown(&left, &right);
            prop_assert!(change(&left, &left) != Conflict);
        }
    }
}
