//! Why is this document where it is, and how do these two differ? The answer is text or JSON.

use reprint::report::records::{self, PassageRecord, rounded};
use reprint::report::{
    Cluster, CommonPassage, DocumentRef, Evidence, Explanation, Member, RelatedPair, Report,
};
use reprint::verify::{
    Comparison, Difference, DifferenceKind, Figures, Ground, Objection, Overlap, Relation,
};
use reprint::{Deduper, Documents};
use serde_json::{Value, json};

use super::layout::cut;
use super::nearest::nearest;
use super::options::{Format, Options};
use super::screen::{BOLD, PLAIN, Screen, paint};
use crate::run::failure::Failure;
use crate::store::{Rejected, text_or_nothing};

/// Maximum number of items of a list that are printed as text.
const SHOWN: usize = 12;

/// Maximum number of passages of a related pair that are printed as text.
const PASSAGES: usize = 3;

/// Maximum width in columns of a quotation that is printed as text: two lines, with its place.
const QUOTED: usize = 116;

/// Checks, before any work is done, that the documents to be explained exist.
pub fn check(
    options: &Options,
    documents: &dyn Documents,
    rejected: &[Rejected],
) -> Result<(), Failure> {
    let mut ids = options.explain.iter();
    ids.try_for_each(|id| {
        let found = position(documents, id).map(|_| ());
        let place = |rejected: &&Rejected| rejected.place.to_string() == *id;
        found.map_err(|unknown| match rejected.iter().find(place) {
            Some(Rejected { reason, .. }) => Failure::ExplainRejected {
                id: id.clone(),
                reason: reason.clone(),
            },
            None => unknown,
        })
    })
}

/// The answer to `--explain`, given once or twice; none if it was not given.
pub fn answer(
    options: &Options,
    screen: Screen,
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
    let apart = evidence.first().filter(|_| single.is_none());
    let apart = apart.and_then(|evidence| kept_apart(documents, report, evidence));
    Ok(Some(match options.format {
        Format::Text => {
            let mut out = Answer {
                screen,
                text: String::new(),
            };
            text(&mut out, first, documents, single, &evidence);
            if single.is_some() {
                common_passages(&mut out, documents, report, a);
            }
            if let Some((field, [a, b])) = apart {
                line(
                    &mut out,
                    format_args!(
                        "Never joined: {field:?} is {a:?} in the first and {b:?} in the second"
                    ),
                );
            }
            out.text
        }
        Format::Json => {
            let passages: Vec<&CommonPassage> = report.passages_of(a).collect();
            json(
                first,
                documents,
                single.map(|single| (single, passages)),
                &evidence,
                apart,
            )
        }
    }))
}

/// The field that keeps two documents apart, and their values of it.
fn kept_apart(
    documents: &dyn Documents,
    report: &Report,
    evidence: &Evidence,
) -> Option<(String, [Vec<String>; 2])> {
    let field = report.settings.apart.clone()?;
    let values = [&evidence.a, &evidence.b].map(|document| {
        let metadata = documents.metadata(document.position).unwrap_or_default();
        metadata
            .values(&field)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    (values[0] != values[1]).then_some((field, values))
}

fn position(documents: &dyn Documents, id: &str) -> Result<usize, Failure> {
    let found = (0..documents.len()).find(|&position| documents.id(position) == id);
    found.ok_or_else(|| {
        let known = (0..documents.len()).map(|position| documents.id(position));
        Failure::UnknownId {
            id: id.to_owned(),
            meant: nearest(id, known).map(str::to_owned),
        }
    })
}

fn text(
    out: &mut Answer,
    id: &str,
    documents: &dyn Documents,
    explanation: Option<&Explanation<'_>>,
    evidence: &[Evidence],
) {
    if let Some(explanation) = explanation {
        describe(out, id, documents, explanation);
    }
    for evidence in evidence {
        show(out, documents, evidence);
    }
}

/// Describes the result of the run for one document.
fn describe(out: &mut Answer, id: &str, documents: &dyn Documents, explanation: &Explanation<'_>) {
    match explanation.cluster {
        None => line(out, format_args!("{id} is no copy of any other document.")),
        Some(cluster) => {
            let (canonical, reason) = (&cluster.canonical, &cluster.reason);
            let stays = if cluster.stays {
                "which stays"
            } else {
                "which would stay, but too few sources have the text"
            };
            line(
                out,
                format_args!("{id} is in the cluster of {canonical}, {stays}: {reason}"),
            );
            for other in &cluster.representatives {
                let other = &other.document;
                line(
                    out,
                    format_args!("  {other} is kept as well, for its own value"),
                );
            }
            for member in cluster.members.iter().take(SHOWN) {
                line(out, format_args!("  {}: {}", member.document, why(member)));
            }
            more(out, cluster.members.len());
            damage(out, cluster);
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

/// The damage of each copy, figure by figure. The canonical copy is first.
fn damage(out: &mut Answer, cluster: &Cluster) {
    line(out, format_args!("\nDamage, as letters of lost text:"));
    let canonical = (&cluster.canonical, &cluster.damage);
    let others = cluster.members.iter();
    let others = others.map(|member| (&member.document, &member.damage));
    for (document, damage) in std::iter::once(canonical).chain(others.take(SHOWN)) {
        let letters = damage.letters();
        match damage.describe().as_str() {
            "" => line(out, format_args!("  {document}: none")),
            words => line(out, format_args!("  {document}: {letters:.1}; it {words}")),
        }
    }
    more(out, cluster.members.len());
}

/// Pairs of copies under a heading, if there are any.
fn pairs(out: &mut Answer, heading: &str, pairs: Vec<(&DocumentRef, &DocumentRef, f64)>) {
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

/// The passages that a document shares with others.
fn common_passages(out: &mut Answer, documents: &dyn Documents, report: &Report, document: usize) {
    let passages: Vec<&CommonPassage> = report.passages_of(document).collect();
    if !passages.is_empty() {
        line(out, format_args!("\nPassages that other documents have:"));
    }
    let text = text_or_nothing(documents, document);
    for passage in passages.iter().take(SHOWN) {
        let (chars, others) = (passage.chars, passage.documents.saturating_sub(1));
        let noun = if others == 1 {
            "other document"
        } else {
            "other documents"
        };
        let phrase = if passage.is_common_phrase() {
            ", a common phrase"
        } else {
            ""
        };
        line(
            out,
            format_args!("  {chars} characters, in {others} {noun}{phrase}:"),
        );
        let mut places = passage.places.iter();
        if let Some(place) = places.find(|place| place.position == document) {
            let quoted = squeezed(place.span.of(&text));
            line(out, format_args!("    {}", cut(&quoted, QUOTED)));
        }
        let ids = passage
            .places
            .iter()
            .filter(|place| place.position != document);
        let ids: Vec<&str> = ids
            .map(|place| documents.id(place.position))
            .take(PASSAGES)
            .collect();
        line(
            out,
            format_args!(
                "    also in {}{}",
                ids.join(", "),
                if others > ids.len() { ", ..." } else { "" }
            ),
        );
    }
    more(out, passages.len());
}

/// Describes a pair of documents if one contains the other, with the first passages that they share.
fn relation(out: &mut Answer, documents: &dyn Documents, pair: &RelatedPair) {
    let RelatedPair {
        a,
        b,
        relation,
        overlap,
        passages,
    } = pair;
    let comparison = Comparison {
        relation: *relation,
        overlap: *overlap,
        ..Comparison::default()
    };
    line(out, format_args!("\n{a} and {b}:"));
    line(out, format_args!("  {}", shares(&comparison)));
    let texts = [a.position, b.position].map(|position| text_or_nothing(documents, position));
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

/// The printed answer, and the screen that it is set for.
struct Answer {
    screen: Screen,
    text: String,
}

/// Adds a line, wrapped to the screen. Continuation lines are indented further.
fn line(out: &mut Answer, text: std::fmt::Arguments<'_>) {
    let text = text.to_string();
    let bare = text.trim_start_matches('\n');
    if bare.len() < text.len() && !out.text.is_empty() {
        out.text.push('\n');
    }
    let words = bare.trim_start_matches(' ');
    let indent = bare.len() - words.len();
    hanging(out, &" ".repeat(indent), indent + 2, words);
}

/// Adds words after a start, wrapped to the screen. Continuation lines start with `indent` spaces.
fn hanging(out: &mut Answer, start: &str, indent: usize, words: &str) {
    let lines = out.screen.wrapped(words, indent);
    // A line that starts at the margin is a heading.
    let style = if start.is_empty() { BOLD } else { PLAIN };
    for (number, line) in lines.iter().enumerate() {
        if number == 0 {
            out.text.push_str(start);
        } else {
            out.text.extend(std::iter::repeat_n(' ', indent));
        }
        out.text.push_str(&paint(style, line));
        out.text.push('\n');
    }
}

/// Describes everything about the comparison of two documents.
fn show(out: &mut Answer, documents: &dyn Documents, evidence: &Evidence) {
    let Evidence {
        a,
        b,
        comparison,
        passages,
        differences,
    } = evidence;
    line(out, format_args!("\n{a} and {b}:"));
    line(out, format_args!("  {}", shares(comparison)));
    figures(out, comparison);
    let texts = [a.position, b.position].map(|position| text_or_nothing(documents, position));
    if !passages.is_empty() {
        line(out, format_args!("Passages in common:"));
        for passage in passages.iter().take(SHOWN) {
            line(out, format_args!("  {} characters:", passage.common));
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
        line(out, format_args!("{}: {}", heading(kind), of_kind.len()));
        for difference in of_kind.iter().take(SHOWN) {
            let side = |span: &reprint::Span, text: &str| match span.of(text) {
                "" => "nothing".to_owned(),
                has => cut(&squeezed(has), QUOTED).into_owned(),
            };
            let (left, right) = (
                side(&difference.left, &texts[0]),
                side(&difference.right, &texts[1]),
            );
            line(out, format_args!("  {left} against {right}"));
        }
        more(out, of_kind.len());
    }
}

/// The figures of a comparison, and the reason for the decision.
fn figures(out: &mut Answer, comparison: &Comparison) {
    let Figures {
        ground,
        objection,
        body,
        grams,
        collation,
        evidence,
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
    if let Some(evidence) = evidence {
        line(
            out,
            format_args!(
                "  {} other works near both: {} places where they have a third thing, {} letters; {} letters that few of them have",
                evidence.works, evidence.slots, evidence.in_slots, evidence.rare_overlap
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
        Objection::Form => {
            "they differ in the slots of a form, which other works fill in otherwise"
        }
        Objection::Opposite => "one says the opposite of the other",
        Objection::Word => "in a line, a word is another one",
        Objection::Message => "one of them answers what it quotes",
        _ => "what they have in common is what other works have as well",
    }
}

fn heading(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Number => "Conflicting numbers",
        DifferenceKind::Date => "Conflicting dates",
        DifferenceKind::Body => "Text inside the body",
        DifferenceKind::Head => "Text at the head",
        DifferenceKind::Foot => "Text at the foot",
        DifferenceKind::Punctuation => "Punctuation only",
        DifferenceKind::Script => "Script or regional wording only",
        _ => "Other differences",
    }
}

fn side_by_side(
    out: &mut Answer,
    left: &reprint::Span,
    right: &reprint::Span,
    texts: &[std::borrow::Cow<'_, str>; 2],
) {
    for (name, span, text) in [("a", left, &texts[0]), ("b", right, &texts[1])] {
        let range = format!("{}-{}", span.characters.start, span.characters.end);
        let start = format!("    {name} {range:>13} | ");
        let quoted = squeezed(span.of(text));
        let quoted = cut(&quoted, QUOTED);
        hanging(out, &start, start.len(), &quoted);
    }
}

/// The relation of a copy to the canonical copy, in words.
fn why(member: &Member) -> String {
    let comparison = &member.comparison;
    if let Some(equal) = equal(comparison.relation) {
        return equal.into();
    }
    let figures = &comparison.figures;
    let share = |overlap: Option<Overlap>| 100.0 * overlap.map_or(0.0, |overlap| overlap.jaccard());
    let letters = figures
        .collation
        .map_or(0.0, |found| 100.0 * found.agreement());
    let ground = match figures.ground {
        Some(Ground::Body) => {
            let body = share(figures.body);
            format!(" by shingles, {body:.1} % without head and foot")
        }
        Some(Ground::Grams | Ground::Drift) => {
            let grams = share(figures.grams);
            format!(" by shingles, {grams:.1} % by grams")
        }
        Some(Ground::Letters) => format!(" by shingles, {letters:.1} % letter by letter"),
        _ => String::new(),
    };
    let via = member.via.as_ref();
    let via = via.map_or(String::new(), |via| format!(", by way of {via}"));
    format!(
        "{}, {:.1} % alike{ground}: it has {:.1} % of the canonical copy, which has {:.1} % of it{via}",
        comparison.relation,
        100.0 * comparison.jaccard(),
        100.0 * comparison.left_in_right(),
        100.0 * comparison.right_in_left()
    )
}

/// How two texts are equal, in words, if they are.
fn equal(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Exact => Some("exact, the same characters"),
        Relation::SameText => {
            Some("same-text, equal but for layout, punctuation, script or regional words")
        }
        _ => None,
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

fn more(out: &mut Answer, count: usize) {
    more_than(out, count, SHOWN);
}

fn more_than(out: &mut Answer, count: usize, shown: usize) {
    if count > shown {
        line(out, format_args!("  ... and {} more", count - shown));
    }
}

/// A text on one line. There are no spaces next to wide characters such as Chinese ones, as in print.
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

/// Whether a character is Han, kana or their punctuation. These are set without spaces.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

fn json(
    id: &str,
    documents: &dyn Documents,
    explanation: Option<(&Explanation<'_>, Vec<&CommonPassage>)>,
    evidence: &[Evidence],
    apart: Option<(String, [Vec<String>; 2])>,
) -> String {
    let evidence: Vec<Value> = evidence
        .iter()
        .map(|evidence| evidence_json(documents, evidence))
        .collect();
    let value = match explanation {
        None => {
            let mut value = evidence.into_iter().next().unwrap_or_default();
            if let Some((field, [a, b])) = apart {
                value["apart"] = json!({"field": field, "a": a, "b": b});
            }
            value
        }
        Some((explanation, passages)) => {
            let passages = passages
                .into_iter()
                .flat_map(|passage| records::passages(std::slice::from_ref(passage), documents))
                .flatten();
            let accepted = explanation.accepted.iter();
            let accepted = accepted
                .map(|(a, b, jaccard)| json!({"a": a.id, "b": b.id, "jaccard": rounded(*jaccard)}));
            let refused = explanation.refused.iter();
            let refused = refused
                .map(|pair| json!({"a": pair.a.id, "b": pair.b.id, "jaccard": rounded(pair.comparison.jaccard())}));
            let relations = explanation
                .relations
                .iter()
                .filter_map(|pair| records::relation(pair, documents).ok());
            json!({
                "id": id,
                "cluster": explanation.cluster.map(records::cluster),
                "contained": explanation.contained.map(|contained| &contained.container.id),
                "accepted": accepted.collect::<Vec<Value>>(),
                "refused": refused.collect::<Vec<Value>>(),
                "relations": relations.collect::<Vec<_>>(),
                "passages": passages.collect::<Vec<_>>(),
                "evidence": evidence,
            })
        }
    };
    format!("{value:#}\n")
}

/// The comparison of two documents as JSON.
pub fn evidence_json(documents: &dyn Documents, evidence: &Evidence) -> Value {
    let Evidence {
        a,
        b,
        comparison,
        passages,
        differences,
    } = evidence;
    let texts = [a.position, b.position].map(|position| text_or_nothing(documents, position));
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
        "similarity": rounded(comparison.similarity()),
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
        collation,
        evidence,
        ..
    } = &comparison.figures;
    let counts = |overlap: &Overlap| json!({"shared": overlap.shared, "a": overlap.left, "b": overlap.right});
    json!({
        "shingles": counts(&comparison.overlap),
        "body": body.as_ref().map(counts),
        "grams": grams.as_ref().map(counts),
        "works": evidence.map(|evidence| json!({
            "asked": evidence.works,
            "slots": evidence.slots,
            "in_slots": evidence.in_slots,
            "in_other_places": evidence.in_other_places,
            "own": evidence.rare_overlap,
        })),
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
