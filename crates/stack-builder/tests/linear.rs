//! Work that must not grow with the square of the stack, counted rather than timed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use stack_builder::{Component, ComponentError, Context, Contribution, Stack};

/// How often the stack has asked its components, and has gone through its objects.
#[derive(Clone, Debug, Default)]
struct Counts {
    asked: Arc<AtomicUsize>,
    told: Arc<AtomicUsize>,
}

/// A ConfigMap that counts how often all of it is told.
struct Counted {
    name: String,
    told: Arc<AtomicUsize>,
}

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.told.fetch_add(1, Relaxed);
        let mut members = serializer.serialize_map(Some(3))?;
        members.serialize_entry("apiVersion", "v1")?;
        members.serialize_entry("kind", "ConfigMap")?;
        members.serialize_entry("metadata", &BTreeMap::from([("name", &self.name)]))?;
        members.end()
    }
}

/// A component with as many objects, each in a file of its own, that needs the one before it.
#[derive(Debug)]
struct Link {
    id: String,
    before: Option<String>,
    objects: usize,
    counts: Counts,
}

impl Component for Link {
    fn id(&self) -> &str {
        self.counts.asked.fetch_add(1, Relaxed);
        &self.id
    }

    fn roles(&self) -> Vec<&str> {
        self.counts.asked.fetch_add(1, Relaxed);
        vec!["link"]
    }

    fn requires(&self) -> Vec<&str> {
        self.counts.asked.fetch_add(1, Relaxed);
        self.before.as_deref().into_iter().collect()
    }

    fn contribute(
        &self,
        _context: &Context<'_>,
        out: &mut Contribution,
    ) -> Result<(), ComponentError> {
        for number in 0..self.objects {
            let name = format!("{}-{number}", self.id);
            let file = format!("{name}.yaml");
            let told = Arc::clone(&self.counts.told);
            out.dynamic_object(file, Counted { name, told })?;
        }
        Ok(())
    }
}

fn stack(components: usize, objects: usize, counts: &Counts) -> Stack {
    let id = |number: usize| format!("link-{number}");
    let stack = Stack::new("dev", "dev.example.com");
    (0..components).fold(stack, |stack, number| {
        stack.with(Link {
            id: id(number),
            before: number.checked_sub(1).map(id),
            objects,
            counts: counts.clone(),
        })
    })
}

/// What a stack of this size asks and goes through while it is built and written in every form.
fn work(components: usize, objects: usize) -> (usize, usize) {
    let counts = Counts::default();
    let bundle = stack(components, objects, &counts).build().unwrap();
    let files = bundle.files();
    assert!(files.len() > components * objects);
    bundle.write_stream(std::io::sink()).unwrap();
    bundle.write_json(std::io::sink()).unwrap();
    stack(components, objects, &counts)
        .write_stream(std::io::sink())
        .unwrap();
    (counts.asked.load(Relaxed), counts.told.load(Relaxed))
}

#[test]
fn twice_the_components_are_twice_the_work() {
    let (asked, told) = work(100, 1);
    let (asked_twice, told_twice) = work(200, 1);
    assert!(
        asked > 0 && asked_twice <= 2 * asked,
        "{asked} {asked_twice}"
    );
    assert_eq!(told_twice, 2 * told);
}

#[test]
fn twice_the_objects_are_twice_the_work() {
    let (asked, told) = work(1, 100);
    let (asked_twice, told_twice) = work(1, 200);
    assert_eq!(asked_twice, asked);
    assert_eq!(told_twice, 2 * told);
}

#[test]
fn an_object_is_told_once_to_be_taken_and_once_to_be_written() {
    let counts = Counts::default();
    let stack = stack(10, 10, &counts);
    stack.write_stream(std::io::sink()).unwrap();
    assert_eq!(counts.told.load(Relaxed), 200);
}

#[test]
fn the_stream_is_the_same_whether_all_is_held_or_one_component() {
    let counts = Counts::default();
    let mut streamed = Vec::new();
    stack(7, 3, &counts).write_stream(&mut streamed).unwrap();
    let bundle = stack(7, 3, &counts).build().unwrap();
    assert_eq!(String::from_utf8(streamed).unwrap(), bundle.stream());
    let mut written = Vec::new();
    bundle.write_json(&mut written).unwrap();
    let read: serde_json::Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(read, bundle.to_json());
}

#[test]
fn leaving_out_and_replacing_each_component_asks_each_a_few_times() {
    let work = |components: usize| {
        let counts = Counts::default();
        let link = |number: usize| Link {
            id: format!("link-{number}"),
            before: None,
            objects: 1,
            counts: counts.clone(),
        };
        let all = stack(components, 1, &counts);
        let replaced = (0..components).fold(all, |stack, number| stack.replace(link(number)));
        let odd = (1..components).step_by(2);
        let left = odd.fold(replaced, |stack, number| {
            stack.without(&format!("link-{number}"))
        });
        let asked = counts.asked.load(Relaxed);
        let bundle = left.build().unwrap();
        assert_eq!(bundle.parts().len(), components.div_ceil(2));
        asked
    };
    let (once, twice) = (work(100), work(200));
    assert!(twice <= 2 * once + 10, "{once} {twice}");
}
