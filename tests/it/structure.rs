//! Which rules must the source follow? Stages are used in one direction, rayon in one file only, and types can be sent to threads.

use std::fs;
use std::path::{Path, PathBuf};

/// The stages in their order, after the inner loops that they share. A stage may use only those before it.
const ARROW: [&str; 13] = [
    "kernels",
    "normalize",
    "shingle",
    "signature",
    "lsh",
    "verify",
    "items",
    "damage",
    "cluster",
    "report",
    "facts",
    "tables",
    "stages",
];

/// Modules that every stage may use.
const COMMON: [&str; 3] = ["error", "scheme", "document"];

/// `stages` works on all documents. It is the only stage that may use `parallel`.
const THREADS: (&str, &str) = ("stages", "parallel");

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The modules that the code of a file names after `crate::`, including tests.
fn used_modules(text: &str) -> Vec<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code: String = code.collect::<Vec<_>>().join("\n");
    let uses = code
        .match_indices("crate::")
        .map(|(at, prefix)| &code[at + prefix.len()..]);
    let name = |rest: &str| {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    uses.map(name).collect()
}

/// Whether the code of a module, without its inner test module, names `super::`.
fn used_upwards(text: &str) -> bool {
    let code = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    code.lines()
        .any(|line| !line.trim_start().starts_with("//") && line.contains("super::"))
}

#[test]
fn stages_use_only_the_stages_before_them() {
    for (place, stage) in ARROW.iter().enumerate() {
        let mut seen = 0;
        for file in sources(&source_root().join(stage)) {
            let text = fs::read_to_string(&file).unwrap();
            // In the `mod.rs` of a stage, `super` is the crate. The path would not show which stage is used.
            let upwards =
                text.contains("super::super") || (file.ends_with("mod.rs") && used_upwards(&text));
            assert!(!upwards, "{}: name modules from the crate", file.display());
            for used in used_modules(&text) {
                let before = ARROW[..=place].contains(&used.as_str());
                let threads = (*stage, used.as_str()) == THREADS;
                assert!(
                    before || threads || COMMON.contains(&used.as_str()),
                    "{} uses {used}",
                    file.display()
                );
                seen += 1;
            }
        }
        assert!(
            seen > 0 || *stage == "kernels",
            "{stage} uses nothing, which this test would not notice otherwise"
        );
    }
}

/// The deduper and the index come last: the index may use the deduper, and no other module may use either.
#[test]
fn front_doors_are_used_by_no_stage() {
    let root = source_root();
    for file in sources(&root) {
        let text = fs::read_to_string(&file).unwrap();
        let of_index = file.starts_with(root.join("index"));
        let is_root = file == root.join("lib.rs");
        for used in used_modules(&text) {
            assert!(
                used != "index" || of_index || is_root,
                "{} uses the index",
                file.display()
            );
        }
        // In the `mod.rs` of the index, `super` is the crate.
        assert!(
            !of_index || !text.contains("super::super"),
            "{}: name modules from the crate",
            file.display()
        );
    }
}

#[test]
fn rayon_is_named_in_one_file() {
    let naming = sources(&source_root()).into_iter().filter(|file| {
        let text = fs::read_to_string(file).unwrap();
        text.lines()
            .any(|line| !line.trim_start().starts_with("//") && line.contains("rayon"))
    });
    let names: Vec<String> = naming
        .map(|file| file.file_name().unwrap().to_string_lossy().into())
        .collect();
    assert_eq!(names, ["parallel.rs"]);
}

#[test]
fn public_types_can_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<reprint::Deduper>();
    crosses::<reprint::DeduperBuilder>();
    crosses::<reprint::Document>();
    crosses::<reprint::Error>();
    #[cfg(feature = "index")]
    crosses::<reprint::Index>();
    crosses::<reprint::Scheme>();
    crosses::<reprint::cluster::Clustering>();
    crosses::<reprint::cluster::UnionFind>();
    crosses::<reprint::lsh::Banding>();
    crosses::<reprint::normalize::Folded>();
    crosses::<reprint::normalize::Normalizer>();
    crosses::<reprint::report::Report>();
    crosses::<reprint::shingle::Shingler>();
    crosses::<reprint::shingle::ShinglerBuilder>();
    crosses::<reprint::shingle::ShingleSet>();
    crosses::<reprint::signature::MinHash>();
    crosses::<reprint::signature::MinHasher>();
    crosses::<reprint::signature::SimHash>();
    crosses::<reprint::signature::SimHasher>();
    crosses::<reprint::verify::Comparison>();
}
