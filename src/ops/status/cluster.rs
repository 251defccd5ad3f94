//! Looks at a cluster until everything is known that the judgement needs.

use crate::cluster::{Cluster, Error, Lookup, Selector, Target};
use crate::object::Object;
use crate::progress::Progress;
use crate::status::{Observation, Snapshot, Want, wanted};

/// Rounds of looking: an edge deeper than this is not followed. Real chains have five or six.
const ROUNDS: usize = 12;

/// What the cluster has of these objects and of what they lead to, and the server's address.
pub fn observe(
    target: &Target,
    desired: &[Object],
    progress: &dyn Progress,
) -> Result<(Snapshot, String), Error> {
    progress.step("connecting to the cluster");
    let cluster = Cluster::connect(target)?;
    let mut snapshot = Snapshot::new();
    for _ in 0..ROUNDS {
        let wants = wanted(desired, &snapshot);
        if wants.is_empty() {
            break;
        }
        let references: Vec<_> = wants
            .iter()
            .filter_map(|want| match want {
                Want::Object(reference) => Some(reference.clone()),
                Want::List(_) => None,
            })
            .collect();
        for (reference, lookup) in cluster.get(&references, progress)? {
            snapshot.insert(reference, observation(lookup));
        }
        for want in wants {
            if let Want::List(listing) = want {
                let selector = Selector { labels: listing.selector.clone(), ..Selector::default() };
                let listed = cluster.list(&listing.gvk, listing.namespace.as_deref(), &selector);
                let result =
                    listed.map(|objects| objects.into_iter().for_each(|object| snapshot.found(object)));
                snapshot.insert_listing(listing, result.map_err(|error| error.to_string()));
            }
        }
    }
    Ok((snapshot, cluster.server().to_owned()))
}

fn observation(lookup: Lookup) -> Observation {
    match lookup {
        Lookup::Found(object) => Observation::Found(object),
        Lookup::NotFound => Observation::NotFound,
        Lookup::Forbidden(reason) => Observation::Forbidden(reason),
        Lookup::KindUnknown => Observation::KindUnknown,
        Lookup::Error(reason) => Observation::Unreachable(reason),
    }
}
