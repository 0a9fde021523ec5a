//! Which files of a folder are wanted?

use std::path::Path;

use globset::{Error, GlobBuilder, GlobSet, GlobSetBuilder};

/// The patterns of `--include` and `--exclude`.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    /// None where every file is wanted.
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl Globs {
    /// Fails where a pattern is none.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, Error> {
        Ok(Self {
            include: match include {
                [] => None,
                globs => Some(set(globs)?),
            },
            exclude: set(exclude)?,
        })
    }

    /// Is a file wanted that has this path in the folder?
    pub fn wants(&self, path: &Path) -> bool {
        let included = self
            .include
            .as_ref()
            .is_none_or(|include| include.is_match(path));
        included && !self.excludes(path)
    }

    /// Is a file or a whole folder left out that has this path in the folder?
    pub fn excludes(&self, path: &Path) -> bool {
        self.exclude.is_match(path)
    }
}

/// A pattern without a slash is one of names, wherever they stand.
fn set(globs: &[String]) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let whole = match glob.strip_prefix('/') {
            Some(from_root) => from_root.to_owned(),
            None => format!("**/{glob}"),
        };
        let whole = whole.trim_end_matches('/');
        set.add(GlobBuilder::new(whole).literal_separator(true).build()?);
    }
    set.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_anywhere_and_paths_from_any_folder_on() {
        let globs = |include: &[&str], exclude: &[&str]| {
            let owned = |globs: &[&str]| globs.iter().map(ToString::to_string).collect::<Vec<_>>();
            Globs::new(&owned(include), &owned(exclude)).unwrap()
        };
        let cases = [
            (globs(&["*.md"], &[]), "a/b.md", true),
            (globs(&["*.md"], &[]), "a/b.txt", false),
            (globs(&[], &["drafts"]), "a/drafts", false),
            (globs(&[], &["drafts/"]), "drafts", false),
            (globs(&[], &["drafts/*.md"]), "a/drafts/x.md", false),
            (globs(&[], &["/drafts"]), "a/drafts", true),
            (globs(&["*.md"], &["x*"]), "a/x.md", false),
            (globs(&["a/**/z.md"], &[]), "a/b/c/z.md", true),
            (globs(&["*/z.md"], &[]), "a/b/z.md", true),
            (globs(&[], &[]), "any", true),
        ];
        for (globs, path, wanted) in cases {
            assert_eq!(globs.wants(Path::new(path)), wanted, "{path} {globs:?}");
        }
        assert!(Globs::new(&["a[".to_owned()], &[]).is_err());
    }
}
