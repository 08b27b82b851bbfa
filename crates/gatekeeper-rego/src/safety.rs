//! Variables of a negated expression that nothing binds, which Open Policy Agent refuses.
//!
//! To OPA a variable in `not names[i] == "a"`, also a `_`, has to get its values from another expression of the same body.
//! The interpreter takes it for "some name is not `a`" and evaluates it. What stands in a call inside the expression is no
//! part of it: OPA puts `lower(names[_])` of `not startswith(lower(names[_]), "a")` into an expression of its own, before
//! the `not`.

use std::collections::BTreeSet;

use serde_json::Value;

/// Expressions that OPA writes as a call.
const CALLS: [&str; 6] = [
    "Call",
    "BinExpr",
    "BoolExpr",
    "ArithExpr",
    "AssignExpr",
    "Membership",
];
/// Expressions with a body of their own.
const CLOSURES: [&str; 3] = ["ArrayCompr", "SetCompr", "ObjectCompr"];

/// A variable that nothing binds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unsafe {
    pub(crate) module: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) variable: String,
}

/// The first unsafe variable of modules in the interpreter's JSON.
pub(crate) fn first_unsafe(modules: &Value) -> Option<Unsafe> {
    let modules = modules.as_array().map_or(&[][..], Vec::as_slice);
    modules.iter().find_map(|module| {
        let (tree, source) = (module.get("ast")?, module.get("source")?);
        let text = source.get("contents")?.as_str()?;
        let known = known_names(modules, tree, text);
        let rules = tree.get("rules")?.as_array()?;
        let (variable, span) = rules.iter().find_map(|rule| in_rule(rule, &known, text))?;
        let number = |member: &str| u32::try_from(span.get(member)?.as_u64()?).ok();
        Some(Unsafe {
            module: source.get("file")?.as_str()?.to_owned(),
            line: number("line")?,
            column: number("col")?,
            variable,
        })
    })
}

type Names = BTreeSet<String>;
type Found<'v> = Option<(String, &'v Value)>;

/// What every rule of a module knows: `input`, `data`, imports, and the rules of its package, wherever they stand.
fn known_names(modules: &[Value], tree: &Value, text: &str) -> Names {
    let package = |tree: &Value| tree.get("package")?.get("refr").map(path_of);
    let mut known = Names::from(["input".to_owned(), "data".to_owned()]);
    for import in list(tree, "imports") {
        let alias = import.get("as").and_then(|alias| written(alias, text));
        known.extend(alias.or_else(|| import.get("refr").and_then(|path| path_of(path).pop())));
    }
    for other in modules.iter().filter_map(|module| module.get("ast")) {
        if package(other) == package(tree) {
            let names = list(other, "rules").iter().filter_map(rule_name);
            known.extend(names);
        }
    }
    known
}

fn rule_name(rule: &Value) -> Option<String> {
    let (_, rule) = variant(rule)?;
    let reference = rule
        .get("refr")
        .or_else(|| variant(rule.get("head")?)?.1.get("refr"))?;
    path_of(reference).into_iter().next()
}

/// The plain members of a reference: `data.lib.a` are three.
fn path_of(reference: &Value) -> Vec<String> {
    match variant(reference) {
        Some(("Var", found)) => found
            .get("value")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .into_iter()
            .collect(),
        Some(("RefDot", found)) => {
            let mut path = found.get("refr").map(path_of).unwrap_or_default();
            let field = found.get("field").and_then(|field| field.get(1)?.as_str());
            path.extend(field.map(str::to_owned));
            path
        }
        Some(("RefBrack", found)) => found.get("refr").map(path_of).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn in_rule<'v>(rule: &'v Value, known: &Names, text: &str) -> Found<'v> {
    let (_, rule) = variant(rule)?;
    let mut known = known.clone();
    let head = rule.get("head").and_then(variant);
    for argument in head.iter().flat_map(|(_, head)| list(head, "args")) {
        every_variable(argument, &mut known);
    }
    for body in list(rule, "bodies") {
        let query = body.get("query")?;
        let mut inside = known.clone();
        bound_in(query, &mut inside);
        let found = in_query(query, &known, text)
            .or_else(|| in_closures(body.get("assign")?, &inside, text))
            .or_else(|| in_closures(head?.1, &inside, text));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The first unsafe variable of a body, where `outer` is known outside of it.
fn in_query<'v>(query: &'v Value, outer: &Names, text: &str) -> Found<'v> {
    let mut bound = outer.clone();
    bound_in(query, &mut bound);
    list(query, "stmts").iter().find_map(|statement| {
        let (kind, literal) = variant(statement.get("literal")?)?;
        if kind == "NotExpr" {
            let mut needed = Vec::new();
            own_variables(literal.get("expr")?, &mut needed);
            for modifier in list(statement, "with_mods") {
                plain_variables(modifier.get("as")?, &mut needed);
            }
            if let Some(found) = needed.into_iter().find(|(name, _)| !bound.contains(name)) {
                return Some(found);
            }
        }
        in_closures(statement, &bound, text)
    })
}

/// What the expressions of a body that are not negated bind, or need bound: the interpreter itself looks at these.
fn bound_in(query: &Value, bound: &mut Names) {
    for statement in list(query, "stmts") {
        match statement.get("literal").and_then(variant) {
            // A name that is declared has no value yet.
            None | Some(("SomeVars", _)) => {}
            Some(("NotExpr", literal)) => called_inside(&literal["expr"], bound),
            Some(("Every", literal)) => every_variable(&literal["domain"], bound),
            Some((_, literal)) => every_variable(literal, bound),
        }
    }
}

/// Looks into comprehensions and `every` below a value.
fn in_closures<'v>(value: &'v Value, outer: &Names, text: &str) -> Found<'v> {
    if let Some((kind, found)) = variant(value) {
        if CLOSURES.contains(&kind) {
            let query = found.get("query")?;
            let mut inside = outer.clone();
            bound_in(query, &mut inside);
            return in_query(query, outer, text).or_else(|| {
                ["term", "key", "value"]
                    .iter()
                    .find_map(|member| in_closures(found.get(*member)?, &inside, text))
            });
        }
        if kind == "Every" {
            let mut inside = outer.clone();
            let names = ["key", "value"].iter();
            inside.extend(names.filter_map(|member| written(found.get(*member)?, text)));
            return in_closures(found.get("domain")?, outer, text)
                .or_else(|| in_query(found.get("query")?, &inside, text));
        }
    }
    match value {
        Value::Array(items) => items.iter().find_map(|item| in_closures(item, outer, text)),
        Value::Object(members) => members
            .values()
            .find_map(|item| in_closures(item, outer, text)),
        _ => None,
    }
}

/// The variables of a negated expression itself: not of its closures, nor of calls inside it.
fn own_variables<'v>(expression: &'v Value, found: &mut Vec<(String, &'v Value)>) {
    match variant(expression) {
        Some((kind, call)) if CALLS.contains(&kind) => {
            for operand in operands(kind, call) {
                plain_variables(operand, found);
            }
        }
        _ => plain_variables(expression, found),
    }
}

/// The variables outside of closures and calls.
fn plain_variables<'v>(value: &'v Value, found: &mut Vec<(String, &'v Value)>) {
    if let Some((kind, inner)) = variant(value) {
        if kind == "Var" {
            let name = inner.get("value").and_then(Value::as_str);
            found.extend(name.map(str::to_owned).zip(inner.get("span")));
            return;
        }
        if CLOSURES.contains(&kind) || CALLS.contains(&kind) {
            return;
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| plain_variables(item, found)),
        Value::Object(members) => members
            .values()
            .for_each(|item| plain_variables(item, found)),
        _ => {}
    }
}

/// The variables of calls inside a negated expression.
fn called_inside(expression: &Value, bound: &mut Names) {
    match variant(expression) {
        Some((kind, call)) if CALLS.contains(&kind) => {
            for operand in operands(kind, call) {
                of_calls(operand, bound);
            }
        }
        _ => of_calls(expression, bound),
    }
}

fn of_calls(value: &Value, bound: &mut Names) {
    match variant(value) {
        Some((kind, _)) if CALLS.contains(&kind) => return every_variable(value, bound),
        Some((kind, _)) if CLOSURES.contains(&kind) => return,
        _ => {}
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| of_calls(item, bound)),
        Value::Object(members) => members.values().for_each(|item| of_calls(item, bound)),
        _ => {}
    }
}

/// Every variable but `_`, which is another one wherever it stands, and those of closures.
fn every_variable(value: &Value, found: &mut Names) {
    if let Some((kind, inner)) = variant(value) {
        if kind == "Var" {
            let name = inner.get("value").and_then(Value::as_str);
            found.extend(name.filter(|name| *name != "_").map(str::to_owned));
            return;
        }
        if CLOSURES.contains(&kind) {
            return;
        }
        if kind == "Call" {
            return operands(kind, inner)
                .into_iter()
                .for_each(|operand| every_variable(operand, found));
        }
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| every_variable(item, found)),
        Value::Object(members) => members
            .values()
            .for_each(|item| every_variable(item, found)),
        _ => {}
    }
}

/// What a call is made with; the name of its function is none of it.
fn operands<'v>(kind: &str, call: &'v Value) -> Vec<&'v Value> {
    if kind == "Call" {
        return list(call, "params").iter().collect();
    }
    ["lhs", "rhs", "key", "value", "collection"]
        .into_iter()
        .filter_map(|member| call.get(member))
        .collect()
}

/// What stands at a place of the source.
fn written(span: &Value, text: &str) -> Option<String> {
    let number = |member: &str| usize::try_from(span.get(member)?.as_u64()?).ok();
    text.get(number("start")?..number("end")?)
        .map(str::to_owned)
}

/// The name and the content of a node.
fn variant(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object()?;
    let (name, content) = members.iter().next().filter(|_| members.len() == 1)?;
    name.starts_with(|c: char| c.is_ascii_uppercase())
        .then_some((name.as_str(), content))
}

fn list<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    let found = value.get(member).and_then(Value::as_array);
    found.map_or(&[][..], Vec::as_slice)
}
