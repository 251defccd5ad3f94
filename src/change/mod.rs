//! The edits of one request, and how they are named in Git and on the forge.
