//! The mesh: who is in it, who must prove who they are, and who is let in.

mod attachment;
mod authorization;
mod by_selector;
mod conversation;
pub(crate) mod dataplane;
mod destination_rule;
pub(crate) mod gateway;
mod hosts;
mod mesh_config;
mod mtls;
mod policy;
mod proxy;
mod reading;
mod request_auth;
mod requests;
mod service_entry;
mod sidecar;
mod text;
mod virtual_service;
mod waypoint;
mod ztunnel;

use stack_model::Model;

pub(crate) use attachment::Target as AuthorizationTarget;
pub(crate) use authorization::Authorization;
pub(crate) use conversation::{Conversation, Enforcer, Identity};
pub(crate) use dataplane::{Dataplane, Dataplanes};
pub(crate) use destination_rule::DestinationRules;
pub(crate) use hosts::host_of;
pub(crate) use mesh_config::complete as complete_settings;
pub(crate) use mtls::{ClientTls, Mtls, ServerTls};
pub(crate) use policy::Policy;
pub(crate) use service_entry::{Leads, ServiceEntries, ServiceEntry};
pub(crate) use sidecar::Sidecars;
pub(crate) use text::normalize_path;
pub(crate) use virtual_service::{Asker, VirtualServices};
pub(crate) use waypoint::{Waypoint, Waypoints};
pub(crate) use ztunnel::{never_fires, reads_requests};

use crate::world::World;
use crate::{Settings, Unread};

/// Everything about the mesh.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mesh {
    pub(crate) dataplanes: Dataplanes,
    pub(crate) waypoints: Waypoints,
    pub(crate) authorization: Authorization,
    pub(crate) mtls: Mtls,
    pub(crate) gateways: gateway::Gateways,
    pub(crate) virtual_services: VirtualServices,
    pub(crate) destination_rules: DestinationRules,
    pub(crate) service_entries: ServiceEntries,
    pub(crate) sidecars: Sidecars,
}

impl Mesh {
    /// Reads the mesh; the pods of waypoints, which no manifest has, are added to the world.
    pub(crate) fn read(
        model: &Model,
        world: &mut World,
        settings: &Settings,
        unread: &mut Vec<Unread>,
    ) -> Self {
        let waypoints = Waypoints::read(model, world);
        let gateways = gateway::Gateways::read(model, unread);
        Self {
            dataplanes: Dataplanes::of(world, &gateways),
            waypoints,
            authorization: Authorization::read(model, settings, unread),
            mtls: Mtls::read(model, settings, unread),
            gateways,
            virtual_services: VirtualServices::read(model, unread),
            destination_rules: DestinationRules::read(model, settings, unread),
            service_entries: ServiceEntries::read(model, unread),
            sidecars: Sidecars::read(model, settings, unread),
        }
    }
}
