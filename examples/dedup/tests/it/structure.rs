//! Which rule must the source follow? Each layer uses only those before it.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers in their order.
const LAYERS: [&str; 6] = ["read", "store", "columns", "result", "run", "cli"];

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

/// The layers that the code of a file names after `crate::`, including tests.
fn used_layers(text: &str) -> Vec<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let uses = code
        .match_indices("crate::")
        .map(|(at, prefix)| &code[at + prefix.len()..]);
    let name = |rest: &str| -> String {
        let name = rest.chars();
        name.take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    uses.map(name).collect()
}

#[test]
fn layers_use_only_those_before_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (place, layer) in LAYERS.iter().enumerate() {
        let mut seen = 0;
        for file in sources(&root.join(layer)) {
            let text = fs::read_to_string(&file).unwrap();
            for used in used_layers(&text) {
                let before = LAYERS[..=place].contains(&used.as_str());
                assert!(before, "{} uses {used}", file.display());
                seen += 1;
            }
            // In the `mod.rs` of a layer, `super` is the crate. The path would not show which layer is used.
            let is_root = file == root.join(layer).join("mod.rs");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            assert!(
                !(is_root && code.contains("super::")),
                "{}: name layers from the crate",
                file.display()
            );
        }
        assert!(
            seen > 0 || place == 0,
            "{layer} uses nothing, which this test would not notice otherwise"
        );
    }
}

#[test]
fn every_module_is_in_a_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = LAYERS.contains(&name.as_str()) || ["lib.rs", "main.rs"].contains(&&*name);
        assert!(known, "{name} is in no layer");
    }
}
