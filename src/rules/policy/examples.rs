//! Runs the examples of a policy.

use crate::catalog::{Builder, Reading, read};
use crate::diagnostic::{Diagnostic, Reach, Severity};
use crate::rules::finding;
use crate::source::Sources;

use super::{EXAMPLE, Policy, View};

/// How a policy does on its two examples: what is wrong with each, `None` where it shows what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples {
    /// The example that must fulfil the condition.
    pub good: Option<String>,
    /// The example that must not.
    pub bad: Option<String>,
}

impl Examples {
    /// Whether both show what they should.
    pub fn pass(&self) -> bool {
        self.good.is_none() && self.bad.is_none()
    }
}

/// Holds the policy against its good and its bad example.
pub(super) fn run(policy: &Policy) -> Examples {
    Examples { good: outcome(policy, &policy.good, true), bad: outcome(policy, &policy.bad, false) }
}

/// What its examples show otherwise.
pub(super) fn check(policy: &Policy) -> Vec<Diagnostic> {
    let Examples { good, bad } = run(policy);
    let good = good.map(|reason| format!("the good example {reason}"));
    let bad = bad.map(|reason| format!("the bad example {reason}"));
    let report = |message: String| finding(&EXAMPLE, policy.span, message).reaching(Reach::Nothing);
    good.into_iter().chain(bad).map(report).collect()
}

/// What is wrong with an example for which the condition should give `wanted`.
fn outcome(policy: &Policy, text: &str, wanted: bool) -> Option<String> {
    let mut sources = Sources::default();
    let id = sources.add("example.yaml", Some(text.into()));
    let mut builder = Builder::default();
    builder.add(read(id, "example.yaml", text, &Reading::default()));
    let (catalog, findings) = builder.finish(sources);
    if let Some(error) = findings.iter().find(|finding| finding.severity == Severity::Error) {
        return Some(format!("is not an entity that Backstage accepts: {}", error.message));
    }
    let Some(entity) = catalog.entities().next() else { return Some("holds no entity".to_owned()) };
    if !policy.is_about(entity) {
        return Some("is of a kind or type that the policy is not about".to_owned());
    }
    let decided = View::new(&catalog, entity)?.decide(&policy.condition);
    match decided {
        Ok(found) if found == wanted => None,
        Ok(true) => Some("fulfils the condition".to_owned()),
        Ok(false) => Some("does not fulfil the condition".to_owned()),
        Err(reason) => Some(format!("cannot be decided: {reason}")),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::policy::parse;
    use crate::source::SourceId;

    /// What is wrong with a policy about Groups with this condition.
    fn check(condition: &str, expected: &[&str]) {
        let group = |name: &str, more: &str| {
            format!(
                "  apiVersion: backstage.io/v1alpha1\n  kind: Group\n  metadata: {{name: {name}}}\n  \
                 spec: {{type: team, children: [], {more}}}\n"
            )
        };
        let text = format!(
            "id: own\nsummary: s\nkinds: [Group]\nmessage: m\ncondition: \"{condition}\"\ngood: |\n{}  ---\n{}bad: |\n{}",
            group("a", "parent: b"),
            group("b", "members: [ada]"),
            group("a", "members: [bob]"),
        );
        let (_, findings) = parse(SourceId(0), &text);
        let found: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(found, expected, "{condition}");
    }

    #[test]
    fn the_people_of_an_owner_are_counted() {
        let entity = |kind: &str, spec: &str| {
            format!(
                "  apiVersion: backstage.io/v1alpha1\n  kind: {kind}\n  metadata: {{name: a}}\n  spec: {spec}\n"
            )
        };
        let system = entity("System", "{owner: a}");
        let group =
            |members: &str| entity("Group", &format!("{{type: team, children: [], members: {members}}}"));
        let user = entity("System", "{owner: 'user:ada'}");
        let text = format!(
            "id: own\nsummary: s\nmessage: m\nkinds: [System]\ncondition: size(ownerMembers) >= 2\ngood: |\n{system}  ---\n{}bad: |\n{user}",
            group("[ada, bob]"),
        );
        assert_eq!(parse(SourceId(0), &text).1, []);
        let alone = text.replace("[ada, bob]", "[ada]");
        assert_eq!(parse(SourceId(0), &alone).1[0].message, "the good example does not fulfil the condition");
    }

    #[test]
    fn examples_show_what_a_policy_means() {
        check("has(entity.spec.parent)", &[]);
        check("size(members) == 0", &[]);
        check("'childOf' in relations && relations.childOf == ['group:default/b']", &[]);
        check("owner == null && has(entity.spec.parent)", &[]);
        check("size(ownerMembers) == 0 && has(entity.spec.parent)", &[]);
        check("true", &["the bad example fulfils the condition"]);
        check(
            "has(entity.spec.members)",
            &["the good example does not fulfil the condition", "the bad example fulfils the condition"],
        );
        check("entity.spec.parent == 'b'", &["the bad example cannot be decided: no such key: parent"]);
    }
}
