//! What is known of single kinds: one function a kind, one file a family.
//!
//! A function that returns `None` has no opinion on this object: the generic rules go on. To judge a new
//! kind, add a function to its family, a row to [`RULES`] and fixtures under `tests/fixtures/status/`.

#![expect(clippy::unnecessary_wraps, reason = "the functions of one table have one shape")]

pub(crate) mod apps;
pub(crate) mod argocd;
pub(crate) mod cert_manager;
pub(crate) mod core;
pub(crate) mod crossplane;
pub(crate) mod elastic;
pub(crate) mod external_dns;
pub(crate) mod flux;
pub(crate) mod gateway;
pub(crate) mod kong;
pub(crate) mod kro;

use super::verdict::Verdict;
use super::view::View;

/// Judges one kind, or has no opinion.
type Judge = fn(&View<'_>) -> Option<Verdict>;

/// Group, kind (`*` for all of the group), and who judges it. A group that starts with `*` stands for
/// all groups that end like it.
const RULES: &[(&str, &str, Judge)] = &[
    ("", "Namespace", core::namespace),
    ("", "Pod", core::pod),
    ("", "Service", core::service),
    ("", "PersistentVolumeClaim", core::volume_claim),
    ("networking.k8s.io", "Ingress", core::ingress),
    ("extensions", "Ingress", core::ingress),
    ("autoscaling", "HorizontalPodAutoscaler", core::autoscaler),
    ("policy", "PodDisruptionBudget", core::disruption_budget),
    ("apiextensions.k8s.io", "CustomResourceDefinition", core::definition),
    ("apps", "Deployment", apps::deployment),
    ("extensions", "Deployment", apps::deployment),
    ("apps", "StatefulSet", apps::stateful_set),
    ("apps", "DaemonSet", apps::daemon_set),
    ("extensions", "DaemonSet", apps::daemon_set),
    ("apps", "ReplicaSet", apps::replica_set),
    ("extensions", "ReplicaSet", apps::replica_set),
    ("batch", "Job", apps::job),
    ("batch", "CronJob", apps::cron_job),
    ("cert-manager.io", "Certificate", cert_manager::certificate),
    ("cert-manager.io", "CertificateRequest", cert_manager::request),
    ("acme.cert-manager.io", "Order", cert_manager::acme),
    ("acme.cert-manager.io", "Challenge", cert_manager::acme),
    ("gateway.networking.k8s.io", "Gateway", gateway::gateway),
    ("gateway.networking.k8s.io", "HTTPRoute", gateway::route),
    ("gateway.networking.k8s.io", "GRPCRoute", gateway::route),
    ("gateway.networking.k8s.io", "TLSRoute", gateway::route),
    ("gateway.networking.k8s.io", "TCPRoute", gateway::route),
    ("gateway.networking.k8s.io", "BackendTLSPolicy", gateway::policy),
    ("configuration.konghq.com", "*", kong::configuration),
    ("externaldns.k8s.io", "DNSEndpoint", external_dns::endpoint),
    ("externaldns.k8s.io", "DNSRecord", external_dns::record),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch", elastic::elasticsearch),
    ("stackconfigpolicy.k8s.elastic.co", "StackConfigPolicy", elastic::stack_config_policy),
    ("*.k8s.elastic.co", "*", elastic::by_colour),
    ("es.eck.github.com", "*", elastic::without_status),
    ("kibana.eck.github.com", "*", elastic::without_status),
    ("argoproj.io", "Application", argocd::application),
    ("argoproj.io", "Rollout", argocd::rollout),
    ("argoproj.io", "ApplicationSet", argocd::application_set),
    ("kustomize.toolkit.fluxcd.io", "*", flux::object),
    ("helm.toolkit.fluxcd.io", "*", flux::object),
    ("source.toolkit.fluxcd.io", "*", flux::object),
    ("notification.toolkit.fluxcd.io", "*", flux::object),
    ("image.toolkit.fluxcd.io", "*", flux::object),
    ("pkg.crossplane.io", "*", crossplane::package),
    ("apiextensions.crossplane.io", "*", crossplane::extension),
    ("kro.run", "ResourceGraphDefinition", kro::definition),
];

/// The rule for the object's kind; then the rules for objects that are recognised by their shape.
pub(crate) fn judge(view: &View<'_>) -> Option<Verdict> {
    let rule = RULES.iter().find(|(group, kind, _)| {
        group_matches(group, &view.gvk.group) && (*kind == "*" || *kind == view.gvk.kind)
    });
    if let Some((_, _, judge)) = rule {
        return judge(view);
    }
    crossplane::managed_or_composite(view).or_else(|| kro::instance(view))
}

/// Whether the kinds of a group are known to get a status from their controller.
pub(crate) fn is_known_group(group: &str) -> bool {
    let by_convention = [".crossplane.io", ".upbound.io", "external-secrets.io", "argoproj.io"];
    by_convention.iter().any(|suffix| group.ends_with(suffix))
        || RULES.iter().any(|(pattern, _, _)| group_matches(pattern, group))
}

fn group_matches(pattern: &str, group: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(suffix) => group.ends_with(suffix),
        None => pattern == group,
    }
}
