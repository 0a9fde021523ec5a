//! Which copy stays? An ordered list of criteria decides; later criteria break ties.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::cluster::custom::Comparator;
use crate::cluster::values::Value;
use crate::damage::Damage;
use crate::document::Metadata;
use crate::error::Error;

/// A criterion by which two copies of a text are compared.
///
/// ```
/// use reprint::cluster::Criterion;
///
/// assert_eq!(Criterion::Intact.to_string(), "intact");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Criterion {
    /// The copy whose source comes first in this list; sources that are not in it come last. A name fits a source that equals it, or
    /// that has it as a host or folder (`people.com.cn` fits `http://politics.people.com.cn/n1/1.html`). If a document has no source,
    /// its id is used.
    Source(Vec<String>),
    /// The least damaged copy. Damage is measured against the text that the copies agree on ([`Damage::weight`]).
    Intact,
    /// The copy with the longest text, in letters and digits. Text that was added around it or inside it, and repeated text, do not
    /// count.
    Complete,
    /// The copy with the earliest date; those without a date come last.
    Earliest,
    /// The copy with the latest date; those without a date come last.
    Latest,
    /// The copy with the most letters and digits, head and foot included.
    Longest,
    /// The copy with the fewest letters and digits, head and foot included.
    Shortest,
    /// The copy that comes first in the input. Only this criterion depends on the order of the input.
    First,
    /// The copy with the largest number, or the latest date, in this field; copies without a value come last.
    Max(String),
    /// The copy with the smallest number, or the earliest date, in this field; copies without a value come last.
    Min(String),
    /// The copy that the caller's comparison puts first ([`by`](Self::by)). It cannot be given in a list of `--keep`.
    By(Comparator),
}

/// The data of one copy that the criteria compare.
///
/// ```
/// use reprint::{cluster::{Claim, Policy}, damage::{Damage, Figure}};
///
/// let mut damage = Damage::default();
/// damage.add(Figure::Marks, 40);
/// let print = Claim { body: 2190, length: 2220, ..Claim::default() };
/// let web = Claim { body: 2187, damage, length: 2260, ..Claim::default() };
/// assert_eq!(Policy::default().compare(&print, &web).0, std::cmp::Ordering::Less);
/// assert_eq!("longest".parse::<Policy>()?.compare(&print, &web).0, std::cmp::Ordering::Greater);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Letters and digits of the text, without text that was added around it or inside it, and without repeated text.
    pub body: usize,
    /// Its damage, measured against the other copies.
    pub damage: Damage,
    /// Number of all letters and digits.
    pub length: usize,
    /// The date, as a string that sorts by time (ISO 8601); none if it could not be read.
    pub date: Option<String>,
    /// Its source, or its id if it has none.
    pub source: String,
    /// Its place in the input.
    pub position: usize,
    /// Its id.
    pub id: String,
    /// All metadata of the document, as they were given.
    pub metadata: Metadata,
    /// The values of the fields that the policy compares with `max:` and `min:`, if they could be read.
    pub values: BTreeMap<String, Value>,
}

/// The ordered criteria by which one copy of a cluster stays. Ties go to the smallest id.
///
/// A policy is parsed from, and printed as, the list of the option `--keep`:
/// `source=people.com.cn,xhby.net;intact;complete;earliest`. With the word `container`, more documents are removed: those with nine
/// tenths of their text inside another document that stays. With `one-per:FIELD`, fewer are removed: in each cluster, one copy
/// stays for each value of that field.
///
/// ```
/// use reprint::cluster::Policy;
///
/// assert_eq!(Policy::default().to_string(), "intact;complete;earliest");
/// assert_eq!("latest".parse::<Policy>()?.to_string(), "latest");
/// assert!("newest".parse::<Policy>().unwrap_err().is_setting());
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    criteria: Vec<Criterion>,
    container: bool,
    one_per: Option<String>,
}

impl Default for Policy {
    /// `intact;complete;earliest`.
    fn default() -> Self {
        Self::new([Criterion::Intact, Criterion::Complete, Criterion::Earliest])
    }
}

impl Policy {
    /// A policy of these criteria, in their order.
    pub fn new(criteria: impl Into<Vec<Criterion>>) -> Self {
        Self {
            criteria: criteria.into(),
            container: false,
            one_per: None,
        }
    }

    /// The same policy with this criterion before all others.
    ///
    /// ```
    /// use reprint::cluster::{Criterion, Policy};
    ///
    /// assert_eq!(Policy::default().preceded_by(Criterion::First).to_string(), "first;intact;complete;earliest");
    /// ```
    pub fn preceded_by(mut self, criterion: Criterion) -> Self {
        self.criteria.insert(0, criterion);
        self
    }

    /// For each value of this field, one copy of a cluster stays: the first one by the criteria. No field by default. A document
    /// without the field has the value "none". If the field is a list, the whole list is the value.
    pub fn one_per(self, field: impl Into<Option<String>>) -> Self {
        Self {
            one_per: field.into(),
            ..self
        }
    }

    /// The field of [`one_per`](Self::one_per).
    pub fn one_per_field(&self) -> Option<&str> {
        self.one_per.as_deref()
    }

    /// Whether documents are also removed if nine tenths ([`WHOLE`](crate::verify::WHOLE)) of their text is inside another document
    /// that stays; off by default.
    pub fn container(self, goes: bool) -> Self {
        Self {
            container: goes,
            ..self
        }
    }

    /// The same policy with other names for the fields that it uses.
    ///
    /// ```
    /// use reprint::cluster::Policy;
    ///
    /// let policy: Policy = "max:published;one-per:lang".parse()?;
    /// let policy = policy.map_fields(|name| if name == "published" { "date" } else { name }.to_owned());
    /// assert_eq!(policy.to_string(), "max:date;one-per:lang");
    /// # Ok::<(), reprint::Error>(())
    /// ```
    pub fn map_fields(self, name: impl Fn(&str) -> String) -> Self {
        let criteria = self.criteria.into_iter().map(|criterion| match criterion {
            Criterion::Max(field) => Criterion::Max(name(&field)),
            Criterion::Min(field) => Criterion::Min(name(&field)),
            other => other,
        });
        Self {
            criteria: criteria.collect(),
            one_per: self.one_per.as_deref().map(&name),
            ..self
        }
    }

    /// The criteria as a list.
    pub fn criteria(&self) -> String {
        let words: Vec<String> = self.criteria.iter().map(Criterion::to_string).collect();
        if words.is_empty() {
            "no criterion".into()
        } else {
            words.join(";")
        }
    }

    /// Are documents inside others removed?
    pub fn drops_contained(&self) -> bool {
        self.container
    }

    /// Does any criterion compare the dates of documents?
    pub fn asks_for_dates(&self) -> bool {
        let of_date =
            |criterion: &Criterion| matches!(criterion, Criterion::Earliest | Criterion::Latest);
        self.criteria.iter().any(of_date)
    }

    /// The fields with numbers or dates that the criteria compare, each once.
    pub fn compared_fields(&self) -> Vec<&str> {
        let fields = self
            .criteria
            .iter()
            .filter_map(|criterion| match criterion {
                Criterion::Max(field) | Criterion::Min(field) => Some(field.as_str()),
                _ => None,
            });
        let mut fields: Vec<&str> = fields.collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// The order of two copies (`Less` if `a` is preferred), and the criterion that decided. `Equal` if no criterion decides.
    pub fn compare(&self, a: &Claim, b: &Claim) -> (Ordering, Option<&Criterion>) {
        let told = self
            .criteria
            .iter()
            .map(|criterion| (criterion.compare(a, b), criterion));
        let mut told = told.filter(|(order, _)| order.is_ne());
        told.next()
            .map_or((Ordering::Equal, None), |(order, criterion)| {
                (order, Some(criterion))
            })
    }
}

impl Criterion {
    /// A comparison of the caller, with a name for reasons and settings. It returns `Less` if the first of two copies is preferred. It
    /// must order copies consistently, as [`Ord`] demands, and depend on nothing but the two copies. Otherwise the result depends on
    /// the order of the input, or sorting panics.
    ///
    /// ```
    /// use reprint::{Deduper, Document, Metadata, cluster::{Criterion, Policy}};
    ///
    /// let page = |id: &str, licence: &str| {
    ///     let other = vec![("licence".to_owned(), licence.to_owned())];
    ///     Document::new(id, "One text.").with_metadata(Metadata { other, ..Metadata::default() })
    /// };
    /// let is_closed = |licence: Option<&str>| licence != Some("CC0");
    /// let open_first = Criterion::by("open-first", move |a, b| {
    ///     let [a, b] = [a, b].map(|claim| is_closed(claim.metadata.first_value("licence")));
    ///     a.cmp(&b)
    /// });
    /// let deduper = Deduper::builder().keep(Policy::new([open_first])).build()?;
    /// let report = deduper.run(&[page("a", "all rights reserved"), page("b", "CC0")])?;
    /// assert_eq!(report.clusters[0].canonical.id, "b");
    /// # Ok::<(), reprint::Error>(())
    /// ```
    pub fn by(
        name: impl Into<String>,
        compare: impl Fn(&Claim, &Claim) -> Ordering + Send + Sync + 'static,
    ) -> Self {
        Self::By(Comparator::new(name, compare))
    }

    fn compare(&self, a: &Claim, b: &Claim) -> Ordering {
        let undated = |claim: &Claim| claim.date.is_none();
        match self {
            Self::Source(names) => rank(names, &a.source).cmp(&rank(names, &b.source)),
            Self::Intact => a.damage.weight().cmp(&b.damage.weight()),
            Self::Complete => b.body.cmp(&a.body),
            Self::Earliest => (undated(a), &a.date).cmp(&(undated(b), &b.date)),
            Self::Latest => (undated(a), Reverse(&a.date)).cmp(&(undated(b), Reverse(&b.date))),
            Self::Longest => b.length.cmp(&a.length),
            Self::Shortest => a.length.cmp(&b.length),
            Self::First => a.position.cmp(&b.position),
            Self::Max(field) => {
                let [a, b] = [a, b].map(|claim| claim.values.get(field));
                (a.is_none(), Reverse(a)).cmp(&(b.is_none(), Reverse(b)))
            }
            Self::Min(field) => {
                let [a, b] = [a, b].map(|claim| claim.values.get(field));
                (a.is_none(), a).cmp(&(b.is_none(), b))
            }
            Self::By(comparator) => comparator.compare(a, b),
        }
    }

    /// The reason in plain words why `winner` comes before `next`, the best of the others.
    pub(crate) fn reason(&self, winner: &Claim, next: &Claim, id: &str) -> String {
        let date = |claim: &Claim| {
            claim
                .date
                .clone()
                .unwrap_or_else(|| "no date that can be read".into())
        };
        match self {
            Self::Source(_) => format!("from the preferred source: {}", winner.source),
            Self::Intact => {
                let name = if next.damage.lacks_most_beside(&winner.damage) {
                    "most complete"
                } else {
                    "least damaged"
                };
                format!(
                    "{name} text: {id} {}",
                    next.damage.worse_than(&winner.damage)
                )
            }
            Self::Complete => format!(
                "longest text: {} letters and digits, {id} has {}",
                winner.body, next.body
            ),
            Self::Earliest => format!("the earliest: {}, {id} has {}", date(winner), date(next)),
            Self::Latest => format!("the latest: {}, {id} has {}", date(winner), date(next)),
            Self::Longest => format!(
                "the longest: {} letters and digits, {id} has {}",
                winner.length, next.length
            ),
            Self::Shortest => format!(
                "the shortest: {} letters and digits, {id} has {}",
                winner.length, next.length
            ),
            Self::First => "the first in the input".into(),
            Self::Max(field) | Self::Min(field) => {
                let most = matches!(self, Self::Max(_));
                let value = |claim: &Claim| match claim.values.get(field) {
                    Some(_) => claim
                        .metadata
                        .first_value(field)
                        .unwrap_or_default()
                        .to_owned(),
                    None => "none that can be read".into(),
                };
                let which = if most { "largest" } else { "smallest" };
                let (own, others) = (value(winner), value(next));
                format!("{which} {field}: {own}, {id} has {others}")
            }
            Self::By(comparator) => format!("first by {}, before {id}", comparator.name()),
        }
    }
}

/// The index of the first name that fits a source.
fn rank(names: &[String], source: &str) -> usize {
    let fits = |name: &String| {
        let part_of = |part: &str| {
            let host = part.split(':').next().unwrap_or(part);
            let rest = host
                .len()
                .checked_sub(name.len())
                .filter(|_| host.ends_with(name.as_str()));
            rest.is_some_and(|rest| rest == 0 || host.as_bytes()[rest - 1] == b'.')
        };
        source == name || source.split('/').any(part_of)
    };
    names.iter().position(fits).unwrap_or(names.len())
}

impl FromStr for Policy {
    type Err = Error;

    /// # Errors
    ///
    /// Where a criterion is unknown, or the list names none.
    fn from_str(list: &str) -> Result<Self, Error> {
        let mut policy = Self::new([]);
        for word in list
            .split(';')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            if let Some((name, field)) = word
                .split_once(':')
                .filter(|(name, _)| FIELD_WORDS.contains(name))
            {
                policy.of_field(name, field.trim())?;
                continue;
            }
            match word.split_once('=') {
                Some(("source", names)) => policy.criteria.push(Criterion::Source(sources(names)?)),
                None if word == "container" => policy.container = true,
                None => policy.criteria.push(criterion(word)?),
                Some(_) => return Err(unknown(word)),
            }
        }
        if policy.criteria.is_empty() && !policy.container && policy.one_per.is_none() {
            return Err(unknown(list));
        }
        if policy.criteria.is_empty() {
            policy.criteria = Self::default().criteria;
        }
        Ok(policy)
    }
}

/// Words of a list that are followed by a field.
const FIELD_WORDS: [&str; 3] = ["max", "min", "one-per"];

impl Policy {
    /// Adds `max:FIELD`, `min:FIELD` or `one-per:FIELD`.
    fn of_field(&mut self, word: &str, field: &str) -> Result<(), Error> {
        if field.is_empty() {
            let limit = format!("name a field, as in {word}:score");
            return Err(Error::setting("keep", format!("{word}:"), limit));
        }
        let field = field.to_owned();
        match word {
            "max" => self.criteria.push(Criterion::Max(field)),
            "min" => self.criteria.push(Criterion::Min(field)),
            _ if self.one_per.is_some() => {
                let limit = "one copy can stay for each value of one field only; name it once";
                return Err(Error::setting("keep", format!("one-per:{field}"), limit));
            }
            _ => self.one_per = Some(field),
        }
        Ok(())
    }
}

fn sources(names: &str) -> Result<Vec<String>, Error> {
    let names: Vec<String> = names
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    if names.iter().any(String::is_empty) {
        return Err(Error::setting(
            "keep",
            "source=",
            "name at least one source, as in source=a,b",
        ));
    }
    Ok(names)
}

fn criterion(word: &str) -> Result<Criterion, Error> {
    use Criterion::{Complete, Earliest, First, Intact, Latest, Longest, Shortest};
    let all = [Intact, Complete, Earliest, Latest, Longest, Shortest, First];
    let mut named = all
        .into_iter()
        .filter(|criterion| criterion.to_string() == word);
    named.next().ok_or_else(|| unknown(word))
}

fn unknown(word: &str) -> Error {
    let known = "it must be a list, divided by semicolons, of source=A,B, intact, complete, earliest, latest, longest, shortest, first, max:FIELD, min:FIELD, one-per:FIELD, container";
    Error::setting("keep", format!("{word:?}"), known)
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(names) => write!(f, "source={}", names.join(",")),
            Self::Intact => f.write_str("intact"),
            Self::Complete => f.write_str("complete"),
            Self::Earliest => f.write_str("earliest"),
            Self::Latest => f.write_str("latest"),
            Self::Longest => f.write_str("longest"),
            Self::Shortest => f.write_str("shortest"),
            Self::First => f.write_str("first"),
            Self::Max(field) => write!(f, "max:{field}"),
            Self::Min(field) => write!(f, "min:{field}"),
            Self::By(comparator) => f.write_str(comparator.name()),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = self.criteria.iter().map(Criterion::to_string).collect();
        words.extend(self.one_per.iter().map(|field| format!("one-per:{field}")));
        words.extend(self.container.then(|| "container".into()));
        f.write_str(&words.join(";"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::damage::Figure;

    fn first(policy: &str, claims: &[Claim]) -> usize {
        let policy: Policy = policy.parse().unwrap();
        let best = (0..claims.len()).min_by(|&a, &b| policy.compare(&claims[a], &claims[b]).0);
        best.unwrap()
    }

    fn damage(marks: u64) -> Damage {
        let mut damage = Damage::default();
        damage.add(Figure::Marks, marks);
        damage
    }

    #[test]
    fn every_criterion_prefers_what_its_name_says() {
        let claim = |body, marks, length, date: &str, source: &str, position| Claim {
            body,
            damage: damage(marks),
            length,
            date: (!date.is_empty()).then(|| date.into()),
            source: source.into(),
            position,
            ..Claim::default()
        };
        let claims = [
            claim(
                100,
                0,
                130,
                "2021-10-09",
                "http://politics.people.com.cn/n1/1.html",
                2,
            ),
            claim(101, 20, 101, "", "archive/xhby.net/7.txt", 1),
            claim(90, 10, 190, "2021-08-17T09:00", "notpeople.com.cn", 0),
        ];
        let expected = [
            ("intact", 0),
            ("complete", 1),
            ("earliest", 2),
            ("latest", 0),
            ("longest", 2),
            ("shortest", 1),
            ("first", 2),
            ("source=xhby.net,people.com.cn", 1),
            ("source=people.com.cn; first", 0),
            ("source=nobody;latest", 0),
        ];
        for (policy, wins) in expected {
            assert_eq!(first(policy, &claims), wins, "{policy}");
        }
    }

    #[test]
    fn a_policy_reads_what_it_prints() {
        for list in [
            "intact;complete;earliest",
            "source=a,b.c;shortest;container",
            "first",
            "max:score;min:retrieved at;intact;one-per:lang;container",
        ] {
            assert_eq!(list.parse::<Policy>().unwrap().to_string(), list);
        }
        assert_eq!(
            "container".parse::<Policy>().unwrap().to_string(),
            "intact;complete;earliest;container"
        );
        for wrong in [
            "",
            ";",
            "newest",
            "source=",
            "source=a,,b",
            "intact=1",
            " ",
            "max:",
            "max",
            "min: ",
            "one-per:",
            "one-per:a;one-per:b",
            "newest:date",
        ] {
            assert!(wrong.parse::<Policy>().unwrap_err().is_setting(), "{wrong}");
        }
    }

    #[test]
    fn max_and_min_compare_numbers_and_those_without_come_last() {
        let claim = |written: &str| Claim {
            values: Value::number(written)
                .map(|value| ("score".to_owned(), value))
                .into_iter()
                .collect(),
            ..Claim::default()
        };
        let claims = [claim(""), claim("9"), claim("10"), claim("-1")];
        assert_eq!(first("max:score", &claims), 2);
        assert_eq!(first("min:score", &claims), 3);
        assert_eq!(first("max:other;min:score", &claims), 3);
    }

    #[test]
    fn a_comparison_of_ones_own_is_asked_in_its_place() {
        let claim = |id: &str, length| Claim {
            id: id.into(),
            length,
            ..Claim::default()
        };
        let by = Criterion::by("last-id", |a, b| b.id.cmp(&a.id));
        let policy = Policy::new([Criterion::Longest, by]);
        assert_eq!(policy.to_string(), "longest;last-id");
        let order = |a: &Claim, b: &Claim| policy.compare(a, b).0;
        assert_eq!(order(&claim("a", 2), &claim("b", 1)), Ordering::Less);
        assert_eq!(order(&claim("a", 1), &claim("b", 1)), Ordering::Greater);
    }
}
