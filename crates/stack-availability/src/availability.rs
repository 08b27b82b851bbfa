//! A share of time.

use std::fmt;
use std::time::Duration;

/// The share of time in which something works: from 0 to 1.
///
/// It is written in percent, with two digits, and with more where two would hide what is lost: `99.95 %`, `99.9995 %`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Availability(f64);

/// A number that is no share of time.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{0} is no share of time: it must be between 0 and 1, or 0 and 100 percent")]
pub struct AvailabilityError(pub f64);

impl Availability {
    /// What never fails.
    pub const ALWAYS: Self = Self(1.0);

    /// A share between 0 and 1.
    ///
    /// # Errors
    /// [`AvailabilityError`] for anything else.
    pub fn share(share: f64) -> Result<Self, AvailabilityError> {
        match (0.0..=1.0).contains(&share) {
            true => Ok(Self(share)),
            false => Err(AvailabilityError(share)),
        }
    }

    /// A share in percent.
    ///
    /// # Errors
    /// [`AvailabilityError`] for a number that is not between 0 and 100.
    pub fn percent(percent: f64) -> Result<Self, AvailabilityError> {
        Self::share(percent / 100.0).map_err(|_| AvailabilityError(percent))
    }

    /// The share, from 0 to 1.
    pub fn as_share(self) -> f64 {
        self.0
    }

    /// How long it does not work within a time.
    pub fn downtime(self, within: Duration) -> Duration {
        within.mul_f64(1.0 - self.0)
    }

    /// Several of the same of which `enough` must work.
    pub(crate) fn of_copies(self, copies: u32, enough: u32) -> Self {
        // The chance that exactly `working` of them work, from the one before; beginning with none.
        let (works, fails) = (self.0, 1.0 - self.0);
        let chance = |working: u32| {
            let ways = (0..working).fold(1.0, |ways, step| {
                ways * f64::from(copies - step) / f64::from(step + 1)
            });
            ways * power(works, working) * power(fails, copies - working)
        };
        // The smaller sum is the more exact one.
        let missing: f64 = (0..enough.min(copies + 1)).map(chance).sum();
        Self((1.0 - missing).clamp(0.0, 1.0))
    }

    pub(crate) fn clamped(share: f64) -> Self {
        Self(share.clamp(0.0, 1.0))
    }
}

fn power(base: f64, exponent: u32) -> f64 {
    base.powf(f64::from(exponent))
}

impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.0 * 100.0;
        let lost = 100.0 - percent;
        // Two digits of what is lost, at least two of the whole.
        let digits = match lost {
            lost if lost <= 1e-12 => 2,
            lost => (2..=12)
                .find(|digits| lost * 10_f64.powi(*digits) >= 10.0)
                .unwrap_or(12),
        };
        let digits = usize::try_from(digits).unwrap_or(2);
        // 99.95 needs no third digit.
        let long = format!("{percent:.digits$}");
        let short = long.trim_end_matches('0');
        let decimals = short
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        write!(f, "{percent:.*} %", decimals.max(2))
    }
}
