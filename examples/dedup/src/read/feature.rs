//! Which features of the package does this build lack? Formats that few people have are features, all on by default.

/// A feature that this build lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub &'static str);

impl Missing {
    /// What to do.
    pub fn remedy(self) -> String {
        format!(
            "this program was built without the feature `{0}`; install it with `--features {0}`",
            self.0
        )
    }
}
