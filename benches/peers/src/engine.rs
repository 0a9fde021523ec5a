//! Which engines are there?

/// An engine; it is one row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// The name in the table and for `--only`.
    pub name: &'static str,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where an engine comes from. This decides how it is prepared.
#[derive(Clone, Copy, Debug)]
pub enum Origin {
    /// The program of this repository, with options in addition to the common ones.
    Reprint { options: &'static [&'static str] },
    /// A program of this package, built with the feature that it needs.
    Crate {
        feature: &'static str,
        /// Whether it is built for this very processor instead of its whole family.
        native: bool,
    },
    /// A script in `python`, and the packages that it needs. The first package is the peer.
    Python {
        script: &'static str,
        packages: &'static [&'static str],
    },
}

/// For peers that do not install it themselves.
const NUMPY: &str = "numpy==2.4.6";

/// All engines, in the order of the table.
pub const ALL: [Engine; 12] = [
    reprint("reprint", &[]),
    reprint("reprint-no-relations", &["--no-relations"]),
    library("gaoya", "gaoya", false),
    library("gaoya-native", "gaoya", true),
    library("txtfp", "txtfp", false),
    library("incrededup", "incrededup", false),
    library("lshdedup-core", "lshdedup", false),
    python("rensa", "peer_rensa.py", &["rensa==0.5.0", NUMPY]),
    python("rensa-rho", "peer_rensa_rho.py", &["rensa==0.5.0", NUMPY]),
    python("datasketch", "peer_datasketch.py", &["datasketch==2.0.0"]),
    python("text-dedup", "peer_text_dedup.py", &["text-dedup==0.4.0"]),
    python("daft", "peer_daft.py", &["daft==0.7.26", NUMPY]),
];

const fn reprint(name: &'static str, options: &'static [&'static str]) -> Engine {
    let origin = Origin::Reprint { options };
    Engine { name, origin }
}

const fn library(name: &'static str, feature: &'static str, native: bool) -> Engine {
    let origin = Origin::Crate { feature, native };
    Engine { name, origin }
}

const fn python(
    name: &'static str,
    script: &'static str,
    packages: &'static [&'static str],
) -> Engine {
    let origin = Origin::Python { script, packages };
    Engine { name, origin }
}

impl Engine {
    /// Whether the engine needs a Python environment.
    pub fn is_python(&self) -> bool {
        matches!(self.origin, Origin::Python { .. })
    }
}
