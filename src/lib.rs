//! Finds the same document printed again - in another layout, punctuation, script or edition - and keeps one canonical copy.
//!
//! Two layers. [`Deduper`] takes documents and returns a [`Report`](report::Report): clusters, each under one canonical copy,
//! with reasons. Behind it stand pure stage functions in one line, each a module that answers one question, for your own
//! pipeline:
//!
//! | module | question it answers |
//! |---|---|
//! | [`normalize`] | when are two strings the same text? |
//! | [`shingle`] | what are the comparable units? |
//! | [`signature`] | how is a document summed up in a fixed size? |
//! | [`lsh`] | which pairs are worth comparing? |
//! | [`verify`] | what is the relation of these two? |
//! | [`items`] | does a short text stand inside a long one? |
//! | [`cluster`] | which copies belong together, which one stays? |
//! | [`report`] | what was done, and why? |
//!
//! ```
//! use reprint::{Deduper, Document};
//!
//! let documents = [
//!     Document::new("print", "7 月 20 日，“连轴转”“白加黑”的紧张\n工作开始了。"),
//!     Document::new("taiwan", "7月20日,「連軸轉」「白加黑」的緊張工作開始了"),
//!     Document::new("other", "全市各级党组织积极行动起来。"),
//! ];
//! let report = Deduper::default().run(&documents)?;
//! let cluster = &report.clusters[0];
//! assert_eq!(cluster.canonical.id, "print");
//! assert_eq!(cluster.members[0].document.id, "taiwan");
//! assert_eq!(cluster.members[0].comparison.relation.as_str(), "same-text");
//! # Ok::<(), reprint::Error>(())
//! ```
//!
//! # What is found
//!
//! Copies in another layout (hard wraps, hyphenation, spacing), width, punctuation, case, Unicode form or Chinese script
//! (simplified, traditional, Taiwan, Hong Kong, Japanese forms, regional words); copies with a site's head and foot; editions
//! with changes, up to a Jaccard threshold of word or character windows; versions of a text over years; scans with up to four
//! letters in ten misread ([`verify::Bounds`] has every bound). Documents inside others, and passages in common
//! ([`report::Report::relations`]); what differs between two editions, conflicting numbers first ([`Deduper::evidence`]).
//!
//! # What is not
//!
//! Translations and paraphrases; quotations under 30 characters or 15 words; images of text. Two items of one form that differ in
//! numbers, or in what their first words name, are told apart; two that differ in other words only, where others of the form are
//! there to tell. Of two documents alone they join, if most is alike.
//!
//! # Promises
//!
//! The same documents and settings give the same result, whatever their order and the number of threads. Nothing is joined
//! on an estimate: every member of a cluster was counted exactly against its canonical copy, or has its folded text (by a
//! 128-bit digest and the length). The library never panics on
//! input, prints, logs, reads the environment or sets global state; errors are values that name place, value and remedy.
//!
//! # Features
//!
//! `serde` (default): [`report::records`], the rows of the result files, and [`Checkpoints`]. `jieba`: Chinese words as units.

mod checkpoints;
pub mod cluster;
pub mod damage;
mod deduper;
mod document;
mod error;
pub mod items;
mod kernels;
pub mod lsh;
pub mod normalize;
mod parallel;
mod parts;
mod remaining;
pub mod report;
mod scheme;
pub mod shingle;
pub mod signature;
pub mod strip;
pub mod verify;

#[cfg(feature = "serde")]
pub use checkpoints::Checkpoints;
pub use deduper::{Deduper, DeduperBuilder, Facts};
pub use document::{Document, Documents, Metadata, Span};
pub use error::Error;
pub use parts::{Part, Split, parts};
pub use remaining::Remaining;
pub use scheme::Scheme;

/// The README's code runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
