//! Which pods quotas admit, one after the other.

use std::collections::BTreeMap;

use kube_vocab::Quantity;
use stack_model::Value;
use stack_model::{Entry, Model, Workload};

use super::quota::{Pod, amount, pods_of};

/// What becomes of a workload's pods in a namespace with quotas.
#[derive(Clone, Debug)]
pub struct Admission<'m> {
    /// The workload whose pods ask for admission.
    pub workload: Workload<'m>,
    /// How many pods are admitted.
    pub admitted: u32,
    /// How many are refused.
    pub refused: u32,
    /// Why the first is refused, in the words of the API server.
    pub reason: Option<String>,
}

/// A resource of a quota, filling up.
struct Account<'m> {
    quota: &'m Entry,
    resource: &'m str,
    allowed: Quantity,
    used: Quantity,
}

/// Admits the pods of all namespaces with quotas in the order of the input, as an API server would that sees them one by one.
pub fn admissions(model: &Model) -> Vec<Admission<'_>> {
    let mut by_namespace: BTreeMap<&str, Vec<Account<'_>>> = BTreeMap::new();
    for quota in model.objects("", "ResourceQuota") {
        let accounts = by_namespace
            .entry(quota.namespace().unwrap_or_default())
            .or_default();
        let hard = quota.at("spec.hard").and_then(Value::as_object);
        accounts.extend(
            hard.into_iter()
                .flatten()
                .filter_map(|(resource, allowed)| {
                    Some(Account {
                        quota,
                        resource,
                        allowed: amount(allowed)?,
                        used: Quantity::ZERO,
                    })
                }),
        );
    }
    let mut found = Vec::new();
    for (namespace, mut accounts) in by_namespace {
        for pod in pods_of(model, namespace) {
            let mut admission = Admission {
                workload: pod.workload,
                admitted: 0,
                refused: 0,
                reason: None,
            };
            let wanted = pod.workload.replicas().min;
            for number in 0..wanted {
                match refusal(&accounts, &pod) {
                    None => {
                        admission.admitted += 1;
                        charge(&mut accounts, &pod);
                    }
                    Some(reason) => {
                        // The others are no smaller.
                        admission.refused = wanted - number;
                        admission.reason = Some(reason);
                        break;
                    }
                }
            }
            found.push(admission);
        }
    }
    found
}

fn cost(account: &Account<'_>, pod: &Pod<'_>) -> Option<Option<Quantity>> {
    pod.takes(account.resource)
        .filter(|_| pod.is_in(account.quota))
}

fn refusal(accounts: &[Account<'_>], pod: &Pod<'_>) -> Option<String> {
    accounts.iter().find_map(|account| {
        let (resource, quota) = (account.resource, account.quota.name());
        let must = matches!(resource.rsplit('.').next(), Some("cpu" | "memory"));
        match cost(account, pod)? {
            None if must => Some(format!("failed quota: {quota}: must specify {resource}")),
            None => None,
            Some(asked) if account.used + asked > account.allowed => Some(format!(
                "exceeded quota: {quota}, requested: {resource}={asked}, used: {resource}={}, limited: {resource}={}",
                account.used, account.allowed
            )),
            Some(_) => None,
        }
    })
}

fn charge(accounts: &mut [Account<'_>], pod: &Pod<'_>) {
    for account in accounts {
        if let Some(Some(asked)) = cost(account, pod) {
            account.used = account.used + asked;
        }
    }
}
