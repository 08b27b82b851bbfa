//! Runs closures again and again and tells what one run takes. No crate for benchmarks does it: they cost more to compile than most
//! of our crates, and `cargo test` compiles what benchmarks need.
#![allow(dead_code, clippy::print_stdout)]

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// How long a sample takes, so that the clock's own steps do not count.
const SAMPLE: Duration = Duration::from_millis(50);

/// The time of the wall, for what runs on several threads.
pub fn wall() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

/// Measurements that stand beside each other.
pub struct Group {
    name: &'static str,
    clock: fn() -> Duration,
    samples: usize,
    amount: Option<(usize, &'static str)>,
}

impl Group {
    pub fn new(name: &'static str, clock: fn() -> Duration) -> Group {
        Group {
            name,
            clock,
            samples: 60,
            amount: None,
        }
    }

    /// Fewer samples, for what takes long.
    pub fn samples(self, samples: usize) -> Group {
        Group { samples, ..self }
    }

    /// How many bytes a run goes through.
    pub fn bytes(self, bytes: usize) -> Group {
        let amount = Some((bytes, "bytes"));
        Group { amount, ..self }
    }

    /// How many objects a run goes through.
    pub fn objects(self, objects: usize) -> Group {
        let amount = Some((objects, "objects"));
        Group { amount, ..self }
    }

    /// Measures one thing. `cargo bench -- WORD` measures those with the word in their name; without `--bench`, which cargo
    /// gives, each runs once.
    pub fn measure<T>(&self, name: &str, mut run: impl FnMut() -> T) {
        let name = format!("{}/{name}", self.name);
        let (options, words): (Vec<_>, Vec<_>) = std::env::args()
            .skip(1)
            .partition(|argument| argument.starts_with('-'));
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            return;
        }
        let mut sample = |runs: u32| {
            let start = (self.clock)();
            for _ in 0..runs {
                black_box(run());
            }
            (self.clock)().saturating_sub(start)
        };
        if !options.iter().any(|option| option == "--bench") {
            sample(1);
            return;
        }
        let mut runs = 1;
        while sample(runs) < SAMPLE {
            runs *= 2;
        }
        let mut taken: Vec<_> = (0..self.samples).map(|_| sample(runs) / runs).collect();
        taken.sort_unstable();
        let (least, middle) = (taken[0], taken[taken.len() / 2]);
        let per_second = self.amount.map(|(amount, of)| {
            let rate = amount as f64 / middle.as_secs_f64();
            format!(", {:.3} million {of} per second", rate / 1e6)
        });
        let per_second = per_second.unwrap_or_default();
        println!("{name}: {middle:.2?} in the middle, {least:.2?} at least{per_second}");
    }
}
