//! What is printed at the end of a run? The numbers of documents, of removed and of kept ones; then each cluster as a small
//! table, the most doubtful first.

use std::path::Path;

use anstyle::Style;
use reprint::Documents;
use reprint::report::{DocumentRef, Member};
use reprint::verify::Ground;

use super::layout::{bytes, count, cut, grouped, visible, width};
use super::screen::{BOLD, DIM, KEPT, PLAIN, REMOVED, Screen, WARNING, paint};
use crate::result::RunResult;
use crate::result::openings::Openings;
use crate::result::summary::Summary;
use crate::store::text_or_nothing;

/// Maximum number of clusters, pairs or compilations that are shown; the others are only counted.
const SHOWN: usize = 20;

/// Maximum number of copies of a cluster that are shown.
const MEMBERS: usize = 10;

/// Maximum number of headings of a document that are shown.
const HEADINGS: usize = 12;

/// Number of columns before the lines below a heading.
const INDENT: usize = 4;

pub struct Overview<'r> {
    pub result: &'r RunResult<'r>,
    pub summary: &'r Summary<'r>,
    /// The folder to which the results were written.
    pub output: Option<&'r Path>,
    pub screen: Screen,
}

impl Overview<'_> {
    pub fn text(&self) -> String {
        let mut page = Page {
            screen: self.screen,
            out: String::new(),
        };
        self.head(&mut page);
        self.parts(&mut page);
        self.clusters(&mut page);
        self.contained(&mut page);
        self.removed_as_contained(&mut page);
        self.refused(&mut page);
        self.by_source(&mut page);
        self.end(&mut page);
        page.out
    }

    /// The numbers, one per line.
    fn head(&self, page: &mut Page) {
        let rows = [self.always(), self.sometimes()].concat();
        let digits = rows.iter().map(|row| grouped(row.n).len()).max();
        let digits = digits.unwrap_or_default();
        for Row {
            n,
            noun,
            rest,
            style,
        } in rows
        {
            let counted = count(n, noun);
            let (number, noun) = counted.split_once(' ').unwrap_or((&counted, ""));
            let number = paint(style, format_args!("{number:>digits$}"));
            page.line(&format!("{number} {noun}{rest}"));
        }
    }

    fn always(&self) -> Vec<Row> {
        let (summary, report) = (self.summary, self.result.report);
        let size = format!(", {} of text", bytes(summary.bytes()));
        let with = format!(" with {}", count(summary.clustered(), "document"));
        let only_copies = report.few_sources.is_empty() && report.contained.is_empty();
        let removed = if only_copies { "duplicate" } else { "document" };
        vec![
            Row::new(summary.documents(), "document", size, BOLD),
            Row::new(report.clusters.len(), "cluster", with, BOLD),
            Row::new(summary.removed(), removed, " to remove", REMOVED),
            Row::new(summary.kept(), "document", " kept", KEPT),
        ]
    }

    /// The numbers that are shown only if they are not 0.
    fn sometimes(&self) -> Vec<Row> {
        let report = self.result.report;
        let (inside, passages) = (report.relations.len(), report.passages.len());
        let (refused, rejected) = (report.refused.len(), self.summary.rejected());
        let few = report.few_sources.len();
        let mut rows = vec![
            Row::new(few, "document", " removed for too few sources", REMOVED),
            Row::new(inside, "pair", ": one contained in the other", BOLD),
            Row::new(passages, "passage", " in two or more kept documents", BOLD),
            Row::new(refused, "pair", " similar, kept apart", BOLD),
            Row::new(
                rejected,
                "input",
                " rejected: see the messages above",
                REMOVED,
            ),
            Row::new(
                self.summary.set_aside(),
                "document",
                " removed for a document of the reference",
                REMOVED,
            ),
            Row::new(
                self.result
                    .compared
                    .map_or(0, |compared| compared.share().found()),
                "document",
                " with a copy or a part in the reference",
                BOLD,
            ),
            Row::new(
                self.summary.stripped(),
                "document",
                " from which passages were cut",
                BOLD,
            ),
        ];
        rows.retain(|row| row.n > 0);
        rows
    }

    /// The parts of each compilation.
    fn parts(&self, page: &mut Page) {
        let parts = self.result.parts.iter().flatten().collect::<Vec<_>>();
        let compilations = || parts.chunk_by(|a, b| a.0 == b.0);
        if !parts.is_empty() {
            page.heading("Parts");
        }
        for parts in compilations().take(SHOWN) {
            let headings = parts.iter().take(HEADINGS);
            let mut headings: Vec<String> = headings
                .map(|(_, _, part)| opening(&part.heading, page.screen.columns / 2))
                .collect();
            if parts.len() > HEADINGS {
                headings.push("...".into());
            }
            let whole = self.result.store.id(parts[0].0);
            let (count, headings) = (count(parts.len(), "part"), headings.join(", "));
            page.wrapped(INDENT, PLAIN, &format!("{whole}: {count} ({headings})"));
        }
        self.more(page, compilations().count(), "document");
    }

    /// The most doubtful clusters.
    fn clusters(&self, page: &mut Page) {
        let RunResult {
            report,
            documents,
            doubts,
            ..
        } = self.result;
        let shown = || doubts.order().iter().take(SHOWN);
        let texts =
            shown().map(|&n| text_or_nothing(*documents, report.clusters[n].canonical.position));
        let openings = Openings::new(texts);
        let digits = shown().len().to_string().len();
        for (number, &cluster) in (1..).zip(shown()) {
            let opening = |text: &str, columns| opening(openings.start(text), columns);
            self.cluster(page, &format!("{number:digits$}. "), cluster, &opening);
        }
        self.more(page, report.clusters.len(), "cluster");
    }

    /// A cluster: the canonical copy, the other copies in columns, the opening of the text, a warning if there is one, and
    /// why the canonical copy is kept.
    fn cluster(
        &self,
        page: &mut Page,
        number: &str,
        cluster: usize,
        opening: &dyn Fn(&str, usize) -> String,
    ) {
        let form = self.result.doubts.form(cluster);
        let cluster = &self.result.report.clusters[cluster];
        page.line("");
        let indent = number.len();
        let members = || cluster.members.iter().take(MEMBERS);
        let by = members().map(|member| by(member).len()).max().unwrap_or(0);
        // The columns of "same-text", of "100.0 %" and of the ground, with the spaces between them.
        let before = indent + 9 + 2 + 7 + if by > 0 { by + 1 } else { 0 } + 2;
        let stays = format!("{}{}", paint(KEPT, "kept"), " ".repeat(before - indent - 4));
        let id = page.screen.id(&cluster.canonical.id, before);
        page.line(&format!(
            "{}{stays}{}",
            paint(BOLD, number),
            paint(BOLD, id)
        ));
        for member in members() {
            page.member(indent, by, before, member);
        }
        let hidden = cluster.members.len().saturating_sub(MEMBERS);
        if hidden > 0 {
            page.line(&paint(
                DIM,
                format_args!("{:indent$}... and {} more", "", grouped(hidden)),
            ));
        }
        let text = text_or_nothing(self.result.documents, cluster.canonical.position);
        let opening = opening(&text, page.screen.columns - indent - 2);
        page.line(&paint(DIM, format_args!("{:indent$}\"{opening}\"", "")));
        if let Some(form) = form {
            page.wrapped(indent, WARNING, &form.to_string());
        }
        page.wrapped(indent, DIM, &cluster.reason);
    }

    /// The share of each source that is in the reference.
    fn by_source(&self, page: &mut Page) {
        let Some(compared) = self.result.compared else {
            return;
        };
        let found = compared
            .by_source
            .iter()
            .filter(|(_, share)| share.found() > 0);
        let found: Vec<_> = found.collect();
        if !found.is_empty() {
            page.heading("In the reference");
        }
        for (source, share) in found.iter().take(SHOWN) {
            let (some, all) = (grouped(share.found()), count(share.documents, "document"));
            page.wrapped(INDENT, PLAIN, &format!("{source}: {some} of {all}"));
        }
        self.more(page, found.len(), "source");
    }

    /// Documents that are contained in others.
    fn contained(&self, page: &mut Page) {
        let contained = &self.result.report.relations;
        if !contained.is_empty() {
            page.heading("Contained in another document");
        }
        for pair in contained.iter().take(SHOWN) {
            let share = pair.overlap.right_in_left();
            page.pair(Some(share), &pair.b, " is in ", &pair.a);
        }
        self.more(page, contained.len(), "pair");
    }

    /// Documents that are removed because a kept document contains them.
    fn removed_as_contained(&self, page: &mut Page) {
        let contained = &self.result.report.contained;
        if !contained.is_empty() {
            page.heading("Removed, because a kept document contains it");
        }
        for gone in contained.iter().take(SHOWN) {
            page.pair(None, &gone.document, " is in ", &gone.container);
        }
        self.more(page, contained.len(), "document");
    }

    /// Similar documents that were not joined.
    fn refused(&self, page: &mut Page) {
        let refused = &self.result.report.refused;
        if !refused.is_empty() {
            page.heading("Similar, kept apart");
        }
        for pair in refused.iter().take(SHOWN) {
            let alike = pair.comparison.similarity();
            page.pair(Some(alike), &pair.a, " and ", &pair.b);
        }
        self.more(page, refused.len(), "pair");
    }

    /// How many more items there are, and where to find them.
    fn more(&self, page: &mut Page, all: usize, noun: &str) {
        if all <= SHOWN {
            return;
        }
        let hidden = all - SHOWN;
        let noun = count(hidden, noun);
        let (number, noun) = noun.split_once(' ').unwrap_or_default();
        let place = match self.output {
            Some(_) => "in the result folder",
            None => "--output DIR writes them all",
        };
        page.wrapped(0, DIM, &format!("... and {number} more {noun}: {place}"));
    }

    /// Where the results are, or what to do next.
    fn end(&self, page: &mut Page) {
        let report = self.result.report;
        let found = report.clusters.len() + report.relations.len() + report.passages.len();
        page.line("");
        match self.output {
            Some(folder) => {
                let folder = folder.display().to_string();
                page.wrapped(0, DIM, &format!("Written to {folder}"));
            }
            None if found > 0 => {
                page.wrapped(
                    0,
                    DIM,
                    "--output DIR writes the full result; --explain ID explains one document",
                );
            }
            None => page.out.truncate(page.out.len() - 1),
        }
    }
}

/// One of the numbers at the top: a count, its noun, and further words.
#[derive(Clone)]
struct Row {
    n: usize,
    noun: &'static str,
    rest: String,
    style: Style,
}

impl Row {
    fn new(n: usize, noun: &'static str, rest: impl Into<String>, style: Style) -> Self {
        let rest = rest.into();
        Self {
            n,
            noun,
            rest,
            style,
        }
    }
}

/// The lines that are printed, and the screen that they are set for.
struct Page {
    screen: Screen,
    out: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn heading(&mut self, heading: &str) {
        self.line("");
        for line in self.screen.wrapped(heading, 0) {
            self.line(&paint(BOLD, line));
        }
    }

    fn wrapped(&mut self, indent: usize, style: Style, text: &str) {
        for line in self.screen.wrapped(text, indent) {
            self.line(&format!("{:indent$}{}", "", paint(style, line)));
        }
    }

    /// A copy, in columns: its relation and similarity to the canonical copy, and its id.
    fn member(&mut self, indent: usize, by_columns: usize, before: usize, member: &Member) {
        let relation = member.comparison.relation.as_str();
        let alike = 100.0 * member.comparison.similarity();
        let by = match by_columns {
            0 => String::new(),
            columns => format!(" {:columns$}", by(member)),
        };
        let id = self.screen.id(&member.document.id, before);
        self.line(&format!(
            "{:indent$}{relation:9}  {alike:5.1} %{by}  {id}",
            ""
        ));
    }

    /// Two documents on one line if they fit, else on two.
    fn pair(&mut self, share: Option<f64>, a: &DocumentRef, between: &str, b: &DocumentRef) {
        let share = share.map_or_else(String::new, |share| format!("{:5.1} %  ", 100.0 * share));
        let indent = INDENT + share.len();
        let (first, second) = (visible(&a.id), visible(&b.id));
        if indent + width(&first) + width(between) + width(&second) <= self.screen.columns {
            self.line(&format!(
                "{:INDENT$}{share}{first}{}{second}",
                "",
                paint(DIM, between)
            ));
            return;
        }
        let first = self.screen.id(&a.id, indent);
        self.line(&format!("{:INDENT$}{share}{first}", ""));
        let between = between.trim_start();
        let second = self.screen.id(&b.id, indent + between.len());
        self.line(&format!("{:indent$}{}{second}", "", paint(DIM, between)));
    }
}

/// The ground for which a copy is one, if it is not the share of shingles.
fn by(member: &Member) -> &'static str {
    match member.comparison.figures.ground {
        Some(Ground::Body) => "of the body",
        Some(Ground::Grams) => "by grams",
        Some(Ground::Drift) => "by drift",
        Some(Ground::Letters) => "by letters",
        _ => "",
    }
}

/// The first words of a text, on one line of at most `columns` columns.
fn opening(text: &str, columns: usize) -> String {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    // This is enough for a line, however long the text is.
    let some: String = text.chars().take(40 * columns).collect();
    let flat = some.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&visible(&flat), columns).into_owned()
}
