//! Which known word was probably meant by an unknown one?

use std::cmp::Ordering;

/// Minimum similarity (Jaro-Winkler) of two words for one to be suggested instead of the other.
const ALIKE: f64 = 0.8;

/// The word that was most likely meant: the shortest one that contains the unknown word, or else the most similar one.
pub fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str> + Clone) -> Option<&'w str> {
    let has = |known: &&str| !word.is_empty() && known.contains(word);
    let longer = known.clone().filter(has);
    longer
        .min_by_key(|known| (known.len(), *known))
        .or_else(|| most_similar(word, known))
}

/// The most similar word. If several are equally similar, the smallest is taken.
fn most_similar<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let similar = known.map(|known| (strsim::jaro_winkler(word, known), known));
    let similar = similar.filter(|&(similarity, _)| similarity >= ALIKE);
    let best = similar.max_by(|a, b| match a.0.total_cmp(&b.0) {
        Ordering::Equal => b.1.cmp(a.1),
        order => order,
    });
    best.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_an_id_or_a_slip_finds_it_and_nonsense_finds_nothing() {
        let known = [
            "articles/flood-web.txt",
            "articles/flood-web.txt#1",
            "articles/drill.txt",
        ];
        let nearest = |word| nearest(word, known.into_iter());
        assert_eq!(nearest("flood-web.txt"), Some(known[0]));
        assert_eq!(nearest("articles/dril1.txt"), Some(known[2]));
        assert_eq!(nearest("nobody"), None);
        assert_eq!(nearest(""), None);
    }
}
