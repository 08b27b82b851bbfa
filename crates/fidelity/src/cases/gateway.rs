//! Requests to gateways, and conditions of their objects.

use serde_json::{Value, json};

use super::Tally;

fn same_text(expected: Option<&Value>, found: Option<&str>) -> bool {
    expected.is_none_or(|expected| expected.as_str() == found)
}

fn header<'v>(headers: &'v Value, name: &str) -> Option<&'v Value> {
    let found = headers
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

/// Whether an answer is the one that `expect` of a request asks for; the difference, if not.
pub fn check_answer(request: &Value, expected: &Value, found: &Value) -> Result<(), String> {
    let fail = |what: &str| Err(format!("{what}: expected {expected}, found {found}"));
    if expected.get("failure").is_some() {
        return if found["status"] == json!(200)
            || (found["status"].is_null() && found["failure"].is_null())
        {
            fail("failure")
        } else {
            Ok(())
        };
    }
    let status_fits = match &expected["status"] {
        Value::Null => true,
        Value::Array(allowed) => allowed.contains(&found["status"]),
        status => *status == found["status"],
    };
    if !status_fits {
        return fail("status");
    }
    for member in [
        "backend",
        "namespace",
        "grpc_code",
        "backend_sees_tls",
        "backend_sees_sni",
        "answered_by",
    ] {
        if expected
            .get(member)
            .is_some_and(|wanted| !wanted.is_null() && *wanted != found[member])
        {
            return fail(member);
        }
    }
    if let Some(weights) = expected["weights"].as_object() {
        let of = |name: &str| found["weights"][name].as_f64().unwrap_or(0.0);
        if !weights
            .iter()
            .all(|(name, share)| (share.as_f64().unwrap() - of(name)).abs() < 1e-9)
        {
            return fail("weights");
        }
    }
    if let Some(mirrors) = expected["mirrored_to"].as_array() {
        let found_mirrors = found["mirrored_to"].as_array().cloned().unwrap_or_default();
        if mirrors.len() != found_mirrors.len()
            || !mirrors.iter().all(|mirror| found_mirrors.contains(mirror))
        {
            return fail("mirrors");
        }
    }
    if let Some(redirect) = expected["redirect"].as_object() {
        let usual = found["redirect"]["scheme"] == request["scheme"];
        let path = redirect.get("path").or(request.get("path"));
        let scheme_fits = redirect
            .get("scheme")
            .map_or(usual, |scheme| *scheme == found["redirect"]["scheme"]);
        let host_fits = redirect
            .get("host")
            .is_none_or(|host| *host == found["redirect"]["host"]);
        let port_fits = match redirect.get("port") {
            Some(port) => *port == found["redirect"]["port"],
            None => found["redirect"]["port"].is_null(),
        };
        if !(scheme_fits
            && host_fits
            && port_fits
            && path.is_none_or(|path| *path == found["redirect"]["path"]))
        {
            return fail("redirect");
        }
    }
    if let Some(forwarded) = expected["forwarded"].as_object() {
        let same = |member: &str| {
            forwarded
                .get(member)
                .is_none_or(|value| *value == found["forwarded"][member])
        };
        if !(same("host") && same("path") && same("method") && same("sni")) {
            return fail("forwarded");
        }
        for (name, value) in forwarded
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if header(&found["forwarded"]["headers"], name) != Some(value) {
                return fail("forwarded header");
            }
        }
        for name in forwarded
            .get("absent_headers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if header(&found["forwarded"]["headers"], name.as_str().unwrap()).is_some() {
                return fail("forwarded absent header");
            }
        }
    }
    compare_response(expected, found)
        .map_err(|what| format!("{what}: expected {expected}, found {found}"))
}

fn compare_response(expected: &Value, found: &Value) -> Result<(), String> {
    let Some(response) = expected["response"].as_object() else {
        return Ok(());
    };
    // What the backend sets, then what the route makes of it.
    let mut headers = expected
        .get("backend_sets_headers")
        .cloned()
        .unwrap_or(json!({}));
    let members = headers.as_object_mut().unwrap();
    for (name, value) in found["response"]["headers"]
        .as_object()
        .into_iter()
        .flatten()
    {
        members.retain(|have, _| !have.eq_ignore_ascii_case(name));
        members.insert(name.clone(), value.clone());
    }
    for (name, value) in found["response"]["added"].as_object().into_iter().flatten() {
        let before = members
            .keys()
            .find(|have| have.eq_ignore_ascii_case(name))
            .cloned();
        let value = match before
            .as_ref()
            .and_then(|key| members.get(key))
            .and_then(Value::as_str)
        {
            Some(before) => json!(format!("{before},{}", value.as_str().unwrap())),
            None => value.clone(),
        };
        members.insert(before.unwrap_or_else(|| name.clone()), value);
    }
    for name in found["response"]["absent_headers"]
        .as_array()
        .into_iter()
        .flatten()
    {
        members.retain(|have, _| !have.eq_ignore_ascii_case(name.as_str().unwrap()));
    }
    for (name, value) in response
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if header(&headers, name) != Some(value) {
            return Err(format!("response header {name}"));
        }
    }
    for (name, values) in response
        .get("valid_header_values")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let value = header(&headers, name);
        if !value.is_some_and(|value| values.as_array().unwrap().contains(value)) {
            return Err(format!("response header {name}"));
        }
    }
    for name in response
        .get("absent_headers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if header(&headers, name.as_str().unwrap()).is_some() {
            return Err(format!("response header {name}"));
        }
    }
    Ok(())
}

fn rows<'v>(status: &'v Value, kind: &Value, name: &Value) -> Vec<&'v Value> {
    let (namespace, name) = name.as_str().unwrap().split_once('/').unwrap();
    status["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["object"] == json!({"kind": kind, "namespace": namespace, "name": name}))
        .collect()
}

fn has(rows: &[&Value], wanted: &Value) -> bool {
    // Only a running data plane knows this one.
    wanted["type"] == "Programmed"
        || rows.iter().any(|row| {
            row["type"] == wanted["type"]
                && row["status"] == wanted["status"]
                && wanted
                    .get("reason")
                    .is_none_or(|reason| reason.is_null() || *reason == row["reason"])
        })
}

/// Compares a status with one assertion of `statuses.json`.
pub fn check_assertion(case: &str, assertion: &Value, status: &Value, tally: &mut Tally) {
    let difference = |found: &dyn std::fmt::Debug| format!("{case}: {assertion} found {found:?}");
    let parent_name = |assertion: &Value| assertion["parent"]["name"].as_str().unwrap().to_owned();
    let of_listener = |name: &str| -> Vec<&Value> {
        rows(
            status,
            &assertion["parent"]["kind"],
            &assertion["parent"]["name"],
        )
        .into_iter()
        .filter(|row| row["listener"] == name)
        .collect()
    };
    let listener_names = || -> Vec<String> {
        let (namespace, name) = assertion["parent"]["name"]
            .as_str()
            .unwrap()
            .split_once('/')
            .unwrap();
        let object =
            json!({"kind": assertion["parent"]["kind"], "namespace": namespace, "name": name});
        let listeners = status["listeners"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["object"] == object);
        listeners
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    match assertion["check"].as_str().unwrap() {
        "routeCondition" => {
            let route = &assertion["route"];
            let (_, parent) = parent_name(assertion)
                .split_once('/')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .unwrap();
            let found: Vec<&Value> = rows(status, &route["kind"], &route["name"])
                .into_iter()
                .filter(|row| row["parentRef"]["name"] == parent.as_str())
                .filter(|row| {
                    same_text(
                        assertion["parent"].get("sectionName"),
                        row["parentRef"]["sectionName"].as_str(),
                    )
                })
                .collect();
            tally.count(has(&found, &assertion["condition"]), || difference(&found));
        }
        "noAcceptedParents" => {
            let found = rows(
                status,
                &assertion["route"]["kind"],
                &assertion["route"]["name"],
            );
            let accepted = json!({"type": "Accepted", "status": "True"});
            tally.count(!has(&found, &accepted), || difference(&found));
        }
        "objectCondition" => {
            let found = rows(
                status,
                &assertion["object"]["kind"],
                &assertion["object"]["name"],
            );
            let found: Vec<_> = found
                .into_iter()
                .filter(|row| row.get("listener").is_none())
                .collect();
            tally.count(has(&found, &assertion["condition"]), || difference(&found));
        }
        "policyCondition" => {
            let found: Vec<&Value> = rows(
                status,
                &assertion["policy"]["kind"],
                &assertion["policy"]["name"],
            )
            .into_iter()
            .filter(|row| {
                row["ancestorRef"]["name"]
                    == assertion["ancestor"]["name"]
                        .as_str()
                        .unwrap()
                        .split_once('/')
                        .unwrap()
                        .1
            })
            .collect();
            tally.count(has(&found, &assertion["condition"]), || difference(&found));
        }
        "listenersConditions" | "allListenersConditions" => {
            let names: Vec<String> = match assertion["listeners"].as_array() {
                Some(names) if names.iter().all(|name| name != "*") => names
                    .iter()
                    .map(|name| name.as_str().unwrap().to_owned())
                    .collect(),
                _ => listener_names(),
            };
            for wanted in assertion["conditions"].as_array().unwrap() {
                let fits = names.iter().all(|name| has(&of_listener(name), wanted));
                tally.count(fits && !names.is_empty(), || {
                    format!("{case}: {assertion} {wanted}")
                });
            }
        }
        "listeners" => {
            for listener in assertion["listeners"].as_array().unwrap() {
                let name = listener["name"].as_str().unwrap();
                for wanted in listener["conditions"].as_array().unwrap() {
                    let found = of_listener(name);
                    tally.count(has(&found, wanted), || difference(&found));
                }
                let row = status["listeners"].as_array().unwrap().iter().find(|row| {
                    row["name"] == name
                        && parent_name(assertion)
                            .ends_with(&format!("/{}", row["object"]["name"].as_str().unwrap()))
                });
                let row = row.unwrap();
                tally.count(row["attachedRoutes"] == listener["attachedRoutes"], || {
                    difference(&row)
                });
                let kinds = row["supportedKinds"].as_array().unwrap();
                let wanted = listener["supportedKinds"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                tally.count(wanted.iter().all(|kind| kinds.contains(kind)), || {
                    difference(&row)
                });
            }
        }
        "attachedRoutesTotal" => {
            let (namespace, name) = assertion["parent"]["name"]
                .as_str()
                .unwrap()
                .split_once('/')
                .unwrap();
            let listeners = status["listeners"].as_array().unwrap().iter();
            let total: u64 = listeners
                .filter(|row| {
                    row["object"]["name"] == name && row["object"]["namespace"] == namespace
                })
                .map(|row| row["attachedRoutes"].as_u64().unwrap())
                .sum();
            tally.count(Some(total) == assertion["count"].as_u64(), || {
                difference(&total)
            });
        }
        "attachedListenerSets" => {
            let (namespace, name) = assertion["parent"]["name"]
                .as_str()
                .unwrap()
                .split_once('/')
                .unwrap();
            let mut gateways = status["gateways"].as_array().unwrap().iter();
            let row = gateways
                .find(|row| {
                    row["object"]["name"] == name && row["object"]["namespace"] == namespace
                })
                .unwrap();
            tally.count(row["attachedListenerSets"] == assertion["count"], || {
                difference(&row)
            });
        }
        "routeParentsCount" => {
            let found = rows(
                status,
                &assertion["route"]["kind"],
                &assertion["route"]["name"],
            );
            let mut parents: Vec<String> = found
                .iter()
                .map(|row| row["parentRef"].to_string())
                .collect();
            parents.sort();
            parents.dedup();
            tally.count(
                Some(parents.len() as u64) == assertion["count"].as_u64(),
                || difference(&parents),
            );
        }
        other => panic!("no check {other}"),
    }
}

/// Compares a status with all that `expected.json` of a case says; what it takes for optional is counted apart.
pub fn check_status(
    case: &str,
    expected: &Value,
    status: &Value,
    tally: &mut Tally,
    optional: &mut Tally,
) {
    let name = case;
    let whole = expected["optional"] == true;
    for wanted in expected["conditions"].as_array().unwrap() {
        let found: Vec<&Value> = status["conditions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["object"] == wanted["object"] && row["type"] == wanted["type"])
            .filter(|row| row.get("listener") == wanted.get("listener"))
            .filter(|row| {
                wanted
                    .get("parentRef")
                    .is_none_or(|parent| same_reference(parent, &row["parentRef"]))
            })
            .filter(|row| {
                wanted
                    .get("ancestorRef")
                    .is_none_or(|parent| same_reference(parent, &row["ancestorRef"]))
            })
            .collect();
        let mut reasons: Vec<&Value> = wanted.get("reason").into_iter().collect();
        reasons.extend(
            wanted["reason_alternatives"]
                .as_array()
                .into_iter()
                .flatten(),
        );
        let fits = found.iter().any(|row| {
            row["status"] == wanted["status"]
                && (reasons.is_empty() || reasons.contains(&&row["reason"]))
        });
        let is_optional = whole || wanted["optional"] == true;
        let into = if is_optional {
            &mut *optional
        } else {
            &mut *tally
        };
        into.count(fits, || format!("{name}: {wanted} found {found:?}"));
    }
    for wanted in expected["listeners"].as_array().into_iter().flatten() {
        let rows = status["listeners"].as_array().unwrap();
        let found = rows
            .iter()
            .find(|row| row["object"] == wanted["object"] && row["name"] == wanted["name"]);
        let fits = found.is_some_and(|row| {
            wanted
                .get("attachedRoutes")
                .is_none_or(|count| *count == row["attachedRoutes"])
                && wanted
                    .get("supportedKinds")
                    .is_none_or(|kinds| *kinds == row["supportedKinds"])
        });
        let into = if whole { &mut *optional } else { &mut *tally };
        into.count(fits, || format!("{name}: {wanted} found {found:?}"));
    }
}

/// References are the same if all that is written in the first stands in the second, but for defaults.
fn same_reference(wanted: &Value, found: &Value) -> bool {
    wanted
        .as_object()
        .unwrap()
        .iter()
        .all(|(member, value)| found.get(member) == Some(value))
        && found.get("sectionName") == wanted.get("sectionName")
}
