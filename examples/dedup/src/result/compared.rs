//! How do two results differ? Clusters are compared by their members, in any order.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use thiserror::Error;

use super::folder::{SUMMARY, is_result};

/// The clusters of a result folder, and the settings of its run.
pub struct Earlier {
    clusters: BTreeMap<String, Cluster<Member>>,
    settings: Value,
}

/// The reason why a result could not be compared.
#[derive(Debug, Error)]
pub enum Fault {
    /// The folder has no result of this program.
    #[error(
        "{}: this folder has no result of this program; give a folder that --output wrote",
        .0.display()
    )]
    NoResult(PathBuf),
    /// One of its files can't be read.
    #[error("{}: {error}; run `dedup` again to write the result", file.display())]
    Unreadable { file: PathBuf, error: io::Error },
}

/// A row of the file of clusters, with what its reader needs of a member.
#[derive(Deserialize)]
pub struct Cluster<M> {
    pub canonical: String,
    pub members: Vec<M>,
}

#[derive(Deserialize)]
struct Member {
    id: String,
    relation: String,
    similarity: Option<f64>,
}

/// The differences between two results.
#[derive(Serialize)]
pub struct Compared {
    /// Clusters with the same members and the same canonical copy.
    pub same: usize,
    /// Clusters with the same members but another canonical copy: the earlier one, the later one.
    pub others_stay: Vec<(String, String)>,
    pub changed: Vec<Changed>,
    /// Clusters of documents that have no copies any more, each by its canonical copy, with all members.
    pub gone: Vec<(String, Vec<String>)>,
    /// Settings that differ: name, earlier value, later value.
    pub settings: Vec<(String, Value, Value)>,
}

/// A cluster of the later result that has other members in the earlier result.
#[derive(Serialize)]
pub struct Changed {
    pub canonical: String,
    /// New members of the cluster, with their relation to the canonical copy and their earlier canonical copy.
    pub came: Vec<Came>,
    /// Documents that were together with most of the members in the earlier result, and no longer are.
    pub left: Vec<String>,
}

#[derive(Serialize)]
pub struct Came {
    pub id: String,
    pub relation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was_with: Option<String>,
}

impl Earlier {
    pub fn read(folder: &Path) -> Result<Self, Fault> {
        if !is_result(folder) {
            return Err(Fault::NoResult(folder.to_owned()));
        }
        let file = folder.join(SUMMARY);
        let summary = fs::read_to_string(&file);
        let summary = summary.and_then(|json| Ok(serde_json::from_str::<Value>(&json)?));
        let summary = summary.map_err(|error| Fault::Unreadable { file, error })?;
        let mut clusters = BTreeMap::new();
        rows_of(folder, CLUSTERS, |cluster: Cluster<Member>| {
            clusters.insert(cluster.canonical.clone(), cluster);
        })?;
        Ok(Self {
            clusters,
            settings: summary["settings"].clone(),
        })
    }

    /// The canonical copy of each document that has copies.
    fn canonical_of(&self) -> HashMap<&str, &str> {
        let clusters = self.clusters.values();
        let members = clusters.flat_map(|cluster| {
            let members = cluster.members.iter();
            members.map(|member| (member.id.as_str(), cluster.canonical.as_str()))
        });
        members.collect()
    }
}

/// The file of clusters.
pub const CLUSTERS: &str = "clusters.jsonl";

/// Reads the rows of a file of a result, one after the other.
pub fn rows_of<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    mut each: impl FnMut(T),
) -> Result<(), Fault> {
    let file = folder.join(name);
    let mut read = || -> io::Result<()> {
        for line in BufReader::new(File::open(&file)?).lines() {
            each(serde_json::from_str(&line?)?);
        }
        Ok(())
    };
    let done = read();
    done.map_err(|error| Fault::Unreadable { file, error })
}

impl Cluster<Member> {
    fn ids(&self) -> BTreeSet<&str> {
        self.members
            .iter()
            .map(|member| member.id.as_str())
            .collect()
    }
}

impl Compared {
    /// Compares two results, in both directions.
    pub fn new(before: &Earlier, now: &Earlier) -> Self {
        let mut compared = Self {
            same: 0,
            others_stay: Vec::new(),
            changed: Vec::new(),
            gone: Vec::new(),
            settings: settings(&before.settings, &now.settings),
        };
        let (was, is) = (before.canonical_of(), now.canonical_of());
        for cluster in now.clusters.values() {
            let ids = cluster.ids();
            match nearest(&ids, &was).and_then(|canonical| before.clusters.get(canonical)) {
                Some(earlier) if earlier.ids() == ids => {
                    if earlier.canonical == cluster.canonical {
                        compared.same += 1;
                    } else {
                        let stay = (earlier.canonical.clone(), cluster.canonical.clone());
                        compared.others_stay.push(stay);
                    }
                }
                earlier => compared.changed.push(Changed::new(cluster, earlier, &was)),
            }
        }
        for cluster in before.clusters.values() {
            let ids = cluster.ids();
            if !ids.iter().any(|id| is.contains_key(id)) {
                let ids = ids.into_iter().map(str::to_owned).collect();
                compared.gone.push((cluster.canonical.clone(), ids));
            }
        }
        compared
    }

    pub fn is_equal(&self) -> bool {
        self.others_stay.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }
}

impl Changed {
    fn new(
        cluster: &Cluster<Member>,
        earlier: Option<&Cluster<Member>>,
        was: &HashMap<&str, &str>,
    ) -> Self {
        let (ids, earlier_ids) = (cluster.ids(), earlier.map(Cluster::ids).unwrap_or_default());
        let came = cluster.members.iter();
        let came = came.filter(|member| !earlier_ids.contains(member.id.as_str()));
        Self {
            canonical: cluster.canonical.clone(),
            came: came
                .map(|member| Came {
                    id: member.id.clone(),
                    relation: member.relation.clone(),
                    similarity: member.similarity,
                    was_with: was.get(member.id.as_str()).map(|id| (*id).to_owned()),
                })
                .collect(),
            left: earlier_ids
                .difference(&ids)
                .map(|id| (*id).to_owned())
                .collect(),
        }
    }
}

/// The earlier cluster that most of these documents were in, by its canonical copy; the first by id if there are several.
fn nearest<'w>(ids: &BTreeSet<&str>, was: &HashMap<&str, &'w str>) -> Option<&'w str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for canonical in ids.iter().filter_map(|id| was.get(id)) {
        *counts.entry(canonical).or_default() += 1;
    }
    let most = counts.values().max().copied()?;
    counts
        .into_iter()
        .find(|&(_, count)| count == most)
        .map(|(canonical, _)| canonical)
}

fn settings(before: &Value, now: &Value) -> Vec<(String, Value, Value)> {
    let names: BTreeSet<&String> = [before, now]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(serde_json::Map::keys)
        .collect();
    let differing = names.into_iter().filter(|name| before[*name] != now[*name]);
    let rows = differing.map(|name| (name.clone(), before[name].clone(), now[name].clone()));
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(clusters: &[&[&str]]) -> Earlier {
        let cluster = |ids: &&[&str]| {
            let members = ids.iter().map(|id| Member {
                id: (*id).to_owned(),
                relation: "exact".to_owned(),
                similarity: Some(1.0),
            });
            let canonical = ids[0].to_owned();
            let members = members.collect();
            (canonical.clone(), Cluster { canonical, members })
        };
        Earlier {
            clusters: clusters.iter().map(cluster).collect(),
            settings: Value::Null,
        }
    }

    #[test]
    fn joined_split_and_gone_clusters_are_told_apart() {
        let before = result(&[&["a", "b"], &["c", "d", "e"], &["f", "g"], &["h", "i"]]);
        let now = result(&[&["a", "b"], &["c", "d", "x", "h"], &["g", "f"]]);
        let compared = Compared::new(&before, &now);
        assert_eq!(compared.same, 1);
        assert_eq!(compared.others_stay, [("f".to_owned(), "g".to_owned())]);
        let changed = &compared.changed[0];
        assert_eq!(
            (changed.canonical.as_str(), changed.left.as_slice()),
            ("c", &["e".to_owned()][..])
        );
        let came: Vec<_> = changed
            .came
            .iter()
            .map(|came| (came.id.as_str(), came.was_with.as_deref()))
            .collect();
        assert_eq!(came, [("x", None), ("h", Some("h"))]);
        assert!(compared.gone.is_empty(), "h is in another cluster");
        let none = Compared::new(&before, &result(&[]));
        assert_eq!((none.gone.len(), none.same, none.is_equal()), (4, 0, false));
        assert!(Compared::new(&before, &before).is_equal());
    }
}
