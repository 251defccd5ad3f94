//! Desired objects and an observed snapshot to health, sync and the next step.
//!
//! Pure: the time and the observed objects are passed in, nothing is fetched. [`health`] judges one
//! object by itself; [`assess`] joins what was asked for with what is there, follows the edges from an
//! object to what was made out of it, and names the one failing leaf that explains the rest. [`wanted`]
//! tells an adapter what it should look at for that.
//!
//! Two axes are kept apart: [`Sync`] (did the wanted thing reach the cluster) and [`Health`] (does it work).

mod assess;
mod delivery;
mod edges;
mod generic;
mod health;
mod kinds;
mod next_step;
mod rule;
mod snapshot;
mod sync;
mod verdict;
mod view;

pub use assess::{Cause, ObjectStatus, StatusReport, Want, assess, assess_by, wanted};
pub use delivery::{Delivery, delivery};
pub use edges::{Edge, Relation, Target, edges};
pub use health::health;
pub use next_step::{NextStep, Turn};
pub use rule::HealthRule;
pub use snapshot::{Listing, Observation, Snapshot};
pub use sync::{Difference, Sync, differences};
pub use verdict::{Health, Verdict};
