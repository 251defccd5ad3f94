//! The Backstage client against a real Backstage.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::backstage::{Backstage, Error, Ingestion};
use platform::entity::EntityRef;
use platform::error::Exit;
use platform::http::{Client, Credential};
use serde_json::json;
use url::Url;

use crate::support::backstage::Backstage as Fixture;
use crate::support::kubernetes::Kubernetes;
use crate::support::server::dead_port;

fn connect(url: &str, token: Option<&str>) -> Backstage {
    let client = Client::new(Backstage::limits(), Arc::new(())).unwrap();
    Backstage::new(
        client,
        Url::parse(url).unwrap(),
        token.map(|token| Credential::new(token, "BACKSTAGE_TOKEN")),
    )
}

fn reference(text: &str) -> EntityRef {
    EntityRef::parse(text, Some("component"), "default").unwrap()
}

/// Asks until the answer is as it has to be: Backstage processes in its own time.
fn eventually(backstage: &Backstage, entity: &EntityRef, done: impl Fn(&Ingestion) -> bool) -> Ingestion {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let answer = backstage.ingestion(entity).unwrap();
        if done(&answer) {
            return answer;
        }
        assert!(Instant::now() < deadline, "still {answer:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_entity_in_the_catalog_is_found_in_any_case() {
    let Some(fixture) = Fixture::shared() else { return };
    let backstage = connect(&fixture.url, Some(&fixture.token));
    let found = backstage.entity(&reference("Component:Default/INVOICES")).unwrap().unwrap();
    assert_eq!(found.entity["metadata"]["name"], "invoices");
    let file = fixture.catalog().join("payments.yaml");
    assert_eq!(found.location, Some(format!("file:{}", file.display())));
    assert!(found.etag.is_some());
    assert_eq!(backstage.entity(&reference("component:default/none")).unwrap(), None);
    assert!(matches!(backstage.ingestion(&reference("invoices")).unwrap(), Ingestion::Ingested(_)));
    assert!(backstage.count().unwrap() > 5);
}

#[test]
fn a_refused_entity_is_found_with_the_reason() {
    let Some(fixture) = Fixture::shared() else { return };
    let backstage = connect(&fixture.url, Some(&fixture.token));
    let Ingestion::Refused(problems) = backstage.ingestion(&reference("ownerless")).unwrap() else {
        panic!("it has no owner")
    };
    assert!(problems[0].message.contains("must have required property 'owner'"), "{problems:?}");
    let unseen = backstage.ingestion(&reference("never-written")).unwrap();
    assert_eq!(unseen, Ingestion::NotSeen { unprocessed_known: true });
}

#[test]
fn an_entity_that_breaks_is_stale_until_it_is_mended() {
    let Some(fixture) = Fixture::shared() else { return };
    let backstage = connect(&fixture.url, Some(&fixture.token));
    let changing = reference("resource:default/changing");
    let file = fixture.catalog().join("changing.yaml");
    let good = fs::read_to_string(&file).unwrap();

    fs::write(&file, good.replace("  owner: payments\n", "")).unwrap();
    assert!(backstage.refresh(&changing).unwrap());
    let Ingestion::Stale { entity, problems } =
        eventually(&backstage, &changing, |answer| matches!(answer, Ingestion::Stale { .. }))
    else {
        unreachable!()
    };
    assert_eq!(entity.entity["spec"]["owner"], "payments", "the last good version");
    assert_eq!(problems[0].about, "resource:default/changing");
    assert!(problems[0].message.contains("owner"), "{problems:?}");

    // a file that does not parse is the Location's problem
    fs::write(&file, "kind: [").unwrap();
    backstage.refresh(&changing).unwrap();
    let location = format!("location:default/{}", fixture.location("changing.yaml"));
    eventually(&backstage, &changing, |answer| match answer {
        Ingestion::Stale { problems, .. } => {
            problems.iter().any(|problem| problem.about == location && problem.message.contains("YAML"))
        }
        _ => false,
    });

    fs::write(&file, good).unwrap();
    backstage.refresh(&changing).unwrap();
    eventually(&backstage, &changing, |answer| matches!(answer, Ingestion::Ingested(_)));
}

#[test]
fn validation_gives_the_first_complaint() {
    let Some(fixture) = Fixture::shared() else { return };
    let backstage = connect(&fixture.url, Some(&fixture.token));
    let location = Url::parse("https://example.org/catalog-info.yaml").unwrap();
    let mut entity = json!({ "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": { "name": "x" },
        "spec": { "type": "service", "lifecycle": "production", "owner": "payments" } });
    assert_eq!(backstage.validate(&entity, &location).unwrap(), None);
    entity["metadata"]["name"] = "not valid".into();
    let complaint = backstage.validate(&entity, &location).unwrap().unwrap();
    assert!(complaint.contains("\"metadata.name\" is not valid"), "{complaint}");
}

#[test]
fn what_is_not_known_cannot_be_refreshed() {
    let Some(fixture) = Fixture::shared() else { return };
    let backstage = connect(&fixture.url, Some(&fixture.token));
    assert!(!backstage.refresh(&reference("never-written")).unwrap());
}

#[test]
fn tokens_that_are_refused_are_told_apart() {
    let Some(fixture) = Fixture::shared() else { return };
    for (token, expected) in [
        (None, "refused a request without a token (401): Missing credentials"),
        (Some("wrong-token"), "refused the token from BACKSTAGE_TOKEN (401): Illegal token"),
    ] {
        let error = connect(&fixture.url, token).entity(&reference("invoices")).unwrap_err();
        assert!(error.to_string().ends_with(expected), "{error}");
        assert_eq!(error.exit(), Exit::Login);
    }
    let readonly = connect(&fixture.url, Some(&fixture.readonly_token));
    assert!(readonly.entity(&reference("invoices")).unwrap().is_some());
    let error = readonly.refresh(&reference("invoices")).unwrap_err();
    assert_eq!(error.to_string(), "the token from BACKSTAGE_TOKEN may not refresh entities in Backstage");
    assert_eq!(error.exit(), Exit::Login);
}

#[test]
fn what_is_no_backstage_is_not_taken_for_one() {
    let port = dead_port();
    let error = connect(&format!("http://127.0.0.1:{port}"), None).count().unwrap_err();
    assert_eq!(error.to_string(), format!("cannot reach 127.0.0.1:{port}: connection refused"));
    assert_eq!(error.exit(), Exit::Unreachable);
    // something else that answers 404 in its own way
    let other = Kubernetes::start();
    let error =
        connect(&other.url(), Some(crate::support::kubernetes::ADMIN)).entity(&reference("x")).unwrap_err();
    assert!(matches!(error, Error::NotBackstage { .. }), "{error}");
}
