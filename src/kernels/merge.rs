//! What do two ascending lists of keys share? Which key comes next is a coin toss, so that a step must not branch on it.

/// Keys of each list that are compared at once.
const BLOCK: usize = 4;

/// How many two ascending lists share, one step after another; what both repeat counts as often as both have it.
pub(crate) fn merged<T: Ord>(left: &[T], right: &[T]) -> usize {
    let (mut l, mut r, mut shared) = (0, 0, 0);
    while let (Some(a), Some(b)) = (left.get(l), right.get(r)) {
        shared += usize::from(a == b);
        l += usize::from(a <= b);
        r += usize::from(b <= a);
    }
    shared
}

/// Number of keys that two ascending lists of distinct keys share. Compares four of each at a time, all with all.
pub(crate) fn shared(mut left: &[u32], mut right: &[u32]) -> usize {
    let mut shared = 0;
    while let (Some(a), Some(b)) = (left.first_chunk::<BLOCK>(), right.first_chunk::<BLOCK>()) {
        let mut equal = [0_u32; BLOCK];
        for b in b {
            for (equal, a) in equal.iter_mut().zip(a) {
                *equal += u32::from(a == b);
            }
        }
        shared += equal.iter().sum::<u32>() as usize;
        let (last_left, last_right) = (a[BLOCK - 1], b[BLOCK - 1]);
        left = &left[BLOCK * usize::from(last_left <= last_right)..];
        right = &right[BLOCK * usize::from(last_right <= last_left)..];
    }
    shared + merged(left, right)
}

/// Adds 1 to the count of each of the `keys` that is among `others`; both are ascending, and distinct.
pub(crate) fn count_common(keys: &[u32], others: &[u32], counts: &mut [u8]) {
    let (mut at, mut other) = (0, 0);
    while let (Some(&key), Some(&another)) = (keys.get(at), others.get(other)) {
        counts[at] = counts[at].saturating_add(u8::from(key == another));
        at += usize::from(key <= another);
        other += usize::from(another <= key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_shared_is_what_sets_share(
            left in prop::collection::btree_set(0_u32..90, 0..60),
            right in prop::collection::btree_set(0_u32..90, 0..60),
        ) {
            let lists = [&left, &right].map(|set| set.iter().copied().collect::<Vec<u32>>());
            prop_assert_eq!(shared(&lists[0], &lists[1]), left.intersection(&right).count());
            prop_assert_eq!(merged(&lists[0], &lists[1]), left.intersection(&right).count());
            let mut counts = vec![1; left.len()];
            count_common(&lists[0], &lists[1], &mut counts);
            let expected = left.iter().map(|key| 1 + u8::from(right.contains(key)));
            prop_assert_eq!(counts, expected.collect::<Vec<u8>>());
        }
    }
}
