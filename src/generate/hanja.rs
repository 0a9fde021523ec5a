//! How is each ideograph read in Korean? The readings are those of KS X 1001, by folded ideograph.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::han::Classes;

const READINGS: &str = include_str!("hanja.txt");

pub struct Hanja(BTreeMap<char, char>);

impl Hanja {
    /// If ideographs of one class have several readings, the reading of the ideograph that schools teach is taken, then that of the
    /// representative of the class (价 is another word than 價), then the first.
    pub fn generate(classes: &Classes) -> Self {
        let mut rows: Vec<_> = rows()
            .map(|(sound, c, taught)| (!taught, classes.representative(c) != c, sound, c))
            .collect();
        rows.sort_unstable();
        let mut readings = BTreeMap::new();
        for (_, _, sound, c) in rows {
            readings.entry(classes.representative(c)).or_insert(sound);
        }
        Self(readings)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let rows = self.0.iter().flat_map(|(&c, &sound)| [c, sound]);
        String::from_iter(rows).into_bytes()
    }

    pub fn source(&self) -> String {
        let rows: Vec<(u32, u32)> = self
            .0
            .iter()
            .map(|(&c, &sound)| (c as u32, sound as u32))
            .collect();
        let mut out = String::new();
        writeln!(
            out,
            "/// Ideograph and syllable, by ideograph.\npub(super) static READINGS: [(u16, u16); {}] = {rows:?};",
            rows.len()
        )
        .expect("a String takes all");
        out
    }
}

/// Every ideograph with its reading, and whether it is taught.
fn rows() -> impl Iterator<Item = (char, char, bool)> {
    let lines = READINGS.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| {
        let mut fields = line.split(' ');
        let sound = fields.next().and_then(|field| field.chars().next());
        let sound = sound.expect("a line has a reading");
        let groups = fields.zip([true, false]);
        groups.flat_map(move |(group, taught)| {
            let ideographs = group.chars().filter(|&c| c != '-');
            ideographs.map(move |c| (sound, c, taught))
        })
    })
}
