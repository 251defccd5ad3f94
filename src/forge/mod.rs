//! Pull requests on a forge.
