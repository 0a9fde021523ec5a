//! What are the words of a text without spaces? The optional `jieba-rs` finds them.

use std::ops::Range;
use std::sync::Arc;

use jieba_rs::Jieba;

use super::units::{self, UnitKind};

/// A dictionary of Chinese words, shared between the clones of a shingler.
#[derive(Clone, Debug)]
pub(super) struct Words(Arc<Jieba>);

impl Words {
    /// Loads the default dictionary (simplified words; about 100 ms).
    pub(super) fn new() -> Self {
        Self(Arc::new(Jieba::new()))
    }

    /// As [`units::for_each`], but runs of characters are divided into words.
    pub(super) fn for_each(&self, folded: &str, mut unit: impl FnMut(Range<usize>, UnitKind)) {
        let mut run = 0..0;
        units::for_each(folded, |range, kind| {
            if kind == UnitKind::Character && range.start == run.end {
                run.end = range.end;
                return;
            }
            self.cut(folded, run.clone(), &mut unit);
            run = range.clone();
            if kind == UnitKind::Word {
                unit(range.clone(), kind);
                run.start = range.end;
            }
        });
        self.cut(folded, run, &mut unit);
    }

    fn cut(&self, folded: &str, run: Range<usize>, unit: &mut impl FnMut(Range<usize>, UnitKind)) {
        let mut start = run.start;
        for token in self.0.cut(&folded[run], false) {
            let end = start + token.word.len();
            unit(start..end, UnitKind::Word);
            start = end;
        }
    }
}
