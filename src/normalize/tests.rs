//! The fold is compared with a table of cases, and with its slow reference.

use std::sync::LazyLock;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::Normalizer;
use super::phrases::PHRASES;
use super::reference::Reference;

static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::new);

/// Name, text, folded form. The expected values were written by hand, from the rules in the module's documentation.
const FOLDS: &[(&str, &str, &str)] = &[
    ("empty", "", ""),
    ("only punctuation", "——！？…", ""),
    ("case", "STRASSE Straße", "strasse strasse"),
    ("final sigma", "ΟΔΟΣ οδος", "οδοσ οδοσ"),
    ("dotted capital I is a small i", "İ i\u{307}\u{307}", "i i"),
    ("dotless i is another letter", "I ı", "i ı"),
    ("ligatures", "ﬁnal ﬂow", "final flow"),
    ("full width", "ＡＢＣ１２３", "abc123"),
    ("half-width kana", "ｶﾞｷﾞｸﾞ", "ガギグ"),
    ("soft hyphen", "co\u{AD}operate", "cooperate"),
    (
        "soft hyphen at a line end",
        "co\u{AD}\noperate",
        "cooperate",
    ),
    (
        "zero-width characters",
        "zero\u{200B}width\u{FEFF} text",
        "zerowidth text",
    ),
    ("variation selectors", "山\u{E0100}川\u{FE00}", "山川"),
    ("controls and private use", "a\u{0}b\u{E000}c", "abc"),
    ("tatweel", "كـتـاب", "كتاب"),
    ("arabic points", "كِتَابٌ", "كتاب"),
    ("hamza composes before points go", "و\u{654}", "ؤ"),
    ("a point does not keep a hamza away", "و\u{657}\u{654}", "ؤ"),
    ("hebrew points", "ש\u{5C1}\u{5B8}לו\u{5B9}ם", "שלום"),
    ("arabic digits", "٢٠٢١", "2021"),
    ("devanagari digits", "अंक १२", "अंक12"),
    ("thai tone marks stay", "ที่ ที", "ที่ที"),
    ("thai sara am is decomposed", "น\u{E33}", "น\u{E4D}\u{E32}"),
    ("vietnamese accents stay", "Tiếng Việt", "tiếng việt"),
    (
        "decomposed is composed",
        "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t",
        "tiếng việt",
    ),
    ("marks out of order", "Vie\u{302}\u{323}t", "việt"),
    ("a joiner between base and mark", "e\u{200D}\u{301}", "é"),
    (
        "a mark on nothing is dropped",
        "don\u{B4}t \u{301}x",
        "don t x",
    ),
    ("conjoining jamo", "\u{1112}\u{1161}\u{11AB}글", "한글"),
    ("hyphenated line end", "docu-\nment", "document"),
    (
        "hyphenated with CRLF and indent",
        "docu- \r\n  ment",
        "document",
    ),
    (
        "non-breaking and full-width hyphens",
        "docu\u{2011}\nment docu－\nment",
        "document document",
    ),
    (
        "hyphen before a capital stays apart",
        "Baden-\nWürttemberg",
        "baden württemberg",
    ),
    ("hyphen before an empty line", "docu-\n\nment", "docu ment"),
    ("hyphen within a line", "well-known", "well known"),
    ("hyphen after a digit", "1-\na", "1a"),
    (
        "line breaks between words",
        "one\ntwo\u{85}three\u{2028}four",
        "one two three four",
    ),
    (
        "spaces around numbers in Han text",
        "７ 月 20 日",
        "7月20日",
    ),
    ("a decimal point separates digits", "2.6, 26", "2 6 26"),
    ("word beside number", "COVID-19 covid 19", "covid19covid19"),
    ("circle as bullet", "○ 第一", "第一"),
    (
        "circled, squared, superscript, fraction",
        "① ㈱ m² ½",
        "1株m2 1 2",
    ),
];

/// Name, and two texts with the same folded form.
const SAME: &[(&str, &str, &str)] = &[
    (
        "struck out",
        "o\u{336}u\u{336}t\u{336} \u{336}o\u{336}f\u{336}",
        "out of",
    ),
    (
        "underlined and on a key",
        "u\u{332}p\u{332} 1\u{FE0F}\u{20E3}",
        "up 1",
    ),
    (
        "whole words of lookalikes in a text that hides letters",
        "А сhаnсе: Не hаd tо рlаnt а реаr.",
        "A chance: He had to plant a pear.",
    ),
    ("hard wraps in Han", "铜墙\n铁壁", "铜墙铁壁"),
    ("spaces between Han", "铜 墙　铁 壁", "铜墙铁壁"),
    ("quotation marks", "“连轴转”，「白加黑」", "连轴转白加黑"),
    ("kangxi radicals", "⽇本⼈", "日本人"),
    ("cjk radicals beyond NFKC", "⺟⻓⺠", "母长民"),
    ("compatibility ideographs", "\u{F90A}色", "金色"),
    ("circle as zero", "二○○八年", "二〇〇八年"),
    ("traditional and simplified", "臺灣發展頭髮", "台湾发展头发"),
    ("hong kong forms", "着衞裏綫", "著衛裡線"),
    ("japanese forms", "国際鉄道", "國際鐵道"),
    ("taiwan words", "資訊軟體與程式", "信息软件与程序"),
    ("hong kong words", "伺服器的硬碟", "服务器的硬盘"),
    ("a word across a line break", "軟\n體", "软件"),
    ("a converter's wrong word", "大年七年級", "大年初一"),
    ("an element's name", "矽", "硅"),
    ("phrases in phrases", "資訊科技", "信息科技"),
    (
        "words beyond OpenCC's tables",
        "品質、帳戶、甚麼",
        "质量账户什么",
    ),
    ("a word of one character", "巨集", "宏"),
    (
        "serbian",
        "Његова љубав према џезу није прошла: ћутке је ђускао.",
        "Njegova ljubav prema džezu nije prošla: ćutke je đuskao.",
    ),
    (
        "uzbek",
        "Ўзбекистонда ҳар йили қовун сайли бўлади; ер ва елкан, аъло, цирк, конституция, ғўза.",
        "Oʻzbekistonda har yili qovun sayli bo'ladi; yer va yelkan, aʼlo, sirk, konstitutsiya, g‘oʻza.",
    ),
    (
        "kazakh",
        "Қазақстанның ұлттық кітапханасы бүгін ашылады",
        "Qazaqstannyñ ūlttyq kıtaphanasy bügın aşylady",
    ),
    (
        "azeri",
        "Јени ҝүндә ушаглар мәктәбә ҝетди, чүнки һава ҹох исти иди",
        "Yeni gündə uşaqlar məktəbə getdi, çünki hava cox isti idi",
    ),
    (
        "alphabets of one language, decomposed",
        "У\u{306}збек қу\u{306}шиғи ҳақида",
        "Oʻzbek qoʻshigʻi haqida",
    ),
    (
        "hanja",
        "우리는 勞動의 價値를 不當하게 낮추는 比率과 李氏의 女子를 본다",
        "우리는 노동의 가치를 부당하게 낮추는 비율과 이씨의 여자를 본다",
    ),
    ("persian letters", "یک کتاب", "يك كتاب"),
    ("persian joiner", "می\u{200C}روم", "می روم"),
    ("urdu heh", "ہم", "هم"),
    (
        "alef with and without hamza",
        "أحمد إلى آخر",
        "احمد الى اخر",
    ),
    ("vietnamese tones", "Hòa khỏe, THỦY", "Hoà khoẻ, thuỷ"),
    ("vietnamese tones, decomposed", "Ho\u{300}a", "Hoa\u{300}"),
    ("romanian commas", "și țară", "şi ţară"),
    ("russian yo", "ёлка Ещё", "елка еще"),
    ("malayalam chillu", "അവ\u{D28}\u{D4D}\u{200D}", "അവ\u{D7B}"),
    ("thai sara e twice", "เเม่", "แม่"),
    ("thai marks doubled", "ที\u{E48}\u{E48}", "ที\u{E48}"),
    (
        "thai marks out of order",
        "น\u{E4D}\u{E49}า",
        "น\u{E49}\u{E33}",
    ),
    (
        "polytonic and monotonic greek",
        "Ὁ ἄνθρωπος εἶπε τῇ ὥρᾳ: «καὶ ΐ»",
        "Ο άνθρωπος είπε τη ώρα: «και ι»",
    ),
    ("greek in capitals", "ΑΝΘΡΩΠΟΣ", "άνθρωπος"),
    ("indic nukta", "\u{958}", "क\u{93C}"),
    (
        "cyrillic in latin words",
        "Тhе реорlе tо pаris",
        "The people to paris",
    ),
    (
        "latin in cyrillic words",
        "Нaчaльник cтaнции, вceм",
        "Начальник станции, всем",
    ),
    (
        "latin in greek words",
        "Ελλάδα και θάλασσα",
        "Eλλάδα και θάλaσσα",
    ),
    ("small capitals", "ᴘʀɪɴᴛ", "print"),
    ("letters that are apostrophes", "пʼять", "п'ять"),
    ("a phrase that meets its neighbour", "物理内存", "实体内存"),
];

/// Name, and two texts that must stay apart.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("a letter with a macron below", "ḏ", "d"),
    (
        "one slip of a keyboard in a text of two alphabets",
        "Cтраны OPEC и рынок",
        "Страны ОРЕС и рынок",
    ),
    (
        "letters hidden in a text with words of another language",
        "Не hаd tо рlаnt а сад",
        "He had to plant a сад",
    ),
    ("a lost month", "7月20日", "720日"),
    ("a lost decimal point", "2.6万", "26万"),
    ("a lost digit group", "30期156条", "30156条"),
    ("thai tones", "ที่", "ที"),
    ("vietnamese tones", "má", "ma"),
    ("words run together", "to get her", "together"),
    ("words that look alike", "сор", "cop"),
    ("units", "5 μm μmol kΩ", "5 mm mmol kW"),
    ("greek letters beside latin ones", "hν", "hv"),
    (
        "russian words, by one letter",
        "жена хата шило",
        "зена гата сило",
    ),
    (
        "russian is not serbian",
        "Я живу в городе",
        "Ja živu v gorode",
    ),
    (
        "russian with a serbian name",
        "Это съезд, где выступал Ђорђе",
        "Это съезд, где выступал Đorđe",
    ),
    ("bulgarian", "Къща с ябълки", "Kъщa s jabălki"),
    ("ukrainian i and ї", "їжа", "іжа"),
    ("dotless i", "sıkıldım", "sikildim"),
    (
        "chinese with a little hangul",
        "首尔的韩语名称是서울，是大韩民国的首都和最大城市",
        "수이적한어명칭시서울，시대한민국적수도화최대성시",
    ),
    (
        "japanese with hangul",
        "韓国の한글は文字です",
        "한국の한글は문자です",
    ),
    ("teh marbuta", "مكتبة", "مكتبه"),
    ("vietnamese in a closed syllable", "hóan", "hoán"),
    ("malayalam virama", "അവന\u{D4D}", "അവ\u{D7B}"),
];

#[test]
fn every_case_folds_as_written() {
    for (name, text, folded) in FOLDS {
        assert_eq!(&Normalizer::new().fold(text), folded, "{name}");
    }
}

#[test]
fn editions_of_one_text_fold_alike() {
    let fold = |text| Normalizer::new().fold(text);
    for (name, a, b) in SAME {
        assert_eq!(fold(a), fold(b), "{name}");
    }
    for (name, a, b) in DIFFERENT {
        assert_ne!(fold(a), fold(b), "{name}");
    }
}

#[test]
fn long_runs_of_anything_cost_linear_time() {
    // Half a million of each. A look-ahead that starts again at each of them would take hours.
    for piece in [
        "○", "\u{301}", "\u{200B}", "-", "- ", "-\n", "\u{AD}", "\u{AD}\n", "\u{654}", "e\u{301}",
        "程",
    ] {
        let run = piece.repeat(500_000);
        let text = format!("a{run}字{run}字{run}a");
        assert!(Normalizer::new().fold(&text).ends_with('a'), "{piece:?}");
    }
}

#[test]
fn accents_go_on_request() {
    let bare = Normalizer::new().strip_accents(true);
    assert_eq!(
        bare.fold("Tiếng Việt e\u{301} ガ"),
        "tieng viet e".to_owned() + "ガ"
    );
}

#[test]
fn hangul_composes_over_a_silent_letter() {
    for text in ["ҳㄱьᅡ", "ҳㄱььᅡᆨ", "ҳ가ьᆨ", "ҳㄱ ьᅡ"] {
        assert_agrees(text);
    }
}

#[test]
fn every_case_and_every_code_point_equals_the_reference() {
    let texts = FOLDS.iter().chain(SAME).chain(DIFFERENT);
    for text in texts.flat_map(|&(_, a, b)| [a, b]) {
        assert_agrees(text);
    }
    for block in (0..0x110000_u32).step_by(64) {
        let chars = || (block..block + 64).filter_map(char::from_u32);
        assert_agrees(&chars().collect::<String>());
        assert_agrees(
            &chars()
                .flat_map(|c| ['字', c, '字', 'e', c, '\u{301}'])
                .collect::<String>(),
        );
    }
}

fn assert_agrees(text: &str) {
    let folded = Normalizer::new().fold_with_offsets(text);
    assert_eq!(folded.text, REFERENCE.fold(text), "{text:?}");
    assert_eq!(Normalizer::new().fold(text), folded.text, "{text:?}");
    for (at, c) in folded.text.char_indices() {
        let original = folded.offsets.original(at..at + c.len_utf8());
        assert!(
            text.get(original.clone()).is_some_and(|s| !s.is_empty()),
            "{text:?} {original:?}"
        );
    }
}

/// Characters that have caused errors together: hyphens, breaks, ignorables, marks of several classes, jamo, presentation forms, circles,
/// radicals, regional words, ideographs outside the basic plane.
const AWKWARD: &[&str] = &[
    "ђ",
    "љ",
    "ј",
    "Џ",
    "ў",
    "у",
    "қ",
    "ҳ",
    "Е",
    "ё",
    "ь",
    "ъ",
    "ц",
    "ұ",
    "ү",
    "ә",
    "ҝ",
    "\u{306}",
    "а",
    "т",
    "ы",
    "α",
    "ά",
    "ᾷ",
    "ν",
    "\u{342}",
    "\u{314}",
    "i",
    "h",
    "I",
    "\u{307}",
    "ó",
    "ủ",
    "y",
    "q",
    "ş",
    "ș",
    "\u{326}",
    "ی",
    "ک",
    "\u{200C}",
    "ے",
    "ۀ",
    "أ",
    "ന",
    "\u{D4D}",
    "\u{D4D}\u{200D}",
    "\u{D7B}",
    "เ",
    "\u{E4D}",
    "\u{E49}",
    "勞",
    "率",
    "不",
    "動",
    "글",
    "은",
    "\u{2BC}",
    "ᴀ",
    "資訊",
    "網際網路",
    "公車",
    "-",
    "\u{2010}",
    "\u{2011}",
    "－",
    "\u{AD}",
    "\n",
    "\r",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    " ",
    "\t",
    "\u{C}",
    "\u{3000}",
    "\u{200B}",
    "\u{200D}",
    "\u{FE0F}",
    "\u{34F}",
    "\u{0}",
    "\u{1C}",
    "a",
    "B",
    "ß",
    "İ",
    "ǰ",
    "ﬁ",
    "ŉ",
    "1",
    "٢",
    "²",
    "Ⅷ",
    "\u{301}",
    "\u{308}",
    "\u{323}",
    "\u{327}",
    "\u{345}",
    "\u{338}",
    "\u{20DD}",
    "\u{93C}",
    "\u{94D}",
    "क",
    "\u{958}",
    "\u{E33}",
    "\u{E38}",
    "\u{E48}",
    "ก",
    "\u{5B8}",
    "ש",
    "\u{FB2A}",
    "ا",
    "\u{64E}",
    "\u{653}",
    "\u{654}",
    "\u{655}",
    "\u{657}",
    "\u{FE77}",
    "\u{640}",
    "\u{1112}",
    "\u{1161}",
    "\u{11AB}",
    "가",
    "ㄱ",
    "ㅏ",
    "\u{3099}",
    "か",
    "ﾞ",
    "ｶ",
    "○",
    "◯",
    "〇",
    "二",
    "⺟",
    "\u{F90A}",
    "資",
    "訊",
    "信",
    "息",
    "程",
    "式",
    "序",
    "文",
    "件",
    "档",
    "案",
    "夾",
    "𠀀",
    "㈱",
    "\u{B4}",
    "΅",
    "ᾳ",
    "Σ",
    "…",
    "。",
    "\u{1F600}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..Default::default() })]

    #[test]
    fn one_pass_equals_the_reference_on_random_unicode(text in any::<String>()) {
        assert_agrees(&text);
    }

    #[test]
    fn one_pass_equals_the_reference_on_awkward_neighbours(
        text in prop::collection::vec(prop::sample::select(AWKWARD), 0..24)
    ) {
        assert_agrees(&text.concat());
    }

    #[test]
    fn a_place_that_is_looked_for_is_the_one_on_the_map(
        text in prop::collection::vec(prop::sample::select(AWKWARD), 0..24),
        filler in "[a-zA-Z ,.]{0,80}",
        ranges in prop::collection::vec((0_usize..160, 0_usize..60), 0..8),
    ) {
        let text = text.join(&filler);
        let folded = Normalizer::new().fold_with_offsets(&text);
        let boundary = |at: usize| (at..).find(|&at| at >= folded.text.len() || folded.text.is_char_boundary(at)).unwrap_or(at);
        let ranges: Vec<_> = ranges.into_iter().map(|(start, length)| boundary(start)..boundary(start + length)).collect();
        let mapped: Vec<_> = ranges.iter().map(|range| folded.offsets.original(range.clone())).collect();
        prop_assert_eq!(Normalizer::new().locate(&text, &ranges), mapped);
    }

    #[test]
    fn canonically_equivalent_texts_fold_alike(
        text in prop::collection::vec(prop::sample::select(AWKWARD), 0..12)
    ) {
        let text = text.concat();
        let folds = [text.clone(), text.nfc().collect(), text.nfd().collect()].map(|t| Normalizer::new().fold(&t));
        prop_assert_eq!(&folds[0], &folds[1]);
        prop_assert_eq!(&folds[0], &folds[2]);
    }

    #[test]
    fn folding_a_folded_text_changes_nothing(text in any::<String>()) {
        assert_is_settled(&text);
    }

    #[test]
    fn folding_a_folded_text_of_awkward_neighbours_changes_nothing(
        text in prop::collection::vec(prop::sample::select(AWKWARD), 0..24)
    ) {
        assert_is_settled(&text.concat());
    }

    #[test]
    fn folding_a_folded_text_of_phrases_changes_nothing(
        pieces in prop::collection::vec((prop::sample::select(&PHRASES[..]), 0_usize..8, 0_usize..8, any::<bool>()), 0..12)
    ) {
        // Whole phrases and parts of them, so that they overlap.
        let part = |phrase: &str, from: usize, to: usize| phrase.chars().skip(from).take(to).collect::<String>();
        let pieces = pieces.into_iter().map(|(phrase, from, to, whole)| match whole {
            true => phrase.to_owned(),
            false => part(phrase, from % 3, 1 + to % 3),
        });
        let text: String = pieces.collect();
        assert_is_settled(&text);
        assert_agrees(&text);
    }
}

fn assert_is_settled(text: &str) {
    let folded = Normalizer::new().fold(text);
    assert_eq!(Normalizer::new().fold(&folded), folded, "{text:?}");
}
