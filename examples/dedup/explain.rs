//! Why is this document where it is, and what is between these two? For a person, or as JSON.

use std::fmt::Write;

use reprint::report::records::{self, PassageRecord, rounded};
use reprint::report::{DocumentRef, Evidence, Explanation, RelatedPair, Report};
use reprint::verify::{
    Comparison, Difference, DifferenceKind, Figures, Ground, Objection, Overlap,
};
use reprint::{Deduper, Documents};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::options::{Format, Options};
use crate::summary::{equal, why};

/// Items of one list that are printed for a person.
const SHOWN: usize = 12;

/// Passages of one related pair that are printed for a person.
const PASSAGES: usize = 3;

/// Characters of a quotation that are printed for a person.
const QUOTED: usize = 120;

/// The answer to `--explain`, once or twice; none where it was not given.
pub fn answer(
    options: &Options,
    deduper: &Deduper,
    documents: &dyn Documents,
    report: &Report,
) -> Result<Option<String>, Failure> {
    let find = |id: &String| position(documents, id);
    let [first, rest @ ..] = options.explain.as_slice() else {
        return Ok(None);
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    let (a, explanation) = (find(first)?, report.explain(first));
    if let Some(second) = rest.first() {
        evidence.push(deduper.evidence(documents, a, find(second)?)?);
    } else if let Some(cluster) = explanation.cluster {
        let canonical = cluster.canonical.position;
        let others = cluster
            .members
            .iter()
            .map(|member| member.document.position);
        let others = others
            .filter(|&other| a == canonical || a == other)
            .take(SHOWN);
        for other in others {
            evidence.push(deduper.evidence(documents, canonical, other)?);
        }
    }
    let single = rest.is_empty().then_some(&explanation);
    Ok(Some(match options.format {
        Format::Text => text(first, documents, single, &evidence),
        Format::Json => json(first, documents, single, &evidence),
    }))
}

fn position(documents: &dyn Documents, id: &str) -> Result<usize, Failure> {
    let found = (0..documents.len()).find(|&position| documents.id(position) == id);
    found.ok_or_else(|| Failure::UnknownId(id.to_owned()))
}

fn text(
    id: &str,
    documents: &dyn Documents,
    explanation: Option<&Explanation<'_>>,
    evidence: &[Evidence],
) -> String {
    let mut out = String::new();
    if let Some(explanation) = explanation {
        describe(&mut out, id, documents, explanation);
    }
    for evidence in evidence {
        show(&mut out, documents, evidence);
    }
    out
}

/// What the run said of one document.
fn describe(out: &mut String, id: &str, documents: &dyn Documents, explanation: &Explanation<'_>) {
    match explanation.cluster {
        None => line(out, format_args!("{id} is no copy of any other document.")),
        Some(cluster) => {
            let (canonical, reason) = (&cluster.canonical, &cluster.reason);
            line(
                out,
                format_args!("{id} is in the cluster of {canonical}, which stays: {reason}"),
            );
            for member in cluster.members.iter().take(SHOWN) {
                line(out, format_args!("  {}: {}", member.document, why(member)));
            }
            more(out, cluster.members.len());
        }
    }
    if let Some(contained) = explanation.contained {
        let container = &contained.container;
        line(
            out,
            format_args!("It goes, because it is within {container}, which stays."),
        );
    }
    let accepted = explanation.accepted.iter();
    pairs(
        out,
        "Accepted pairs",
        accepted.map(|&(a, b, jaccard)| (a, b, jaccard)).collect(),
    );
    let refused = explanation.refused.iter();
    let refused = refused.map(|pair| (&pair.a, &pair.b, pair.comparison.similarity()));
    let heading =
        "Refused pairs (copies, but one of them is no copy of the other's canonical copy)";
    pairs(out, heading, refused.collect());
    for pair in explanation.relations.iter().take(SHOWN) {
        relation(out, documents, pair);
    }
    more(out, explanation.relations.len());
}

/// Pairs of copies under a heading, if there are any.
fn pairs(out: &mut String, heading: &str, pairs: Vec<(&DocumentRef, &DocumentRef, f64)>) {
    if !pairs.is_empty() {
        line(out, format_args!("\n{heading}:"));
    }
    for (a, b, jaccard) in pairs.iter().take(SHOWN) {
        line(
            out,
            format_args!("  {a} and {b}: {:.1} % alike", 100.0 * jaccard),
        );
    }
    more(out, pairs.len());
}

/// A pair that contains or shares, with its first passages.
fn relation(out: &mut String, documents: &dyn Documents, pair: &RelatedPair) {
    let RelatedPair {
        a,
        b,
        comparison,
        passages,
    } = pair;
    line(out, format_args!("\n{a} and {b}: {}", shares(comparison)));
    let texts = [a.position, b.position].map(|position| documents.text(position));
    for passage in passages.iter().take(PASSAGES) {
        let phrase = if passage.is_common_phrase() {
            ", a common phrase"
        } else {
            ""
        };
        let (common, count) = (passage.common, passage.documents);
        line(
            out,
            format_args!("  {common} characters in common, in {count} documents{phrase}:"),
        );
        side_by_side(out, &passage.left, &passage.right, &texts);
    }
    more_than(out, passages.len(), PASSAGES);
}

/// Writing to a string can't fail.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}

/// All that is between two documents.
fn show(out: &mut String, documents: &dyn Documents, evidence: &Evidence) {
    let Evidence {
        a,
        b,
        comparison,
        passages,
        differences,
    } = evidence;
    let _ = writeln!(out, "\n{a} and {b}: {}", shares(comparison));
    figures(out, comparison);
    let texts = [a.position, b.position].map(|position| documents.text(position));
    if !passages.is_empty() {
        let _ = writeln!(out, "Passages in common:");
        for passage in passages.iter().take(SHOWN) {
            let _ = writeln!(out, "  {} characters:", passage.common);
            side_by_side(out, &passage.left, &passage.right, &texts);
        }
        more(out, passages.len());
    }
    for kind in DifferenceKind::ALL {
        let of_kind: Vec<&Difference> = differences
            .iter()
            .filter(|difference| difference.kind == kind)
            .collect();
        if of_kind.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}: {}", heading(kind), of_kind.len());
        for difference in of_kind.iter().take(SHOWN) {
            let side = |span: &reprint::Span, text: &str| match span.of(text) {
                "" => "nothing".to_owned(),
                has => cut(&squeezed(has)),
            };
            let (left, right) = (
                side(&difference.left, &texts[0]),
                side(&difference.right, &texts[1]),
            );
            let _ = writeln!(out, "  {left} against {right}");
        }
        more(out, of_kind.len());
    }
}

/// What was looked at, and what decided.
fn figures(out: &mut String, comparison: &Comparison) {
    let Figures {
        ground,
        objection,
        body,
        grams,
        own,
        collation,
        ..
    } = &comparison.figures;
    let share = |name: &str, overlap: &Option<Overlap>| {
        overlap.map(|overlap| {
            let (shared, left, right) = (overlap.shared, overlap.left, overlap.right);
            format!(
                "  {name}: {:.1} % alike, {shared} shared of {left} and {right}",
                100.0 * overlap.jaccard()
            )
        })
    };
    let looked_at = (comparison.overlap != Overlap::default()).then_some(comparison.overlap);
    let overlaps = [
        share("shingles", &looked_at),
        share("without head and foot", body),
        share("grams", grams),
        share("grams of their own (a sample)", own),
    ];
    for text in overlaps.into_iter().flatten() {
        line(out, format_args!("{text}"));
    }
    if let Some(collation) = collation {
        line(
            out,
            format_args!(
                "  letter by letter: {:.1} % agree; {} changes, {:.0} % of their letters misread; {} replaced, {} conflicts of numbers, subject renamed {} times",
                100.0 * collation.agreement(),
                collation.changes,
                100.0 * collation.misread_share(),
                collation.replaced,
                collation.conflicts,
                collation.renamed
            ),
        );
    }
    match (ground, objection) {
        (Some(Ground::Drift), None) => line(
            out,
            format_args!(
                "  decided by: drift; they come together where other versions lie between them"
            ),
        ),
        (Some(ground), None) => line(out, format_args!("  decided by: {ground}")),
        (_, Some(objection)) => line(out, format_args!("  against it: {}", against(*objection))),
        (None, None) => {}
    }
}

fn against(objection: Objection) -> &'static str {
    match objection {
        Objection::Numbers => "their numbers and dates conflict, as those of two items of one form",
        Objection::Subject => "what the head is about is called something else throughout",
        _ => "what they have in common, many documents have",
    }
}

fn heading(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Number => "Conflicting numbers and dates",
        DifferenceKind::Body => "Text inside the body",
        DifferenceKind::Head => "Text at the head",
        DifferenceKind::Foot => "Text at the foot",
        DifferenceKind::Punctuation => "Punctuation only",
        DifferenceKind::Script => "Script or regional wording only",
        _ => "Other differences",
    }
}

fn side_by_side(
    out: &mut String,
    left: &reprint::Span,
    right: &reprint::Span,
    texts: &[std::borrow::Cow<'_, str>; 2],
) {
    for (name, span, text) in [("a", left, &texts[0]), ("b", right, &texts[1])] {
        let range = format!("{}-{}", span.characters.start, span.characters.end);
        let _ = writeln!(
            out,
            "    {name} {range:>13} | {}",
            cut(&squeezed(span.of(text)))
        );
    }
}

fn shares(comparison: &Comparison) -> String {
    if let Some(equal) = equal(comparison.relation) {
        return equal.into();
    }
    format!(
        "{}, {:.1} % alike; {:.1} % of the first is in the second, {:.1} % of the second in the first",
        comparison.relation,
        100.0 * comparison.jaccard(),
        100.0 * comparison.left_in_right(),
        100.0 * comparison.right_in_left()
    )
}

fn more(out: &mut String, count: usize) {
    more_than(out, count, SHOWN);
}

fn more_than(out: &mut String, count: usize, shown: usize) {
    if count > shown {
        let _ = writeln!(out, "  ... and {} more", count - shown);
    }
}

/// A text on one line, without spaces beside characters of other scripts than Latin: as print would set it.
fn squeezed(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let spaced = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_wide(c));
        if out.chars().next_back().is_some_and(|c| !is_wide(c))
            && word.chars().next().is_some_and(|c| !is_wide(c))
            && (spaced(out.chars().next_back()) || spaced(word.chars().next()))
        {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Han, kana and their punctuation, which are set without spaces.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn json(
    id: &str,
    documents: &dyn Documents,
    explanation: Option<&Explanation<'_>>,
    evidence: &[Evidence],
) -> String {
    let evidence: Vec<Value> = evidence
        .iter()
        .map(|evidence| evidence_json(documents, evidence))
        .collect();
    let value = match explanation {
        None => evidence.into_iter().next().unwrap_or_default(),
        Some(explanation) => {
            let accepted = explanation.accepted.iter();
            let accepted = accepted
                .map(|(a, b, jaccard)| json!({"a": a.id, "b": b.id, "jaccard": rounded(*jaccard)}));
            let refused = explanation.refused.iter();
            let refused = refused
                .map(|pair| json!({"a": pair.a.id, "b": pair.b.id, "jaccard": rounded(pair.comparison.jaccard())}));
            let relations = explanation
                .relations
                .iter()
                .map(|pair| records::relation(pair, documents));
            json!({
                "id": id,
                "cluster": explanation.cluster.map(records::cluster),
                "contained": explanation.contained.map(|contained| &contained.container.id),
                "accepted": accepted.collect::<Vec<Value>>(),
                "refused": refused.collect::<Vec<Value>>(),
                "relations": relations.collect::<Vec<_>>(),
                "evidence": evidence,
            })
        }
    };
    format!("{value:#}\n")
}

fn evidence_json(documents: &dyn Documents, evidence: &Evidence) -> Value {
    let Evidence {
        a,
        b,
        comparison,
        passages,
        differences,
    } = evidence;
    let texts = [a.position, b.position].map(|position| documents.text(position));
    let passages = passages
        .iter()
        .map(|passage| PassageRecord::of(passage, &texts[0]));
    let differences = differences.iter().map(|difference| {
        let ends = |span: &reprint::Span| [span.characters.start, span.characters.end];
        let Difference { kind, left, right } = difference;
        json!({
            "kind": kind.as_str(),
            "a": ends(left),
            "b": ends(right),
            "a_text": squeezed(left.of(&texts[0])),
            "b_text": squeezed(right.of(&texts[1])),
        })
    });
    json!({
        "a": a.id,
        "b": b.id,
        "relation": comparison.relation.as_str(),
        "ground": comparison.figures.ground.map(Ground::as_str),
        "objection": comparison.figures.objection.map(Objection::as_str),
        "figures": figures_json(comparison),
        "jaccard": rounded(comparison.jaccard()),
        "a_in_b": rounded(comparison.left_in_right()),
        "b_in_a": rounded(comparison.right_in_left()),
        "passages": passages.collect::<Vec<_>>(),
        "differences": differences.collect::<Vec<Value>>(),
    })
}

fn figures_json(comparison: &Comparison) -> Value {
    let Figures {
        body,
        grams,
        own,
        collation,
        ..
    } = &comparison.figures;
    let counts = |overlap: &Overlap| json!({"shared": overlap.shared, "a": overlap.left, "b": overlap.right});
    json!({
        "shingles": counts(&comparison.overlap),
        "body": body.as_ref().map(counts),
        "grams": grams.as_ref().map(counts),
        "own": own.as_ref().map(counts),
        "letters": collation.map(|collation| json!({
            "a": collation.left,
            "b": collation.right,
            "edits": collation.edits,
            "misread": collation.misread,
            "other": collation.other,
            "changes": collation.changes,
            "conflicts": collation.conflicts,
            "renamed": collation.renamed,
            "replaced": collation.replaced,
        })),
    })
}
