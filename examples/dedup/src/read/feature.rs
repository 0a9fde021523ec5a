//! Which features of the package does this build lack? Rarely used formats are features, all enabled by default.

/// The name of a feature that this build lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub &'static str);

impl Missing {
    /// What the user can do about it.
    pub fn remedy(self) -> String {
        format!(
            "this program was built without the feature `{0}`; install it with `--features {0}`",
            self.0
        )
    }
}
