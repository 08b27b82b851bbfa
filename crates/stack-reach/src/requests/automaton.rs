//! Sets of texts as automata: the product of those of their patterns, made as far as it is walked.

use std::collections::{HashMap, HashSet, VecDeque};

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};

use super::texts::Texts;

/// A set whose automaton is not made, because it has too many states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// How many states are walked.
const STATES: usize = 50_000;
/// How large the automaton of one pattern may be, in bytes.
const BYTES: usize = 4 << 20;

impl Texts {
    /// A shortest member; `Ok(None)` where there is none, an error where it takes too long to find out.
    pub(crate) fn shortest(&self) -> Result<Option<String>, TooLarge> {
        match self {
            Self::All => Ok(Some(String::new())),
            Self::None => Ok(None),
            other => shortest(other),
        }
    }
}

/// A shortest text of a set.
fn shortest(texts: &Texts) -> Result<Option<String>, TooLarge> {
    let mut leaves = Vec::new();
    collect(texts, &mut leaves)?;
    let begin = start::Config::new().anchored(Anchored::Yes);
    let mut first = Vec::new();
    for (_, automaton) in &leaves {
        first.push(match automaton {
            Some(automaton) => automaton.start_state(&begin).map_err(|_| TooLarge)?,
            None => StateID::ZERO,
        });
    }
    let bytes = representatives(&leaves);
    let mut seen: HashSet<Vec<StateID>> = HashSet::from([first.clone()]);
    let mut came: HashMap<Vec<StateID>, (Vec<StateID>, u8)> = HashMap::new();
    let mut queue = VecDeque::from([first]);
    while let Some(states) = queue.pop_front() {
        if accepts(texts, &leaves, &states) {
            return Ok(Some(text_to(&states, &came)));
        }
        for &byte in &bytes {
            let next: Vec<StateID> = leaves
                .iter()
                .zip(&states)
                .map(|((_, automaton), state)| match automaton {
                    Some(automaton) => automaton.next_state(*state, byte),
                    None => *state,
                })
                .collect();
            if seen.insert(next.clone()) {
                if seen.len() > STATES {
                    return Err(TooLarge);
                }
                came.insert(next.clone(), (states.clone(), byte));
                queue.push_back(next);
            }
        }
    }
    Ok(None)
}

/// The automata of the patterns of a set; `None` for a pattern that cannot be read.
type Leaves<'t> = Vec<(&'t str, Option<dense::DFA<Vec<u32>>>)>;

fn collect<'t>(texts: &'t Texts, leaves: &mut Leaves<'t>) -> Result<(), TooLarge> {
    match texts {
        Texts::All | Texts::None => {}
        Texts::Of(pattern) => {
            let expression = pattern.expression();
            if leaves.iter().all(|(known, _)| *known != expression) {
                leaves.push((expression, automaton(expression)?));
            }
        }
        Texts::Not(inner) => collect(inner, leaves)?,
        Texts::Both(pair) | Texts::Either(pair) => {
            collect(&pair.0, leaves)?;
            collect(&pair.1, leaves)?;
        }
    }
    Ok(())
}

fn automaton(expression: &str) -> Result<Option<dense::DFA<Vec<u32>>>, TooLarge> {
    let built = dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .match_kind(MatchKind::All)
                .dfa_size_limit(Some(BYTES))
                .determinize_size_limit(Some(BYTES)),
        )
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .thompson(thompson::Config::new().utf8(false))
        .build(&format!("^(?:{expression})$"));
    match built {
        Ok(automaton) => Ok(Some(automaton)),
        Err(error) if error.is_size_limit_exceeded() => Err(TooLarge),
        // What cannot be read matches nothing.
        Err(_) => Ok(None),
    }
}

/// One byte of each class that no pattern tells apart; letters and signs that people write come first. Control characters stand
/// in no request.
fn representatives(leaves: &Leaves<'_>) -> Vec<u8> {
    let order = (b'a'..=b'z').chain(b' '..=b'~').chain(0x80..=u8::MAX);
    let mut classes: HashSet<Vec<u8>> = HashSet::new();
    let mut bytes = Vec::new();
    for byte in order {
        let class = leaves
            .iter()
            .filter_map(|(_, automaton)| Some(automaton.as_ref()?.byte_classes().get(byte)))
            .collect();
        if classes.insert(class) {
            bytes.push(byte);
        }
    }
    bytes
}

fn accepts(texts: &Texts, leaves: &Leaves<'_>, states: &[StateID]) -> bool {
    match texts {
        Texts::All => true,
        Texts::None => false,
        Texts::Of(pattern) => {
            let mut found = leaves.iter().zip(states);
            found.any(|((expression, automaton), state)| {
                *expression == pattern.expression()
                    && automaton.as_ref().is_some_and(|automaton| {
                        automaton.is_match_state(automaton.next_eoi_state(*state))
                    })
            })
        }
        Texts::Not(inner) => !accepts(inner, leaves, states),
        Texts::Both(pair) => accepts(&pair.0, leaves, states) && accepts(&pair.1, leaves, states),
        Texts::Either(pair) => accepts(&pair.0, leaves, states) || accepts(&pair.1, leaves, states),
    }
}

fn text_to(states: &[StateID], came: &HashMap<Vec<StateID>, (Vec<StateID>, u8)>) -> String {
    let mut bytes = Vec::new();
    let mut at = states;
    while let Some((before, byte)) = came.get(at) {
        bytes.push(*byte);
        at = before;
    }
    bytes.reverse();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortest_text_shows_that_a_set_is_not_empty() {
        let api = Texts::regex("/api/.*");
        let get = Texts::istio("/api/v1*");
        assert_eq!(shortest(&api), Ok(Some("/api/".to_owned())));
        assert_eq!(
            shortest(&api.intersection(&get)),
            Ok(Some("/api/v1".to_owned()))
        );
        // What begins with `/api/v1` is below `/api/`.
        assert_eq!(shortest(&get.intersection(&api.complement())), Ok(None));
        assert_eq!(shortest(&Texts::regex("(")), Ok(None));
        let other = Texts::exactly("/other");
        assert_eq!(shortest(&api.intersection(&other)), Ok(None));
        assert_eq!(shortest(&api.union(&other)), Ok(Some("/api/".to_owned())));
    }

    #[test]
    fn membership_is_that_of_the_automaton() {
        for (set, text, expected) in [
            (Texts::istio_path("/v1/{*}/x"), "/v1/a/x", true),
            (Texts::istio_path("/v1/{*}/x"), "/v1/a/b/x", false),
            (Texts::istio_path("/v1/{**}/x"), "/v1/a/b/x", true),
            (Texts::istio_path("/v1/{**}"), "/v1/", true),
            (Texts::istio("*"), "", false),
        ] {
            assert_eq!(set.contains(text), expected, "{set} {text}");
            let both = set.intersection(&Texts::exactly(text));
            assert_eq!(shortest(&both).unwrap().is_some(), expected, "{set} {text}");
        }
    }
}
