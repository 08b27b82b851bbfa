//! Parts of times and durations: `self.getHours("+02:00")`.

use chrono::{Datelike, FixedOffset, Timelike};
use kube_cel::cel::extractors::{Arguments, This};
use kube_cel::cel::{Context, ExecutionError, FunctionContext, ResolveResult, Value as Cel};

type Time = chrono::DateTime<FixedOffset>;
/// What `getHours` and its like read of a time in its zone.
type Part = fn(&Time) -> i64;

pub(super) fn register(context: &mut Context<'_>) {
    let parts: [(&str, Part); 6] = [
        ("getFullYear", |time| i64::from(time.year())),
        ("getMonth", |time| i64::from(time.month0())),
        ("getDate", |time| i64::from(time.day())),
        ("getDayOfMonth", |time| i64::from(time.day0())),
        ("getDayOfWeek", |time| {
            i64::from(time.weekday().num_days_from_sunday())
        }),
        ("getDayOfYear", |time| i64::from(time.ordinal0())),
    ];
    for (name, part) in parts {
        add(context, name, part, None);
    }
    add(
        context,
        "getHours",
        |time| i64::from(time.hour()),
        Some(|span| span.num_hours()),
    );
    add(
        context,
        "getMinutes",
        |time| i64::from(time.minute()),
        Some(|span| span.num_minutes()),
    );
    add(
        context,
        "getSeconds",
        |time| i64::from(time.second()),
        Some(|span| span.num_seconds()),
    );
    add(
        context,
        "getMilliseconds",
        |time| i64::from(time.timestamp_subsec_millis()),
        Some(|span| span.num_milliseconds()),
    );
}

fn add(
    context: &mut Context<'_>,
    name: &str,
    of_time: Part,
    of_span: Option<fn(&chrono::Duration) -> i64>,
) {
    context.add_function(
        name,
        move |context: &FunctionContext<'_, '_>,
              This(value): This<Cel>,
              Arguments(zone): Arguments|
              -> ResolveResult {
            let number = match (&value, zone.as_slice(), of_span) {
                (Cel::Timestamp(time), [], _) => of_time(&time.to_utc().fixed_offset()),
                (Cel::Timestamp(time), [Cel::String(zone)], _) => {
                    of_time(&time.with_timezone(&offset(context, zone)?))
                }
                (Cel::Duration(span), [], Some(of_span)) => of_span(span),
                _ => return Err(ExecutionError::NoSuchOverload),
            };
            Ok(Cel::Int(number))
        },
    );
}

/// The distance of a zone from UTC: `UTC`, `+02:00` or `02:00`. For one of a name such as `Europe/Berlin` a server looks
/// into a database that is not here.
fn offset(context: &FunctionContext<'_, '_>, zone: &str) -> Result<FixedOffset, ExecutionError> {
    if zone == "UTC" || zone.is_empty() {
        return Ok(chrono::Offset::fix(&chrono::Utc));
    }
    let Some((hours, minutes)) = zone.split_once(':') else {
        let name = format!("time zone {zone}");
        return Err(ExecutionError::UndeclaredReference(name.into()));
    };
    let wrong = || context.error(format!("\"{zone}\" is not a time zone"));
    let sign = if hours.starts_with('-') { -1 } else { 1 };
    let number = |text: &str| text.parse::<i32>().map_err(|_| wrong());
    let seconds = number(hours)?.saturating_mul(3600) + sign * number(minutes)?.saturating_mul(60);
    FixedOffset::east_opt(seconds).ok_or_else(wrong)
}
