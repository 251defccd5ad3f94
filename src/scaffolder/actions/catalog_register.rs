//! `catalog:register`: recorded, because a central repository is in the catalog as a whole.

use serde_json::Value;

use super::super::outcome::Registration;
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let registration = match call.text("catalogInfoUrl") {
        Some(url) => Registration {
            step: call.step.to_owned(),
            url: url.to_owned(),
            path: None,
            optional: call.flag("optional"),
        },
        None => Registration {
            step: call.step.to_owned(),
            url: call.required("repoContentsUrl").to_owned(),
            path: Some(call.text("catalogInfoPath").unwrap_or("/catalog-info.yaml").to_owned()),
            optional: call.flag("optional"),
        },
    };
    let path = registration.path.as_deref().unwrap_or_default();
    let url = match path.trim_start_matches('/') {
        "" => registration.url.clone(),
        path => format!("{}/{path}", registration.url.trim_end_matches('/')),
    };
    call.say(format!("would register {url}"));
    call.output.insert("catalogInfoUrl".to_owned(), Value::from(url));
    call.outcome.registrations.push(registration);
    Ok(())
}
