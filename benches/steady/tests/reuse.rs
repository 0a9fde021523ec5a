//! Does a second document need an allocation if buffers are reused? It must not, because a run processes millions of
//! documents.
//!
//! There is only one test here, because allocations of another test at the same time would be counted, too.

use reprint::normalize::Normalizer;
use reprint::shingle::{Shingler, Shingles};
use reprint_steady::allocations::{self, Allocations};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// Pairs of texts for each way of folding. The second text is not longer than the first.
const PAIRS: [(&str, &str); 3] = [
    ("The ﬁrst docu-\nment of two.", "A sec-\nond document."),
    ("Đường phố “l\u{2019}été”, №", "Straße, № ５"),
    ("กรุงเทพฯ น้ำใจ Москва ещё", "พ.ศ. ๒๕๖๔ мир"),
];

/// Texts whose folding still needs allocations, and the maximum number of these. For each Chinese text, new lists are made
/// of the places where a regional phrase may begin and of the phrases that were found, and the text is written again with
/// the phrases replaced. A letter with combining accents is composed in one string and folded in another.
const EXCEPTIONS: [(&str, &str, u64); 3] = [
    (
        "人先動「水\n來」，２０２１年七月",
        "“水来之前”人先动，7 月",
        1,
    ),
    ("資訊「科\n技」，軟體和滑鼠", "信息“科技”，軟體", 3),
    ("l\u{2019}e\u{301}te\u{301} re\u{301}", "e\u{301}", 2),
];

#[test]
fn a_second_document_costs_no_allocation() {
    for (first, second) in PAIRS {
        let [fold, cut] = second_time(first, second);
        assert_eq!((fold.count, cut.count), (0, 0), "{second}");
    }
    for (first, second, most) in EXCEPTIONS {
        let [fold, cut] = second_time(first, second);
        assert!(fold.count <= most, "{second}: {fold:?}");
        assert_eq!(cut.count, 0, "{second}");
    }
}

/// The allocations of folding and cutting `second` with the buffers of `first`.
fn second_time(first: &str, second: &str) -> [Allocations; 2] {
    let (normalizer, shingler) = (Normalizer::new(), Shingler::default());
    let (mut folded, mut shingles) = (String::new(), Shingles::default());
    normalizer.fold_into(first, &mut folded);
    shingler.cut_into(&folded, &mut shingles);
    let fold = allocations::count(|| normalizer.fold_into(second, &mut folded));
    let cut = allocations::count(|| shingler.cut_into(&folded, &mut shingles));
    assert!(!shingles.hashes.is_empty());
    [fold, cut]
}
