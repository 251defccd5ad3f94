//! The report of `diff` as JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::entity::EntityRef;
use crate::error::Failure;
use crate::impact::{
    Access, AccessChange, Action, Cause, EntityChange, FieldChange, MembershipChange, ObjectChange, Refusal,
    Risk, Touched,
};
use crate::object::ObjectRef;
use crate::ops::diff::{LiveObject, Observed, Report};

/// The whole report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire<'a> {
    base: &'a str,
    head: Option<&'a str>,
    summary: Summary,
    types: Vec<WireType<'a>>,
    entities: Vec<WireEntity<'a>>,
    objects: Vec<WireObject<'a>>,
    access: WireAccess<'a>,
    touched: Vec<WireTouched<'a>>,
    risks: Vec<WireRisk<'a>>,
    refusals: Vec<WireRefusal<'a>>,
    not_compared: NotCompared<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<WireLive<'a>>,
}

#[derive(Serialize)]
struct Summary {
    entities: BTreeMap<&'static str, usize>,
    objects: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct WireType<'a> {
    name: &'a str,
    action: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireEntity<'a> {
    action: &'static str,
    #[serde(rename = "ref")]
    reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ref_before: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    spec_type: Option<&'a str>,
    file: &'a str,
    line: u32,
    fields: Vec<WireField<'a>>,
}

/// A field that is there on one side only has only that side's value; `null` is a value.
#[derive(Serialize)]
struct WireField<'a> {
    action: &'static str,
    path: &'a str,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Named<'a> {
    api_version: String,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireObject<'a> {
    action: &'static str,
    cluster: &'a str,
    #[serde(flatten)]
    named: Named<'a>,
    entity: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity_before: Option<&'a str>,
    fields: Vec<WireField<'a>>,
}

#[derive(Serialize)]
struct WireAccess<'a> {
    grants: Vec<WireGrant<'a>>,
    memberships: Vec<WireMembership<'a>>,
}

#[derive(Serialize)]
struct WireGrant<'a> {
    user: &'a str,
    on: &'a str,
    cluster: &'a str,
    entity: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    through: Vec<&'a str>,
}

#[derive(Serialize)]
struct WireMembership<'a> {
    user: &'a str,
    group: &'a str,
    joins: bool,
    through: Vec<&'a str>,
}

#[derive(Serialize)]
struct WireTouched<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    objects: usize,
    dangling: Vec<&'a str>,
    relations: Vec<WireRelation<'a>>,
    because: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireRelation<'a> {
    action: &'static str,
    #[serde(rename = "type")]
    relation: &'static str,
    target_ref: &'a str,
}

#[derive(Serialize)]
struct WireRisk<'a> {
    severity: &'static str,
    id: &'static str,
    entity: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Named<'a>>,
    file: &'a str,
    line: u32,
    reason: &'a str,
    action: &'a str,
}

#[derive(Serialize)]
struct WireRefusal<'a> {
    entity: &'a str,
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotation: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotCompared<'a> {
    files: &'a [String],
    not_rendered_before: Vec<&'a str>,
}

/// What the cluster says, or why it says nothing.
#[derive(Serialize)]
#[serde(untagged)]
enum WireLive<'a> {
    Observed {
        server: &'a str,
        cluster: &'a str,
        same: usize,
        elsewhere: usize,
        objects: Vec<WireLiveObject<'a>>,
    },
    Failed {
        error: &'a str,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireLiveObject<'a> {
    state: &'static str,
    #[serde(flatten)]
    named: Named<'a>,
    entity: &'a str,
    in_plan: bool,
    message: String,
    fields: Vec<WireField<'a>>,
}

impl<'a> Wire<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let plan = &report.plan;
        let counts = |object: bool| {
            [Action::Create, Action::Change, Action::Rename, Action::Destroy]
                .into_iter()
                .filter(|action| !object || *action != Action::Rename)
                .map(|action| {
                    let (entities, objects) = plan.count(action);
                    (action.word(), if object { objects } else { entities })
                })
                .collect()
        };
        Self {
            base: &report.base.0,
            head: report.head.as_ref().map(|head| head.0.as_str()),
            summary: Summary { entities: counts(false), objects: counts(true) },
            types: plan.types.iter().map(|(name, action)| WireType { name, action: action.word() }).collect(),
            entities: plan.entities.iter().map(entity).collect(),
            objects: plan.objects.iter().map(object).collect(),
            access: access(&plan.access),
            touched: plan.touched.iter().map(touched).collect(),
            risks: plan.risks.iter().map(risk).collect(),
            refusals: report.refusals.iter().map(refusal).collect(),
            not_compared: NotCompared {
                files: &report.other_files,
                not_rendered_before: references(report.unknown_before.iter()),
            },
            live: report.live.as_ref().map(live),
        }
    }
}

fn live(live: &Result<Observed, Failure>) -> WireLive<'_> {
    match live {
        Err(failure) => WireLive::Failed { error: &failure.message },
        Ok(live) => WireLive::Observed {
            server: &live.server,
            cluster: &live.cluster,
            same: live.same,
            elsewhere: live.elsewhere,
            objects: live.objects.iter().map(live_object).collect(),
        },
    }
}

fn live_object(object: &LiveObject) -> WireLiveObject<'_> {
    WireLiveObject {
        state: object.state.word(),
        named: named(&object.object),
        entity: object.entity.as_str(),
        in_plan: object.is_in_plan,
        message: super::live_words(&object.state),
        fields: fields(super::live_fields(&object.state)),
    }
}

fn references<'a>(all: impl IntoIterator<Item = &'a EntityRef>) -> Vec<&'a str> {
    all.into_iter().map(EntityRef::as_str).collect()
}

fn fields(all: &[FieldChange]) -> Vec<WireField<'_>> {
    all.iter()
        .map(|change| WireField {
            action: super::field_action(change).word(),
            path: &change.path,
            pointer: &change.pointer,
            before: change.before.as_ref(),
            after: change.after.as_ref(),
        })
        .collect()
}

fn entity(change: &EntityChange) -> WireEntity<'_> {
    WireEntity {
        action: change.action.word(),
        reference: change.entity.as_str(),
        ref_before: change.before.as_ref().map(EntityRef::as_str),
        spec_type: change.spec_type.as_deref(),
        file: &change.place.path,
        line: change.place.line,
        fields: fields(&change.fields),
    }
}

fn named(object: &ObjectRef) -> Named<'_> {
    Named {
        api_version: object.gvk.api_version(),
        kind: &object.gvk.kind,
        namespace: object.namespace.as_deref(),
        name: &object.name,
    }
}

fn object(change: &ObjectChange) -> WireObject<'_> {
    WireObject {
        action: change.action.word(),
        cluster: &change.cluster,
        named: named(&change.object),
        entity: change.entity.as_str(),
        entity_before: change.entity_before.as_ref().map(EntityRef::as_str),
        fields: fields(&change.fields),
    }
}

fn access(access: &Access) -> WireAccess<'_> {
    WireAccess {
        grants: access.grants.iter().map(grant).collect(),
        memberships: access.memberships.iter().map(membership).collect(),
    }
}

fn grant(change: &AccessChange) -> WireGrant<'_> {
    WireGrant {
        user: change.user.as_str(),
        on: &change.on,
        cluster: &change.cluster,
        entity: change.entity.as_str(),
        before: change.before.as_deref(),
        after: change.after.as_deref(),
        through: references(&change.through),
    }
}

fn membership(change: &MembershipChange) -> WireMembership<'_> {
    WireMembership {
        user: change.user.as_str(),
        group: change.group.as_str(),
        joins: change.joins,
        through: references(&change.through),
    }
}

fn touched(touched: &Touched) -> WireTouched<'_> {
    let relations = touched.relations.iter().map(|change| WireRelation {
        action: if change.is_new { Action::Create.word() } else { Action::Destroy.word() },
        relation: change.relation.name(),
        target_ref: change.other.as_str(),
    });
    WireTouched {
        reference: touched.entity.as_str(),
        objects: touched.objects,
        dangling: references(&touched.dangling),
        relations: relations.collect(),
        because: touched.because.iter().map(cause).collect(),
    }
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Type(name) => format!("type {name}"),
        Cause::Entity(entity) => entity.to_string(),
    }
}

fn risk(risk: &Risk) -> WireRisk<'_> {
    WireRisk {
        severity: risk.severity.word(),
        id: risk.id,
        entity: risk.entity.as_str(),
        object: risk.object.as_ref().map(named),
        file: &risk.place.path,
        line: risk.place.line,
        reason: &risk.reason,
        action: &risk.action,
    }
}

fn refusal(refusal: &Refusal) -> WireRefusal<'_> {
    WireRefusal {
        entity: refusal.entity.as_str(),
        what: &refusal.what,
        annotation: refusal.annotation.as_deref(),
    }
}
