//! How are ideographs read in Korean? A Korean text in mixed script is folded to hangul, ideograph by ideograph.
//!
//! The initial-sound rule (勞動 로동: 노동) is applied to the first ideograph of a run, which usually begins a word. 率 and 列 have their second
//! reading after a vowel or ㄴ, and 不 before ㄷ and ㅈ (Hangul orthography, 1988, articles 10 to 12 and 52). Two cases are not distinguished:
//! other ideographs with several readings, and the later words of a run (國家勞動).

use super::edits::Edit;
use super::letters::is_hangul_final;

mod generated {
    include!(concat!(env!("OUT_DIR"), "/hanja.rs"));
}

use generated::READINGS;

/// Maximum ideographs for each syllable of hangul in a Korean text. A Chinese text that quotes Korean has many more.
const IDEOGRAPHS_PER_SYLLABLE: usize = 4;

/// The Korean reading of a folded ideograph, if it is in KS X 1001.
pub(super) fn reading(c: char) -> Option<char> {
    if !is_read(c) {
        return None;
    }
    let cp = u16::try_from(u32::from(c)).ok()?;
    let row = READINGS.binary_search_by_key(&cp, |&(han, _)| han).ok()?;
    char::from_u32(READINGS[row].1.into())
}

/// The ideographs with a reading, one bit each.
static IS_READ: [u64; 1024] = {
    let mut bits = [0; 1024];
    let mut row = 0;
    while row < READINGS.len() {
        let cp = READINGS[row].0 as usize;
        bits[cp / 64] |= 1 << (cp % 64);
        row += 1;
    }
    bits
};

fn is_read(c: char) -> bool {
    let cp = c as usize;
    IS_READ
        .get(cp / 64)
        .is_some_and(|bits| bits >> (cp % 64) & 1 != 0)
}

/// Number of ideographs of a text that have a reading.
fn count_read(text: &str) -> usize {
    text.chars().filter(|&c| is_read(c)).count()
}

/// May there be hangul? This is tested for every text with ideographs, so only the possible first bytes of a syllable are looked for.
pub(super) fn may_have_hangul(text: &[u8]) -> bool {
    let is_first = |byte: &u8| u8::from(byte.wrapping_sub(0xEA) < 4);
    text.chunks(1024)
        .any(|step| step.iter().fold(0, |any, byte| any | is_first(byte)) != 0)
}

/// Is a folded text Korean? It is if the text has few ideographs before or after its phrases are replaced by `phrases`. So a text and its
/// result get the same answer.
pub(super) fn is_korean(text: &str, phrases: &[Edit]) -> bool {
    let (mut hangul, mut kana, mut before) = (0, 0, 0);
    for c in text.chars() {
        match c {
            '\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{115E}' => hangul += 1,
            '\u{3041}'..='\u{30FF}' => kana += 1,
            _ => before += usize::from(is_read(c)),
        }
    }
    if hangul == 0 || hangul <= kana {
        return false;
    }
    let lost: usize = phrases
        .iter()
        .map(|edit| count_read(&text[edit.start..edit.end]))
        .sum();
    let won: usize = phrases.iter().map(|edit| count_read(&edit.to)).sum();
    hangul * IDEOGRAPHS_PER_SYLLABLE >= before.min(before + won - lost)
}

/// The edits that replace the ideographs of a Korean text by their readings.
pub(super) fn edits(text: &str) -> Vec<Edit> {
    let chars: Vec<char> = text.chars().collect();
    let mut edits: Vec<Edit> = Vec::new();
    let (mut at, mut before) = (0, None);
    for (i, &c) in chars.iter().enumerate() {
        let next = chars.get(i + 1).copied();
        let end = at + c.len_utf8();
        // A separate final consonant after the ideograph would join its reading, so such an ideograph stays.
        let sound = reading(c).filter(|_| !next.is_some_and(is_hangul_final));
        let sound =
            sound.map(|sound| in_word(c, sound, before, next.map(|c| reading(c).unwrap_or(c))));
        if let Some(sound) = sound {
            edits.push(Edit::new(at..end, sound.to_string()));
        }
        (at, before) = (end, sound);
    }
    edits
}

/// The reading of `c` between two syllables of its word.
fn in_word(c: char, sound: char, before: Option<char>, next: Option<char>) -> char {
    match (before, sound) {
        (_, '불') if c == '不' && next.is_some_and(is_d_or_j) => '부',
        (None, _) => initial(sound),
        (Some(before), '렬' | '률') if matches!(Syllable::new(before).tail, 0 | TAIL_N) => {
            initial(sound)
        }
        _ => sound,
    }
}

/// The letters of a hangul syllable, each as a number in Unicode's order (Unicode Standard, 3.12).
struct Syllable {
    lead: u32,
    vowel: u32,
    tail: u32,
}

const FIRST: u32 = 0xAC00;
const VOWELS: u32 = 21;
const TAILS: u32 = 28;
const LEAD_N: u32 = 2;
const LEAD_D: u32 = 3;
const LEAD_R: u32 = 5;
const LEAD_NONE: u32 = 11;
const LEAD_J: u32 = 12;
const TAIL_N: u32 = 4;

impl Syllable {
    fn new(c: char) -> Self {
        let nth = u32::from(c).saturating_sub(FIRST);
        Self {
            lead: nth / (VOWELS * TAILS),
            vowel: nth / TAILS % VOWELS,
            tail: nth % TAILS,
        }
    }

    /// Is the vowel i, or does it begin with the sound of y?
    fn is_palatal(&self) -> bool {
        // ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ
        matches!(self.vowel, 2 | 3 | 6 | 7 | 12 | 17 | 20)
    }

    fn with_lead(&self, lead: u32, c: char) -> char {
        let cp = FIRST + (lead * VOWELS + self.vowel) * TAILS + self.tail;
        char::from_u32(cp).unwrap_or(c)
    }
}

/// A syllable as it is at the start of a word: without ㄹ, and without ㄴ before i or y.
fn initial(c: char) -> char {
    let syllable = Syllable::new(c);
    match syllable.lead {
        LEAD_R | LEAD_N if syllable.is_palatal() => syllable.with_lead(LEAD_NONE, c),
        LEAD_R => syllable.with_lead(LEAD_N, c),
        _ => c,
    }
}

fn is_d_or_j(c: char) -> bool {
    ('\u{AC00}'..='\u{D7A3}').contains(&c) && matches!(Syllable::new(c).lead, LEAD_D | LEAD_J)
}
