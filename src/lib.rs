//! Finds the same document printed again - in another layout, punctuation, script or edition - and keeps one canonical copy.
//!
//! There are two layers. [`Deduper`] takes documents and returns a [`Report`](report::Report): clusters, each with one canonical copy and
//! the reasons. It is made of pure stage functions. Each stage is in a module that answers one question, and can be used in your own
//! pipeline:
//!
//! | module | question it answers |
//! |---|---|
//! | [`normalize`] | when are two strings the same text? |
//! | [`shingle`] | what are the comparable units? |
//! | [`signature`] | how is a document summarised in a fixed size? |
//! | [`lsh`] | which pairs are worth comparing? |
//! | [`verify`] | what is the relation of these two? |
//! | [`items`] | is a short text contained in a long one? |
//! | [`cluster`] | which copies belong together, which one stays? |
//! | [`report`] | what was done, and why? |
//! | [`columns`] | what does each step make of columns, where another system stores and joins them? |
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
//! | difference of two copies | example | relation |
//! |---|---|---|
//! | none | the same characters | `exact` |
//! | layout: hard wraps, hyphenated line ends, spaces between characters, invisible characters | `docu-⏎ment`, `７ 月 20 日` | `same-text` |
//! | width, punctuation, quotation marks, case, ligatures, Unicode forms, digits of any script | `“连轴转”，` and `连轴转,` | `same-text` |
//! | Chinese script: simplified, traditional, Taiwan, Hong Kong, Japanese forms | `發展頭髮` and `发展头发` | `same-text` |
//! | regional words | `資訊軟體` and `信息软件` | `same-text` |
//! | the alphabet of Serbian, Uzbek, Kazakh, Azeri; Korean in mixed script | `Његова љубав` and `Njegova ljubav` | `same-text` |
//! | letters of another keyboard, orthography or script that look alike | `ی` and `ي`, `hòa` and `hoà`, a Cyrillic `а` in a Latin word | `same-text` |
//! | an edition: sentences changed, added or lost | at least 60 % of all windows in common ([`threshold`](DeduperBuilder::threshold)) | `reprint` |
//! | revised versions of a law or page | at least 54 % shared character n-grams, and enough of the rare ones | `reprint` |
//! | a scan, a title with typos | `tho harbonr` and `the harbour`: at least 60 % of all letters agree in their order, and most changes are misread letters | `reprint` |
//! | another spelling or transcription | `colour` and `color`, `Kiev` and `Kyiv`, `Bäcker` and `Baecker` | `reprint` |
//! | the head and foot of a site | menu, date line, "read also" | `reprint` |
//! | one is contained in the other | an article in a compilation: 60 % of its windows ([`containment`](DeduperBuilder::containment)) | `contains` |
//! | only a passage is common | a quotation of 30 characters or 15 words ([`passage`](DeduperBuilder::passage)): listed once with all its places | `shares` |
//!
//! The relations from `exact` to `reprint` make clusters, each with one canonical copy. Documents that are contained in others stay, unless
//! the [policy](cluster::Policy::container) says otherwise.
//!
//! All other scripts are folded as well. Vietnamese and Thai keep the marks that distinguish words. Arabic and Hebrew lose the points
//! that writing may omit. Scripts without spaces, and Korean, are compared by characters, all others by words.
//! [`verify::Bounds`] has every limit, and [`Deduper::evidence`] shows all figures of two documents.
//!
//! # What is not found
//!
//! Translations and paraphrases; quotations under 30 characters or 15 words; images of text. Two items of one form that differ in numbers,
//! or in what their first words name, are kept apart. Two items that differ only in other words are kept apart if other items of the form
//! are among the documents. If there are only the two documents, they are joined if most of the text is equal.
//!
//! # How it works
//!
//! ```text
//! text ─▶ normalize ─▶ shingle ─▶ signature ─▶ lsh ─▶ verify ─▶ cluster ─▶ report
//! ```
//!
//! **Folding.** Both sides of every character variant and regional word fold to one representative, so nothing has to be converted and no
//! direction has to be guessed.
//!
//! **Candidates.** Windows of 5 characters or 3 words are hashed. MinHash signatures of 128 slots propose pairs by bands, down to three
//! quarters of the threshold. Noise and revision leave no equal band. So each text also keeps a sample of its *grams*, windows of 4
//! characters or 6 letters. Two texts that share some grams are compared as well, if at most 16 documents have these grams. For a more
//! frequent gram, each document is compared with one or two others, so that hundreds of noisy copies of a story find each other.
//!
//! **Decision.** Every proposed pair that its signatures do not rule out is compared exactly: Jaccard of shingles and of grams, agreement
//! letter by letter, and the kind of the differences. Then up to eight other *works* near the two are considered, each as one document. If
//! these have a third text in the places where the two differ, the two are items of one form. If the text that the two share is also in the
//! others, it is the furniture of a site.
//!
//! **Clusters.** Each text is compared with its nearest candidates first. Clusters are anchored: each member is a copy of its canonical
//! copy, so a chain A–B–C does not join A with C; that pair is in [`report::Report::refused`]. Versions of a text may drift further: if
//! there are documents between them, three fifths of the usual similarity is enough ([`DeduperBuilder::drift`]). Two clusters are joined
//! only if at most a quarter of the decided pairs between them were refused.
//!
//! **Containment.** Each text keeps *seeds*, about every tenth shingle, chosen so that texts with a common passage of 30 characters or 15
//! words always have a common seed. One index of all seeds finds two things. *Passages*: occurrences of a seed with the same text around
//! them are compared with the first of them, so 10,000 documents with one notice cost linear time and make one row. *Containment*: pairs of
//! documents are counted exactly if they share seeds that at most 16 documents have. A seed that more documents have is a common phrase,
//! and does not make a document part of another.
//!
//! # Which part to use
//!
//! | task | part |
//! |---|---|
//! | find the copies of a collection | [`Deduper`] |
//! | find what new documents repeat, day by day | `Index`, with the feature `index` |
//! | one step of it in your own pipeline | the modules above; see `examples/custom_pipeline.rs` |
//! | the steps of a run where another system stores and joins the rows: an engine, a data frame | [`columns`] |
//! | a key that is equal for the editions of a text | [`normalize::Normalizer`] |
//! | choose the copy to keep, by your own rules | [`cluster::Policy`], [`cluster::Criterion::by`]; see `examples/canonical_policy.rs` |
//! | read a written date | [`cluster::DateReader`] |
//! | find documents in others | [`report::Report::relations`]; see `examples/containment.rs` |
//! | find what several documents quote or repeat | [`report::Report::passages`] |
//! | show two documents side by side | [`Deduper::side_by_side`] |
//! | explain a result | [`report::Report::explain`], [`Deduper::evidence`]; see `examples/explain.rs` |
//! | compare the parts of compilations | [`Split`] |
//! | compute the exact similarity of two texts | [`shingle::Shingler`] and [`verify::compare`] |
//! | estimate it from a small signature | [`signature::MinHasher`], or [`signature::SimHasher`] (8 or 16 bytes, near copies only) |
//! | choose bands and rows for a threshold | [`lsh::Banding`]; see `examples/choose_parameters.rs` |
//!
//! Implement [`Documents`] for your own store, or pass a slice. The folded text of each document and 1.7 kB of facts about it are kept in
//! memory while the documents are compared. With [`Deduper::with_memory`], data that do not fit in memory are kept on disk.
//!
//! # Promises
//!
//! The same documents and settings give the same result, whatever their order and the number of threads. No pair is joined on an estimate:
//! every member of a cluster was compared exactly with its canonical copy, or has the same folded text (by a 128-bit digest and the
//! length). The library never panics on input, prints, logs, reads the environment or sets global state. Errors are values with the place,
//! the value and the remedy. Unsafe code is only in the inner loops of one module, which are compiled for AVX2 and AVX-512.
//!
//! # Features
//!
//! - `serde` (default): [`report::records`], the rows of the result files, and [`Checkpoints`].
//! - `index`: `Index`, a folder for documents that arrive every day.
//! - `jieba`: Chinese words instead of characters as units (`Shingler::builder().chinese_words()`). Slower, and no more accurate on our
//!   labelled sets.

mod checkpoints;
pub mod cluster;
pub mod damage;
mod deduper;
mod document;
mod error;
mod facts;
#[cfg(feature = "index")]
pub mod index;
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
mod stages;
pub mod strip;
mod tables;
pub mod verify;

#[cfg(feature = "serde")]
pub use checkpoints::Checkpoints;
pub use deduper::{Deduper, DeduperBuilder, Signed, columns};
pub use document::{Document, Documents, Metadata, Span};
pub use error::Error;
pub use facts::Facts;
#[cfg(feature = "index")]
pub use index::Index;
pub use parts::{Part, Split, parts};
pub use remaining::Remaining;
pub use scheme::Scheme;

/// The README's code runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
