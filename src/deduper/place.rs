//! Where in the original does the body of a text stand?
//!
//! Folded once more, every character tells where it came from. But only the two ends of the body are asked for, and these mostly
//! stand near the ends of the text: so only what stands there is folded, up to a place where nothing before depends on what
//! follows and the other way round. What was folded is compared with the folded text; where the two differ, all of it is folded.

use std::ops::Range;

use crate::normalize::Normalizer;

/// Folded bytes between an end of the body and the place where the text was cut: more than the longest phrase.
const BETWEEN: usize = 120;

/// Bytes of the original that are looked through for a place to cut.
const CUT: usize = 512;

/// Where in `original` the range of its `folded` form came from, as [`Normalizer::locate`] has it.
pub(super) fn place(
    normalizer: &Normalizer,
    original: &str,
    folded: &str,
    range: &Range<usize>,
) -> Range<usize> {
    let ends = (!range.is_empty())
        .then(|| {
            let start = start(normalizer, original, folded, range.start)?;
            Some(start..end(normalizer, original, folded, range.end)?)
        })
        .flatten();
    ends.unwrap_or_else(|| {
        let found = normalizer.locate(original, std::slice::from_ref(range));
        found.into_iter().next().unwrap_or_default()
    })
}

/// Where what is folded to `start` and behind begins.
fn start(normalizer: &Normalizer, original: &str, folded: &str, start: usize) -> Option<usize> {
    let near = reach(original, folded, start)?;
    let cut = (near..near + CUT).find(|&at| may_be_cut(original, at))?;
    let head = normalizer.fold_with_offsets(&original[..cut]);
    let sure = head.text.len().checked_sub(BETWEEN)?;
    let same = head.text.as_bytes()[..sure] == *folded.as_bytes().get(..sure)?;
    (same && start < sure).then(|| head.offsets.original(start..head.text.len()).start)
}

/// Where what is folded to before `end` ends.
fn end(normalizer: &Normalizer, original: &str, folded: &str, end: usize) -> Option<usize> {
    let behind = folded.len() - end;
    let near = original.len() - reach(original, folded, behind)?;
    let mut places = (near.saturating_sub(CUT)..near).rev();
    let cut = places.find(|&at| may_be_cut(original, at))?;
    let foot = normalizer.fold_with_offsets(&original[cut..]);
    let sure = foot.text.as_bytes().get(BETWEEN..)?;
    let same = folded.as_bytes().ends_with(sure);
    (same && behind < sure.len()).then(|| {
        let end = foot.text.len() - behind;
        cut + foot.offsets.original(0..end).end
    })
}

/// How many bytes of the original are most likely folded to more than so many; none where that is not less than the whole.
fn reach(original: &str, folded: &str, bytes: usize) -> Option<usize> {
    let wanted = (bytes + BETWEEN) * original.len() / folded.len().max(1);
    let near = wanted + wanted / 4 + BETWEEN;
    (near < original.len() / 2).then_some(near)
}

/// Is this place between two plain characters, of which none can belong to what is on the other side?
fn may_be_cut(original: &str, at: usize) -> bool {
    let around = at
        .checked_sub(3)
        .and_then(|from| original.as_bytes().get(from..=at));
    match around {
        // Ideographs from U+5000 on.
        Some([0xE5..=0xE9, _, _, 0xE5..=0xE9]) => true,
        Some([_, _, before, behind]) => {
            before.is_ascii_alphanumeric() && behind.is_ascii_alphanumeric()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(original: &str, from: usize, to: usize) {
        let normalizer = Normalizer::new();
        let folded = normalizer.fold(original);
        let starts: Vec<usize> = folded.char_indices().map(|(at, _)| at).collect();
        let range =
            starts[from.min(starts.len() - 1)]..starts[starts.len() - 1 - to.min(starts.len() - 1)];
        let located = normalizer.locate(original, std::slice::from_ref(&range));
        assert_eq!(place(&normalizer, original, &folded, &range), located[0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn ends_are_where_the_whole_has_them(
            pieces in prop::collection::vec(
                "資訊科技|軟體|記憶體|，|。|\n|- \n|頭髮|發展|乾隆|2021年|the doc-\nument |e\u{301}|○|○○八|卡拉OK|[a-z]{1,5} |ﬁ|㎏|（[一-丁]）",
                900..1600,
            ),
            from in 0_usize..200,
            to in 0_usize..200,
        ) {
            check(&pieces.concat(), from, to);
        }
    }

    #[test]
    fn a_long_text_is_not_folded_as_a_whole() {
        let original = "資訊科技，記憶體2021年。\n".repeat(400);
        let folded = Normalizer::new().fold(&original);
        let normalizer = Normalizer::new();
        let at = folded.len() / 20 / 3 * 3;
        let range = folded
            .char_indices()
            .map(|(place, _)| place)
            .find(|&place| place >= at);
        let range = range.unwrap_or(0);
        assert!(start(&normalizer, &original, &folded, range).is_some());
        assert!(end(&normalizer, &original, &folded, folded.len() - range).is_some());
        check(&original, 60, 90);
        check(&original, 0, 0);
        check("短", 0, 0);
    }
}
