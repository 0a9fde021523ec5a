//! Words that stand for each other: abbreviations, names of one place or person, spellings that no rule explains.
//!
//! The lists are closed: they have what readers of an edition know. A word that is only the beginning of another (Fen, Fenland) is
//! not an abbreviation of it.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::normalize::{Normalizer, is_unspaced};
use crate::verify::changes::Change;

/// Forms of companies, titles, parts of addresses.
const ABBREVIATIONS: &[&[&str]] = &[
    &["ltd", "limited"],
    &["inc", "incorporated"],
    &["corp", "corporation"],
    &["co", "company"],
    &["bros", "brothers"],
    &["st", "saint"],
    &["st", "street"],
    &["mt", "mount"],
    &["ft", "fort"],
    &["ave", "avenue"],
    &["rd", "road"],
    &["blvd", "boulevard"],
    &["sq", "square"],
    &["prof", "professor"],
    &["dr", "doctor", "doktor"],
    &["mr", "mister"],
    &["jr", "junior"],
    &["sr", "senior"],
    &["gov", "governor"],
    &["sen", "senator"],
    &["rep", "representative"],
    &["pres", "president"],
    &["gen", "general"],
    &["col", "colonel"],
    &["capt", "captain"],
    &["lt", "lieutenant"],
    &["sgt", "sergeant"],
    &["rev", "reverend"],
    &["hon", "honourable", "honorable"],
    &["univ", "university", "universität", "université"],
    &["dept", "department"],
    &["govt", "government"],
    &["assn", "association"],
    &["intl", "international"],
    &["natl", "national"],
    &["vs", "versus"],
    &["nr", "nummer"],
    &["str", "straße"],
    &["hl", "heilige"],
    &["ag", "aktiengesellschaft"],
    &["mme", "madame"],
    &["mlle", "mademoiselle"],
    &["cie", "compagnie"],
    &["av", "avenida"],
    &["avda", "avenida"],
    &["sra", "señora", "senhora"],
    &["проф", "профессор"],
    &["ул", "улица"],
    &["им", "имени"],
];

/// Names of one place or person in several countries.
const NAMES: &[&[&str]] = &[
    &["peking", "beijing"],
    &["nanking", "nanjing"],
    &["chungking", "chongqing"],
    &["tsingtao", "qingdao"],
    &["tientsin", "tianjin"],
    &["canton", "guangzhou"],
    &["amoy", "xiamen"],
    &["bombay", "mumbai"],
    &["madras", "chennai"],
    &["calcutta", "kolkata"],
    &["bangalore", "bengaluru"],
    &["burma", "myanmar"],
    &["rangoon", "yangon"],
    &["turkey", "türkiye", "turkiye"],
    &["swaziland", "eswatini"],
    &["lemberg", "lviv", "lvov", "lwów"],
    &["danzig", "gdańsk"],
    &["breslau", "wrocław"],
    &["stettin", "szczecin"],
    &["posen", "poznań"],
    &["krakau", "kraków", "cracow"],
    &["warschau", "warszawa", "warsaw"],
    &["pressburg", "bratislava"],
    &["prag", "praha", "prague"],
    &["brünn", "brno"],
    &["laibach", "ljubljana"],
    &["agram", "zagreb"],
    &["reval", "tallinn"],
    &["dorpat", "tartu"],
    &["köln", "cologne", "colonia"],
    &["münchen", "munich"],
    &["wien", "vienna", "vienne"],
    &["genf", "geneva", "genève", "ginevra"],
    &["firenze", "florence", "florenz"],
    &["venezia", "venice", "venedig", "venise"],
    &["napoli", "naples", "neapel"],
    &["roma", "rome", "rom"],
    &["moskau", "moscow", "moskva", "moscou"],
    &["mecca", "makkah"],
    &["悉尼", "雪梨"],
    &["特朗普", "川普"],
    &["普京", "普丁", "普亭"],
    &["布什", "布希", "布殊"],
    &["里根", "雷根", "列根"],
    &["奥巴马", "歐巴馬"],
    &["肯尼迪", "甘迺迪"],
    &["克林顿", "柯林頓"],
    &["撒切尔", "柴契爾", "戴卓爾"],
    &["戈尔巴乔夫", "戈巴契夫"],
    &["叶利钦", "葉爾欽", "葉利欽"],
    &["赫鲁晓夫", "赫魯雪夫"],
    &["斯大林", "史達林"],
    &["贝克汉姆", "貝克漢", "碧咸"],
    &["丘吉尔", "邱吉爾"],
    &["罗纳尔多", "羅納度", "朗拿度"],
    &["梅西", "美斯"],
    &["戛纳", "坎城", "康城"],
    &["迪拜", "杜拜"],
    &["三藩市", "旧金山"],
    &["墨西哥城", "墨西哥市"],
    &["波士尼亚", "波斯尼亚"],
];

/// British and American spellings that no rule explains.
const SPELLINGS: &[&[&str]] = &[
    &["plough", "plow"],
    &["kerb", "curb"],
    &["gaol", "jail"],
    &["sceptic", "skeptic"],
    &["sceptical", "skeptical"],
    &["draught", "draft"],
    &["cheque", "check"],
    &["grey", "gray"],
    &["tyre", "tire"],
    &["tyres", "tires"],
    &["mum", "mom"],
    &["whilst", "while"],
    &["amongst", "among"],
    &["learnt", "learned"],
    &["burnt", "burned"],
    &["dreamt", "dreamed"],
    &["spelt", "spelled"],
    &["programme", "program"],
    &["programmes", "programs"],
    &["aluminium", "aluminum"],
    &["jewellery", "jewelry"],
    &["pyjamas", "pajamas"],
    &["storey", "story"],
    &["metre", "meter"],
    &["centre", "center"],
    &["fibre", "fiber"],
    &["judgement", "judgment"],
];

/// For each folded word, the numbers of its classes. A word may have several: st is a saint and a street.
static CLASSES: LazyLock<HashMap<Vec<char>, Vec<usize>>> = LazyLock::new(|| {
    let normalizer = Normalizer::new();
    let mut classes: HashMap<Vec<char>, Vec<usize>> = HashMap::new();
    let lists = [ABBREVIATIONS, NAMES, SPELLINGS];
    for (number, class) in lists.into_iter().flatten().enumerate() {
        for word in *class {
            let word = normalizer.fold(word).chars().collect();
            classes.entry(word).or_default().push(number);
        }
    }
    classes
});

/// Maximum characters of these words in a script without spaces.
const LONGEST_UNSPACED: usize = 5;

/// Do the changed words stand for each other? In scripts without spaces, characters next to the change are tried as part of the
/// word.
pub(super) fn stand_for_each_other(left: &[char], right: &[char], change: &Change) -> bool {
    if !left[change.0.clone()].iter().copied().all(is_unspaced) {
        return are_one_class(&left[change.0.clone()], &right[change.1.clone()]);
    }
    let (most_before, most_behind) = (
        change.0.start.min(change.1.start).min(LONGEST_UNSPACED),
        (left.len() - change.0.end).min(right.len() - change.1.end),
    );
    (0..=most_before).any(|before| {
        let most = LONGEST_UNSPACED.saturating_sub(before + change.0.len());
        (0..=most_behind.min(most)).any(|behind| {
            are_one_class(
                &left[change.0.start - before..change.0.end + behind],
                &right[change.1.start - before..change.1.end + behind],
            )
        })
    })
}

fn are_one_class(left: &[char], right: &[char]) -> bool {
    let classes = CLASSES.get(left).zip(CLASSES.get(right));
    classes.is_some_and(|(l, r)| l.iter().any(|class| r.contains(class)))
}
