//! Why is something rejected? The kind is for programs, the text for people: what happened, and what to do.

use std::fmt;

use serde::Serialize;

/// What kind of reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// Nothing is there, or nothing that could be opened and read.
    Unreadable,
    /// A kind of file that is not read.
    OtherKind,
    /// Nothing is in it.
    Empty,
    /// It is cut off or damaged.
    Damaged,
    /// It is in no encoding that is known, or not in the one that it should be in.
    Encoding,
    /// It is longer, or takes more memory, than there may be.
    TooLarge,
    /// It is not in the format that it should be in.
    Malformed,
    /// A field of texts is not there, or holds no text.
    Field,
    /// Its id is no id, or another document's.
    Id,
}

/// Why something is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub kind: ReasonKind,
    pub text: String,
}

impl ReasonKind {
    /// A reason of this kind.
    pub fn because(self, text: impl Into<String>) -> Reason {
        let text = text.into();
        Reason { kind: self, text }
    }
}

impl Reason {
    /// The same, of a part that is named before it.
    pub fn in_part(self, part: &str) -> Self {
        let text = format!("{part}: {}", self.text);
        Self { text, ..self }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
