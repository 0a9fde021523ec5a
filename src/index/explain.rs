//! Why do two documents in the index have their relation?

use crate::error::Error;
use crate::index::Index;
use crate::index::files::refused;
use crate::index::generation::Present;
use crate::report::Evidence;

impl Index {
    /// The relation of two documents in the index, with passages and differences. The verdict depends on the texts near the two, as the
    /// verdict of [`query`](Self::query) does. Cost: that of a query for each.
    ///
    /// # Errors
    ///
    /// If no document has one of the ids, or if something that is needed can't be read or is damaged.
    pub fn explain(&self, a: &str, b: &str) -> Result<Evidence, Error> {
        let [a, b] = [self.number(a)?, self.number(b)?];
        let mut numbers = vec![a];
        if a != b {
            numbers.push(b);
        }
        let mut near = [self.near(a)?, self.near(b)?].concat();
        near.sort_unstable();
        near.dedup();
        near.retain(|number| ![a, b].contains(number));
        let second = numbers.len() - 1;
        let present = Present::new(self, numbers.into_iter().chain(near))?;
        self.deduper.evidence(&present, 0, second)
    }

    fn number(&self, id: &str) -> Result<u32, Error> {
        let number = self.ledger.number_of(id);
        number.ok_or_else(|| {
            let problem = format!("no document has the id {id:?}; check it");
            refused(&self.folder, problem)
        })
    }

    /// For each text that is near the text of a document, one of its documents.
    fn near(&self, number: u32) -> Result<Vec<u32>, Error> {
        let facts = self.facts_of(number)?;
        let relevant = self.relevant(&facts, u32::MAX)?;
        let texts = relevant.texts.iter();
        Ok(texts.map(|relevant| relevant.document).collect())
    }
}
