//! Which planted copies were found?
//!
//! The answer is read cluster by cluster, and only its ids: a list of half a million members would be counted as memory of
//! the next run.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Deserializer, de};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub clusters: usize,
    /// Planted copies that are in the cluster of their original.
    pub copies: usize,
    /// Clusters with documents that do not have the same original.
    pub mixed: usize,
}

#[derive(Deserialize)]
struct Cluster {
    members: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    id: Id,
}

struct Id {
    original: u32,
    is_copy: bool,
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = Cow::<str>::deserialize(deserializer)?;
        let original = id.split('+').next().unwrap_or_default();
        Ok(Self {
            original: original.parse().map_err(de::Error::custom)?,
            is_copy: id.contains('+'),
        })
    }
}

/// The counts for the answer in the result folder of a run.
pub fn found(folder: &Path) -> Result<Found> {
    let path = folder.join("clusters.jsonl");
    let file = File::open(&path).with_context(|| path.display().to_string())?;
    let rows = serde_json::Deserializer::from_reader(BufReader::new(file)).into_iter();
    let mut found = Found::default();
    for cluster in rows {
        found.add(&cluster?);
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, cluster: &Cluster) {
        let ids = || cluster.members.iter().map(|member| &member.id);
        let originals: HashSet<u32> = ids()
            .filter(|id| !id.is_copy)
            .map(|id| id.original)
            .collect();
        let at_home = ids().filter(|id| id.is_copy && originals.contains(&id.original));
        let sources: HashSet<u32> = ids().map(|id| id.original).collect();
        self.clusters += 1;
        self.copies += at_home.count();
        self.mixed += usize::from(sources.len() > 1);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn copies_count_where_their_original_is() {
        let folder = tempfile::tempdir().unwrap();
        let rows = r#"{"size":2,"members":[{"id":"1"},{"id":"1+5"}]}
            {"size":3,"members":[{"id":"2"},{"id":"2+6"},{"id":"3+7"}]}"#;
        fs::write(folder.path().join("clusters.jsonl"), rows).unwrap();
        let expected = Found {
            clusters: 2,
            copies: 2,
            mixed: 1,
        };
        assert_eq!(found(folder.path()).unwrap(), expected);
    }
}
