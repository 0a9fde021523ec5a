//! Which keys do two ascending lists share? Which list has the next key is random, so a step must not branch on it.

/// Number of keys of each list that are compared at once.
const BLOCK: usize = 4;

/// Walks through two ascending lists. Calls `step` with a place in each list, and whether the keys at these places are equal. A key that is
/// repeated in both lists is equal as often as both have it. A `step` should multiply by the flag instead of branching on it.
#[inline(always)]
pub(crate) fn walk<T: Ord>(left: &[T], right: &[T], mut step: impl FnMut(usize, usize, bool)) {
    let (mut l, mut r) = (0, 0);
    while let (Some(a), Some(b)) = (left.get(l), right.get(r)) {
        step(l, r, a == b);
        l += usize::from(a <= b);
        r += usize::from(b <= a);
    }
}

/// Number of items that two ascending lists share, counted step by step.
pub(crate) fn merged<T: Ord>(left: &[T], right: &[T]) -> usize {
    let mut shared = 0;
    walk(left, right, |_, _, equal| shared += usize::from(equal));
    shared
}

/// Number of keys that two ascending lists of distinct keys share. Four keys of each list are compared at a time, each with each.
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

/// Adds 1 to the count of each of the `keys` that is also in `others`. Both lists must be ascending and distinct.
pub(crate) fn count_common(keys: &[u32], others: &[u32], counts: &mut [u8]) {
    walk(keys, others, |at, _, equal| {
        counts[at] = counts[at].saturating_add(u8::from(equal));
    });
}

/// Number of items at the start of a list for which `holds` is true. It must be false for all items after them. Cost: the logarithm of
/// their number.
pub(crate) fn ahead<T>(list: &[T], holds: impl Fn(&T) -> bool) -> usize {
    let mut step = 1;
    while list.get(step - 1).is_some_and(&holds) {
        step *= 2;
    }
    let from = step / 2;
    from + list[from..list.len().min(step)].partition_point(holds)
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
