//! How fast a large stack is rendered and checked, beside the two programs that one would write without this project:
//! `cargo run --release --example tenants -- --count 1000`.
//!
//! Each program runs as a process of its own, several times; its time is that of the processor, its memory the peak.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use lab_builder::stack_builder::KnownKind;
use lab_builder::{Environment, Finding, Lab};
use serde::Serialize;
use tenants::{OBJECTS, Take, Tenant};

/// Render and check a stack of many tenants, beside the programs that one would write without this project
#[derive(Parser)]
struct CommandLine {
    /// How many tenants, of eleven objects each
    #[arg(long, default_value_t = 1000)]
    count: usize,

    /// Run every check there is, too
    #[arg(long)]
    check: bool,

    /// What is written
    #[arg(long, value_enum, default_value_t = Format::Stream)]
    format: Format,

    /// How often each program runs; the figures are the mean of all runs
    #[arg(long, default_value_t = 5)]
    runs: u32,

    /// Run one program alone: what it writes goes to standard output, a tree to target/tenants
    #[arg(long, value_enum)]
    program: Option<Program>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// One stream of YAML
    Stream,
    /// A folder per tenant
    Tree,
    /// One JSON value
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Program {
    /// This project
    Stack,
    /// k8s-openapi and serde_yaml, object by object
    SerdeYaml,
    /// k8s-openapi and serde_json, object by object
    SerdeJson,
}

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments = CommandLine::parse();
    let Some(program) = arguments.program else {
        return compare(&arguments);
    };
    let out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match program {
        Program::Stack => stack(&arguments, out)?,
        Program::SerdeYaml => naive(arguments.count, Yaml(out))?,
        Program::SerdeJson => naive(arguments.count, Json(out))?,
    }
    eprintln!("peak {}", peak());
    Ok(())
}

/// The stack, as one writes it with this project.
fn stack(arguments: &CommandLine, mut out: impl Write) -> Result<()> {
    let mut lab = Lab::empty(Environment::Dev);
    for number in 0..arguments.count {
        lab = lab.with(Tenant::new(number));
    }
    if !arguments.check && matches!(arguments.format, Format::Stream) {
        // Nobody asks for the whole: one tenant is held at a time.
        return Ok(lab.write_stream(out)?);
    }
    if arguments.check && matches!(arguments.format, Format::Stream) {
        // What a server would refuse, what the lab minds, and what breaks between objects.
        let report = lab.write_checked(out)?;
        return Ok(tell(&report.findings)?);
    }
    let bundle = lab.build()?;
    if arguments.check {
        tell(&bundle.check().findings)?;
    }
    match arguments.format {
        Format::Stream => bundle.write_stream(&mut out)?,
        Format::Json => bundle.write_json(&mut out)?,
        Format::Tree => {
            let folder: PathBuf = ["target", "tenants"].iter().collect();
            bundle.write_tree(folder)?;
        }
    }
    out.flush()?;
    // The process ends: giving a million values back one by one would be time lost.
    std::mem::forget(bundle);
    Ok(())
}

/// Writes findings to standard error, which by itself would write each piece of each line as it comes.
fn tell(findings: &[Finding]) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stderr().lock());
    findings
        .iter()
        .try_for_each(|finding| writeln!(out, "{finding}"))?;
    out.flush()
}

/// Every object as soon as it is made.
fn naive<T: Take>(count: usize, mut out: T) -> std::result::Result<(), T::Error> {
    (0..count).try_for_each(|number| Tenant::new(number).objects(&mut out))
}

struct Yaml<W>(W);

impl<W: Write> Take for Yaml<W> {
    type Error = Box<dyn Error + Send + Sync>;

    fn take<T>(&mut self, _file: &'static str, object: T) -> Result<()>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        self.0.write_all(b"---\n")?;
        Ok(serde_yaml::to_writer(&mut self.0, &object)?)
    }
}

struct Json<W>(W);

impl<W: Write> Take for Json<W> {
    type Error = Box<dyn Error + Send + Sync>;

    fn take<T>(&mut self, _file: &'static str, object: T) -> Result<()>
    where
        T: KnownKind + Serialize + Send + Sync + 'static,
    {
        serde_json::to_writer(&mut self.0, &object)?;
        Ok(self.0.write_all(b"\n")?)
    }
}

/// Runs each program as a process of its own, and says what it took.
fn compare(arguments: &CommandLine) -> Result<()> {
    println!(
        "{} tenants, {} objects; mean of {} runs",
        arguments.count,
        arguments.count * OBJECTS,
        arguments.runs
    );
    println!("program                 CPU s   of serde_yaml   wall s   peak MB");
    let naive = measure(arguments, Program::SerdeYaml)?;
    row("serde_yaml, streamed", &naive, &naive);
    row(
        "serde_json, streamed",
        &measure(arguments, Program::SerdeJson)?,
        &naive,
    );
    let name = match arguments.check {
        true => "this project, checked",
        false => "this project",
    };
    row(name, &measure(arguments, Program::Stack)?, &naive);
    Ok(())
}

struct Cost {
    processor: Duration,
    wall: Duration,
    /// Peak memory in MiB.
    peak: f64,
}

fn row(name: &str, cost: &Cost, naive: &Cost) {
    let processor = cost.processor.as_secs_f64();
    println!(
        "{name:<22} {processor:>6.3} {:>15.2} {:>8.3} {:>9.1}",
        processor / naive.processor.as_secs_f64(),
        cost.wall.as_secs_f64(),
        cost.peak,
    );
}

fn measure(arguments: &CommandLine, program: Program) -> Result<Cost> {
    let value = |value: Option<clap::builder::PossibleValue>| -> String {
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    };
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["--count", &arguments.count.to_string()])
        .args(["--format", &value(arguments.format.to_possible_value())])
        .args(["--program", &value(program.to_possible_value())])
        .args(arguments.check.then_some("--check"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut peak = 0.0_f64;
    let (processor, start) = (of_children()?, Instant::now());
    for _ in 0..arguments.runs {
        let done = command.output()?;
        let said = String::from_utf8_lossy(&done.stderr);
        if !done.status.success() {
            return Err(said.into_owned().into());
        }
        let kib: f64 = said
            .lines()
            .find_map(|line| line.strip_prefix("peak ")?.parse().ok())
            .unwrap_or(f64::NAN);
        peak = peak.max(kib / 1024.0);
    }
    let runs = arguments.runs.max(1);
    Ok(Cost {
        processor: (of_children()? - processor) / runs,
        wall: start.elapsed() / runs,
        peak,
    })
}

/// The processor time of all children that have ended, by the hundredth of a second that Linux counts in.
fn of_children() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in brackets, may hold blanks.
    let (_, behind) = stat.rsplit_once(')').ok_or("no stat")?;
    let ticks = behind.split_whitespace().skip(13).take(2);
    let ticks = ticks
        .map(str::parse::<u64>)
        .sum::<std::result::Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

/// Peak memory of this process in KiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok())
        .unwrap_or_default()
}
