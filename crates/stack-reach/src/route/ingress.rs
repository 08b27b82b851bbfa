//! Ingress objects that Cilium's own proxy serves.

use stack_model::Value;
use stack_model::{Entry as Object, Model};

use super::{Backend, Foreign, Routed};
use crate::flow::{Name, Request};

/// The Ingress objects of Cilium's class, and those of others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ingresses {
    own: Vec<Ingress>,
    foreign: Vec<Ingress>,
}

#[derive(Clone, Debug)]
struct Ingress {
    object: String,
    /// The name of its class; `None` for the default one.
    class: Option<String>,
    /// The Service through which requests come in; Cilium makes it.
    service: Name,
    /// Host and path of each rule, and the backend; the default backend has neither.
    rules: Vec<IngressRule>,
}

#[derive(Clone, Debug)]
struct IngressRule {
    path: String,
    host: Option<String>,
    prefix: String,
    exact: bool,
    service: Name,
    port: Option<u16>,
}

impl Ingresses {
    pub(crate) fn read(model: &Model) -> Self {
        let classes = || model.objects("networking.k8s.io", "IngressClass");
        let is_of_cilium = |class: &Object| {
            class.text_at("spec.controller") == Some("cilium.io/ingress-controller")
        };
        let default = classes().find(|class| {
            class
                .annotations()
                .get("ingressclass.kubernetes.io/is-default-class")
                == Some("true")
        });
        let is_cilium = |object: &&Object| {
            let class = object
                .text_at("spec.ingressClassName")
                .or_else(|| object.annotations().get("kubernetes.io/ingress.class"));
            match class {
                Some(name) => match classes().find(|class| class.name() == name) {
                    Some(class) => is_of_cilium(class),
                    None => name == "cilium",
                },
                None => default.is_some_and(is_of_cilium),
            }
        };
        let all = model.objects("networking.k8s.io", "Ingress");
        let (own, foreign): (Vec<_>, Vec<_>) = all.partition(is_cilium);
        let read = |objects: Vec<&Object>| {
            let read = objects
                .into_iter()
                .map(|object| Ingress::read(object, model));
            read.collect()
        };
        Self {
            own: read(own),
            foreign: read(foreign),
        }
    }

    /// The rule of another controller's Ingress that names the request's host and matches it best.
    pub(crate) fn foreign(&self, request: &Request, called: &Name) -> Option<Foreign> {
        let leads_there = |ingress: &&Ingress| {
            let mut rules = ingress.rules.iter();
            rules.any(|rule| rule.service == *called)
        };
        if self.foreign.iter().any(|ingress| leads_there(&ingress)) {
            return None;
        }
        let rules = self.foreign.iter().flat_map(|ingress| {
            let rules = ingress.rules.iter().filter(|rule| rule.host.is_some());
            rules.map(move |rule| (ingress, rule))
        });
        let (ingress, rule) = rules
            .filter(|(_, rule)| rule.matches(request))
            .max_by_key(|(_, rule)| (rule.exact, rule.prefix.len()))?;
        Some(Foreign {
            object: ingress.object.clone(),
            path: rule.path.clone(),
            class: match &ingress.class {
                Some(class) => format!("class {class}"),
                None => "the default class".to_owned(),
            },
            backend: rule.service.clone(),
        })
    }

    /// `None` where no Ingress is behind the Service.
    pub(crate) fn route(&self, service: &Name, request: Option<&Request>) -> Option<Routed> {
        let ingresses: Vec<_> = self
            .own
            .iter()
            .filter(|ingress| ingress.service == *service)
            .collect();
        let first = ingresses.first()?;
        let Some(request) = request else {
            return Some(Routed::Depends(
                "the HTTP request finds a rule of the Ingress".to_owned(),
            ));
        };
        let fitting = ingresses
            .iter()
            .flat_map(|ingress| ingress.rules.iter().map(move |rule| (ingress, rule)));
        let best = fitting
            .filter(|(_, rule)| rule.matches(request))
            .max_by_key(|(_, rule)| (rule.host.is_some(), rule.exact, rule.prefix.len()));
        Some(match best {
            Some((ingress, rule)) => Routed::To {
                forwarded: None,
                backends: vec![Backend {
                    service: Some(rule.service.clone()),
                    host: rule.service.to_string(),
                    port: rule.port,
                    called_port: 0,
                    subset: None,
                    weight: 1,
                    object: ingress.object.clone(),
                    path: rule.path.clone(),
                    problem: None,
                    tls: None,
                }],
            },
            None => Routed::refused(
                &first.object,
                "spec.rules",
                "no rule of the Ingress matches the request",
            ),
        })
    }
}

impl Ingress {
    fn read(object: &Object, model: &Model) -> Self {
        let namespace = object.namespace().unwrap_or("default");
        let dedicated = object
            .annotations()
            .get("ingress.cilium.io/loadbalancer-mode")
            == Some("dedicated");
        let service = match dedicated {
            true => Name::new(namespace, format!("cilium-ingress-{}", object.name())),
            false => Name::new("kube-system", "cilium-ingress"),
        };
        let mut rules: Vec<_> = object
            .items_at("spec.rules")
            .iter()
            .enumerate()
            .flat_map(|(index, rule)| {
                let host = rule.get("host").and_then(Value::as_str).map(str::to_owned);
                let paths = rule
                    .pointer("/http/paths")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .enumerate();
                paths.filter_map(move |(position, path)| {
                    IngressRule::read(
                        path,
                        host.clone(),
                        format!("spec.rules[{index}].http.paths[{position}]"),
                        namespace,
                        model,
                    )
                })
            })
            .collect();
        if let Some((service, port)) = object
            .at("spec.defaultBackend")
            .and_then(|backend| backend_of(backend, namespace, model))
        {
            let path = "spec.defaultBackend".to_owned();
            rules.push(IngressRule {
                path,
                host: None,
                prefix: String::new(),
                exact: false,
                service,
                port,
            });
        }
        Self {
            object: format!("Ingress {namespace}/{}", object.name()),
            class: object
                .text_at("spec.ingressClassName")
                .or_else(|| object.annotations().get("kubernetes.io/ingress.class"))
                .map(str::to_owned),
            service,
            rules,
        }
    }
}

fn backend_of(backend: &Value, namespace: &str, model: &Model) -> Option<(Name, Option<u16>)> {
    let service = backend.get("service")?;
    let name = service.get("name")?.as_str()?;
    let number = service
        .pointer("/port/number")
        .and_then(Value::as_u64)
        .and_then(|port| u16::try_from(port).ok());
    let named = || {
        let wanted = service.pointer("/port/name").and_then(Value::as_str)?;
        let service = model.service(namespace, name)?;
        let mut ports = service.ports();
        ports
            .find(|port| port.name == Some(wanted))
            .map(|port| port.port)
    };
    Some((Name::new(namespace, name), number.or_else(named)))
}

impl IngressRule {
    fn read(
        path: &Value,
        host: Option<String>,
        at: String,
        namespace: &str,
        model: &Model,
    ) -> Option<Self> {
        let (service, port) = backend_of(path.get("backend")?, namespace, model)?;
        Some(Self {
            path: at,
            host,
            prefix: path
                .get("path")
                .and_then(Value::as_str)
                .unwrap_or("/")
                .to_owned(),
            exact: path.get("pathType").and_then(Value::as_str) == Some("Exact"),
            service,
            port,
        })
    }

    fn matches(&self, request: &Request) -> bool {
        let host = request
            .host
            .as_deref()
            .map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
        let host_fits = match (&self.host, host) {
            (None, _) => true,
            (Some(wanted), Some(host)) => match wanted.strip_prefix("*.") {
                Some(parent) => host.split_once('.').is_some_and(|(_, rest)| rest == parent),
                None => wanted == host,
            },
            (Some(_), None) => false,
        };
        let path = request.path_only();
        let prefix = self.prefix.trim_end_matches('/');
        let path_fits = match self.exact {
            true => path == self.prefix,
            false => path
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        };
        host_fits && path_fits
    }
}
