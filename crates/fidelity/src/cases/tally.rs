//! Counting agreement.

/// How much agrees, and what does not.
pub struct Tally {
    what: &'static str,
    right: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// Nothing yet; `what` names what is counted.
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            right: 0,
            wrong: Vec::new(),
        }
    }

    /// Counts one comparison; the difference is made only where there is one.
    pub fn count(&mut self, right: bool, difference: impl FnOnce() -> String) {
        if right {
            self.right += 1
        } else {
            self.wrong.push(difference())
        }
    }

    fn share(&self) -> f64 {
        let all = self.asked();
        if all == 0 {
            100.0
        } else {
            100.0 * self.right as f64 / all as f64
        }
    }

    /// How many comparisons there were.
    pub fn asked(&self) -> usize {
        self.right + self.wrong.len()
    }

    /// How many of them differ.
    pub fn differ(&self) -> usize {
        self.wrong.len()
    }

    /// Tells each difference, and the figures.
    pub fn report(&self) {
        for difference in &self.wrong {
            eprintln!("- {difference}");
        }
        eprintln!(
            "{}: {} of {} agree ({:.2} %)",
            self.what,
            self.right,
            self.asked(),
            self.share()
        );
    }

    /// Fails where less than `goal` per cent agree, or nothing was compared.
    pub fn demand(&self, goal: f64) {
        assert!(self.asked() > 0, "nothing was compared");
        assert!(
            self.share() >= goal,
            "{:.2} % of the {} agree, {goal} % are demanded",
            self.share(),
            self.what
        );
    }

    /// Fails where more than `explained` comparisons differ, or nothing was compared.
    pub fn close(&self, explained: usize) {
        self.report();
        assert!(self.asked() > 0, "nothing was compared");
        assert!(
            self.differ() <= explained,
            "{} of the {} differ, {explained} are explained",
            self.differ(),
            self.what
        );
    }
}
