//! Texts written for these tests, encoded and read again.

use encoding_rs::*;
use reprint::normalize::Normalizer;

use super::*;

/// Language, encodings other than UTF-8, a paragraph and a title.
const SAMPLES: [(&str, &[&Encoding], &str, &str); 17] = [
    (
        "simplified Chinese",
        &[GBK, GB18030],
        "入夏以来，白鹭江水位连日上涨。镇上的人把沙袋一只一只垒上堤岸，老人和孩子先搬到了学校。天亮时雨停了，值班的人才坐下来喝第一口热水。",
        "白鹭江水位连日上涨堤岸无恙",
    ),
    (
        "traditional Chinese",
        &[BIG5, GB18030],
        "入夏以來，白鷺江水位連日上漲。鎮上的人把沙袋一只一只壘上堤岸，老人和孩子先搬到了學校。天亮時雨停了，值班的人才坐下來喝第一口熱水。",
        "白鷺江水位連日上漲堤岸無恙",
    ),
    (
        "Japanese",
        &[SHIFT_JIS, EUC_JP, ISO_2022_JP],
        "昨日、市役所の前で新しい橋の開通式が行われ、多くの人が集まりました。橋は川の両岸を結び、通学の時間を半分にします。市長は「十年の夢がかなった」と話した。",
        "新しい橋の開通式に多くの人",
    ),
    (
        "Korean",
        &[EUC_KR],
        "어제 시청 앞에서 새 다리의 개통식이 열려 많은 사람이 모였다. 다리는 강의 양쪽을 이어 통학 시간을 절반으로 줄인다.",
        "새 다리 개통식에 많은 사람",
    ),
    (
        "Russian",
        &[WINDOWS_1251, KOI8_R, KOI8_U, ISO_8859_5, IBM866],
        "Вчера у ратуши открыли новый мост через реку, и собралось много людей. Он сокращает дорогу в школу вдвое. \"Мы ждали его десять лет\", сказал мэр.",
        "Новый мост через реку открыт",
    ),
    (
        "Ukrainian",
        &[WINDOWS_1251, KOI8_U],
        "Учора біля ратуші відкрили новий міст через річку, і зібралося багато людей. Він удвічі скорочує дорогу до школи, її тепер проходять за чверть години.",
        "Новий міст через річку відкрито",
    ),
    (
        "Greek",
        &[WINDOWS_1253, ISO_8859_7],
        "Χθες μπροστά στο δημαρχείο άνοιξε η καινούργια γέφυρα του ποταμού και μαζεύτηκε πολύς κόσμος. Ο δρόμος για το σχολείο έγινε μισός.",
        "Άνοιξε η καινούργια γέφυρα",
    ),
    (
        "Polish",
        &[WINDOWS_1250, ISO_8859_2],
        "Wczoraj przed ratuszem otwarto nowy most przez rzekę i zebrało się wielu ludzi. Droga do szkoły jest teraz o połowę krótsza. \"Czekaliśmy dziesięć lat\", powiedział burmistrz, ściskając wszystkim dłonie.",
        "Otwarto nowy most przez rzekę, droga krótsza",
    ),
    (
        "French",
        &[WINDOWS_1252],
        "Hier, le nouveau pont a été inauguré devant la mairie, et beaucoup de gens s’y sont rassemblés. Le chemin de l’école est réduit de moitié : « Nous l’attendions depuis dix ans », a déclaré le maire, très ému.",
        "Le nouveau pont a été inauguré à midi",
    ),
    (
        "German",
        &[WINDOWS_1252],
        "Gestern wurde vor dem Rathaus die neue Brücke über den Fluß eröffnet, und viele Leute kamen. Der Schulweg ist nun halb so lang. „Darauf haben wir zehn Jahre gewartet“, sagte die Bürgermeisterin.",
        "Neue Brücke über den Fluß eröffnet",
    ),
    (
        "Portuguese",
        &[WINDOWS_1252],
        "Ontem foi inaugurada a nova ponte em frente à câmara, e reuniu-se muita gente. O caminho da escola ficou reduzido a metade. Não esperávamos tanta emoção, disse o presidente às crianças.",
        "A nova ponte já está aberta à circulação",
    ),
    (
        "Turkish",
        &[WINDOWS_1254],
        "Dün belediyenin önünde ırmağın üzerindeki yeni köprü açıldı ve çok sayıda insan toplandı. Okul yolu artık yarı yarıya kısaldı; başkan on yıldır bunu beklediklerini söyledi, çocuklar da şarkılar söyledi.",
        "Irmağın üzerindeki yeni köprü dün açıldı, yol kısaldı",
    ),
    (
        "Hebrew",
        &[WINDOWS_1255],
        "אתמול נחנך הגשר החדש מול בית העירייה והתאספו אנשים רבים. הדרך לבית הספר התקצרה במחצית, וראש העיר אמר שחיכו לכך עשר שנים.",
        "נחנך הגשר החדש מול העירייה",
    ),
    (
        "Arabic",
        &[WINDOWS_1256, ISO_8859_6],
        "افتتح أمس الجسر الجديد أمام مبنى البلدية واجتمع ناس كثيرون. صار الطريق إلى المدرسة نصف ما كان، وقال رئيس البلدية إنهم انتظروا ذلك عشر سنوات.",
        "افتتاح الجسر الجديد أمام البلدية",
    ),
    (
        "Thai",
        &[WINDOWS_874],
        "เมื่อวานนี้มีพิธีเปิดสะพานใหม่หน้าศาลากลาง มีผู้คนมาร่วมงานจำนวนมาก ทางไปโรงเรียนสั้นลงครึ่งหนึ่ง นายกเทศมนตรีกล่าวว่ารอคอยมาสิบปี",
        "พิธีเปิดสะพานใหม่หน้าศาลากลาง",
    ),
    (
        "Czech",
        &[WINDOWS_1250, ISO_8859_2],
        "Včera byl před radnicí otevřen nový most přes řeku a sešlo se mnoho lidí. Cesta do školy je teď o polovinu kratší, říkají děti i rodiče. Čekali jsme deset let, řekl starosta.",
        "Nový most přes řeku byl otevřen",
    ),
    (
        "Vietnamese",
        &[WINDOWS_1258],
        "Hôm qua, cây câ\u{300}u mơ\u{301}i qua sông đa\u{303} khánh tha\u{300}nh trươ\u{301}c to\u{300}a thi\u{323} chính, râ\u{301}t đông ngươ\u{300}i đê\u{301}n dư\u{323}. Đươ\u{300}ng đê\u{301}n trươ\u{300}ng ngă\u{301}n đi mô\u{323}t nư\u{309}a.",
        "Khánh tha\u{300}nh cây câ\u{300}u mơ\u{301}i qua sông",
    ),
];

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    }
    let (bytes, _, lost) = encoding.encode(text);
    assert!(!lost, "{} has no letters for {text}", encoding.name());
    bytes.into_owned()
}

fn read(bytes: &[u8]) -> Result<String, String> {
    decode(bytes, Said::Nothing).map(|decoded| decoded.text.into_owned())
}

#[test]
fn paragraphs_are_read_from_their_bytes_alone() {
    let mut wrong = Vec::new();
    for (language, encodings, text, _) in SAMPLES {
        for &encoding in encodings.iter().chain(&[UTF_8, UTF_16LE, UTF_16BE]) {
            let found = read(&encoded(text, encoding));
            if found.as_deref() != Ok(text) {
                wrong.push(format!("{language} in {}: {found:?}", encoding.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// With only one letter that is not ASCII, ę and ê cannot be distinguished.
const UNCERTAIN: [(&str, &Encoding); 2] = [("Polish", WINDOWS_1250), ("Polish", ISO_8859_2)];

#[test]
fn titles_are_read_but_for_those_with_one_letter_to_tell_from() {
    for (language, encodings, _, text) in SAMPLES {
        for &encoding in encodings.iter().chain(&[UTF_8, UTF_16LE, UTF_16BE]) {
            let found = read(&encoded(text, encoding));
            let right = found.as_deref() == Ok(text);
            let expected = !UNCERTAIN.contains(&(language, encoding));
            assert_eq!(
                right,
                expected,
                "{language} in {}: {found:?}",
                encoding.name()
            );
        }
    }
}

#[test]
fn latin_words_without_spaces_are_no_utf16() {
    for word in [
        "répétées",
        "entrée",
        "naïveté",
        "généralités",
        "Straßenbahnhaltestellenüberdachung",
    ] {
        let found = utf16::order(&encoded(word, WINDOWS_1252));
        assert_eq!(found, None, "{word}");
    }
}

/// Overwrites, removes or adds one byte of an encoded text.
fn spoiled(bytes: &[u8], at: usize) -> [Vec<u8>; 3] {
    let mut overwritten = bytes.to_vec();
    overwritten[at] = 0xFF;
    let lost = [&bytes[..at], &bytes[at + 1..]].concat();
    let added = [&bytes[..at], b"\xE4", &bytes[at..]].concat();
    [overwritten, lost, added]
}

#[test]
fn damaged_text_is_refused_or_differs_in_a_character_but_is_never_read_as_another_script() {
    for (language, encodings, text, _) in SAMPLES {
        let multibyte = encodings
            .iter()
            .filter(|encoding| !encoding.is_single_byte());
        for &encoding in multibyte
            .chain(&[UTF_8])
            .filter(|&&encoding| encoding != ISO_2022_JP)
        {
            let bytes = encoded(text, encoding);
            for at in 0..bytes.len() {
                for spoiled in spoiled(&bytes, at) {
                    let Ok(found) = read(&spoiled) else { continue };
                    let common = text.chars().filter(|&c| found.contains(c)).count();
                    let all = text.chars().count();
                    assert!(
                        common * 3 > all * 2,
                        "{language} in {} at {at}: {found}",
                        encoding.name()
                    );
                }
            }
        }
    }
}

#[test]
fn damaged_utf8_is_named_with_the_byte() {
    let text = SAMPLES[8].2;
    let bytes = text.as_bytes();
    let at = text.find('é').unwrap();
    let cut = [&bytes[..=at], &bytes[at + 2..]].concat();
    let error = read(&cut).unwrap_err();
    assert!(
        error.starts_with(&format!("damaged UTF-8: byte {at} can't be read")),
        "{error}"
    );
    let error = read(&bytes[..bytes.len() - 1]);
    assert!(error.is_ok(), "the last byte is a full stop: {error:?}");
    let chinese = SAMPLES[0].2.as_bytes();
    let error = read(&chinese[..chinese.len() - 1]).unwrap_err();
    assert!(error.starts_with("damaged UTF-8"), "{error}");
}

#[test]
fn damaged_gb18030_and_big5_are_named_with_the_bytes() {
    for (sample, encoding, called) in [(0, GBK, "GB18030"), (1, BIG5, "Big5")] {
        let bytes = encoded(SAMPLES[sample].2, encoding);
        let mut spoiled = bytes.clone();
        spoiled[20] = 0xFF;
        let error = read(&spoiled).unwrap_err();
        assert!(
            error.starts_with(&format!("damaged {called}: byte 20 can't be read")),
            "{error}"
        );
        assert!(error.contains("UTF-8 fails at byte 0"), "{error}");
    }
}

#[test]
fn a_control_character_of_gb18030_is_no_fault() {
    let text = format!("{}\u{92}{}", SAMPLES[0].2, SAMPLES[0].3);
    let bytes = encoded(&text, GB18030);
    assert_eq!(read(&bytes).as_ref(), Ok(&text));
    let said =
        decode(&bytes, Said::ByPage(GB18030)).map(|found| (found.text.into_owned(), found.guessed));
    assert_eq!(said, Ok((text, false)));
}

#[test]
fn binary_data_is_no_text() {
    let mut numbers = 7_u64;
    let mut random = || {
        numbers = numbers
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (numbers >> 40) as u8
    };
    for length in [200, 1000, 50_000] {
        let bytes: Vec<u8> = (0..length).map(|_| random()).collect();
        assert!(read(&bytes).is_err(), "{length}");
        let without_nul: Vec<u8> = bytes.into_iter().filter(|byte| *byte != 0).collect();
        assert!(read(&without_nul).is_err(), "{length}");
    }
    let image = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1F\xF3\xFFa";
    let error = read(image).unwrap_err();
    assert!(error.starts_with("not text: "), "{error}");
    assert!(read(&[0; 64]).is_err());
}

#[test]
fn utf8_with_a_few_nuls_stays_utf8() {
    for text in [
        "one\0two three four five six seven\0eight",
        "入夏以来\0白鹭江水位连日上涨。",
    ] {
        assert_eq!(read(text.as_bytes()).as_deref(), Ok(text));
    }
}

#[test]
fn marks_count_and_do_not_stay_in_the_text() {
    for encoding in [UTF_8, UTF_16LE, UTF_16BE, GB18030] {
        let marked = format!("\u{FEFF}{}", SAMPLES[0].2);
        let decoded =
            decode(&encoded(&marked, encoding), Said::Nothing).map(|found| found.text.into_owned());
        assert_eq!(decoded.as_deref(), Ok(SAMPLES[0].2), "{}", encoding.name());
    }
    let utf32 = read(b"\xFF\xFE\0\0a\0\0\0").unwrap_err();
    assert!(utf32.starts_with("UTF-32"), "{utf32}");
    let cut = read(b"\xFF\xFEa\0b").unwrap_err();
    assert!(cut.contains("its mark says UTF-16LE"), "{cut}");
}

#[test]
fn text_that_was_encoded_twice_is_read_and_folded_as_what_it_was() {
    let normalizer = Normalizer::new();
    for (language, _, text, _) in SAMPLES {
        for page in [WINDOWS_1252, WINDOWS_1251, WINDOWS_1250] {
            let twice = page.decode_without_bom_handling(text.as_bytes()).0;
            assert_eq!(read(twice.as_bytes()).as_deref(), Ok(&*twice), "{language}");
            assert_eq!(
                normalizer.fold(&twice),
                normalizer.fold(text),
                "{language}, {}",
                page.name()
            );
        }
    }
}

#[test]
fn a_named_encoding_is_used_and_what_a_page_says_only_where_it_fits() {
    let bytes = encoded(SAMPLES[4].3, WINDOWS_1251);
    let forced = decode(&bytes, Said::ByUser(KOI8_R)).unwrap();
    assert_ne!(forced.text, SAMPLES[4].3);
    let error = decode(SAMPLES[0].2.as_bytes(), Said::ByUser(EUC_KR)).unwrap_err();
    assert!(
        error.contains("not EUC-KR at byte") && error.contains("--encoding"),
        "{error}"
    );
    let said = |bytes: &[u8], encoding| {
        decode(bytes, Said::ByPage(encoding)).map(|found| found.text.into_owned())
    };
    assert_eq!(
        said(&encoded("ę", ISO_8859_2), ISO_8859_2).as_deref(),
        Ok("ę")
    );
    assert_eq!(
        said(SAMPLES[0].2.as_bytes(), GBK).as_deref(),
        Ok(SAMPLES[0].2)
    );
    assert_eq!(
        said(&encoded(SAMPLES[0].2, GBK), BIG5).as_deref(),
        Ok(SAMPLES[0].2)
    );
    assert_eq!(
        said(&encoded(SAMPLES[0].2, GBK), WINDOWS_1252).as_deref(),
        Ok(SAMPLES[0].2)
    );
    assert!(named("klingon").unwrap_err().contains("use one such as"));
    assert_eq!(
        (named("GB2312"), named("utf-16le")),
        (Ok(GB18030), Ok(UTF_16LE))
    );
}
