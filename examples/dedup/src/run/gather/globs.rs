//! Which files of a folder are included?

use std::path::Path;

use fast_glob::glob_match;

/// The patterns of `--include` and `--exclude`.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    /// None if every file is included.
    include: Option<Vec<String>>,
    exclude: Vec<String>,
}

impl Globs {
    /// Fails with the first pattern that is not valid.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, String> {
        Ok(Self {
            include: match include {
                [] => None,
                globs => Some(patterns(globs)?),
            },
            exclude: patterns(exclude)?,
        })
    }

    /// Whether a file with this path in the folder is included.
    pub fn wants(&self, path: &Path) -> bool {
        let included = self
            .include
            .as_ref()
            .is_none_or(|include| matches(include, path));
        included && !self.excludes(path)
    }

    /// Whether a file or a whole folder with this path in the folder is excluded.
    pub fn excludes(&self, path: &Path) -> bool {
        matches(&self.exclude, path)
    }
}

fn matches(patterns: &[String], path: &Path) -> bool {
    let path = path.to_string_lossy();
    let path = path.replace(std::path::MAIN_SEPARATOR, "/");
    patterns.iter().any(|pattern| glob_match(pattern, &path))
}

/// Turns globs into patterns for whole paths. A glob without a slash at its start matches at any depth.
fn patterns(globs: &[String]) -> Result<Vec<String>, String> {
    let pattern = |glob: &String| {
        if !is_closed(glob) {
            return Err(glob.clone());
        }
        // At the start of a pattern, a `!` would negate it.
        let whole = match glob.strip_prefix('/') {
            Some(from_root) if from_root.starts_with('!') => format!("\\{from_root}"),
            Some(from_root) => from_root.to_owned(),
            None => format!("**/{glob}"),
        };
        Ok(whole.trim_end_matches('/').to_owned())
    };
    globs.iter().map(pattern).collect()
}

/// Whether each `[` and `{` is closed. A pattern that is not closed would match nothing.
fn is_closed(glob: &str) -> bool {
    let (mut braces, mut in_class) = (0, false);
    let mut chars = glob.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return false,
            '\\' => {}
            ']' => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '{' => braces += 1,
            '}' if braces == 0 => return false,
            '}' => braces -= 1,
            _ => {}
        }
    }
    braces == 0 && !in_class
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
            (globs(&["*.{md,txt}"], &[]), "a/b.txt", true),
            (globs(&["[a-c].md"], &[]), "b.md", true),
            (globs(&["/!x.md"], &[]), "!x.md", true),
            (globs(&["a*z"], &[]), "a/z", false),
            (globs(&["三*.md"], &[]), "a/三国.md", true),
            (globs(&[], &[]), "any", true),
        ];
        for (globs, path, wanted) in cases {
            assert_eq!(globs.wants(Path::new(path)), wanted, "{path} {globs:?}");
        }
        for wrong in ["a[", "{a,b", "a}", "a\\"] {
            assert_eq!(
                Globs::new(&[wrong.to_owned()], &[]).err().as_deref(),
                Some(wrong)
            );
        }
    }
}
