//! `debug:wait`: recorded, nothing waits. More than ten minutes is an error, as in Backstage.

use serde_json::Value;

use super::{ActionError, Call};

const LONGEST_MS: f64 = 600_000.0;

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let number = |key: &str| call.input.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    let milliseconds = number("minutes") * 60_000.0 + number("seconds") * 1000.0 + number("milliseconds");
    if milliseconds > LONGEST_MS {
        return Err(ActionError::new("the wait is longer than 10 minutes"));
    }
    call.outcome.waited += milliseconds.max(0.0);
    call.say(format!("would wait {} s", milliseconds / 1000.0));
    Ok(())
}
