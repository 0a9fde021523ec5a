//! What has a person decided about the copies that an earlier run found? The decisions are in a file with one decision per line,
//! which the report page exports and `--decisions` applies.

mod apply;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use reprint::cluster::{Claim, Criterion, Policy};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_128;

pub use apply::{Applied, apply};

/// A decision about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is another text: it is kept, outside the cluster.
    NotACopy,
    /// It is the canonical copy of its cluster.
    KeepThisOne,
    /// A person has looked at it; nothing changes.
    Seen,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Id of the document that the decision is about.
    pub id: String,
    /// Id of the canonical copy of its cluster when the decision was made.
    pub canonical: String,
    pub decision: Verdict,
}

/// The decisions of a file, one for each document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    by_id: BTreeMap<String, Decision>,
}

/// A file of decisions that can't be used.
#[derive(Debug, Error)]
#[error("--decisions {}: {kind}", file.display())]
pub struct Fault {
    pub file: PathBuf,
    pub kind: FaultKind,
}

#[derive(Debug, Error)]
pub enum FaultKind {
    #[error("{0}; give a file that the report page exported")]
    Unreadable(io::Error),
    /// A line that is not a decision; the number is counted from 1.
    #[error("line {0} is no decision: {1}; write one such as {EXAMPLE}")]
    Malformed(usize, serde_json::Error),
}

/// An example of a line.
const EXAMPLE: &str = r#"{"id": "b.txt", "canonical": "a.txt", "decision": "not-a-copy"} (or "keep-this-one", "seen")"#;

impl Decisions {
    pub fn read(file: &Path) -> Result<Self, Fault> {
        let fault = |kind| Fault {
            file: file.to_owned(),
            kind,
        };
        let text = fs::read_to_string(file).map_err(|error| fault(FaultKind::Unreadable(error)))?;
        let parsed = Self::parse(&text);
        parsed.map_err(|(line, error)| fault(FaultKind::Malformed(line, error)))
    }

    /// The decisions of a file's text. If there are several about one document, the last one counts, so that files can be concatenated.
    fn parse(text: &str) -> Result<Self, (usize, serde_json::Error)> {
        let text = text.trim_start_matches('\u{FEFF}');
        let mut by_id = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let decision: Decision = serde_json::from_str(line).map_err(|error| (number, error))?;
            by_id.insert(decision.id.clone(), decision);
        }
        Ok(Self { by_id })
    }

    /// All decisions, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Decision> {
        self.by_id.values()
    }

    /// A hash of all decisions, in hexadecimal.
    pub fn digest(&self) -> String {
        let lines = self.iter().map(|decision| format!("{decision:?}\n"));
        format!("{:032x}", xxh3_128(lines.collect::<String>().as_bytes()))
    }

    /// The policy with the decisions before its other criteria. Documents to keep come first, and documents that are no copies come
    /// last, so that a cluster does not lose its canonical copy together with them.
    pub fn before(&self, policy: Policy) -> Policy {
        let ranks: BTreeMap<String, Rank> = self
            .iter()
            .filter(|decision| decision.decision != Verdict::Seen)
            .map(|decision| (decision.id.clone(), Rank::new(decision.decision)))
            .collect();
        if ranks.is_empty() {
            return policy;
        }
        let name = format!("decided-{}", &self.digest()[..8]);
        let rank = move |claim: &Claim| ranks.get(&claim.id).copied().unwrap_or(Rank::Undecided);
        let compare = move |a: &Claim, b: &Claim| -> Ordering { rank(a).cmp(&rank(b)) };
        policy.preceded_by(Criterion::by(name, compare))
    }
}

/// The rank of a document among the copies of its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Chosen,
    Undecided,
    Separate,
}

impl Rank {
    fn new(verdict: Verdict) -> Self {
        match verdict {
            Verdict::KeepThisOne => Self::Chosen,
            Verdict::NotACopy => Self::Separate,
            Verdict::Seen => Self::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_back_as_it_was_written_and_the_last_decision_counts() {
        let decision = |id: &str, decision| Decision {
            id: id.to_owned(),
            canonical: "a \"quoted\" 字".to_owned(),
            decision,
        };
        let written = [
            decision("b", Verdict::Seen),
            decision("b", Verdict::NotACopy),
            decision("c", Verdict::KeepThisOne),
        ];
        let lines = written
            .each_ref()
            .map(|one| serde_json::to_string(one).unwrap() + "\r\n\n");
        let read = Decisions::parse(&("\u{FEFF}".to_owned() + &lines.concat())).unwrap();
        let read: Vec<&Decision> = read.iter().collect();
        assert_eq!(read, [&written[1], &written[2]]);
    }

    #[test]
    fn a_line_that_is_no_decision_is_told_with_its_number() {
        let line = r#"{"id":"b","canonical":"a","decision":"seen"}"#;
        for wrong in [
            "{",
            r#"{"id":"b"}"#,
            r#"{"id":"b","canonical":"a","decision":"copy"}"#,
        ] {
            let (number, _) = Decisions::parse(&format!("{line}\n\n{wrong}")).unwrap_err();
            assert_eq!(number, 3);
        }
    }
}
