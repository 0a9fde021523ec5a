//! Which units make up the words of a script?

use std::sync::LazyLock;

use super::Random;

/// The units, words and punctuation of the sentences of one script.
pub struct Alphabet {
    /// Syllables or characters; the first ones are the most frequent.
    units: LazyLock<Vec<&'static str>>,
    /// Words that are inserted as they are, not made of units.
    words: &'static [&'static str],
    /// Maximum number of units in a word.
    longest: usize,
    /// The space between words.
    space: &'static str,
    /// The marks between clauses.
    commas: &'static [&'static str],
    /// The marks after a sentence.
    stops: &'static [&'static str],
    /// Whether words are broken at the end of a line.
    hyphenates: bool,
}

impl Alphabet {
    /// Appends a sentence of one to three clauses.
    pub fn sentence(&self, random: &mut Random, out: &mut String) {
        let start = out.len();
        for clause in (0..=random.below(3)).rev() {
            for word in (0..4 + random.below(9)).rev() {
                self.word(random, out);
                out.push_str(if word > 0 { self.space } else { "" });
            }
            let marks = if clause > 0 { self.commas } else { self.stops };
            out.push_str(random.pick(marks));
        }
        if let Some(first) = out.get_mut(start..start + 1) {
            first.make_ascii_uppercase();
        }
    }

    fn word(&self, random: &mut Random, out: &mut String) {
        if random.once_in(12) {
            return out.push_str(random.pick(self.words));
        }
        for unit in 0..=random.below(self.longest) {
            if unit > 0 && self.hyphenates && random.once_in(80) {
                out.push_str("-\n");
            }
            out.push_str(self.units[random.skewed(self.units.len())]);
        }
    }
}

/// ASCII words.
pub static ENGLISH: Alphabet = Alphabet {
    units: LazyLock::new(|| ENGLISH_SYLLABLES.split_whitespace().collect()),
    words: &[
        "the",
        "of",
        "and",
        "in 1987",
        "2024",
        "well-known",
        "(second)",
        "“peace”",
        "ﬁrst",
    ],
    longest: 4,
    space: " ",
    commas: &[", ", "; "],
    stops: &[". ", ". ", "? ", "! "],
    hyphenates: true,
};

/// Latin letters with accents.
pub static LATIN: Alphabet = Alphabet {
    units: LazyLock::new(|| LATIN_SYLLABLES.split_whitespace().collect()),
    words: &[
        "Straße",
        "İzmir",
        "đường phố",
        "l\u{2019}été",
        "ＡＢＣ",
        "№ ５",
        "20\u{A0}%",
    ],
    longest: 3,
    space: " ",
    commas: &[", "],
    stops: &[". ", "! "],
    hyphenates: true,
};

/// Cyrillic letters.
pub static CYRILLIC: Alphabet = Alphabet {
    units: LazyLock::new(|| CYRILLIC_SYLLABLES.split_whitespace().collect()),
    words: &["Москва", "ещё", "1945 год", "«мир»", "ООН"],
    longest: 4,
    space: " ",
    commas: &[", "],
    stops: &[". ", "? "],
    hyphenates: false,
};

/// Thai has no spaces between words, but one between clauses.
pub static THAI: Alphabet = Alphabet {
    units: LazyLock::new(|| THAI_SYLLABLES.split_whitespace().collect()),
    words: &["กรุงเทพฯ", "พ.ศ. ๒๕๖๔", "น้ำ"],
    longest: 3,
    space: "",
    commas: &[" "],
    stops: &[" "],
    hyphenates: false,
};

/// Simplified characters, with the words of mainland China.
pub static SIMPLIFIED: Alphabet = Alphabet {
    units: LazyLock::new(|| characters(SIMPLIFIED_CHARACTERS)),
    words: &[
        "信息",
        "软件",
        "网络",
        "程序",
        "鼠标",
        "硬盘",
        "内存",
        "数字",
        "服务器",
        "出租车",
        "打印机",
        "视频",
        "《人民日报》",
        "２０２１年",
        "7 月 20 日",
        "“铜墙铁壁”",
    ],
    longest: 2,
    space: "",
    commas: &["，", "，", "、", "；"],
    stops: &["。", "。", "！", "？"],
    hyphenates: false,
};

/// The same characters and words, as they are written in Taiwan.
pub static TRADITIONAL: Alphabet = Alphabet {
    units: LazyLock::new(|| characters(TRADITIONAL_CHARACTERS)),
    words: &[
        "資訊",
        "軟體",
        "網路",
        "程式",
        "滑鼠",
        "硬碟",
        "記憶體",
        "數位",
        "伺服器",
        "計程車",
        "印表機",
        "影片",
        "《人民日報》",
        "２０２１年",
        "7 月 20 日",
        "「銅牆鐵壁」",
    ],
    longest: 2,
    space: "",
    commas: &["，", "，", "、", "；"],
    stops: &["。", "。", "！", "？"],
    hyphenates: false,
};

fn characters(text: &'static str) -> Vec<&'static str> {
    let lines = text.split_whitespace();
    lines
        .flat_map(|line| line.split_inclusive(|_: char| true))
        .collect()
}

const ENGLISH_SYLLABLES: &str = "
    a i to in er on re the is it be for at an con or en as ti tion
    com ment di de pro al ing ly ex per ter ar es ma un ver so my of no
    dis pre tal ble sub cal ta man ful port tic ness ward sec cy light gen fi struc
    world ship stone cap ture lan guage found ence north mer quick sim vol zen";

/// Combining accents occur among the precomposed letters, as some file systems and converters write them.
const LATIN_SYLLABLES: &str = "
    é la de ção ño ü ê mé re\u{301} ö ou à è ré tü ão ñas ça ø å
    ví n\u{303}a če š ží ğ ı ô a\u{308}n rô œu mô ll et que ção pé jó ệ ướ
    ni\u{302} ßen dé łó ść ź gä vä";

const CYRILLIC_SYLLABLES: &str = "
    о на не по при со го ра ни ка Ста во про ле та ти ко ре ло но
    мо ми ва ры сть ёл й ще дви жа це фо ю я Мы эт хо чу шь бы";

const THAI_SYLLABLES: &str = "
    การ ที่ เป็น ใน ของ และ มี ได้ ว่า ไม่ ให้ คน ไทย ความ จะ นี้ กับ ประ เทศ วัน
    เมือง ราช สวัส ดี เรียน เขียน น้ำ ใจ บ้าน ฟ้า ดิน ร้อน ข้าว เก่า ใหม่";

/// The 300 most frequent characters, roughly in this order.
const SIMPLIFIED_CHARACTERS: &str = "
    的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里
    用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实
    日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政
    美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员
    解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件
    计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象";

/// The traditional form of each of these characters, in the same order.
const TRADITIONAL_CHARACTERS: &str = "
    的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡
    用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實
    日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政
    美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員
    解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件
    計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象";
