//! Why is something rejected? The kind is for programs, the text for people: what happened, and what to do.

use std::fmt;

use serde::Serialize;

/// The kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// The file or folder does not exist, or cannot be opened or read.
    Unreadable,
    /// The kind of file is not read.
    OtherKind,
    /// There is no content.
    Empty,
    /// The content is cut off or damaged.
    Damaged,
    /// The encoding is unknown, or is not the expected one.
    Encoding,
    /// It is longer, or takes more memory, than is allowed.
    TooLarge,
    /// It is not in the expected format.
    Malformed,
    /// A text field is missing, or holds no text.
    Field,
    /// The id is not valid, or is already another document's id.
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
    /// The same reason, with the name of a part before its text.
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
