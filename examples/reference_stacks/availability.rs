//! How available a stack is, where it breaks first, and what an SLO asks of its parts:
//! `cargo run --example availability -- --slo 99.9`.
//!
//! The parts and what they need of each other are those of the medium reference stack, as a request from outside meets them; the
//! numbers are yours to change.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;
use std::time::Duration;

use clap::Parser;
use stack_availability::{Availability, AvailabilityError, Part, System};

#[derive(Parser)]
struct CommandLine {
    /// What is promised, in percent of the time.
    #[arg(long, default_value_t = 99.9)]
    slo: f64,
}

const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

fn system() -> Result<System, AvailabilityError> {
    let percent = Availability::percent;
    // Two gateways in two zones, of which one is enough; three pods, of which two are; a database and its replica.
    Ok(System::new()
        .with(
            Part::new("shop", percent(99.5)?)
                .copies(3, 2)
                .needs("gateway")
                .needs("dns")
                .needs_one_of(["database", "replica"]),
        )
        .with(
            Part::new("gateway", percent(99.5)?)
                .copies(2, 1)
                .needs("load-balancer"),
        )
        .with(Part::new("load-balancer", percent(99.99)?))
        .with(Part::new("dns", percent(99.95)?))
        .with(Part::new("database", percent(99.5)?).needs("storage"))
        .with(Part::new("replica", percent(99.0)?).needs("storage"))
        .with(Part::new("storage", percent(99.95)?)))
}

fn main() -> Result<(), Box<dyn Error>> {
    let slo = Availability::percent(CommandLine::parse().slo)?;
    let system = system()?;
    let now = system.of("shop")?;
    println!(
        "shop works {now} of the time: {} minutes a month are lost",
        now.downtime(MONTH).as_secs() / 60
    );

    println!("\nwhat each part costs:");
    for gain in system.bottlenecks("shop")? {
        let minutes = MONTH.mul_f64(gain.gain.max(0.0)).as_secs() / 60;
        println!(
            "  {:<14} {minutes:>3} minutes a month; without its failures {}",
            gain.part, gain.without_failures
        );
    }

    println!("\nfor {slo}:");
    println!(
        "  each part alone would need {}",
        system.needed_of_each("shop", slo)?
    );
    for part in system.parts().filter(|part| part.name() != "shop") {
        match system.needed_of(part.name(), "shop", slo)? {
            Some(needed) if needed <= part.own() => println!("  {:<14} has enough", part.name()),
            Some(needed) => println!(
                "  {:<14} would need {needed}, and has {}",
                part.name(),
                part.own()
            ),
            None => println!("  {:<14} alone cannot bring it there", part.name()),
        }
    }
    Ok(())
}
