//! Into how many bands of how many rows is a signature divided?

use crate::error::Error;
use crate::signature::{MAX_SLOTS, check_slots, mix};

/// Bands and rows of a MinHash signature, from a threshold and a target recall.
///
/// Two documents of Jaccard s agree in a band of r rows with probability s^r, and in at least one of b bands with probability
/// `1-(1-s^r)^b`. More bands find more pairs, but also propose more pairs of unrelated documents. More rows find fewer pairs.
///
/// ```
/// use reprint::lsh::Banding;
///
/// let banding = Banding::for_threshold(128, 0.6, 0.95)?;
/// assert_eq!((banding.bands(), banding.rows()), (32, 4));
/// assert!(banding.probability(0.6) > 0.95);
/// assert!(banding.probability(0.1) < 0.01);
/// # Ok::<(), reprint::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Banding {
    bands: usize,
    rows: usize,
}

impl Banding {
    /// A banding with these bands and rows.
    ///
    /// # Errors
    ///
    /// Where either is 0, or their product is more than [`MAX_SLOTS`], the largest signature.
    pub fn new(bands: usize, rows: usize) -> Result<Self, Error> {
        for (name, value) in [("bands", bands), ("rows", rows)] {
            if !(1..=MAX_SLOTS).contains(&value) || bands.saturating_mul(rows) > MAX_SLOTS {
                let limit =
                    format!("bands and rows must be at least 1, their product at most {MAX_SLOTS}");
                return Err(Error::setting(name, value, limit));
            }
        }
        Ok(Self { bands, rows })
    }

    /// The banding for a signature of `slots` that finds a pair of Jaccard `threshold` with a probability of at least `recall`, and that
    /// proposes the fewest unrelated pairs. It has the most rows that still reach the recall.
    ///
    /// # Errors
    ///
    /// Where the threshold is not over 0 and at most 1, where the recall is not over 0 and under 1, where the number of slots is not from 1
    /// to [`MAX_SLOTS`], or where no banding of this number of slots reaches the recall. In the last case, the message names the best
    /// recall that can be reached.
    pub fn for_threshold(slots: usize, threshold: f64, recall: f64) -> Result<Self, Error> {
        check_threshold(threshold)?;
        check_slots(slots)?;
        if !(recall > 0.0 && recall < 1.0) {
            return Err(Error::setting(
                "recall",
                recall,
                "it must be over 0 and under 1",
            ));
        }
        Self::most_rows(slots, threshold, recall).ok_or_else(|| {
            let best = Self { bands: slots, rows: 1 }.probability(threshold);
            let limit = format!(
                "with {slots} slots and a threshold of {threshold}, {best:.4} is the most that can be reached"
            );
            Error::setting("recall", recall, limit)
        })
    }

    /// The banding with the most rows, and so the steepest curve, that reaches the recall.
    pub(crate) fn most_rows(slots: usize, threshold: f64, recall: f64) -> Option<Self> {
        let mut bandings = (1..=slots).rev().map(|rows| Self {
            bands: slots / rows,
            rows,
        });
        bandings.find(|banding| banding.probability(threshold) >= recall)
    }

    /// One band of one row.
    pub(crate) const ONE: Self = Self { bands: 1, rows: 1 };

    /// Number of bands.
    pub fn bands(&self) -> usize {
        self.bands
    }

    /// Rows (slots) in a band.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The probability that a pair of this Jaccard is proposed.
    pub fn probability(&self, jaccard: f64) -> f64 {
        let band = jaccard.clamp(0.0, 1.0).powi(self.rows as i32);
        1.0 - (1.0 - band).powi(self.bands as i32)
    }

    /// The bucket key of one band of `slots`. `None` where the signature has no such band: the signature of an empty text has no bands.
    pub fn key(&self, slots: &[u32], band: usize) -> Option<u64> {
        let start = band.checked_mul(self.rows)?;
        let rows = slots.get(start..start.checked_add(self.rows)?)?;
        if band >= self.bands {
            return None;
        }
        Some(
            rows.iter()
                .fold(band as u64, |key, &row| mix(key ^ u64::from(row))),
        )
    }
}

/// Checks that a threshold is over 0 and at most 1.
pub(crate) fn check_threshold(threshold: f64) -> Result<(), Error> {
    if threshold > 0.0 && threshold <= 1.0 {
        return Ok(());
    }
    Err(Error::setting(
        "threshold",
        threshold,
        "it must be over 0 and at most 1",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_the_textbook_one() {
        // Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3rd ed., figure 3.8: b = 20, r = 5.
        let banding = Banding::new(20, 5).unwrap();
        let table = [
            (0.2, 0.006),
            (0.3, 0.047),
            (0.4, 0.186),
            (0.5, 0.470),
            (0.6, 0.802),
            (0.7, 0.975),
            (0.8, 0.9996),
        ];
        for (jaccard, probability) in table {
            assert!(
                (banding.probability(jaccard) - probability).abs() < 6e-4,
                "{jaccard}"
            );
        }
    }

    #[test]
    fn more_bands_find_more_and_more_rows_find_fewer() {
        let find = |bands, rows| Banding::new(bands, rows).unwrap().probability(0.5);
        assert!(find(33, 4) > find(32, 4));
        assert!(find(32, 5) < find(32, 4));
    }

    #[test]
    fn the_chosen_banding_reaches_its_recall_with_the_most_rows() {
        for slots in [16, 64, 128, 200] {
            for threshold in [0.3, 0.5, 0.7, 0.9, 1.0] {
                let Ok(banding) = Banding::for_threshold(slots, threshold, 0.95) else {
                    assert!(1.0 - (1.0 - threshold).powi(slots as i32) < 0.95);
                    continue;
                };
                assert!(banding.probability(threshold) >= 0.95);
                let steeper = |rows| {
                    Banding {
                        bands: slots / rows,
                        rows,
                    }
                    .probability(threshold)
                };
                assert!((banding.rows() + 1..=slots).all(|rows| steeper(rows) < 0.95));
            }
        }
    }

    #[test]
    fn what_can_not_be_reached_says_what_can() {
        let error = Banding::for_threshold(4, 0.1, 0.95).unwrap_err();
        assert!(error.to_string().contains("0.3439 is the most"), "{error}");
        assert!(Banding::for_threshold(128, 0.0, 0.95).is_err());
        assert!(Banding::for_threshold(128, f64::NAN, 0.95).is_err());
        assert!(Banding::for_threshold(128, 0.5, 1.0).is_err());
    }

    #[test]
    fn a_signature_without_slots_has_no_key() {
        let banding = Banding::new(2, 2).unwrap();
        assert_eq!(banding.key(&[], 0), None);
        assert!(banding.key(&[1, 2, 3, 4], 1).is_some());
        assert_eq!(banding.key(&[1, 2, 3, 4, 5, 6], 2), None);
        assert_eq!(banding.key(&[1, 2], usize::MAX), None);
    }
}
