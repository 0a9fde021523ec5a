//! Which documents are connected by pairs?

/// Disjoint sets of `0..n` with path halving; the representative of a set is its smallest member.
///
/// ```
/// use reprint::cluster::UnionFind;
///
/// let mut sets = UnionFind::new(4);
/// sets.join(3, 1);
/// assert_eq!(sets.find(3), 1);
/// assert_eq!(sets.find(2), 2);
/// ```
#[derive(Clone, Debug)]
pub struct UnionFind(Vec<u32>);

impl UnionFind {
    /// Each number in its own set.
    pub fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    /// The smallest member of the set of `x`, which must be under `n`.
    pub fn find(&mut self, mut x: u32) -> u32 {
        while self.0[x as usize] != x {
            let up = self.0[x as usize];
            self.0[x as usize] = self.0[up as usize];
            x = up;
        }
        x
    }

    /// Joins the sets of two numbers.
    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}
